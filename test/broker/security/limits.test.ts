/** Connection limits, hosts in ACLs, users changed at runtime, and logging of denied requests. */
import { connect } from 'node:net';
import kafkajs from 'kafkajs';
import { afterEach, describe, expect, test } from 'vitest';
import { metadata } from '../../../src/protocol/apis/03-metadata.js';
import { apiVersions } from '../../../src/protocol/apis/18-api-versions.js';
import { createAcls } from '../../../src/protocol/apis/30-create-acls.js';
import { incrementalAlterConfigs } from '../../../src/protocol/apis/44-incremental-alter-configs.js';
import { Errors } from '../../../src/protocol/errors.js';
import { encodeRequest } from '../../../src/protocol/wire/frame.js';
import { type BrokerProcess, startBroker } from '../../support/process.js';
import { Wire } from '../wire.js';

let broker: BrokerProcess | undefined;
afterEach(async () => {
  await broker?.remove();
  broker = undefined;
});
const start = async (...overrides: string[]): Promise<BrokerProcess> => (broker = await startBroker({ overrides }));
const portOf = (address: string | undefined) => Number(address?.split(':').at(-1));
const answers = async (wire: Wire): Promise<boolean> => {
  wire.send(encodeRequest(apiVersions, 0, { correlationId: 7, clientId: 'x' }, {}));
  return wire.until(() => wire.frames.splice(0).length > 0, 1_000);
};

describe('max.connections', () => {
  test('a connection beyond the limit waits, and is served when another one closes', async () => {
    const { port } = await start('max.connections=2');
    const [first, second, third] = (await Promise.all([1, 2, 3].map(() => Wire.open(port)))) as [Wire, Wire, Wire];
    const served = await Promise.all([first, second, third].map(answers));
    expect(served.filter(Boolean)).toHaveLength(2);
    const waiting = [first, second, third][served.indexOf(false)] as Wire;
    const going = [first, second, third][served.indexOf(true)] as Wire;
    going.close();
    // its pending request is answered now
    expect(await waiting.until(() => waiting.frames.length > 0, 2_000)).toBe(true);
    for (const wire of [first, second, third]) wire.close();
  });

  test('closes connections beyond the backlog', async () => {
    const { port } = await start('max.connections=1', 'socket.listen.backlog.size=2');
    const first = await Wire.open(port);
    expect(await answers(first)).toBe(true);
    const others = await Promise.all([1, 2, 3, 4].map(() => Wire.open(port)));
    await first.until(() => others.filter(({ closed }) => closed).length === 2);
    expect(others.filter(({ closed }) => closed)).toHaveLength(2);
    for (const wire of [first, ...others]) wire.close();
  });

  test('can be set per listener', async () => {
    const { addresses } = await start(
      'listeners=PLAINTEXT://localhost:0,OTHER://localhost:0',
      'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,OTHER:PLAINTEXT',
      'listener.name.other.max.connections=1',
    );
    const [plain, other] = addresses.map(portOf) as [number, number];
    const wires = await Promise.all([other, other, plain, plain].map((port) => Wire.open(port)));
    expect((await Promise.all(wires.map(answers))).filter(Boolean)).toHaveLength(3);
    for (const wire of wires) wire.close();
  });

  test('does not block the inter-broker listener: the most idle connection of the others is closed', async () => {
    const { addresses } = await start(
      'listeners=PLAINTEXT://localhost:0,OTHER://localhost:0',
      'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,OTHER:PLAINTEXT',
      'max.connections=2',
    );
    const [plain, other] = addresses.map(portOf) as [number, number];
    const idle = await Wire.open(other);
    const busy = await Wire.open(other);
    expect([await answers(idle), await answers(busy)]).toEqual([true, true]);
    const admin = await Wire.open(plain);
    expect(await answers(admin)).toBe(true);
    expect(await idle.until(() => idle.closed)).toBe(true);
    expect(await answers(busy)).toBe(true);
    for (const wire of [idle, busy, admin]) wire.close();
  });
});

describe('max.connections.per.ip', () => {
  test('closes an additional connection from an address at its limit, with a log line, and accepts one again after another closes', async () => {
    const { port, said } = await start('max.connections.per.ip=2');
    const wires = await Promise.all([1, 2].map(() => Wire.open(port)));
    expect(await Promise.all(wires.map(answers))).toEqual([true, true]);
    const refused = await Wire.open(port);
    expect(await refused.until(() => refused.closed)).toBe(true);
    expect(said()).toContain(
      'Rejected connection from /127.0.0.1, address already has the configured maximum of 2 connections.',
    );
    wires[0]?.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const next = await Wire.open(port);
    expect(await answers(next)).toBe(true);
    for (const wire of [...wires, next]) wire.close();
  });

  test('an override applies only to its address', async () => {
    const { port } = await start('max.connections.per.ip=5', 'max.connections.per.ip.overrides=127.0.0.1:0,10.0.0.1:7');
    const refused = await Wire.open(port);
    expect(await refused.until(() => refused.closed)).toBe(true);
  });
});

const SECURE = [
  'listeners=PLAINTEXT://localhost:0,SASL_PLAINTEXT://localhost:0',
  'sasl.enabled.mechanisms=PLAIN',
  'listener.name.sasl_plaintext.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_bob="b";',
  'connection.failed.authentication.delay.ms=10',
];
const asBob = (password: string, address: string) => {
  const kafka = new kafkajs.Kafka({
    brokers: [address],
    sasl: { mechanism: 'plain', username: 'bob', password },
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  return admin
    .connect()
    .then(() => admin.disconnect())
    .then(() => 'in')
    .catch((error: Error) => error.message);
};
const SASL_USERS = 'listener.name.sasl_plaintext.plain.sasl.jaas.config';

test('unreadable user records are logged once and do not affect other users, also after a restart', async () => {
  const first = await start(...SECURE);
  const set = async ({ port }: BrokerProcess, value: string) => {
    const wire = await Wire.open(port);
    const configs = [{ name: SASL_USERS, configOperation: 0, value }];
    const answer = await wire.ask(incrementalAlterConfigs, 1, {
      resources: [{ resourceType: 4, resourceName: '1', configs }],
      validateOnly: false,
    });
    wire.close();
    return answer.responses[0].errorCode;
  };
  expect(await set(first, 'broken')).toBe(Errors.NONE);
  const address = first.addresses[1] as string;
  expect([await asBob('b', address), await asBob('b', address)]).toEqual(['in', 'in']);
  expect(first.said().match(/the users of listener SASL_PLAINTEXT stay as they were/g)).toHaveLength(1);
  await first.stop();
  const again = (broker = await startBroker({ dir: first.dir, overrides: SECURE }));
  expect(await asBob('b', again.addresses[1] as string)).toBe('in');
  const module = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  await set(again, `${module} user_bob="new";`);
  expect(await asBob('new', again.addresses[1] as string)).toBe('in');
  expect(await asBob('b', again.addresses[1] as string)).toContain('Invalid username or password');
});

describe('access control lists', () => {
  const open = async () => {
    const running = await start(
      'listeners=PLAINTEXT://:0',
      'advertised.listeners=PLAINTEXT://localhost:0',
      'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users=User:admin',
      'allow.everyone.if.no.acl.found=true',
    );
    return running;
  };
  const wireTo = (host: string, port: number): Promise<Wire> => Wire.open(port, host);
  const acl = (host: string) => ({
    resourceType: 2,
    resourceName: 'secret',
    resourcePatternType: 3,
    principal: 'User:ANONYMOUS',
    host,
    operation: 2,
    permissionType: 2,
  });
  const seen = async (wire: Wire) => {
    const answer = await wire.ask(metadata, 4, { topics: [{ name: 'secret' }], allowAutoTopicCreation: true });
    return answer.topics[0].errorCode;
  };

  test('a DENY for an IPv6 host in Java’s format applies; denials are logged in Kafka’s format', async () => {
    const { port, said } = await open();
    const [four, six] = [await wireTo('127.0.0.1', port), await wireTo('::1', port)];
    expect((await four.ask(createAcls, 2, { creations: [acl('0:0:0:0:0:0:0:1')] })).results[0].errorCode).toBe(0);
    expect(await seen(six)).toBe(Errors.TOPIC_AUTHORIZATION_FAILED);
    expect(said()).toContain(
      'Principal = User:ANONYMOUS is Denied operation = DESCRIBE from host = 0:0:0:0:0:0:0:1 on resource = ' +
        'Topic:LITERAL:secret for request = Metadata with resourceRefCount = 1 based on rule ' +
        'MatchingAcl(acl=StandardAcl[resourceType=TOPIC, resourceName=secret, patternType=LITERAL, ' +
        'principal=User:ANONYMOUS, host=0:0:0:0:0:0:0:1, operation=ALL, permissionType=DENY])\n',
    );
    // the topic now has an ACL, but none that allows access
    expect(await seen(four)).toBe(Errors.TOPIC_AUTHORIZATION_FAILED);
    for (const wire of [four, six]) wire.close();
  });

  test('a DENY for an IPv4 host applies on a dual-stack listener', async () => {
    const { port } = await open();
    const [four, six] = [await wireTo('127.0.0.1', port), await wireTo('::1', port)];
    const allow = { ...acl('*'), permissionType: 3 };
    await four.ask(createAcls, 2, { creations: [acl('127.0.0.1'), allow] });
    expect(await seen(four)).toBe(Errors.TOPIC_AUTHORIZATION_FAILED);
    expect(await seen(six)).not.toBe(Errors.TOPIC_AUTHORIZATION_FAILED);
    for (const wire of [four, six]) wire.close();
  });

  test('a connection that is reset before it is accepted has no address, and is not served', async () => {
    const running = await open();
    const wire = await wireTo('::1', running.port);
    // a topic that can be created from everywhere except 127.0.0.1
    const allow = { ...acl('*'), permissionType: 3 };
    await wire.ask(createAcls, 2, { creations: [acl('127.0.0.1'), allow] });
    const ask = { topics: [{ name: 'secret' }], allowAutoTopicCreation: true };
    process.kill(running.pid, 'SIGSTOP');
    const gone = Array.from({ length: 5 }, () => connect(running.port, '127.0.0.1'));
    await Promise.all(gone.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    for (const socket of gone) {
      socket.on('error', () => {});
      await new Promise((sent) =>
        socket.write(Buffer.concat(encodeRequest(metadata, 4, { correlationId: 1, clientId: 'x' }, ask)), sent),
      );
      socket.resetAndDestroy();
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    process.kill(running.pid, 'SIGCONT');
    await new Promise((resolve) => setTimeout(resolve, 500));
    const all = await wire.ask(metadata, 4, { topics: null, allowAutoTopicCreation: false });
    expect(all.topics).toEqual([]);
    wire.close();
  });

  test('denials of one kind are logged once a second, and filtered lists are not logged', async () => {
    const { port, said } = await open();
    const wire = await wireTo('127.0.0.1', port);
    await wire.ask(createAcls, 2, { creations: [acl('*')] });
    await wire.ask(metadata, 4, { topics: null, allowAutoTopicCreation: false });
    expect(said()).not.toContain('is Denied');
    for (let i = 0; i < 30; i++) await seen(wire);
    expect(said().match(/is Denied/g)?.length).toBeLessThan(3);
    wire.close();
  });
});
