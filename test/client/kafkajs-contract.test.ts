/** kafkajs is pinned. If the pin changes, these tests check that the private APIs we rely on still work the same. */
import { createRequire } from 'node:module';
import net from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type KafkajsConnection, kafkajsConnection } from '../../src/client/cluster/kafkajs-connection.js';

const require = createRequire(import.meta.url);

let server: net.Server | undefined;
afterEach(() => {
  server?.close();
});

async function connected(onSocket: (socket: net.Socket) => void = () => {}) {
  server = net.createServer(onSocket);
  await new Promise<void>((resolve) => server?.listen(0, 'localhost', resolve));
  const { port } = server.address() as net.AddressInfo;
  return make(port);
}

function make(port: number, sasl: Parameters<typeof kafkajsConnection>[0]['sasl'] = null): KafkajsConnection {
  return kafkajsConnection({
    host: 'localhost',
    port,
    clientId: 'test',
    connectionTimeout: 1000,
    ssl: null,
    sasl,
    socketFactory: ({ host, port: to, onConnect }) => net.connect({ host, port: to }, onConnect),
  });
}

test('the installed version is the one that was reviewed', () => {
  expect(require('kafkajs/package.json').version).toBe('2.2.4');
});

describe('network/connection', () => {
  test('connect() opens `socket` through the factory and then is "connected"', async () => {
    const connection = await connected();
    expect(connection.connectionStatus).toBe('disconnected');
    await connection.connect();
    expect(connection.socket).toBeInstanceOf(net.Socket);
    expect(connection.connectionStatus).toBe('connected');
    connection.socket.destroy();
  });

  test('bytes go through the instance’s processData', async () => {
    const connection = await connected((socket) => socket.write('hello'));
    const got = new Promise<string>((resolve) => {
      connection.processData = (chunk) => resolve(chunk.toString());
    });
    await connection.connect();
    expect(await got).toBe('hello');
    connection.socket.destroy();
  });

  test('a closed socket rejects the queue without a code, a failed one with its code', async () => {
    const closed = await connected((socket) => socket.end());
    const reasons: { message: string; code?: string }[] = [];
    closed.requestQueue.rejectAll = (error) => reasons.push(error);
    await closed.connect();
    closed.socket.resume();
    await expect.poll(() => reasons.length).toBe(1);
    expect(reasons[0]?.code).toBeUndefined();

    const refused = make(1);
    refused.requestQueue.rejectAll = (error) => reasons.push(error);
    await expect(refused.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(reasons[1]?.code).toBe('ECONNREFUSED');
  });

  test('a session near its end is no longer authenticated', () => {
    const connection = make(1, { mechanism: 'PLAIN', username: 'u', password: 'p' });
    const Long = require('kafkajs/src/utils/long');
    expect(connection.authenticatedAt).toBeNull();
    connection.authenticatedAt = process.hrtime();
    expect(connection.isAuthenticated()).toBe(true);
    connection.sessionLifetime = Long.fromValue(1000);
    connection.reauthenticationThreshold = 150;
    expect(connection.isAuthenticated()).toBe(true);
    connection.reauthenticationThreshold = 1000;
    expect(connection.isAuthenticated()).toBe(false);
  });
});

describe('bugs of kafkajs that must not reach users', () => {
  test('an idle connection has no timer (kafkajs#1556)', async () => {
    const connection = await connected();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    await connection.connect();
    expect(timers()).toBeLessThanOrEqual(before);
    connection.socket.destroy();
  });
});
