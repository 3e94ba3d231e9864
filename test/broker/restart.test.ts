/** Restarts on directories left behind by a crash or changed by hand. */
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { partitionOf } from '../../src/broker/coordinator/partition-of.js';
import { produce } from '../../src/protocol/apis/00-produce.js';
import { offsetCommit } from '../../src/protocol/apis/08-offset-commit.js';
import { offsetFetch } from '../../src/protocol/apis/09-offset-fetch.js';
import { findCoordinator } from '../../src/protocol/apis/10-find-coordinator.js';
import { createTopics } from '../../src/protocol/apis/19-create-topics.js';
import { deleteTopics } from '../../src/protocol/apis/20-delete-topics.js';
import { Errors } from '../../src/protocol/errors.js';
import { buildBatch } from '../../src/protocol/records/builder.js';
import { batchSize } from '../../src/protocol/records/layout.js';
import { type BrokerProcess, startBroker } from '../support/process.js';
import { Wire } from './wire.js';

let broker: BrokerProcess;
let wire: Wire;
beforeEach(async () => {
  broker = await startBroker();
  wire = await Wire.open(broker.port);
});
afterEach(() => broker.remove());

async function restart(whileDown: () => void, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  wire.close();
  await broker.stop(signal);
  whileDown();
  broker = await startBroker({ dir: broker.dir });
  wire = await Wire.open(broker.port);
}
const create = (name: string, numPartitions = 1) =>
  wire.ask(createTopics, 5, {
    topics: [{ name, numPartitions, replicationFactor: 1, assignments: [], configs: [] }],
    timeoutMs: 5000,
  });
async function send(topic: string, value: string, index = 0) {
  const partitionData = [{ index, records: buildBatch({ records: [{ value }] }) }];
  const body = { acks: -1, timeoutMs: 5000, topicData: [{ name: topic, partitionData }] };
  return (await wire.ask(produce, 9, body)).responses[0].partitionResponses[0];
}

test('killed before the files of a deleted topic were removed: they are removed, and the name can be reused', async () => {
  const [data, aside] = [join(broker.dir, 'data'), join(broker.dir, 'aside')];
  const names = ['t-0', 't-1', 'u-0'];
  await create('t', 2);
  await create('u');
  for (const [topic, index] of [
    ['t', 0],
    ['t', 1],
    ['u', 0],
  ] as const)
    await send(topic, 'old', index);
  for (const name of names) cpSync(join(data, name), join(aside, name), { recursive: true });
  await wire.ask(deleteTopics, 5, { topicNames: ['t', 'u'], timeoutMs: 5000 });
  // a new topic with the same name, and its own files
  await create('u');
  expect(await send('u', 'new')).toMatchObject({ errorCode: 0, baseOffset: 0n });
  await restart(() => {
    for (const name of names.slice(0, 2)) cpSync(join(aside, name), join(data, name), { recursive: true });
  });
  await expect.poll(() => existsSync(join(data, 't-1')), { timeout: 5000 }).toBe(false);
  await create('t', 2);
  expect(await send('t', 'new')).toMatchObject({ errorCode: 0, baseOffset: 0n });
  expect(await send('u', 'newer')).toMatchObject({ errorCode: 0, baseOffset: 1n });
});

test('a partition whose segments are missing rejects writes, and the reason is logged once', async () => {
  await create('t');
  await send('t', 'a');
  await restart(() => rmSync(join(broker.dir, 'data', 't-0', '00000000000000000000.log')), 'SIGTERM');
  for (let i = 0; i < 3; i++) expect(await send('t', 'b')).toMatchObject({ errorCode: Errors.KAFKA_STORAGE_ERROR });
  expect(broker.said().match(/holds no segment, where offsets up to 0 had been on disk/g)).toHaveLength(1);
});

test('a meta.properties of another version is rejected in one line', async () => {
  const file = join(broker.dir, 'data', 'meta.properties');
  await broker.stop();
  const newer = readFileSync(file, 'utf8').replace('version=1', 'version=7');
  writeFileSync(file, newer);
  await expect(startBroker({ dir: broker.dir })).rejects.toThrow(
    /meta\.properties has version 7, and the latest supported one is 1/,
  );
  expect(readFileSync(file, 'utf8')).toBe(newer);
});

test('killed while formatting a new directory: the next start completes it', async () => {
  await broker.stop('SIGKILL');
  const file = join(broker.dir, 'data', '__cluster_metadata-0', '00000000000000000000.log');
  const whole = readFileSync(file);
  const first = batchSize(whole, 0);
  for (const size of [0, first - 1, first, first + 1, first + batchSize(whole, first) - 1]) {
    writeFileSync(file, whole.subarray(0, size));
    broker = await startBroker({ dir: broker.dir });
    wire = await Wire.open(broker.port);
    await create('t');
    expect(await send('t', 'a')).toMatchObject({ errorCode: 0, baseOffset: 0n });
    wire.close();
    await broker.stop('SIGKILL');
    rmSync(join(broker.dir, 'data', 't-0'), { recursive: true });
  }
});

test('a corrupt coordinator record is logged and skipped; all others are loaded', async () => {
  const groups = ['a', 'b', 'c', 'd'];
  const commit = async (groupId: string, offset: bigint) => {
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: offset, committedMetadata: '' }] }];
    const answer = await wire.ask(offsetCommit, 7, { groupId, generationIdOrMemberEpoch: -1, memberId: '', topics });
    return answer.topics[0].partitions[0].errorCode;
  };
  const committed = async (groupId: string) => {
    const topics = [{ name: 't', partitionIndexes: [0] }];
    return (await wire.ask(offsetFetch, 5, { groupId, topics })).topics[0].partitions[0].committedOffset;
  };
  await create('t');
  await wire.ask(findCoordinator, 3, { key: 'a', keyType: 0 });
  for (const offset of [1n, 2n, 3n]) for (const group of groups) expect(await commit(group, offset)).toBe(0);
  const file = join(broker.dir, 'data', `__consumer_offsets-${partitionOf('b', 50)}`, '00000000000000000000.log');
  await restart(() => {
    const bytes = readFileSync(file);
    bytes[batchSize(bytes, 0) + 70]! ^= 1;
    writeFileSync(file, bytes);
  }, 'SIGTERM');
  expect(broker.said()).toMatch(/__consumer_offsets: skipped: Offsets 1 to 1 cannot be read/);
  expect(await committed('a')).toBe(3n);
  expect(await committed('b')).toBe(3n);
  expect(await commit('b', 4n)).toBe(0);
});
