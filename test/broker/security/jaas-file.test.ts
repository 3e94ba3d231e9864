/** KAFKA_OPTS=-Djava.security.auth.login.config=FILE, used by compose files to configure SASL for the broker and clients. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type BrokerProcess, startBroker, tempDir, tsKafkaWith } from '../../support/process.js';

const temp = tempDir();
afterAll(() => temp.remove());
let broker: BrokerProcess | undefined;
afterEach(() => broker?.remove());

const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
const SECURE = [
  'listeners=PLAINTEXT://localhost:0,SASL_PLAINTEXT://localhost:0',
  'sasl.enabled.mechanisms=PLAIN',
  'connection.failed.authentication.delay.ms=10',
];

function jaas(name: string, text: string): Record<string, string> {
  const file = join(temp.path, name);
  writeFileSync(file, text);
  return { KAFKA_OPTS: `-Xmx64m -Djava.security.auth.login.config=${file}` };
}
const config = join(temp.path, 'client.properties');
writeFileSync(config, 'security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\n');

/** Lists the topics as the user of a KafkaClient section. */
function list(password: string) {
  const client = jaas('client.conf', `KafkaClient {\n  ${PLAIN} username="bob" password="${password}";\n};\n`);
  const bootstrap = broker?.addresses[1] as string;
  return tsKafkaWith(client, ['topics', '--list', '--bootstrap-server', bootstrap, '--command-config', config]);
}

describe('the broker reads its users from the file', () => {
  test.each([
    ['KafkaServer', `KafkaServer {\n  ${PLAIN} username="admin" password="a" user_bob="b;ob";\n};\n`],
    [
      'its listener’s section before it',
      `KafkaServer { ${PLAIN} user_bob="other"; };\nsasl_plaintext.KafkaServer { ${PLAIN} user_bob="b;ob"; };\n`,
    ],
    [
      'the PLAIN module of several',
      `KafkaServer { org.apache.kafka.common.security.scram.ScramLoginModule required; ${PLAIN} user_bob="b;ob"; };`,
    ],
  ])('%s', async (_, text) => {
    broker = await startBroker({ overrides: SECURE, env: jaas('server.conf', text) });
    expect(await list('b;ob')).toMatchObject({ code: 0, stderr: '' });
    const refused = await list('other');
    expect(refused.code).toBe(1);
    expect(`${refused.stdout}${refused.stderr}`).toContain('Invalid username or password');
  });

  test('the listener’s own sasl.jaas.config takes precedence', async () => {
    const own = `listener.name.sasl_plaintext.plain.sasl.jaas.config=${PLAIN} user_bob="own";`;
    const env = jaas('server.conf', `KafkaServer { ${PLAIN} user_bob="file"; };`);
    broker = await startBroker({ overrides: [...SECURE, own], env });
    expect(await list('own')).toMatchObject({ code: 0 });
    expect(await list('file')).toMatchObject({ code: 1 });
  });
});

test.each([
  [
    'no section for it',
    'Other { X required; };',
    /Could not find a 'KafkaServer' or 'sasl_plaintext.KafkaServer' entry/,
  ],
  ['no PLAIN module', 'KafkaServer { X required; };', /X is not PlainLoginModule/],
  ['a file that is none', 'KafkaServer {', /is not a JAAS configuration: a login module expected/],
])('%s: the broker does not start, and says why', async (_, text, why) => {
  await expect(startBroker({ overrides: SECURE, env: jaas('server.conf', text) })).rejects.toThrow(why);
});

test('a missing file is an error', async () => {
  const env = { KAFKA_OPTS: '-Djava.security.auth.login.config=/nowhere/jaas.conf' };
  const why = /The JAAS configuration \/nowhere\/jaas.conf cannot be read: no such file/;
  await expect(startBroker({ overrides: SECURE, env })).rejects.toThrow(why);
});

test('a missing KafkaClient section is an error with Java’s message', async () => {
  const env = jaas('empty.conf', 'Client { X required; };');
  const { code, stderr } = await tsKafkaWith(env, [
    ...['topics', '--list', '--bootstrap-server', 'localhost:1', '--command-config', config],
  ]);
  expect(stderr).toMatch(
    /Could not find a 'KafkaClient' entry in the JAAS configuration. System property 'java.security.auth.login.config' is .*empty.conf/,
  );
  expect(code).toBe(1);
});
