/** Share groups over the wire: delivery and redelivery, recovery after a crash, and errors. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Server, startServer } from '../../src/broker/index.js';
import { produce } from '../../src/protocol/apis/00-produce.js';
import { listOffsets } from '../../src/protocol/apis/02-list-offsets.js';
import { createTopics } from '../../src/protocol/apis/19-create-topics.js';
import { initProducerId } from '../../src/protocol/apis/22-init-producer-id.js';
import { addPartitionsToTxn } from '../../src/protocol/apis/24-add-partitions-to-txn.js';
import { endTxn } from '../../src/protocol/apis/26-end-txn.js';
import { createAcls } from '../../src/protocol/apis/30-create-acls.js';
import { deleteGroups } from '../../src/protocol/apis/42-delete-groups.js';
import { incrementalAlterConfigs } from '../../src/protocol/apis/44-incremental-alter-configs.js';
import { shareGroupHeartbeat } from '../../src/protocol/apis/76-share-group-heartbeat.js';
import { shareGroupDescribe } from '../../src/protocol/apis/77-share-group-describe.js';
import { shareFetch } from '../../src/protocol/apis/78-share-fetch.js';
import { shareAcknowledge } from '../../src/protocol/apis/79-share-acknowledge.js';
import { describeShareGroupOffsets } from '../../src/protocol/apis/90-describe-share-group-offsets.js';
import { deleteShareGroupOffsets } from '../../src/protocol/apis/92-delete-share-group-offsets.js';
import { Errors } from '../../src/protocol/errors.js';
import { buildBatch } from '../../src/protocol/records/builder.js';
import { Wire } from './wire.js';

const PROPERTIES = {
  'num.partitions': 1,
  'group.share.record.lock.duration.ms': 1000,
  'group.share.min.record.lock.duration.ms': 1000,
  'group.share.delivery.count.limit': 3,
  'share.coordinator.state.topic.num.partitions': 1,
  'share.coordinator.state.topic.prune.interval.ms': 500,
};
const ACCEPT = 1;
const RELEASE = 2;
const REJECT = 3;

let dir: string;
let server: Server;
let admin: Wire;
beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'share-'));
  server = await startServer({ dir, properties: PROPERTIES });
  admin = await Wire.open(server.port);
});
afterAll(async () => {
  admin.close();
  await server.stop();
  rmSync(dir, { recursive: true });
});

/** A topic with records 0 … n-1, one per batch, that groups read from the beginning. */
async function topicOf(name: string, records: number): Promise<string> {
  const topics = [{ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }];
  const created: any = await admin.ask(createTopics, 7, { topics });
  for (let i = 0; i < records; i++) await send(name);
  return created.topics[0].topicId;
}
const send = (name: string): Promise<any> =>
  admin.ask(produce, 9, {
    acks: -1,
    timeoutMs: 1000,
    topicData: [{ name, partitionData: [{ index: 0, records: buildBatch({ records: [{ value: 'v' }] }) }] }],
  });

async function group(groupId: string, configs: Record<string, string> = {}): Promise<string> {
  const all = Object.entries({ 'share.auto.offset.reset': 'earliest', ...configs });
  const altered = all.map(([name, value]) => ({ name, configOperation: 0, value }));
  const answer: any = await admin.ask(incrementalAlterConfigs, 1, {
    resources: [{ resourceType: 32, resourceName: groupId, configs: altered }],
    validateOnly: false,
  });
  expect(answer.responses[0]).toMatchObject({ errorCode: 0 });
  return groupId;
}

/** A member of a group, subscribed to one topic, with its own connection. */
class Member {
  epoch = 0;
  private constructor(
    readonly wire: Wire,
    readonly groupId: string,
    readonly memberId: string,
    readonly topicId: string,
  ) {}

  static async join(groupId: string, memberId: string, topic: string, topicId: string, port = server.port) {
    const member = new Member(await Wire.open(port), groupId, memberId, topicId);
    const joined: any = await member.heartbeat(0, { subscribedTopicNames: [topic] });
    expect(joined).toMatchObject({ errorCode: 0, assignment: { topicPartitions: [{ topicId, partitions: [0] }] } });
    return member;
  }

  heartbeat(memberEpoch: number, more: object = {}): Promise<any> {
    return this.wire.ask(shareGroupHeartbeat, 1, {
      groupId: this.groupId,
      memberId: this.memberId,
      memberEpoch,
      ...more,
    });
  }

  #topics(acknowledged: readonly [first: number, last: number, type: number][]) {
    const acknowledgementBatches = acknowledged.map(([first, last, type]) => ({
      firstOffset: BigInt(first),
      lastOffset: BigInt(last),
      acknowledgeTypes: [type],
    }));
    return [{ topicId: this.topicId, partitions: [{ partitionIndex: 0, acknowledgementBatches }] }];
  }

  /** Acquired ranges: [first offset, last offset, delivery count]. */
  async fetch(
    acknowledged: readonly [number, number, number][] = [],
    more: object = {},
  ): Promise<[first: number, last: number, count: number][]> {
    const answer: any = await this.wire.ask(shareFetch, 2, {
      groupId: this.groupId,
      memberId: this.memberId,
      shareSessionEpoch: this.epoch++,
      maxWaitMs: 0,
      minBytes: 1,
      maxRecords: 100,
      batchSize: 100,
      topics: this.#topics(acknowledged),
      forgottenTopicsData: [],
      ...more,
    });
    expect(answer.errorCode).toBe(0);
    const partition = answer.responses[0]?.partitions[0];
    expect(partition?.acknowledgeErrorCode ?? 0).toBe(0);
    return (partition?.acquiredRecords ?? []).map((r: any) => [
      Number(r.firstOffset),
      Number(r.lastOffset),
      r.deliveryCount,
    ]);
  }

  acknowledge(acknowledged: readonly [number, number, number][], epoch = this.epoch++): Promise<any> {
    const { groupId, memberId } = this;
    const body = { groupId, memberId, shareSessionEpoch: epoch, topics: this.#topics(acknowledged) };
    return this.wire.ask(shareAcknowledge, 2, { ...body, isRenewAck: acknowledged.some(([, , type]) => type === 4) });
  }

  async leave(): Promise<void> {
    await this.heartbeat(-1);
    this.wire.close();
  }
}

const offsetsOf = async (groupId: string, wire = admin): Promise<{ start: number; lag: number }> => {
  const answer: any = await wire.ask(describeShareGroupOffsets, 1, { groups: [{ groupId, topics: null }] });
  const { startOffset, lag } = answer.groups[0].topics[0].partitions[0];
  return { start: Number(startOffset), lag: Number(lag) };
};

test('a record is acquired by one member at a time; a released record is redelivered with a higher delivery count', async () => {
  const id = await topicOf('two', 4);
  const g = await group('g-two');
  const a = await Member.join(g, 'member-a', 'two', id);
  const b = await Member.join(g, 'member-b', 'two', id);
  expect(await a.fetch([], { maxRecords: 2 })).toEqual([[0, 1, 1]]);
  expect(await b.fetch()).toEqual([[2, 3, 1]]);
  expect(await a.fetch([[0, 0, ACCEPT], [1, 1, RELEASE]], { maxRecords: 1 })).toEqual([[1, 1, 2]]); // biome-ignore format: ranges
  expect(await b.fetch([[2, 2, REJECT]])).toEqual([]);
  expect(await offsetsOf(g)).toEqual({ start: 1, lag: 2 });
  await a.leave();
  expect(await b.fetch()).toEqual([[1, 1, 3]]);
  await b.leave();
});

test('an acquisition lock expires, and after the maximum number of deliveries a record is archived', async () => {
  const id = await topicOf('locks', 1);
  const a = await Member.join(await group('g-locks'), 'member-a', 'locks', id);
  expect(await a.fetch()).toEqual([[0, 0, 1]]);
  expect(await a.fetch()).toEqual([]);
  expect(await a.fetch([], { maxWaitMs: 5000 })).toEqual([[0, 0, 2]]);
  expect(await a.fetch([[0, 0, RELEASE]])).toEqual([[0, 0, 3]]);
  expect(await a.fetch([[0, 0, RELEASE]])).toEqual([]);
  await send('locks');
  expect(await a.fetch()).toEqual([[1, 1, 1]]);
  await a.leave();
});

test('a renewed acquisition lock lasts longer', async () => {
  const id = await topicOf('renewed', 1);
  const a = await Member.join(await group('g-renewed'), 'member-a', 'renewed', id);
  expect(await a.fetch()).toEqual([[0, 0, 1]]);
  const since = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect((await a.acknowledge([[0, 0, 4]])).responses[0].partitions[0].errorCode).toBe(0);
  expect(await a.fetch([], { maxWaitMs: 5000 })).toEqual([[0, 0, 2]]);
  expect(performance.now() - since).toBeGreaterThan(1500);
  await a.leave();
});

test('a fetch without available records waits for one', async () => {
  const id = await topicOf('waits', 0);
  const a = await Member.join(await group('g-waits'), 'member-a', 'waits', id);
  const waiting = a.fetch([], { maxWaitMs: 5000 });
  await send('waits');
  expect(await waiting).toEqual([[0, 0, 1]]);
  await a.leave();
});

test('records acquired over a closed connection are delivered to others', async () => {
  const id = await topicOf('lost', 1);
  const g = await group('g-lost');
  const a = await Member.join(g, 'member-a', 'lost', id);
  const b = await Member.join(g, 'member-b', 'lost', id);
  expect(await a.fetch()).toEqual([[0, 0, 1]]);
  a.wire.close();
  expect(await b.fetch([], { maxWaitMs: 900 })).toEqual([[0, 0, 2]]);
  await b.leave();
});

test('a new group starts at the end of the log by default', async () => {
  const id = await topicOf('latest', 3);
  const a = await Member.join(await group('g-latest', { 'share.auto.offset.reset': 'latest' }), 'm', 'latest', id);
  expect(await a.fetch()).toEqual([]);
  await send('latest');
  expect(await a.fetch()).toEqual([[3, 3, 1]]);
  await a.leave();
});

test('in record_limit mode a fetch never exceeds maxRecords', async () => {
  const id = await topicOf('limit', 0);
  const records = buildBatch({ records: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] });
  const topicData = [{ name: 'limit', partitionData: [{ index: 0, records }] }];
  await admin.ask(produce, 9, { acks: -1, timeoutMs: 1000, topicData });
  const a = await Member.join(await group('g-limit'), 'member-a', 'limit', id);
  expect(await a.fetch([], { maxRecords: 2, shareAcquireMode: 1 })).toEqual([[0, 1, 1]]);
  expect(await a.fetch([[0, 1, RELEASE]], { maxRecords: 2 })).toEqual([[0, 1, 2], [2, 2, 1]]); // biome-ignore format: ranges
  await a.leave();
});

test('a member cannot acknowledge records acquired by another, and session epochs are checked', async () => {
  const id = await topicOf('refused', 2);
  const g = await group('g-refused');
  const a = await Member.join(g, 'member-a', 'refused', id);
  const b = await Member.join(g, 'member-b', 'refused', id);
  expect(await a.fetch()).toEqual([[0, 1, 1]]);
  expect(await b.fetch()).toEqual([]);
  const said = await b.acknowledge([[0, 1, ACCEPT]]);
  expect(said.responses[0].partitions[0].errorCode).toBe(Errors.INVALID_RECORD_STATE);
  expect((await a.acknowledge([[0, 0, 4]], 9)).errorCode).toBe(Errors.INVALID_SHARE_SESSION_EPOCH);
  expect((await a.acknowledge([[0, 0, ACCEPT]], 0)).errorCode).toBe(Errors.INVALID_SHARE_SESSION_EPOCH);
  expect((await a.acknowledge([[0, 1, ACCEPT]], -1)).errorCode).toBe(0);
  expect((await a.acknowledge([[0, 0, ACCEPT]])).errorCode).toBe(Errors.SHARE_SESSION_NOT_FOUND);
  expect((await a.heartbeat(77)).errorCode).toBe(Errors.FENCED_MEMBER_EPOCH);
  expect((await a.heartbeat(0)).errorCode).toBe(Errors.INVALID_REQUEST);
  const full: any = await admin.ask(deleteGroups, 2, { groupsNames: [g] });
  expect(full.results[0].errorCode).toBe(Errors.NON_EMPTY_GROUP);
  await a.leave();
  await b.leave();
  const gone: any = await admin.ask(deleteGroups, 2, { groupsNames: [g] });
  expect(gone.results[0].errorCode).toBe(0);
  const unknown: any = await admin.ask(shareGroupDescribe, 1, { groupIds: [g], includeAuthorizedOperations: false });
  expect(unknown.groups[0]).toMatchObject({ errorCode: 69, errorMessage: `Group ${g} not found.` });
});

test('after a crash, acknowledged records stay acknowledged, others are redelivered', async () => {
  const id = await topicOf('crash', 5);
  const g = await group('g-crash');
  const a = await Member.join(g, 'member-a', 'crash', id);
  expect(await a.fetch()).toEqual([[0, 4, 1]]);
  expect((await a.acknowledge([[0, 1, ACCEPT], [2, 2, RELEASE], [3, 3, REJECT]])).errorCode).toBe(0); // biome-ignore format: ranges
  // copy the directory of the running broker: the files as after a kill
  const copy = mkdtempSync(path.join(tmpdir(), 'share-copy-'));
  cpSync(dir, copy, { recursive: true });
  const other = await startServer({ dir: copy, properties: PROPERTIES });
  const wire = await Wire.open(other.port);
  try {
    expect(await offsetsOf(g, wire)).toEqual({ start: 0, lag: 2 });
    const b = await Member.join(g, 'member-b', 'crash', id, other.port);
    expect(await b.fetch()).toEqual([[2, 2, 2], [4, 4, 1]]); // biome-ignore format: ranges
    await b.leave();
  } finally {
    wire.close();
    await other.stop();
    rmSync(copy, { recursive: true });
    await a.leave();
  }
});

test('superseded records of the share state log are deleted', async () => {
  const id = await topicOf('pruned', 3);
  const start = async (): Promise<number> => {
    const topics = [{ name: '__share_group_state', partitions: [{ partitionIndex: 0, timestamp: -2n }] }];
    const answer: any = await admin.ask(listOffsets, 11, { replicaId: -1, topics });
    return Number(answer.topics[0].partitions[0].offset);
  };
  // an old state would be rewritten after a while, but not during the test
  const a = await Member.join(await group('g-pruned'), 'member-a', 'pruned', id);
  for (const groupId of ['g-two', 'g-locks', 'g-renewed', 'g-waits', 'g-lost', 'g-latest', 'g-limit', 'g-crash']) {
    await admin.ask(deleteGroups, 2, { groupsNames: [groupId] });
  }
  await a.fetch();
  await a.acknowledge([[0, 2, ACCEPT]]);
  await expect.poll(start, { timeout: 5000 }).toBeGreaterThan(0);
  expect(await offsetsOf('g-pruned')).toEqual({ start: 0, lag: 0 });
  await a.leave();
});

test('with read_committed, aborted records are never delivered', async () => {
  const id = await topicOf('committed', 1);
  const who = { transactionalId: 'share-txn' };
  const first = { ...who, transactionTimeoutMs: 60_000, producerId: -1n, producerEpoch: -1 };
  const { producerId, producerEpoch } = (await admin.ask(initProducerId, 4, first)) as any;
  const txn = { producerId, producerEpoch };
  const added = [{ name: 'committed', partitions: [0] }];
  const mine = { v3AndBelowTransactionalId: 'share-txn', v3AndBelowProducerId: producerId };
  await admin.ask(addPartitionsToTxn, 3, {
    ...mine,
    v3AndBelowProducerEpoch: producerEpoch,
    v3AndBelowTopics: added,
  });
  const records = buildBatch({ records: [{ value: 'x' }], ...txn, baseSequence: 0, transactional: true });
  const topicData = [{ name: 'committed', partitionData: [{ index: 0, records }] }];
  await admin.ask(produce, 9, { ...who, acks: -1, timeoutMs: 1000, topicData });
  const a = await Member.join(
    await group('g-committed', { 'share.isolation.level': 'read_committed' }),
    'm',
    'committed',
    id,
  );
  // the open transaction is not visible yet
  expect(await a.fetch()).toEqual([[0, 0, 1]]);
  await admin.ask(endTxn, 3, { ...who, ...txn, committed: false });
  await send('committed');
  // the marker's offset is acquired like any other, but has no record
  await expect.poll(() => a.fetch([], { maxWaitMs: 500 })).toEqual([[2, 3, 1]]);
  await a.leave();
  const b = await Member.join(await group('g-uncommitted'), 'm', 'committed', id);
  expect(await b.fetch()).toEqual([[0, 3, 1]]);
  await b.leave();
});

test('a fetch from an unauthorized topic is rejected, and acquires no records', async () => {
  const closed = await startServer({
    properties: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'allow.everyone.if.no.acl.found': true,
    },
  });
  const wire = await Wire.open(closed.port);
  try {
    const topics = [{ name: 'secret', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }];
    const { topicId } = ((await wire.ask(createTopics, 7, { topics })) as any).topics[0];
    const acl = { resourceType: 2, resourceName: 'secret', resourcePatternType: 3, principal: 'User:bob', host: '*' };
    await wire.ask(createAcls, 3, { creations: [{ ...acl, operation: 3, permissionType: 3 }] });
    const partitions = [{ partitionIndex: 0, acknowledgementBatches: [] }];
    const answer: any = await wire.ask(shareFetch, 2, {
      groupId: 'g',
      memberId: 'm',
      shareSessionEpoch: 0,
      maxRecords: 10,
      topics: [{ topicId, partitions }],
      forgottenTopicsData: [],
    });
    expect(answer.responses[0].partitions[0].errorCode).toBe(Errors.TOPIC_AUTHORIZATION_FAILED);
    const deleted: any = await wire.ask(deleteShareGroupOffsets, 0, {
      groupId: 'g',
      topics: [{ topicName: 'secret' }],
    });
    expect(deleted.responses[0]).toMatchObject({ topicName: 'secret', errorCode: Errors.TOPIC_AUTHORIZATION_FAILED });
  } finally {
    wire.close();
    await closed.stop();
  }
});
