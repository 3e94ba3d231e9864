import { describe, expect, it } from 'vitest';
import { leave } from '../../../src/broker/groups/dispatch.js';
import { expireAll, topicDeleted } from '../../../src/broker/groups/expiry.js';
import { type CommitRequest, commitOffsets, deleteOffsets } from '../../../src/broker/groups/offset-commit.js';
import { fetchOffsets } from '../../../src/broker/groups/offset-fetch.js';
import { OffsetStore } from '../../../src/broker/groups/offsets.js';
import { Errors } from '../../../src/protocol/errors.js';
import { ZERO_UUID } from '../../../src/protocol/wire/schema.js';
import { caller, joining, settle, stableGroup, syncing, TestGroups } from './harness.js';

const ID = 'AAAAAAAAAAAAAAAAAAAAAg';
const commit = (
  c: TestGroups,
  offset: number,
  options: Partial<CommitRequest> & { apiVersion?: number; topic?: string; metadata?: string } = {},
) => {
  const { apiVersion = 9, topic = 't', metadata = '', ...request } = options;
  const partition = {
    partitionIndex: 0,
    committedOffset: BigInt(offset),
    committedLeaderEpoch: 5,
    committedMetadata: metadata,
  };
  return commitOffsets(c, caller(apiVersion), {
    groupId: 'g',
    memberId: '',
    groupInstanceId: null,
    generation: -1,
    retentionTimeMs: -1n,
    topics: [{ name: topic, topicId: ID, partitions: [partition] }],
    ...request,
  });
};
const fetched = (c: TestGroups, topicId = ID, requireStable = false) =>
  fetchOffsets(
    c,
    { groupId: 'g', memberId: null, memberEpoch: -1, topics: [{ name: 't', topicId, partitionIndexes: [0] }] },
    requireStable,
  )[0]?.partitions[0];

describe('commits', () => {
  it('to an unknown group create a simple group, and survive a restart', async () => {
    const c = new TestGroups();
    await commit(c, 7, { metadata: 'why' });
    const there = { committedOffset: 7n, committedLeaderEpoch: 5, metadata: 'why', errorCode: 0 };
    expect(fetched(c)).toMatchObject(there);
    const next = c.restarted();
    expect(fetched(next)).toMatchObject(there);
    expect(next.groups.get('g')).toMatchObject({ state: 'Empty', protocolType: null });
  });

  it('with a generation fail if the group does not exist', async () => {
    const c = new TestGroups();
    await expect(commit(c, 1, { generation: 3 })).rejects.toMatchObject({ code: Errors.GROUP_ID_NOT_FOUND });
    await expect(commit(c, 1, { generation: 3, apiVersion: 8 })).rejects.toMatchObject({
      code: Errors.ILLEGAL_GENERATION,
    });
  });

  it('are accepted only from members of the current generation', async () => {
    const c = new TestGroups();
    const { ids, generation } = await stableGroup(c);
    const memberId = ids[0] as string;
    expect(await commit(c, 1, { generation, memberId })).toMatchObject([{ partitions: [{ errorCode: 0 }] }]);
    await expect(commit(c, 1, { generation: generation + 1, memberId })).rejects.toMatchObject({
      code: Errors.ILLEGAL_GENERATION,
    });
    await expect(commit(c, 1, { generation, memberId: 'x' })).rejects.toMatchObject({ code: Errors.UNKNOWN_MEMBER_ID });
    await expect(commit(c, 1)).rejects.toMatchObject({ code: Errors.UNKNOWN_MEMBER_ID });
  });

  it('are rejected while assignments are being distributed', async () => {
    const c = new TestGroups();
    const a = joining(c, { apiVersion: 3 });
    c.pass(100);
    const memberId = a.response?.memberId as string;
    await expect(commit(c, 1, { generation: 1, memberId })).rejects.toMatchObject({
      code: Errors.REBALANCE_IN_PROGRESS,
    });
  });

  it('with too much metadata are rejected per partition', async () => {
    const c = new TestGroups();
    const result = await commit(c, 1, { metadata: 'x'.repeat(4097) });
    expect(result).toMatchObject([{ partitions: [{ errorCode: Errors.OFFSET_METADATA_TOO_LARGE }] }]);
    expect(c.written).toHaveLength(0);
  });
});

describe('fetches', () => {
  it('find nothing for a topic recreated with the same name', async () => {
    const c = new TestGroups();
    await commit(c, 7);
    expect(fetched(c, 'AAAAAAAAAAAAAAAAAAAAAw')?.committedOffset).toBe(-1n);
    expect(fetched(c, ZERO_UUID)?.committedOffset).toBe(7n);
  });

  it('of an unknown group find nothing', () => {
    expect(fetched(new TestGroups())).toMatchObject({ committedOffset: -1n, committedLeaderEpoch: -1, metadata: '' });
  });
});

describe('transactions', () => {
  const value = (offset: number) => ({
    offset: BigInt(offset),
    leaderEpoch: -1,
    metadata: '',
    commitTimestamp: 0n,
    expireTimestamp: -1n,
    topicId: ZERO_UUID,
  });
  const key = { group: 'g', topic: 't', partition: 0 };

  it('make their offsets visible on commit, never on abort', () => {
    const store = new OffsetStore();
    store.replay(key, value(1), 0, -1n);
    store.replay(key, value(2), 1, 7n);
    expect(store.isPending('g', 't', 0)).toBe(true);
    expect(store.get('g', 't', 0)?.offset).toBe(1n);
    store.replayMarker(7n, false);
    expect(store.isPending('g', 't', 0)).toBe(false);
    store.replay(key, value(3), 2, 7n);
    store.replayMarker(7n, true);
    expect(store.get('g', 't', 0)?.offset).toBe(3n);
    expect(store.hasPending('g')).toBe(false);
  });

  it('do not overwrite a later commit', () => {
    const store = new OffsetStore();
    store.replay(key, value(2), 1, 7n);
    store.replay(key, value(9), 2, -1n);
    store.replayMarker(7n, true);
    expect(store.get('g', 't', 0)?.offset).toBe(9n);
  });

  it('make offsets unstable for requests with requireStable', async () => {
    const c = new TestGroups();
    await commit(c, 1);
    c.offsets.replay(key, value(2), 100, 7n);
    expect(fetched(c, ID, true)).toMatchObject({ errorCode: Errors.UNSTABLE_OFFSET_COMMIT, committedOffset: -1n });
    expect(fetched(c, ID, false)).toMatchObject({ errorCode: 0, committedOffset: 1n });
  });
});

describe('deletion and expiration', () => {
  it('on request, deletes offsets of topics that members are not subscribed to', async () => {
    const c = new TestGroups();
    const { ids, generation } = await stableGroup(c);
    await commit(c, 1, { memberId: ids[0] as string, generation });
    await commit(c, 1, { memberId: ids[0] as string, generation, topic: 'other' });
    const ask = ['t', 'other'].map((name) => ({ name, partitions: [{ partitionIndex: 0 }] }));
    const codes = (await deleteOffsets(c, 'g', ask)).map((t) => t.partitions[0]?.errorCode);
    expect(codes).toEqual([Errors.GROUP_SUBSCRIBED_TO_TOPIC, 0]);
    expect(c.restarted().offsets.partitionsOf('g')).toEqual([['t', 0]]);
    await expect(deleteOffsets(c, 'x', ask)).rejects.toMatchObject({ code: Errors.GROUP_ID_NOT_FOUND });
  });

  it('deletes offsets of a deleted topic', async () => {
    const c = new TestGroups();
    await commit(c, 1);
    await topicDeleted(c, 't', 'AAAAAAAAAAAAAAAAAAAAAw');
    expect(c.offsets.partitionsOf('g')).toHaveLength(1);
    await topicDeleted(c, 't', ID);
    expect(c.offsets.partitionsOf('g')).toHaveLength(0);
  });

  it('expires offsets of an empty group after the retention time, and then the group', async () => {
    const c = new TestGroups();
    const { ids, generation } = await stableGroup(c, 1);
    await commit(c, 1, { memberId: ids[0] as string, generation });
    await leave(c, 'g', [{ memberId: ids[0] as string, groupInstanceId: null }]);
    const day = 24 * 3600 * 1000;
    c.clock += 7 * day - 1;
    await expireAll(c);
    expect(c.offsets.partitionsOf('g')).toHaveLength(1);
    c.clock += 1;
    await expireAll(c);
    const next = c.restarted();
    expect([next.groups.size, next.offsets.partitionsOf('g').length]).toEqual([0, 0]);
  });

  it('does not expire offsets of topics that an active group is subscribed to', async () => {
    const c = new TestGroups();
    const a = joining(c, { apiVersion: 3, sessionTimeoutMs: 2 ** 30 });
    c.pass(100);
    const memberId = a.response?.memberId as string;
    syncing(c, { memberId });
    await settle();
    await commit(c, 1, { memberId, generation: 1 });
    await commit(c, 1, { memberId, generation: 1, topic: 'other' });
    c.clock += 8 * 24 * 3600 * 1000;
    await expireAll(c);
    expect(c.offsets.partitionsOf('g')).toEqual([['t', 0]]);
  });

  it('expires offsets with their own retention time', async () => {
    const c = new TestGroups();
    await commit(c, 1, { retentionTimeMs: 1000n, apiVersion: 4 });
    c.clock += 1000;
    await expireAll(c);
    expect(c.restarted().groups.size).toBe(0);
  });
});
