/** Authentication exchanges at the byte level. Expected responses were recorded from Apache Kafka 4.4.0. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { saslHandshake } from '../../../src/protocol/apis/17-sasl-handshake.js';
import { apiVersions } from '../../../src/protocol/apis/18-api-versions.js';
import { saslAuthenticate } from '../../../src/protocol/apis/36-sasl-authenticate.js';
import { describeCluster } from '../../../src/protocol/apis/60-describe-cluster.js';
import { Errors } from '../../../src/protocol/errors.js';
import { encodeRequest } from '../../../src/protocol/wire/frame.js';
import type { Api } from '../../../src/protocol/wire/schema.js';
import { type BrokerProcess, startBroker } from '../../support/process.js';
import { Wire } from '../wire.js';

const MODULE = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
const DELAY_MS = 150;
const LIFETIME_MS = 1_000;
let broker: BrokerProcess;
let [plain, brief] = [0, 0];

beforeAll(async () => {
  broker = await startBroker({
    overrides: [
      'listeners=PLAINTEXT://localhost:0,SASL_PLAINTEXT://localhost:0,BRIEF://localhost:0',
      'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,BRIEF:SASL_PLAINTEXT',
      'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256',
      ...['sasl_plaintext', 'brief'].map(
        (name) => `listener.name.${name}.plain.sasl.jaas.config=${MODULE} user_bob="bob-secret" user_eve="eve-secret";`,
      ),
      `listener.name.brief.plain.connections.max.reauth.ms=${LIFETIME_MS}`,
      `connection.failed.authentication.delay.ms=${DELAY_MS}`,
    ],
  });
  [plain, brief] = broker.addresses.slice(1).map((address) => Number(address.split(':')[1])) as [number, number];
});
afterAll(() => broker.remove());

const request = (api: Api<any, any>, version: number, body: unknown) =>
  Buffer.concat(encodeRequest(api, version, { correlationId: 7, clientId: 'x' }, body as never));
const handshake = (mechanism = 'PLAIN') => request(saslHandshake, 1, { mechanism });
const token = (user: string, password: string) => ({ authBytes: Buffer.from(`\0${user}\0${password}`) });
const authenticate = (user: string, password: string) => request(saslAuthenticate, 2, token(user, password));
const cluster = () => request(describeCluster, 0, { includeClusterAuthorizedOperations: false });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function login(wire: Wire, user = 'bob', password = 'bob-secret'): Promise<number | undefined> {
  await wire.ask(saslHandshake, 1, { mechanism: 'PLAIN' });
  return (await wire.ask(saslAuthenticate, 2, token(user, password)))?.errorCode;
}
/** Sends bytes and counts the response frames until the connection closes; -1 if it stays open. */
async function framesUntilClosed(wire: Wire, ...bytes: readonly Buffer[]): Promise<number> {
  wire.send(bytes);
  const closed = await wire.until(() => wire.closed, 2_000);
  const count = wire.frames.length;
  wire.close();
  return closed ? count : -1;
}

describe('before authentication', () => {
  test('the whole exchange can be pipelined', async () => {
    const wire = await Wire.open(plain);
    wire.send([request(apiVersions, 0, {}), handshake(), authenticate('bob', 'bob-secret'), cluster()]);
    expect(await wire.until(() => wire.frames.length === 4)).toBe(true);
    wire.close();
  });

  test.each([
    ['another request', 0, () => [cluster()]],
    ['a second ApiVersions', 1, () => [request(apiVersions, 0, {}), request(apiVersions, 0, {})]],
    ['a request within the exchange', 1, () => [handshake(), cluster()]],
    ['a token without a handshake', 0, () => [authenticate('bob', 'bob-secret')]],
    ['a second handshake, which is answered', 2, () => [handshake(), handshake()]],
    ['a mechanism that is not offered, which is answered', 1, () => [handshake('NOPE'), handshake()]],
  ])('%s closes the connection', async (_, answers, frames) => {
    expect(await framesUntilClosed(await Wire.open(plain), ...frames())).toBe(answers);
  });

  const announce = (size: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(size);
    return bytes;
  };
  test('a frame larger than sasl.server.max.receive.size closes the connection, one of exactly that size does not', async () => {
    expect(await framesUntilClosed(await Wire.open(plain), announce(524_289))).toBe(0);
    expect(await framesUntilClosed(await Wire.open(plain), announce(524_288))).toBe(-1);
  });

  test('the length of an incomplete frame allocates no memory', async () => {
    const memory = () => Number(/^VmSize:\s+(\d+)/m.exec(readFileSync(`/proc/${broker.pid}/status`, 'utf8'))?.[1]);
    if (process.platform !== 'linux') return;
    const before = memory();
    const wires = await Promise.all(Array.from({ length: 400 }, () => Wire.open(plain)));
    for (const wire of wires) wire.send(Buffer.concat([announce(500_000), Buffer.alloc(100)]));
    await pause(500);
    // 400 frames: 200 MB if each were allocated by its length
    expect(memory() - before).toBeLessThan(60_000);
    for (const wire of wires) wire.close();
  });
});

describe('a wrong password', () => {
  test('is answered with a delay; then the connection is closed, and queued requests are not served', async () => {
    const wire = await Wire.open(plain);
    const since = performance.now();
    expect(await framesUntilClosed(wire, handshake(), authenticate('bob', 'x'), cluster(), cluster())).toBe(2);
    expect(performance.now() - since).toBeGreaterThanOrEqual(DELAY_MS - 10);
  });

  test('closes our socket even if the peer keeps its side open', async () => {
    const before = openSockets();
    // half-open: the client does not close when the broker does
    const peers = Array.from({ length: 20 }, () => connect({ port: plain, host: '127.0.0.1', allowHalfOpen: true }));
    for (const peer of peers) {
      peer.on('error', () => {}).resume();
      peer.write(Buffer.concat([handshake(), authenticate('bob', 'x')]));
    }
    await pause(DELAY_MS + 500);
    const open = openSockets();
    for (const peer of peers) peer.destroy();
    expect(open).toBeLessThanOrEqual(before);
  });
  test('is logged at most once a second', async () => {
    await pause(1_100);
    const said = broker.said().length;
    await Promise.all(
      Array.from({ length: 20 }, async () =>
        framesUntilClosed(await Wire.open(plain), handshake(), authenticate('bob', 'x')),
      ),
    );
    const lines = broker.said().slice(said).trim().split('\n');
    expect(lines[0]).toMatch(
      /^Failed authentication with \/127\.0\.0\.1 \(Authentication failed: Invalid username or password\)/,
    );
    expect(lines.length).toBeLessThan(4);
  });

  test('a user name with a line break cannot forge a log line', async () => {
    await pause(1_100);
    const said = broker.said().length;
    await framesUntilClosed(await Wire.open(plain), handshake('x\nts-kafka is ready'));
    expect(broker.said().slice(said).trim().split('\n')).toHaveLength(1);
    expect(broker.said().slice(said)).toContain(
      'Failed authentication with /127.0.0.1 (Unsupported SASL mechanism x ts-kafka is ready)',
    );
  });
});

describe('re-authentication', () => {
  test('is rejected if sessions do not expire; the connection stays usable', async () => {
    const wire = await Wire.open(plain);
    expect(await login(wire)).toBe(0);
    expect(await wire.ask(saslHandshake, 1, { mechanism: 'PLAIN' })).toEqual({
      errorCode: Errors.ILLEGAL_SASL_STATE,
      mechanisms: [],
    });
    expect(await wire.ask(saslAuthenticate, 2, token('bob', 'bob-secret'))).toMatchObject({
      errorCode: Errors.ILLEGAL_SASL_STATE,
      errorMessage: 'SaslAuthenticate request received after successful authentication',
    });
    wire.send(cluster());
    expect(await wire.frame()).not.toBeNull();
    wire.close();
  });

  test('extends the session; an expired session serves no other requests', async () => {
    const wire = await Wire.open(brief);
    expect(await login(wire)).toBe(0);
    await pause(LIFETIME_MS * 0.7);
    expect(await login(wire)).toBe(0);
    await pause(LIFETIME_MS * 0.7);
    wire.send(cluster());
    expect(await wire.frame()).not.toBeNull();
    await pause(LIFETIME_MS * 0.6);
    expect(await framesUntilClosed(wire, cluster())).toBe(0);
  });

  test.each([
    ['a wrong password', 2, () => [handshake(), authenticate('bob', 'x')]],
    ['another user', 2, () => [handshake(), authenticate('eve', 'eve-secret')]],
    [
      'another mechanism, which is refused at its first token',
      1,
      () => [handshake('SCRAM-SHA-256'), authenticate('bob', 'bob-secret')],
    ],
    ['a mechanism that is not offered', 0, () => [handshake('NOPE')]],
    ['a request within the exchange', 1, () => [handshake(), cluster()]],
  ])('with %s closes the connection, and nothing after it is served', async (_, answers, frames) => {
    const wire = await Wire.open(brief);
    expect(await login(wire)).toBe(0);
    expect(await framesUntilClosed(wire, ...frames(), cluster(), cluster())).toBe(answers);
  });
});

/** Open TCP connections of the broker, without listening sockets. */
function openSockets(): number {
  const inodes = new Set<string>();
  for (const fd of readdirSync(`/proc/${broker.pid}/fd`)) {
    try {
      inodes.add(readlinkSync(`/proc/${broker.pid}/fd/${fd}`));
    } catch {
      // closed in the meantime
    }
  }
  return [...inodes].filter((name) => name.startsWith('socket:')).length;
}
