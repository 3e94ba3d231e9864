/**
 * The embedded broker's secured listeners, tested with processes: clients (Java's tools, kcat, ours) with every security
 * protocol and mechanism, denied requests, and failed logins. Users and ACLs are created with the Java tools.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrokerProcess, type Ended, run, startBroker, tempDir, tsKafka } from '../support/process.js';
import { makePki, PASSWORD } from './security-pki.js';

const temp = tempDir();
const at = (name: string) => join(temp.path, name);
const SECURITY = 'org.apache.kafka.common.security';
const LISTENERS = ['PLAINTEXT', 'SSL', 'MTLS', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;
type Listener = (typeof LISTENERS)[number];
const SECRETS = ['alice-secret', 'bob-secret', 'wr0ng-secret', PASSWORD];

let broker: BrokerProcess;
const address = (listener: Listener) => broker.addresses[LISTENERS.indexOf(listener)] as string;
const java = (tool: string, ...args: string[]) => run('bash', ['scripts/apache-kafka.sh', tool, ...args], '', 110_000);

function settings(): string[] {
  const identity = (listener: string) => [
    `listener.name.${listener}.ssl.keystore.location=${at('broker.p12')}`,
    `listener.name.${listener}.ssl.keystore.password=${PASSWORD}`,
  ];
  const users = (listener: string) => [
    `listener.name.${listener}.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512`,
    `listener.name.${listener}.plain.sasl.jaas.config=${SECURITY}.plain.PlainLoginModule required user_alice="alice-secret";`,
  ];
  return [
    `listeners=${LISTENERS.map((name) => `${name}://localhost:0`).join(',')}`,
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SSL:SSL,MTLS:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL',
    ...identity('ssl'),
    ...identity('mtls'),
    'listener.name.mtls.ssl.client.auth=required',
    `listener.name.mtls.ssl.truststore.location=${at('trust.jks')}`,
    `listener.name.mtls.ssl.truststore.password=${PASSWORD}`,
    ...identity('sasl_ssl'),
    ...users('sasl_plaintext'),
    ...users('sasl_ssl'),
    'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // clients over PLAINTEXT and SSL are anonymous, and allowed everything here
    'super.users=User:ANONYMOUS;User:CN=client',
  ];
}

beforeAll(async () => {
  await makePki(temp.path);
  broker = await startBroker({ overrides: settings() });
  const admin = ['--bootstrap-server', address('PLAINTEXT')];
  for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-512']) {
    const bob = [
      '--entity-type',
      'users',
      '--entity-name',
      'bob',
      '--add-config',
      `${mechanism}=[password=bob-secret]`,
    ];
    expect((await java('configs', ...admin, '--alter', ...bob)).stdout.toString()).toContain('Completed updating');
  }
  for (const user of ['alice', 'bob']) {
    const allow = ['--add', '--allow-principal', `User:${user}`, '--producer', '--consumer'];
    const added = await java('acls', ...admin, ...allow, '--topic', 'open', '--group', '*');
    expect(added.code, added.stderr).toBe(0);
  }
  for (const topic of ['open', 'closed']) await tsKafka(['topics', ...admin, '--create', '--topic', topic]);
}, 180_000);
afterAll(async () => {
  await broker?.remove();
  temp.remove();
});

interface Way {
  readonly listener: Listener;
  readonly java: Readonly<Record<string, string>>;
  readonly kcat: Readonly<Record<string, string>>;
}
const trust = () => ({ 'ssl.truststore.location': at('trust.p12'), 'ssl.truststore.password': PASSWORD });
const ca = () => ({ 'ssl.ca.location': at('ca.pem') });
const login = (mechanism: string, module: string, user: string, password: string) => ({
  'sasl.mechanism': mechanism,
  'sasl.jaas.config': `${SECURITY}.${module} required username="${user}" password="${password}";`,
});
const sasl = (mechanism: string, user: string, password: string) => ({
  java: login(mechanism, mechanism === 'PLAIN' ? 'plain.PlainLoginModule' : 'scram.ScramLoginModule', user, password),
  kcat: { 'sasl.mechanism': mechanism, 'sasl.username': user, 'sasl.password': password },
});
const overPlaintext = (mechanism: string, user: string, password: string): Way => {
  const { java, kcat } = sasl(mechanism, user, password);
  const protocol = 'SASL_PLAINTEXT';
  return {
    listener: protocol,
    java: { 'security.protocol': protocol, ...java },
    kcat: { 'security.protocol': protocol, ...kcat },
  };
};
const overTls = (mechanism: string, user: string, password: string): Way => {
  const { java, kcat } = sasl(mechanism, user, password);
  const protocol = 'SASL_SSL';
  return {
    listener: protocol,
    java: { 'security.protocol': protocol, ...trust(), ...java },
    kcat: { 'security.protocol': protocol, ...ca(), ...kcat },
  };
};

const WAYS: Readonly<Record<string, Way>> = {
  SSL: {
    listener: 'SSL',
    java: { 'security.protocol': 'SSL', ...trust() },
    kcat: { 'security.protocol': 'SSL', ...ca() },
  },
  'mutual TLS': {
    listener: 'MTLS',
    java: {
      'security.protocol': 'SSL',
      ...trust(),
      'ssl.keystore.location': at('client.p12'),
      'ssl.keystore.password': PASSWORD,
    },
    kcat: {
      'security.protocol': 'SSL',
      ...ca(),
      'ssl.certificate.location': at('client.pem'),
      'ssl.key.location': at('client.key'),
    },
  },
  'PLAIN over TLS': overTls('PLAIN', 'alice', 'alice-secret'),
  'SCRAM-SHA-256': overPlaintext('SCRAM-SHA-256', 'bob', 'bob-secret'),
  'SCRAM-SHA-512 over TLS': overTls('SCRAM-SHA-512', 'bob', 'bob-secret'),
};

type Client = (way: Way, topic: string, value: string) => Promise<Ended>;

function config(way: Way): string {
  const file = at('client.properties');
  writeFileSync(
    file,
    Object.entries(way.java)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  return file;
}
const flagsX = (way: Way) => Object.entries(way.kcat).flatMap(([key, value]) => ['-X', `${key}=${value}`]);
const line = (value: string) => `${value}\n`;

const WRITE: Readonly<Record<string, Client>> = {
  'Java’s console producer': (way, topic, value) => {
    const where = ['--bootstrap-server', address(way.listener), '--topic', topic, '--command-config', config(way)];
    return run('bash', ['scripts/apache-kafka.sh', 'console-producer', ...where], line(value), 60_000);
  },
  kcat: (way, topic, value) =>
    run('kcat', ['-P', '-b', address(way.listener), '-t', topic, ...flagsX(way)], line(value)),
  'our console producer': (way, topic, value) => {
    const where = ['--bootstrap-server', address(way.listener), '--topic', topic, '--command-config', config(way)];
    return tsKafka(['console-producer', ...where], line(value));
  },
};
const READ: Readonly<Record<string, (way: Way) => Promise<Ended>>> = {
  'Java’s console consumer': (way) => {
    const what = ['--topic', 'open', '--from-beginning', '--timeout-ms', '6000', '--command-config', config(way)];
    return java('console-consumer', '--bootstrap-server', address(way.listener), ...what);
  },
  kcat: (way) => run('kcat', ['-C', '-e', '-q', '-b', address(way.listener), '-t', 'open', ...flagsX(way)]),
  'our console consumer': (way) => {
    const what = ['--topic', 'open', '--from-beginning', '--timeout-ms', '2000', '--command-config', config(way)];
    return tsKafka(['console-consumer', '--bootstrap-server', address(way.listener), ...what]);
  },
};
const withoutSecrets = (said: string) => {
  for (const secret of SECRETS) expect(said).not.toContain(secret);
};

describe.each(Object.entries(WAYS))('%s', (name, way) => {
  test('every client writes, and reads the records of all clients', async () => {
    const values = Object.keys(WRITE).map((client) => `${name}, ${client}`);
    for (const [i, write] of Object.values(WRITE).entries()) {
      const { code, stderr } = await write(way, 'open', values[i] as string);
      expect(code, stderr).toBe(0);
    }
    for (const read of Object.values(READ)) {
      const { stdout, stderr } = await read(way);
      expect(stdout.toString().split('\n'), stderr).toEqual(expect.arrayContaining(values));
    }
  });
});

describe('without permission', () => {
  const bob = WAYS['SCRAM-SHA-512 over TLS'] as Way;
  test.each(Object.entries(WRITE))('%s gets an authorization error for a write', async (_, write) => {
    const { stdout, stderr } = await write(bob, 'closed', 'x');
    const said = stdout.toString() + stderr;
    expect(said).toMatch(/TOPIC_AUTHORIZATION_FAILED|Not authorized to access topics|Topic authorization failed/i);
    withoutSecrets(said);
  });

  test('a topic without Describe permission is not listed', async () => {
    const where = ['--bootstrap-server', address(bob.listener), '--command-config', config(bob), '--list'];
    expect((await tsKafka(['topics', ...where])).stdout.toString()).toBe('open\n');
    expect((await java('topics', ...where)).stdout.toString()).toBe('open\n');
  });

  test('a client without a certificate cannot connect', async () => {
    const way = { ...(WAYS.SSL as Way), listener: 'MTLS' as const };
    const where = ['--bootstrap-server', address('MTLS'), '--command-config', config(way), '--list'];
    const { code, stdout, stderr } = await tsKafka(['topics', ...where]);
    expect([code, stdout.toString() + stderr]).toEqual([1, expect.stringMatching(/ssl\.keystore/)]);
    const other = await run('kcat', ['-L', '-m', '3', '-b', address('MTLS'), ...flagsX(way)]);
    expect(other.code).not.toBe(0);
  });
});

describe('a wrong password', () => {
  const WRONG: Readonly<Record<string, Way>> = {
    PLAIN: overTls('PLAIN', 'alice', 'wr0ng-secret'),
    'SCRAM-SHA-256': overTls('SCRAM-SHA-256', 'bob', 'wr0ng-secret'),
    'nobody of that name': overTls('SCRAM-SHA-512', 'mallory', 'wr0ng-secret'),
  };
  test.each(Object.entries(WRONG))('%s is rejected, with each client’s own message', async (_, way) => {
    const where = ['--bootstrap-server', address(way.listener), '--command-config', config(way), '--list'];
    const ours = await tsKafka(['topics', ...where]);
    const theirs = await java('topics', ...where);
    const other = await run('kcat', ['-L', '-m', '3', '-b', address(way.listener), ...flagsX(way)]);
    expect([ours.code, theirs.code, other.code]).toEqual([1, 1, 1]);
    for (const { stdout, stderr } of [ours, theirs, other]) {
      expect(stdout.toString() + stderr).toMatch(/Authentication failed|SASL authentication error/i);
      withoutSecrets(stdout.toString() + stderr);
    }
  });

  test('leaves no secret in the broker’s log, and the broker running', async () => {
    withoutSecrets(broker.said());
    const where = ['--bootstrap-server', address('PLAINTEXT'), '--list'];
    expect((await tsKafka(['topics', ...where])).stdout.toString()).toContain('closed\nopen\n');
  });
});

describe('a client with another security protocol than the listener', () => {
  test.each([
    ['SSL', { 'security.protocol': 'PLAINTEXT' }],
    ['PLAINTEXT', { 'security.protocol': 'SSL', 'ssl.ca.location': 'ca.pem' }],
    ['SASL_SSL', { 'security.protocol': 'PLAINTEXT' }],
  ] as const)('%s turns it away, and goes on', async (listener, kcat) => {
    const given = { ...kcat, ...('ssl.ca.location' in kcat && ca()) };
    const way = { listener, java: {}, kcat: given } as Way;
    const { code } = await run('kcat', ['-L', '-m', '2', '-b', address(listener), ...flagsX(way)]);
    expect(code).toBe(1);
    expect((await tsKafka(['topics', '--bootstrap-server', address('PLAINTEXT'), '--list'])).code).toBe(0);
  });
});
