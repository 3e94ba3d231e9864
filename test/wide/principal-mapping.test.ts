/** ssl.principal.mapping.rules, tested with processes: clients whose certificates match a rule, or none. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BrokerProcess, run, startBroker, tempDir, tsKafka } from '../support/process.js';
import { makePki, PASSWORD } from './security-pki.js';

const temp = tempDir();
const at = (name: string) => join(temp.path, name);
let broker: BrokerProcess;

const listener = (name: string, rules: string) => [
  `listener.name.${name}.ssl.keystore.location=${at('broker.p12')}`,
  `listener.name.${name}.ssl.keystore.password=${PASSWORD}`,
  `listener.name.${name}.ssl.truststore.location=${at('trust.p12')}`,
  `listener.name.${name}.ssl.truststore.password=${PASSWORD}`,
  `listener.name.${name}.ssl.client.auth=required`,
  `listener.name.${name}.ssl.principal.mapping.rules=${rules}`,
];

beforeAll(async () => {
  await makePki(temp.path);
  broker = await startBroker({
    overrides: [
      'listeners=MAPPED://localhost:0,STRICT://localhost:0',
      'listener.security.protocol.map=MAPPED:SSL,STRICT:SSL',
      ...listener('mapped', 'RULE:^OU=(.*)$/$1/,RULE:^CN=(.*?)$/the-$1/U,DEFAULT'),
      ...listener('strict', 'RULE:^CN=somebody$/x/'),
      'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users=User:THE-CLIENT',
    ],
  });
  const settings = {
    'security.protocol': 'SSL',
    'ssl.truststore.location': at('trust.p12'),
    'ssl.truststore.password': PASSWORD,
    'ssl.keystore.location': at('client.p12'),
    'ssl.keystore.password': PASSWORD,
    'default.api.timeout.ms': '5000',
    'request.timeout.ms': '4000',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(at('client.properties'), lines.join(''));
}, 180_000);
afterAll(async () => {
  await broker?.remove();
  temp.remove();
});

const topics = (address: number, ...args: string[]) => [
  'topics',
  '--bootstrap-server',
  broker.addresses[address] as string,
  '--command-config',
  at('client.properties'),
  ...args,
];

test('the first matching rule determines the user, for our client and for Java’s', async () => {
  const ours = await tsKafka(topics(0, '--create', '--topic', 'ours'));
  expect([ours.code, ours.stderr]).toEqual([0, '']);
  const java = await run('scripts/apache-kafka.sh', topics(0, '--create', '--topic', 'javas'), '', 60_000);
  expect(java.code, java.stderr).toBe(0);
});

test('a client whose name matches no rule is disconnected, and the broker logs the reason', async () => {
  const { code } = await tsKafka(topics(1, '--list'));
  expect(code).toBe(1);
  expect(broker.said()).toMatch(
    /closed the connection from \S+: ssl\.principal\.mapping\.rules: No rules apply to CN=client, rules RULE:\^CN=somebody\$\/x\/\n/,
  );
});

test('invalid rules are rejected at startup', async () => {
  const args = [
    'listeners=MAPPED://localhost:0',
    'listener.security.protocol.map=MAPPED:SSL',
    `log.dirs=${at('none')}`,
  ];
  const settings = [...args, ...listener('mapped', 'RULE:^CN=(.*)$/$1/X')].flatMap((one) => ['--override', one]);
  const { code, stderr } = await tsKafka(['server', ...settings]);
  expect([code, stderr]).toEqual([
    1,
    'listener MAPPED: listener.name.mapped.ssl.principal.mapping.rules: Invalid rule: `RULE:^CN=(.*)$/$1/X`, unmatched substring: `X`\n',
  ]);
});
