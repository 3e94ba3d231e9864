/** SASL and access control, tested with kafkajs and at the byte level. */
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ScramServer } from '../../../src/broker/security/scram-server.js';
import { saslHandshake } from '../../../src/protocol/apis/17-sasl-handshake.js';
import { describeCluster } from '../../../src/protocol/apis/60-describe-cluster.js';
import { hmac, SCRAM_MECHANISMS, type ScramMechanism, saltedPassword, scramKeys } from '../../../src/security/scram.js';
import { type BrokerProcess, startBroker, tempDir, tsKafka } from '../../support/process.js';
import { Wire } from '../wire.js';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel, ResourcePatternTypes } = kafkajs;
const temp = tempDir();
const data = join(temp.path, 'data');
let broker: BrokerProcess;
let secured: string;

const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule required user_bob="bob;secret" user_eve="e";';

async function start(): Promise<void> {
  broker = await startBroker({
    dir: temp.path,
    overrides: [
      'listeners=PLAINTEXT://localhost:0,SASL_PLAINTEXT://localhost:0',
      'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
      `listener.name.sasl_plaintext.plain.sasl.jaas.config=${PLAIN}`,
      'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users=User:ANONYMOUS',
      'connection.failed.authentication.delay.ms=10',
    ],
  });
  secured = broker.addresses[1] as string;
}

beforeAll(async () => {
  const file = join(temp.path, 'server.properties');
  writeFileSync(file, `log.dirs=${data}\n`);
  const user = 'SCRAM-SHA-256=[name=alice,password=alice-secret]';
  expect(
    (await tsKafka(['storage', 'format', '-t', 'MkU3OEVBNTcwNTJENDM2Qk', '-c', file, '--add-scram', user])).code,
  ).toBe(0);
  await start();
});
afterAll(async () => {
  await broker.remove();
  temp.remove();
});

const client = (brokers: string, sasl?: kafkajs.SASLOptions) =>
  new Kafka({ brokers: [brokers], sasl, logLevel: logLevel.NOTHING, retry: { retries: 0 } });
const plain = (username: string, password: string) => client(secured, { mechanism: 'plain', username, password });
const scram = (username: string, password: string) =>
  client(secured, { mechanism: 'scram-sha-256', username, password });

async function admin<T>(kafka: kafkajs.Kafka, work: (admin: kafkajs.Admin) => Promise<T>): Promise<T> {
  const connected = kafka.admin();
  await connected.connect();
  try {
    return await work(connected);
  } finally {
    await connected.disconnect();
  }
}
const allow = (principal: string, operation: number, resourceName: string, over: Partial<kafkajs.AclEntry> = {}) =>
  admin(client(broker.bootstrap), (a) =>
    a.createAcls({
      acl: [
        {
          principal,
          host: '*',
          operation,
          permissionType: AclPermissionTypes.ALLOW,
          resourceType: AclResourceTypes.TOPIC,
          resourceName,
          resourcePatternType: ResourcePatternTypes.LITERAL,
          ...over,
        },
      ],
    }),
  );

describe('authentication', () => {
  test.each([
    ['PLAIN', () => plain('bob', 'bob;secret')],
    ['SCRAM', () => scram('alice', 'alice-secret')],
  ])('%s, with the right password', async (_, kafka) => {
    await admin(kafka(), (a) => a.describeCluster());
  });

  test.each([
    ['PLAIN, wrong password', () => plain('bob', 'bob'), 'Authentication failed: Invalid username or password'],
    ['PLAIN, nobody', () => plain('mallory', 'x'), 'Authentication failed: Invalid username or password'],
    ['PLAIN, no password', () => plain('bob', ' '), 'Authentication failed: Invalid username or password'],
    [
      'SCRAM, wrong password',
      () => scram('alice', 'x'),
      'due to invalid credentials with SASL mechanism SCRAM-SHA-256',
    ],
    ['SCRAM, nobody', () => scram('mallory', 'x'), 'due to invalid credentials with SASL mechanism SCRAM-SHA-256'],
  ])('not: %s', async (_, kafka, words) => {
    await expect(admin(kafka(), (a) => a.describeCluster())).rejects.toThrow(words);
  });

  test.each([
    ['the right password', 'bob;secret', 1],
    ['a wrong one', 'bob', 0],
  ])('SaslHandshake v0, whose tokens come bare: %s', async (_, password, answers) => {
    const wire = await Wire.open(Number(secured.split(':')[1]));
    const choice = await wire.ask(saslHandshake, 0, { mechanism: 'PLAIN' });
    expect(choice).toEqual({ errorCode: 0, mechanisms: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] });
    const token = Buffer.from(`\0bob\0${password}`);
    wire.send([Buffer.from([0, 0, 0, token.length]), token]);
    expect(await wire.frame()).toEqual(answers === 1 ? Buffer.alloc(0) : null);
    // once authenticated, the client sends requests
    const cluster = await wire.ask(describeCluster, 0, { includeClusterAuthorizedOperations: false });
    expect(cluster?.errorCode).toBe(answers === 1 ? 0 : undefined);
    wire.close();
  });

  test.each([
    ['a request before the handshake', '0000001100030001000000010003616263ffffffff'],
    ['a frame too large for somebody unknown', `00200000${'00'.repeat(600_000)}`],
  ])('%s closes the connection', async (_, hex) => {
    const [host, port] = secured.split(':') as [string, string];
    const socket = connect(Number(port), host);
    const closed = new Promise<void>((done) => socket.on('close', () => done()));
    socket.on('error', () => {});
    socket.on('data', () => expect.unreachable());
    socket.write(Buffer.from(hex, 'hex'));
    await closed;
  });
});

describe('authorization', () => {
  const send = async (kafka: kafkajs.Kafka, topic: string) => {
    const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    try {
      await producer.send({ topic, messages: [{ value: 'x' }] });
    } finally {
      await producer.disconnect();
    }
  };
  beforeAll(async () => {
    await admin(client(broker.bootstrap), (a) =>
      a.createTopics({ topics: ['orders', 'orders-eu', 'private'].map((topic) => ({ topic })) }),
    );
  });

  test('unauthorized topics are not visible, and cannot be written, created or deleted', async () => {
    const bob = plain('bob', 'bob;secret');
    expect(await admin(bob, (a) => a.listTopics())).toEqual([]);
    await expect(send(bob, 'orders')).rejects.toThrow('Not authorized to access topics');
    await expect(admin(bob, (a) => a.createTopics({ topics: [{ topic: 'mine' }] }))).rejects.toThrow();
    await expect(admin(bob, (a) => a.deleteTopics({ topics: ['orders'] }))).rejects.toThrow('Not authorized');
    expect(await admin(client(broker.bootstrap), (a) => a.listTopics())).toEqual(['orders', 'orders-eu', 'private']);
  });

  test('Write permission makes a topic visible, and allows writing to that topic only', async () => {
    await allow('User:bob', AclOperationTypes.WRITE, 'orders');
    const bob = plain('bob', 'bob;secret');
    expect(await admin(bob, (a) => a.listTopics())).toEqual(['orders']);
    await send(bob, 'orders');
    await expect(send(bob, 'private')).rejects.toThrow('Not authorized to access topics');
  });

  test('a consumer needs permissions for its group and its topics', async () => {
    const read = async () => {
      const consumer = scram('alice', 'alice-secret').consumer({ groupId: 'readers' });
      try {
        await consumer.connect();
        await consumer.subscribe({ topics: ['orders'], fromBeginning: true });
        return await new Promise<string | undefined>((done, fail) => {
          consumer.on('consumer.crash', ({ payload }) => fail(payload.error));
          consumer.run({ eachMessage: async ({ message }) => done(message.value?.toString()) }).catch(fail);
        });
      } finally {
        await consumer.disconnect();
      }
    };
    await allow('User:alice', AclOperationTypes.READ, 'orders', { resourcePatternType: ResourcePatternTypes.PREFIXED });
    await expect(read()).rejects.toThrow('Failed to find group coordinator');
    await allow('User:alice', AclOperationTypes.READ, 'readers', { resourceType: AclResourceTypes.GROUP });
    expect(await read()).toBe('x');
  });

  test('a DENY takes effect at once; deleting it restores access', async () => {
    const bob = plain('bob', 'bob;secret');
    const deny = { permissionType: AclPermissionTypes.DENY };
    await allow('User:bob', AclOperationTypes.WRITE, 'orders', deny);
    await expect(send(bob, 'orders')).rejects.toThrow('Not authorized to access topics');
    const filter = {
      resourceType: AclResourceTypes.TOPIC,
      resourceName: 'orders',
      resourcePatternType: ResourcePatternTypes.LITERAL,
      operation: AclOperationTypes.ANY,
      permissionType: AclPermissionTypes.DENY,
    };
    const deleted = await admin(client(broker.bootstrap), (a) => a.deleteAcls({ filters: [filter] }));
    expect(deleted.filterResponses[0]?.matchingAcls).toHaveLength(1);
    await send(bob, 'orders');
  });

  test('users and ACLs survive a restart', async () => {
    await broker.stop();
    await start();
    expect(await admin(plain('bob', 'bob;secret'), (a) => a.listTopics())).toEqual(['orders']);
    expect((await admin(scram('alice', 'alice-secret'), (a) => a.listTopics())).sort()).toEqual([
      'orders',
      'orders-eu',
    ]);
  });
});

test.each([
  ['as RFC 5802 has it', ''],
  ['the client’s twice, as librdkafka 2.0 says it', 'abc'],
])('SCRAM’s nonce, %s', (_, before) => {
  const [scram] = SCRAM_MECHANISMS as [ScramMechanism];
  const salt = Buffer.from('salt');
  const salted = saltedPassword(scram, 'geheim', salt, 4096);
  const keys = scramKeys(scram, salted, salt, 4096);
  const server = new ScramServer(scram, { plain: () => false, scram: () => keys });
  const first = server.evaluate(Buffer.from('n,,n=alice,r=abc')).toString();
  const withoutProof = `c=biws,r=${before}${/^r=([^,]+),/.exec(first)?.[1]}`;
  const signature = hmac(scram, keys.storedKey, `n=alice,r=abc,${first},${withoutProof}`);
  const proof = Buffer.from(hmac(scram, salted, 'Client Key').map((byte, i) => byte ^ (signature[i] as number)));
  const last = server.evaluate(Buffer.from(`${withoutProof},p=${proof.toString('base64')}`)).toString();
  expect([last.slice(0, 2), server.user]).toEqual(['v=', 'alice']);
});

/** A complete SCRAM exchange with the right password. `first`: the client-first-message, `binding`: the `c=` attribute. Throws if the server rejects it. */
function exchange(first: string, binding: string, nonceOf = (both: string) => both): string | undefined {
  const [mechanism] = SCRAM_MECHANISMS as [ScramMechanism];
  const salted = saltedPassword(mechanism, 'secret', Buffer.from('salt'), 4096);
  const keys = scramKeys(mechanism, salted, Buffer.from('salt'), 4096);
  const server = new ScramServer(mechanism, { plain: () => false, scram: () => keys });
  const challenge = server.evaluate(Buffer.from(first)).toString();
  const nonce = nonceOf(/^r=([^,]+),/.exec(challenge)?.[1] as string);
  const withoutProof = `c=${binding},r=${nonce}`;
  const bare = first.replace(/^[^,]*,[^,]*,/, '');
  const signature = hmac(mechanism, keys.storedKey, `${bare},${challenge},${withoutProof}`);
  const proof = Buffer.from(hmac(mechanism, salted, 'Client Key').map((byte, i) => byte ^ (signature[i] as number)));
  server.evaluate(Buffer.from(`${withoutProof},p=${proof.toString('base64')}`));
  return server.user;
}
const base64 = (text: string) => Buffer.from(text).toString('base64');

test.each([
  ['nothing else', 'n,,n=alice,r=abc', 'n,,'],
  ['an authorization id', 'n,a=alice,n=alice,r=abc', 'n,a=alice,'],
  ['an authorization id, as Java’s client goes on', 'n,a=alice,n=alice,r=abc', 'n,,'],
  ['an extension that is not known', 'n,,n=alice,r=abc,foo=bar', 'n,,'],
])('SCRAM with %s lets in', (_, first, binding) => expect(exchange(first, base64(binding))).toBe('alice'));

test.each([
  ['a client that thinks there is no channel binding here', 'y,,n=alice,r=abc', 'y,,'],
  ['a client that wants channel binding', 'p=tls-unique,,n=alice,r=abc', 'p=tls-unique,,'],
  ['a binding of another header', 'n,,n=alice,r=abc', 'y,,'],
  ['an empty binding', 'n,,n=alice,r=abc', ''],
  ['a mandatory extension', 'n,,m=x,n=alice,r=abc', 'n,,'],
  ['a delegation token', 'n,,n=alice,r=abc,tokenauth=true', 'n,,'],
  ['an empty name', 'n,,n=,r=abc', 'n,,'],
  ['a name that is not escaped', 'n,,n=al=ice,r=abc', 'n,,'],
])('SCRAM with %s is refused', (_, first, binding) =>
  expect(() => exchange(first, base64(binding))).toThrow('invalid credentials'),
);

test('a SCRAM nonce with a prefix is rejected', () =>
  expect(() => exchange('n,,n=alice,r=abc', 'biws', (both) => `x${both}`)).toThrow('invalid credentials'));

test('a SCRAM nonce without the server’s part is rejected', () => {
  const [scram] = SCRAM_MECHANISMS as [ScramMechanism];
  const keys = scramKeys(scram, saltedPassword(scram, 'x', Buffer.from('salt'), 4096), Buffer.from('salt'), 4096);
  const server = new ScramServer(scram, { plain: () => false, scram: () => keys });
  server.evaluate(Buffer.from('n,,n=alice,r=abc'));
  expect(() => server.evaluate(Buffer.from('c=biws,r=abc,p=AAAA'))).toThrow('invalid credentials');
});
