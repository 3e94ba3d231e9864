/** Topics, Produce, Fetch and offsets over the wire, in one process. Error messages are those of Apache Kafka 4.3.1. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Server, startServer } from '../../src/broker/index.js';
import { produce } from '../../src/protocol/apis/00-produce.js';
import { fetch } from '../../src/protocol/apis/01-fetch.js';
import { listOffsets } from '../../src/protocol/apis/02-list-offsets.js';
import { metadata } from '../../src/protocol/apis/03-metadata.js';
import { createTopics } from '../../src/protocol/apis/19-create-topics.js';
import { deleteTopics } from '../../src/protocol/apis/20-delete-topics.js';
import { deleteRecords } from '../../src/protocol/apis/21-delete-records.js';
import { initProducerId } from '../../src/protocol/apis/22-init-producer-id.js';
import { createPartitions } from '../../src/protocol/apis/37-create-partitions.js';
import { updateFeatures } from '../../src/protocol/apis/57-update-features.js';
import { describeTopicPartitions } from '../../src/protocol/apis/75-describe-topic-partitions.js';
import { buildBatch } from '../../src/protocol/records/builder.js';
import { RecordCursor } from '../../src/protocol/records/cursor.js';
import { Wire } from './wire.js';

let server: Server;
let wire: Wire;
beforeAll(async () => {
  server = await startServer({ properties: { 'num.partitions': 2 } });
  wire = await Wire.open(server.port);
});
afterAll(async () => {
  wire.close();
  await server.stop();
});

interface NewTopic {
  numPartitions?: number;
  replicationFactor?: number;
  assignments?: { partitionIndex: number; brokerIds: number[] }[];
  configs?: { name: string; value: string | null }[];
}
const create = async (name: string, topic: NewTopic = {}, validateOnly = false): Promise<any> => {
  const one = { name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [], ...topic };
  return (await wire.ask(createTopics, 7, { topics: [one], validateOnly })).topics[0];
};
const send = async (topic: string, records: Buffer | null, version = 9, acks = -1): Promise<any> => {
  const partitionData = [{ index: 0, records }];
  const topicData = [version > 12 ? { topicId: topic, partitionData } : { name: topic, partitionData }];
  return (await wire.ask(produce, version, { acks, timeoutMs: 1000, topicData })).responses[0].partitionResponses[0];
};
const read = (topic: string, fetchOffset: bigint, session: object = {}, partition: object = {}): Promise<any> =>
  wire.ask(fetch, 12, {
    maxWaitMs: 0,
    minBytes: 1,
    topics: [{ topic, partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 1 << 20, ...partition }] }],
    ...session,
  });
const offset = async (topic: string, timestamp: bigint, version = 11): Promise<any> =>
  (
    await wire.ask(listOffsets, version, {
      replicaId: -1,
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp }] }],
    })
  ).topics[0].partitions[0];

function values(records: Buffer): string[] {
  const cursor = new RecordCursor();
  const found: string[] = [];
  for (let at = 0; at < records.length; at += records.readInt32BE(at + 8) + 12) {
    cursor.open(records, at);
    while (cursor.next()) found.push(String(cursor.value()));
  }
  return found;
}

describe('CreateTopics', () => {
  const refusals: [string, string, NewTopic, number, string][] = [
    [
      'no replication',
      'r0',
      { replicationFactor: 0 },
      38,
      'Replication factor must be larger than 0, or -1 to use the default value.',
    ],
    [
      'three replicas',
      'r3',
      { replicationFactor: 3 },
      38,
      'Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be reached because only 1 broker(s) are registered or some brokers have all their log directories cordoned.',
    ],
    ['no partitions', 'p0', { numPartitions: 0 }, 37, 'Number of partitions was set to an invalid non-positive value.'],
    [
      'a null config',
      'nc',
      { configs: [{ name: 'retention.ms', value: null }] },
      40,
      'Null value not supported for topic configs: retention.ms',
    ],
    ['an unknown config', 'uc', { configs: [{ name: 'nope', value: '1' }] }, 40, 'Unknown topic config name: nope'],
    [
      'a stranger as replica',
      'as',
      { numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 0, brokerIds: [9] }] },
      39,
      'The manual partition assignment includes broker 9, but no such broker is registered.',
    ],
    [
      'a hole in the assignment',
      'ah',
      { numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 1, brokerIds: [1] }] },
      39,
      'partitions should be a consecutive 0-based integer sequence',
    ],
    [
      'assignment and count',
      'ac',
      { assignments: [{ partitionIndex: 0, brokerIds: [1] }] },
      42,
      'A manual partition assignment was specified, but replication factor was not set to -1.',
    ],
  ];
  test.each(refusals)('refuses %s', async (_what, name, topic, errorCode, errorMessage) => {
    expect(await create(name, topic)).toMatchObject({ errorCode, errorMessage });
  });

  test('returns counts, configs and an id; creating the topic again is an error', async () => {
    const made = await create('made', { numPartitions: -1, configs: [{ name: 'retention.ms', value: '1000' }] });
    expect(made).toMatchObject({ errorCode: 0, errorMessage: null, numPartitions: 2, replicationFactor: 1 });
    expect(made.configs).toContainEqual(
      expect.objectContaining({ name: 'retention.ms', value: '1000', configSource: 1 }),
    );
    expect(await create('made')).toMatchObject({ errorCode: 36, errorMessage: "Topic 'made' already exists." });
  });

  test('validates without creating', async () => {
    expect(await create('ghost', {}, true)).toMatchObject({ errorCode: 0 });
    const { topics } = await wire.ask(metadata, 13, { topics: [{ name: 'ghost' }], allowAutoTopicCreation: false });
    expect(topics[0]).toMatchObject({ errorCode: 3 });
  });
});

test('CreatePartitions can only add partitions', async () => {
  await create('grow', { numPartitions: 2 });
  const grow = async (count: number) =>
    (
      await wire.ask(createPartitions, 3, {
        topics: [{ name: 'grow', count, assignments: null }],
        timeoutMs: 10_000,
        validateOnly: false,
      })
    ).results[0];
  expect(await grow(2)).toMatchObject({ errorCode: 37, errorMessage: 'Topic already has 2 partition(s).' });
  expect(await grow(1)).toMatchObject({
    errorMessage: 'The topic grow currently has 2 partition(s); 1 would not be an increase.',
  });
  expect(await grow(5)).toMatchObject({ errorCode: 0 });
});

test('UpdateFeatures rejects all updates if one is invalid, and names it', async () => {
  const update = (feature: string, maxVersionLevel: number) => ({ feature, maxVersionLevel, upgradeType: 1 });
  const featureUpdates = [update('nope', 3), update('group.version', 1)];
  expect(await wire.ask(updateFeatures, 2, { featureUpdates, validateOnly: false })).toMatchObject({
    errorCode: 95,
    errorMessage:
      'The update failed for all features since the following feature had an error: ' +
      'Invalid update version 3 for feature nope. Local controller 1 does not support this feature.',
  });
});

test('DescribeTopicPartitions continues from the cursor of the last page', async () => {
  await create('page-a', { numPartitions: 3 });
  await create('page-b', { numPartitions: 2 });
  const topics = [{ name: 'page-b' }, { name: 'page-a' }];
  const seen: string[] = [];
  let cursor = null;
  do {
    const page: any = await wire.ask(describeTopicPartitions, 0, { topics, responsePartitionLimit: 2, cursor });
    for (const t of page.topics) for (const p of t.partitions) seen.push(`${t.name}-${p.partitionIndex}`);
    cursor = page.nextCursor;
  } while (cursor);
  expect(seen).toEqual(['page-a-0', 'page-a-1', 'page-a-2', 'page-b-0', 'page-b-1']);
});

test('a deleted topic is gone by name and id, and can be recreated empty', async () => {
  const { topicId } = await create('gone');
  await send('gone', buildBatch({ records: [{ value: 'a' }] }));
  const remove = async (topic: object) =>
    (await wire.ask(deleteTopics, 6, { topics: [topic], timeoutMs: 10_000 })).responses[0];
  expect(await remove({ name: null, topicId })).toMatchObject({ name: 'gone', errorCode: 0 });
  expect(await remove({ name: null, topicId })).toMatchObject({ errorCode: 100 });
  expect(await remove({ name: 'gone', topicId: 'AAAAAAAAAAAAAAAAAAAAAA' })).toMatchObject({ errorCode: 3 });
  await create('gone');
  expect(await offset('gone', -1n)).toMatchObject({ offset: 0n });
});

describe('Produce', () => {
  test('appends by name and by id, and returns the base offset', async () => {
    const { topicId } = await create('by');
    expect(await send('by', buildBatch({ records: [{ value: 'a' }, { value: 'b' }] }))).toMatchObject({
      errorCode: 0,
      baseOffset: 0n,
    });
    expect(await send(topicId, buildBatch({ records: [{ value: 'c' }] }), 13)).toMatchObject({
      errorCode: 0,
      baseOffset: 2n,
    });
    expect(values((await read('by', 0n)).responses[0].partitions[0].records)).toEqual(['a', 'b', 'c']);
  });

  test('rejects invalid requests, each with its error code', async () => {
    await create('refuse', { configs: [{ name: 'max.message.bytes', value: '1000' }] });
    const good = () => buildBatch({ records: [{ value: 'a' }] });
    const flipped = good();
    flipped[flipped.length - 1]! ^= 1;
    const old = good();
    old[16] = 1;
    expect(await send('nobody', good())).toMatchObject({ errorCode: 3 });
    expect(await send('AAAAAAAAAAAAAAAAAAAABA', good(), 13)).toMatchObject({ errorCode: 100 });
    expect(await send('refuse', good(), 9, 7)).toMatchObject({ errorCode: 21 });
    expect(await send('refuse', Buffer.concat([good(), good()]))).toMatchObject({ errorCode: 87 });
    expect(await send('refuse', flipped)).toMatchObject({ errorCode: 2 });
    expect(await send('refuse', old)).toMatchObject({ errorCode: 87 });
    expect(await send('refuse', buildBatch({ records: [{ value: Buffer.alloc(2000) }] }))).toMatchObject({
      errorCode: 10,
    });
    expect(await send('__consumer_offsets', good())).toMatchObject({ errorCode: 3 });
    expect(await offset('refuse', -1n)).toMatchObject({ offset: 0n });
  });

  test('appends a duplicate batch of an idempotent producer once, and rejects a sequence gap', async () => {
    await create('once');
    const { producerId } = await wire.ask(initProducerId, 5, { transactionalId: null, transactionTimeoutMs: 0 });
    const batch = (baseSequence: number) =>
      buildBatch({ records: [{ value: `${baseSequence}` }], producerId, producerEpoch: 0, baseSequence });
    expect(await send('once', batch(0))).toMatchObject({ errorCode: 0, baseOffset: 0n });
    expect(await send('once', batch(1))).toMatchObject({ errorCode: 0, baseOffset: 1n });
    expect(await send('once', batch(0))).toMatchObject({ errorCode: 0, baseOffset: 0n });
    expect(await send('once', batch(5))).toMatchObject({ errorCode: 45 });
    expect(await offset('once', -1n)).toMatchObject({ offset: 2n });
  });
});

describe('Fetch', () => {
  beforeAll(async () => {
    await create('fetch');
    for (const value of ['a', 'b', 'c']) await send('fetch', buildBatch({ records: [{ value }] }));
  });
  const one = async (fetchOffset: bigint, partition: object = {}) =>
    (await read('fetch', fetchOffset, {}, partition)).responses[0].partitions[0];

  test('rejects offsets out of range, and old or unknown leader epochs', async () => {
    expect(await one(3n)).toMatchObject({ errorCode: 0, highWatermark: 3n });
    expect(await one(4n)).toMatchObject({ errorCode: 1, highWatermark: -1n });
    expect(await one(-1n)).toMatchObject({ errorCode: 1 });
    expect(await one(0n, { currentLeaderEpoch: 1 })).toMatchObject({ errorCode: 75 });
    expect(await one(0n, { currentLeaderEpoch: 0 })).toMatchObject({ errorCode: 0 });
  });

  test('returns at least one batch, however small the size limit', async () => {
    expect(values((await one(1n, { partitionMaxBytes: 1 })).records)).toEqual(['b']);
  });

  test('waits for new records', async () => {
    const other = await Wire.open(server.port);
    const waiting = other.ask(fetch, 12, {
      maxWaitMs: 5000,
      minBytes: 1,
      topics: [{ topic: 'fetch', partitions: [{ partition: 0, fetchOffset: 3n, partitionMaxBytes: 1 << 20 }] }],
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const since = performance.now();
    await send('fetch', buildBatch({ records: [{ value: 'd' }] }));
    expect(values((await waiting).responses[0].partitions[0].records)).toEqual(['d']);
    expect(performance.now() - since).toBeLessThan(2000);
    other.close();
  });

  test('a session returns only partitions with changes', async () => {
    const first = await read('fetch', 4n, { sessionId: 0, sessionEpoch: 0 });
    expect(first.sessionId).toBeGreaterThan(0);
    const session = { sessionId: first.sessionId };
    const again = (sessionEpoch: number) =>
      wire.ask(fetch, 12, { maxWaitMs: 0, minBytes: 1, topics: [], ...session, sessionEpoch });
    expect(await again(1)).toMatchObject({ errorCode: 0, responses: [] });
    await send('fetch', buildBatch({ records: [{ value: 'e' }] }));
    const news = await again(2);
    expect(values(news.responses[0].partitions[0].records)).toEqual(['e']);
    expect(await again(7)).toMatchObject({ errorCode: 71 });
    expect(
      await wire.ask(fetch, 12, { maxWaitMs: 0, minBytes: 1, topics: [], sessionId: 1, sessionEpoch: 3 }),
    ).toMatchObject({ errorCode: 70 });
  });
});

describe('ListOffsets', () => {
  test('finds offsets by timestamp, of the max timestamp, and of both ends', async () => {
    await create('times');
    expect(await offset('times', -2n)).toMatchObject({ offset: 0n, leaderEpoch: 0 });
    expect(await offset('times', -3n)).toMatchObject({ errorCode: 0, offset: -1n, timestamp: -1n });
    for (const timestamp of [1000, 3000, 2000])
      await send('times', buildBatch({ records: [{ value: 'x', timestamp }] }));
    expect(await offset('times', -2n)).toMatchObject({ offset: 0n, leaderEpoch: 0 });
    expect(await offset('times', -1n)).toMatchObject({ offset: 3n, timestamp: -1n });
    expect(await offset('times', 1001n)).toMatchObject({ offset: 1n, timestamp: 3000n, leaderEpoch: 0 });
    expect(await offset('times', 3001n)).toMatchObject({ errorCode: 0, offset: -1n });
    expect(await offset('times', -3n)).toMatchObject({ offset: 1n, timestamp: 3000n });
    expect(await offset('times', -3n, 6)).toMatchObject({ errorCode: 35 });
    expect(await offset('times', -9n)).toMatchObject({ errorCode: 35 });
  });

  test('the earliest offset moves with DeleteRecords', async () => {
    const cut = async (to: bigint) =>
      (
        await wire.ask(deleteRecords, 2, {
          topics: [{ name: 'times', partitions: [{ partitionIndex: 0, offset: to }] }],
          timeoutMs: 10_000,
        })
      ).topics[0].partitions[0];
    expect(await cut(2n)).toMatchObject({ errorCode: 0, lowWatermark: 2n });
    expect(await offset('times', -2n)).toMatchObject({ offset: 2n });
    expect(await cut(9n)).toMatchObject({ errorCode: 1 });
    expect(await cut(-1n)).toMatchObject({ errorCode: 0, lowWatermark: 3n });
  });
});
