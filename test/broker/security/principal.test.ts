/** Mapping of certificate names to users, compared with SslPrincipalMapper of Kafka 4.4.0. */
import { expect, test } from 'vitest';
import { parsePrincipalRules } from '../../../src/broker/security/principal-rules.js';

const SUBJECTS = ['CN=Alice,OU=ops,O=Acme', 'CN=kafka-1.example.org,OU=x/y,O=Acme', '', 'cn=lower'];
/** null: Java throws, and the connection is closed */
const MAPPED: [string, (string | null)[]][] = [
  ['DEFAULT', ['CN=Alice,OU=ops,O=Acme', 'CN=kafka-1.example.org,OU=x/y,O=Acme', '', 'cn=lower']],
  ['RULE:^CN=(.*?),.*$/$1/', ['Alice', 'kafka-1.example.org', null, null]],
  ['RULE:^CN=(.*?),OU=(.*?),.*$/$1@$2/L,DEFAULT', ['alice@ops', 'kafka-1.example.org@x/y', '', 'cn=lower']],
  ['RULE:^CN=(.*?),.*$/$1/U', ['ALICE', 'KAFKA-1.EXAMPLE.ORG', null, null]],
  ['RULE:.*/X/', ['XX', 'XX', 'X', 'XX']],
  ['RULE:^cn=(.*)$/$1/, RULE:^CN=(.*?),.*/$1$2$3/L , DEFAULT', [null, null, '', 'lower']],
  [' RULE:^CN=([^,]*),OU=x\\/y,.*$/$1\\/z/,RULE:(.*)/\\$1/', ['$1$1', 'kafka-1.example.org/z', '$1', '$1$1']],
  ['RULE:^(.*)$/$0/', ['CN=Alice,OU=ops,O=Acme', 'CN=kafka-1.example.org,OU=x/y,O=Acme', '', 'cn=lower']],
  ['RULE:^.*$/$1/', [null, null, null, null]],
  ['', [null, null, null, null]],
  ['  ,  ,DEFAULT', ['CN=Alice,OU=ops,O=Acme', 'CN=kafka-1.example.org,OU=x/y,O=Acme', '', 'cn=lower']],
  ['RULE:^CN=(.*?),.*$/$12/', ['Alice2', 'kafka-1.example.org2', null, null]],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Java's syntax for a named group
  ['RULE:^CN=(?<n>.*?),.*$/${n}!/', ['Alice!', 'kafka-1.example.org!', null, null]],
  ['RULE:^CN=(.*?),.*$/a$b/', [null, null, null, null]],
  ['RULE:(CN|cn)=(.*)/$2$1$30$4/', [null, null, null, null]],
  ['RULE:CN=(.*?)/$1/', ['Alice,OU=ops,O=Acme', 'kafka-1.example.org,OU=x/y,O=Acme', null, null]],
  ['RULE:a,b/c/,DEFAULT', ['CN=Alice,OU=ops,O=Acme', 'CN=kafka-1.example.org,OU=x/y,O=Acme', '', 'cn=lower']],
  [
    'RULE:^CN=(.*),OU=(.*),O=(.*)$/$3.$2.$1/L,RULE:^cn=(.*)$/User $1/U',
    ['acme.ops.alice', 'acme.x/y.kafka-1.example.org', null, 'USER LOWER'],
  ],
  ['RULE:^$//', [null, null, '', null]],
  ['RULE:^CN=Al(.*?),.*$/\\$1-\\x$1/,DEFAULT', ['$1-xice', 'CN=kafka-1.example.org,OU=x/y,O=Acme', '', 'cn=lower']],
  ['RULE:^CN=(.*?),.*$/$01/', ['Alice', 'kafka-1.example.org', null, null]],
];
test.each(MAPPED)('%s maps to %j', (rules, users) => {
  const map = parsePrincipalRules(rules);
  const mapped = SUBJECTS.map((name) => {
    try {
      return map(name);
    } catch {
      return null;
    }
  });
  expect(mapped).toEqual(users);
});

test.each([
  ['RULE:^CN=(.*?),.*$/$1/X', 'Invalid rule: `RULE:^CN=(.*?),.*$/$1/X`, unmatched substring: `X`'],
  ['RULE:^CN=(.*?),.*$/$1', 'Invalid rule: `RULE:^CN=(.*?)`, unmatched substring: `RULE:^CN=(.*?)`'],
  ['rule:a/b/', 'Invalid rule: `rule:a/b/`, unmatched substring: `rule:a/b/`'],
  ['DEFAULTS', 'Invalid rule: `DEFAULTS`, unmatched substring: `S`'],
  ['RULE://x/', 'Invalid rule: `RULE://x/`, unmatched substring: `x/`'],
  ['RULE:^CN=(.*?),.*$/$1\\/', 'Invalid rule: `RULE:^CN=(.*?)`, unmatched substring: `RULE:^CN=(.*?)`'],
])('%s is refused', (rules, words) => {
  expect(() => parsePrincipalRules(rules)).toThrow(new Error(words));
});

test('an invalid pattern is rejected', () => {
  expect(() => parsePrincipalRules('RULE:[/b/')).toThrow();
});
