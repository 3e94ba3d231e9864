import { afterEach, expect, test } from 'vitest';
import { freePort } from '../../scripts/lib/free-port.mjs';
import { type ConnectOptions, connect } from '../../src/client/cluster/connect.js';
import type { Cluster } from '../../src/client/cluster/types.js';
import { listGroups } from '../../src/protocol/apis/16-list-groups.js';
import { createTopics } from '../../src/protocol/apis/19-create-topics.js';
import { type FakeBroker, fakeBroker, SILENCE } from './fake-broker.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((thing) => thing.close()));
});

async function broker(...args: Parameters<typeof fakeBroker>): Promise<FakeBroker> {
  const made = await fakeBroker(...args);
  open.push(made);
  return made;
}

function cluster(port: number | string, options: Partial<ConnectOptions> = {}): Cluster {
  const bootstrap = typeof port === 'number' ? `localhost:${port}` : port;
  const made = connect({ bootstrap, ...options });
  open.push(made);
  return made;
}

const quick = {
  properties: new Map([
    ['default.api.timeout.ms', '700'],
    ['request.timeout.ms', '300'],
  ]),
};
const groups = { errorCode: 0, groups: [] };

test('the first response takes one connection and one ApiVersions request', async () => {
  const { port, seen } = await broker();
  const metadata = await cluster(port).metadata([]);
  expect(metadata.brokers).toEqual([{ id: 1, host: 'localhost', port, rack: null }]);
  expect(seen).toEqual(['ApiVersions v4', 'Metadata v13']);
});

test('a node at an already connected address gets no second connection', async () => {
  const fake = await broker({ answers: { ListGroups: () => groups } });
  const client = cluster(fake.port);
  await client.metadata([]);
  await client.send(listGroups, {}, { to: { node: 1 } });
  await client.send(listGroups, {}, { to: 'controller' });
  expect(fake.connections).toBe(1);
});

test('each purpose has its own connection', async () => {
  const fake = await broker();
  const client = cluster(fake.port);
  await client.metadata([]);
  await Promise.all([client.connection(1, 'fetch'), client.connection(1, 'fetch'), client.connection(1)]);
  expect(fake.connections).toBe(2);
});

test.each([
  [3, ['ApiVersions v4', 'ApiVersions v3', 'Metadata v13']],
  [0, ['ApiVersions v4', 'ApiVersions v0', 'Metadata v13']],
])('a broker that knows ApiVersions up to v%i is asked again in that', async (highest, expected) => {
  const { port, seen } = await broker({ ceilings: { ApiVersions: highest } });
  await cluster(port).metadata([]);
  expect(seen).toEqual(expected);
});

test('the highest common version is used, within the limits given by the caller', async () => {
  const fake = await broker({ ceilings: { ListGroups: 4 }, answers: { ListGroups: () => groups } });
  const client = cluster(fake.port);
  await client.send(listGroups, {});
  await client.send(listGroups, {}, { atMost: 2 });
  expect(fake.seen.slice(1)).toEqual(['ListGroups v4', 'ListGroups v2']);
  await expect(client.send(listGroups, {}, { atLeast: 5 })).rejects.toMatchObject({ error: 'UNSUPPORTED_VERSION' });
});

test('responses split into single bytes, or received together, reach their requests', async () => {
  const { port } = await broker({
    pieces: 1,
    answers: {
      Metadata: ({ body }) => ({ brokers: [], clusterId: null, controllerId: 1, topics: body.topics.map(topic) }),
    },
  });
  const client = cluster(port);
  const names = Array.from({ length: 20 }, (_, i) => `t${i}`);
  const answers = await Promise.all(names.map((name) => client.metadata([name])));
  expect(answers.map(({ topics }) => topics[0]?.name)).toEqual(names);
});

const topic = ({ name }: { name: string }) => ({
  errorCode: 0,
  name,
  topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
  partitions: [],
});

test('a partition without a leader does not fail the metadata of the others', async () => {
  const partition = (partitionIndex: number, leaderId: number, errorCode: number) => ({
    errorCode,
    partitionIndex,
    leaderId,
    leaderEpoch: 0,
    replicaNodes: [1],
    isrNodes: [],
    offlineReplicas: [],
  });
  const partitions = [partition(1, -1, 5), partition(0, 1, 0)];
  const { port } = await broker({
    answers: {
      Metadata: () => ({
        brokers: [],
        clusterId: null,
        controllerId: 1,
        topics: [
          { ...topic({ name: 'half' }), partitions },
          { ...topic({ name: 'gone' }), errorCode: 3 },
        ],
      }),
    },
  });
  const { topics } = await cluster(port).metadata(['half', 'gone']);
  expect(topics.map(({ name, errorCode }) => [name, errorCode])).toEqual([
    ['half', 0],
    ['gone', 3],
  ]);
  expect(topics[0]?.partitions.map((p) => [p.partition, p.leader, p.errorCode])).toEqual([
    [0, 1, 0],
    [1, -1, 5],
  ]);
});

test('metadata requests do not create topics, unless the caller wants it', async () => {
  const asked: boolean[] = [];
  const { port } = await broker({
    answers: {
      Metadata: ({ body }) => {
        asked.push(body.allowAutoTopicCreation);
        return { brokers: [], clusterId: null, controllerId: 1, topics: [] };
      },
    },
  });
  const client = cluster(port);
  await client.metadata(['x']);
  await client.metadata(['x'], { autoCreate: true });
  expect(asked).toEqual([false, true]);
});

test('a broker that is down is waited for until a timeout with the message of Java', async () => {
  const waits: string[] = [];
  const client = cluster(await freePort(), { ...quick, onWait: (reason) => waits.push(reason.message) });
  const started = Date.now();
  await expect(client.metadata(null, { call: 'listTopics' })).rejects.toMatchObject({
    exception: 'TimeoutException',
    message: 'Timed out waiting for a node assignment. Call: listTopics',
  });
  expect(Date.now() - started).toBeGreaterThanOrEqual(690);
  expect(Date.now() - started).toBeLessThan(2000);
  expect(waits[0]).toMatch(/^Connection to localhost:\d+ could not be established \(ECONNREFUSED\)\.$/);
});

test('a broker that comes up during the wait is found', async () => {
  const port = await freePort();
  const pending = cluster(port).metadata([]);
  await new Promise((resolve) => setTimeout(resolve, 250));
  await broker({ port });
  expect((await pending).controllerId).toBe(1);
});

test('if a bootstrap server is down, the next one is used', async () => {
  const { port } = await broker();
  const metadata = await cluster(`localhost:${await freePort()},localhost:${port}`).metadata([]);
  expect(metadata.brokers[0]?.port).toBe(port);
});

test('an IPv6 literal is accepted as an address', async () => {
  const { port } = await broker({ host: '::1' });
  expect((await cluster(`[::1]:${port}`).metadata([])).brokers[0]?.host).toBe('::1');
});

test('a host name that does not resolve fails the call at once', async () => {
  await expect(cluster('no-such-host.invalid:9092').metadata([])).rejects.toThrow(
    'No resolvable bootstrap urls given in bootstrap.servers',
  );
});

test('a lost connection is reopened', async () => {
  let failures = 2;
  const fake = await broker({ answers: { ListGroups: () => (failures-- > 0 ? undefined : groups) } });
  await expect(cluster(fake.port).send(listGroups, {})).resolves.toMatchObject(groups);
  expect(fake.connections).toBe(3);
});

test('a request that is never answered closes the connection, and fails the call at its timeout', async () => {
  const fake = await broker({ answers: { ListGroups: () => SILENCE } });
  await expect(cluster(fake.port, quick).send(listGroups, {})).rejects.toThrow(
    /^Call\(callName=listGroups, deadlineMs=\d+, tries=\d+, nextAllowedTryMs=\d+\) timed out at \d+ after \d+ attempt\(s\)$/,
  );
  expect(fake.connections).toBeGreaterThan(1);
});

test('retriable errors are retried, others are not', async () => {
  const codes = [15, 14, 16, 30];
  const fake = await broker({ answers: { ListGroups: () => ({ errorCode: codes.shift(), groups: [] }) } });
  const asked = cluster(fake.port).send(listGroups, {}, { errorOf: (response) => response.errorCode });
  await expect(asked).rejects.toMatchObject({ error: 'GROUP_AUTHORIZATION_FAILED' });
  expect(codes).toEqual([]);
});

test('group requests go to the coordinator, which is looked up again after it moves', async () => {
  let moved = true;
  const fake = await broker({
    answers: { ListGroups: () => ({ errorCode: moved ? 16 : 0, groups: [] }) },
  });
  const client = cluster(fake.port);
  const errorOf = (response: { errorCode: number }) => {
    moved = false;
    return response.errorCode;
  };
  await client.send(listGroups, {}, { to: { group: 'g' }, errorOf });
  const rest = fake.seen.filter((name) => !name.startsWith('ApiVersions'));
  expect(rest).toEqual(['FindCoordinator v6', 'ListGroups v5', 'FindCoordinator v6', 'ListGroups v5']);
});

test('closing does not wait for a long poll', async () => {
  const fake = await broker({ answers: { ListGroups: () => SILENCE } });
  const client = cluster(fake.port);
  const poll = client.send(listGroups, {});
  poll.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 50));
  const started = Date.now();
  await client.close();
  await expect(poll).rejects.toThrow(/closed/);
  expect(Date.now() - started).toBeLessThan(200);
});

test('with acks=0 no response is awaited', async () => {
  const fake = await broker({ answers: { CreateTopics: () => SILENCE } });
  const client = cluster(fake.port);
  await client.metadata([]);
  const connection = await client.connection(1);
  const body = { topics: [], timeoutMs: 1 };
  await connection.send(createTopics, 7, body, { oneWay: true });
  expect(await client.metadata([])).toMatchObject({ controllerId: 1 });
});

test.each([
  [
    'PLAINTEXT to SSL',
    'ApiVersions',
    /closes the connection without an answer: does security.protocol have to be SSL\?/,
  ],
  ['PLAINTEXT to SASL', 'Metadata', /closes the connection: does security.protocol have to be SASL/],
])('%s is named within seconds, not waited for', async (_, closesOn, message) => {
  const { port } = await broker({ answers: { [closesOn]: () => undefined } });
  await expect(cluster(port).metadata([])).rejects.toThrow(message);
});
