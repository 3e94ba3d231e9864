import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseBootstrap } from '../../src/client/cluster/bootstrap.js';
import { readSecurity } from '../../src/client/security/index.js';
import { resolveProviders } from '../../src/client/security/providers.js';
import { parseProperties } from '../../src/java/properties.js';
import { checkSettings } from '../../src/kafka/client-configs.js';
import { unknownProperties, unsupportedProperties } from '../../src/kafka/client-properties.js';
import { checkApiTimeout, readTimeouts } from '../../src/kafka/client-settings.js';

const props = (settings: Record<string, string>) => new Map(Object.entries(settings));

describe('.properties files, as java.util.Properties reads them', () => {
  test.each([
    ['a=b', { a: 'b' }],
    ['a = b ', { a: 'b ' }],
    ['a: b=c', { a: 'b=c' }],
    ['a b c', { a: 'b c' }],
    ['  # no\n! no\n\na=1\r\nb=2\rc=3', { a: '1', b: '2', c: '3' }],
    ['a=1,\\\n   2,\\\n   3', { a: '1,2,3' }],
    ['a=x\\\\\nb=y', { a: 'x\\', b: 'y' }],
    ['a=\\u0041\\tB\\n\\q', { a: 'A\tB\nq' }],
    ['a\\ b\\==c', { 'a b=': 'c' }],
    ['a', { a: '' }],
    ['a=1\na=2', { a: '2' }],
    ['a=1\\', { a: '1' }],
    ['a=x#y', { a: 'x#y' }],
    ['a=1\\\n# still', { a: '1# still' }],
  ])('%j', (text, expected) => {
    expect(Object.fromEntries(parseProperties(text))).toEqual(expected);
  });
});

describe('bootstrap lists', () => {
  test.each([
    ['a:1, b:2', ['a:1', 'b:2']],
    ['[::1]:9092', ['::1:9092']],
    ['PLAINTEXT://h:1', ['h:1']],
  ])('%s', (list, expected) => {
    expect(parseBootstrap(list).map(({ host, port }) => `${host}:${port}`)).toEqual(expected);
  });
  test.each([
    ['localhost', 'Invalid url in bootstrap.servers: localhost'],
    ['a:1x', 'Invalid url in bootstrap.servers: a:1x'],
    ['a:99999', 'Invalid port in bootstrap.servers: a:99999'],
    ['a:1,,b:1', "Configuration 'bootstrap.servers' values must not be empty."],
    ['', 'You must set either bootstrap.servers or bootstrap.controllers'],
    [' ', 'No resolvable bootstrap urls given in bootstrap.servers'],
  ])('%j is refused in Java’s words', (list, message) => {
    expect(() => parseBootstrap(list)).toThrow(message);
  });
});

describe('time-outs', () => {
  test('default.api.timeout.ms is raised to request.timeout.ms, unless both are set', () => {
    expect(readTimeouts(props({ 'request.timeout.ms': '90000' })).api).toBe(90_000);
    const timeouts = readTimeouts(props({ 'request.timeout.ms': '2', 'default.api.timeout.ms': '1' }));
    expect(() => checkApiTimeout(timeouts)).toThrow(
      'The specified value of default.api.timeout.ms must be no smaller than the value of request.timeout.ms.',
    );
  });
  test.each([
    ['retries', '-1', 'Value must be at least 0'],
    ['metadata.max.age.ms', 'x', 'Not a number of type LONG'],
    ['metadata.max.age.ms', '9223372036854775808', 'Not a number of type LONG'],
    ['send.buffer.bytes', '-5', 'Value must be at least -1'],
    ['default.api.timeout.ms', '2147483648', 'Not a number of type INT'],
    ['client.dns.lookup', 'foo', 'String must be one of: use_all_dns_ips, resolve_canonical_bootstrap_servers_only'],
    ['metadata.recovery.strategy', 'zz', 'String must be one of (case insensitive): REBOOTSTRAP, NONE'],
  ])('an admin client refuses %s=%s', (key, value, reason) => {
    expect(() => checkSettings(props({ [key]: value }), 'admin')).toThrow(
      `Invalid value ${value} for configuration ${key}: ${reason}`,
    );
  });
  test('an admin client accepts any long', () => {
    expect(() => checkSettings(props({ 'metadata.max.age.ms': '9223372036854775807' }), 'admin')).not.toThrow();
  });
  test('an invalid number is rejected with Java’s message', () => {
    expect(() => readTimeouts(props({ 'request.timeout.ms': 'soon' }))).toThrow(
      'Invalid value soon for configuration request.timeout.ms: Not a number of type INT',
    );
  });
});

test('a warning about a property without effect contains its name but not its value', () => {
  const settings = {
    'interceptor.classes': 'secret',
    'group.id': 'g',
    'tyop.ms': 'secret',
    'config.providers.x.class': 'y',
  };
  expect(unsupportedProperties(props(settings))).toEqual([
    'WARN: the property interceptor.classes is not supported and has no effect.',
  ]);
  expect(unknownProperties(props(settings))).toEqual([
    "WARN: the property tyop.ms is not one of Kafka's clients' and has no effect.",
  ]);
});

describe('config providers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'providers-'));
  writeFileSync(join(folder, 'f.properties'), 'pw=from-file\n');
  writeFileSync(join(folder, 'token'), 'from-directory');
  const provider = (name: string) => `org.apache.kafka.common.config.provider.${name}ConfigProvider`;
  const named = {
    'config.providers': 'env, file,dir',
    'config.providers.env.class': provider('EnvVar'),
    'config.providers.file.class': provider('File'),
    'config.providers.dir.class': provider('Directory'),
  };
  test('references are replaced, also several in a value; unknown ones are kept', () => {
    const value = `\${env:A}-\${file:${folder}/f.properties:pw}-\${dir:${folder}:token}-\${env:NONE}-\${vault:x:y}`;
    const resolved = resolveProviders(props({ ...named, value }), { A: 'from-env' });
    expect(resolved.get('value')).toBe(`from-env-from-file-from-directory-\${env:NONE}-\${vault:x:y}`);
  });
  test('without config.providers nothing is replaced', () => {
    expect(resolveProviders(props({ value: `\${env:A}` }), { A: 'x' }).get('value')).toBe(`\${env:A}`);
  });
  test('an unsupported provider is rejected', () => {
    const settings = { 'config.providers': 'v', 'config.providers.v.class': 'com.example.Vault' };
    expect(() => resolveProviders(props(settings), {})).toThrow(
      /^config.providers.v.class is com.example.Vault; supported are/,
    );
  });
});

describe('security settings', () => {
  const jaas = (module: string) => ({ 'sasl.jaas.config': `a.${module} required username="u" password="p";` });
  const security = (settings: Record<string, string>, env = {}) => readSecurity(props(settings), env);
  test('PLAINTEXT is the default', () => {
    expect(security({})).toEqual({ ssl: null, sasl: null });
  });
  test.each([
    [{ 'security.protocol': 'TLS' }, /String must be one of \(case insensitive\): SASL_SSL, PLAINTEXT/],
    [{ 'security.protocol': 'SASL_SSL' }, /sasl.mechanism=GSSAPI is not supported/],
    [{ 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'PLAIN' }, /Could not find a 'KafkaClient' entry/],
    [
      { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'PLAIN', ...jaas('ScramLoginModule') },
      /ScramLoginModule does not fit sasl.mechanism=PLAIN/,
    ],
    [{ 'security.protocol': 'SSL', 'ssl.endpoint.identification.algorithm': 'LDAP' }, /https or empty/],
  ])('%j is refused', (settings, message) => {
    expect(() => security(settings as Record<string, string>)).toThrow(message);
  });
  test('the JAAS file of KAFKA_OPTS is used', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'jaas-')), 'j a.conf');
    writeFileSync(file, 'KafkaClient { x.ScramLoginModule required username="u" password="p"; };');
    const settings = { 'security.protocol': 'sasl_plaintext', 'sasl.mechanism': 'SCRAM-SHA-512' };
    const env = { KAFKA_OPTS: `-Xmx1g -Djava.security.auth.login.config="${file}" -Dy=z` };
    expect(security(settings, env).sasl).toEqual({ mechanism: 'SCRAM-SHA-512', username: 'u', password: 'p' });
  });
  test('TLS versions and Java’s cipher names', () => {
    const settings = {
      'security.protocol': 'SSL',
      'ssl.enabled.protocols': 'TLSv1.2',
      'ssl.cipher.suites': 'TLS_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_RSA_WITH_AES_256_CBC_SHA',
      'ssl.endpoint.identification.algorithm': '',
    };
    expect(security(settings).ssl).toMatchObject({
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
      ciphers: 'TLS_AES_256_GCM_SHA384:ECDHE-RSA-AES128-GCM-SHA256:AES256-SHA',
      checkServerIdentity: expect.any(Function),
    });
  });
});
