import { describe, expect, it } from 'vitest';
import { describeConsumer } from '../../../src/broker/groups/consumer/describe.js';
import type { ConsumerGroup } from '../../../src/broker/groups/consumer/group.js';
import { type HeartbeatRequest, heartbeat, validate } from '../../../src/broker/groups/consumer/heartbeat.js';
import { heartbeatOf, leave } from '../../../src/broker/groups/dispatch.js';
import { commitOffsets } from '../../../src/broker/groups/offset-commit.js';
import { Errors, type KafkaError } from '../../../src/protocol/errors.js';
import { consumerProtocolAssignment } from '../../../src/protocol/messages/consumer-protocol.js';
import { Reader } from '../../../src/protocol/wire/buffer.js';
import { decodeMessage } from '../../../src/protocol/wire/codec.js';
import { caller, joining, settle, stableGroup, syncing, TestGroups } from './harness.js';

const group = (c: TestGroups): ConsumerGroup => c.groups.get('g') as ConsumerGroup;

const beat = (c: TestGroups, memberId: string, memberEpoch: number, options: Partial<HeartbeatRequest> = {}) =>
  heartbeat(c, caller(1), {
    groupId: 'g',
    memberId,
    memberEpoch,
    instanceId: null,
    rackId: null,
    rebalanceTimeoutMs: -1,
    subscribedTopicNames: null,
    subscribedTopicRegex: null,
    serverAssignor: null,
    topicPartitions: null,
    ...options,
  });
const joins = (c: TestGroups, memberId: string, options: Partial<HeartbeatRequest> = {}) =>
  beat(c, memberId, 0, {
    rebalanceTimeoutMs: 300_000,
    subscribedTopicNames: ['t'],
    topicPartitions: [],
    ...options,
  });
type Answer = Awaited<ReturnType<typeof beat>>;
/** "0,1,2" of the one topic; null: nothing new */
const partitions = (answer: Answer): string | null =>
  answer.assignment ? (answer.assignment.topicPartitions[0]?.partitions ?? []).join() : null;
const owned = (c: TestGroups, ...list: number[]) => [{ topicId: c.topic('t')?.id as string, partitions: list }];
const code = (promise: Promise<unknown>): Promise<number> =>
  promise.then(
    () => 0,
    (error) => (error as KafkaError).code,
  );

function groups(partitionCount = 3): TestGroups {
  const c = new TestGroups();
  c.addTopic('t', partitionCount);
  return c;
}

describe('a member', () => {
  it('that joins first gets all partitions, in epoch 2 as in Kafka', async () => {
    const c = groups();
    const answer = await joins(c, 'a');
    expect(answer).toMatchObject({ memberId: 'a', memberEpoch: 2, heartbeatIntervalMs: 5000 });
    expect(partitions(answer)).toBe('0,1,2');
    expect(await beat(c, 'a', 2)).toMatchObject({ memberEpoch: 2, assignment: null });
    expect(group(c).state).toBe('Stable');
  });

  it('revokes partitions before another member gets them', async () => {
    const c = groups(4);
    await joins(c, 'a');
    c.clock += 2000;
    const b = await joins(c, 'b');
    expect([b.memberEpoch, partitions(b)]).toEqual([3, '']);
    const asked = await beat(c, 'a', 2, { topicPartitions: owned(c, 0, 1, 2, 3) });
    expect([asked.memberEpoch, partitions(asked)]).toEqual([2, '0,1']);
    expect(partitions(await beat(c, 'b', 3))).toBeNull();
    expect(group(c).state).toBe('Reconciling');
    expect((await beat(c, 'a', 2, { topicPartitions: owned(c, 0, 1) })).memberEpoch).toBe(3);
    expect(partitions(await beat(c, 'b', 3))).toBe('2,3');
    expect(group(c).state).toBe('Stable');
  });

  it('that does not revoke in time is removed', async () => {
    const c = groups(2);
    await joins(c, 'a', { rebalanceTimeoutMs: 20_000 });
    c.clock += 2000;
    await joins(c, 'b');
    await beat(c, 'a', 2, { topicPartitions: owned(c, 0, 1) });
    for (let i = 0; i < 5; i++) {
      c.pass(5000);
      await settle();
      await code(beat(c, 'a', 2));
      await beat(c, 'b', group(c).members.get('b')?.memberEpoch as number);
    }
    expect([...group(c).members.keys()]).toEqual(['b']);
    expect(await code(beat(c, 'a', 2))).toBe(Errors.UNKNOWN_MEMBER_ID);
  });

  it('that stops sending heartbeats is removed after the session timeout', async () => {
    const c = groups();
    await joins(c, 'a');
    c.pass(45_100);
    await settle();
    expect(group(c).state).toBe('Empty');
    expect(c.restarted().groups.get('g')?.isEmpty).toBe(true);
  });

  it('that leaves frees its partitions', async () => {
    const c = groups();
    await joins(c, 'a');
    c.clock += 2000;
    await joins(c, 'b');
    await beat(c, 'a', -1);
    c.clock += 2000;
    expect(partitions(await beat(c, 'b', 3))).toBe('0,1,2');
  });

  it('must send its current epoch, or the previous one after a lost response', async () => {
    const c = groups();
    await joins(c, 'a');
    expect(await code(beat(c, 'a', 9))).toBe(Errors.FENCED_MEMBER_EPOCH);
    expect(await code(beat(c, 'a', 1))).toBe(Errors.FENCED_MEMBER_EPOCH);
    expect(await code(beat(c, 'x', 2))).toBe(Errors.UNKNOWN_MEMBER_ID);
    c.clock += 2000;
    c.addTopic('t', 4);
    await beat(c, 'a', 2);
    expect(group(c).members.get('a')?.memberEpoch).toBe(3);
    expect(await beat(c, 'a', 2, { topicPartitions: owned(c, 0) })).toMatchObject({ memberEpoch: 3 });
  });

  it('gets the reason why its request is invalid', () => {
    const request = { groupId: 'g', memberId: 'a', memberEpoch: 0, instanceId: null, rackId: null } as HeartbeatRequest;
    const words = (r: Partial<HeartbeatRequest>) => {
      try {
        validate({ ...request, serverAssignor: null, topicPartitions: [], ...r }, 1, ['uniform', 'range']);
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(words({ memberId: '' })).toBe("MemberId can't be empty.");
    expect(words({ rebalanceTimeoutMs: -1 })).toBe('RebalanceTimeoutMs must be provided in first request.');
    expect(words({ memberEpoch: 1, serverAssignor: 'x' })).toBe(
      'ServerAssignor x is not supported. Supported assignors: uniform, range.',
    );
    expect(words({ memberEpoch: -3 })).toBe('MemberEpoch is invalid.');
  });
});

describe('topics', () => {
  it('that are created or get partitions are assigned with the next heartbeat', async () => {
    const c = groups(1);
    await joins(c, 'a');
    c.clock += 2000;
    c.addTopic('t', 2);
    expect(partitions(await beat(c, 'a', 2))).toBe('0,1');
  });

  it('can be subscribed to by a regular expression, including topics created later', async () => {
    const c = groups(1);
    c.addTopic('other', 1);
    const answer = await joins(c, 'a', { subscribedTopicNames: null, subscribedTopicRegex: 't.*' });
    expect(answer.assignment?.topicPartitions).toHaveLength(1);
    c.addTopic('t2', 1);
    c.clock += 2000;
    expect((await beat(c, 'a', 2)).assignment?.topicPartitions).toHaveLength(2);
    expect(await code(joins(c, 'b', { subscribedTopicRegex: '(' }))).toBe(Errors.INVALID_REGULAR_EXPRESSION);
    const described = describeConsumer(c.restarted(), 'g');
    expect(described.members[0]).toMatchObject({ subscribedTopicRegex: 't.*', memberType: 1 });
  });
});

describe('a static member', () => {
  it('keeps its partitions while it is away, and gets them back', async () => {
    const c = groups(2);
    await joins(c, 'a', { instanceId: 'i' });
    c.clock += 2000;
    await joins(c, 'b');
    expect(await code(joins(c, 'c', { instanceId: 'i' }))).toBe(Errors.UNRELEASED_INSTANCE_ID);
    expect(await beat(c, 'a', -2, { instanceId: 'i' })).toMatchObject({ memberEpoch: -2 });
    const back = await joins(c, 'c', { instanceId: 'i' });
    expect(back.memberEpoch).toBe(3);
    expect(group(c).groupEpoch).toBe(3);
    expect([...group(c).members.keys()].sort()).toEqual(['b', 'c']);
    expect(await code(beat(c, 'a', 3, { instanceId: 'i' }))).toBe(Errors.FENCED_INSTANCE_ID);
  });
});

describe('commits', () => {
  const commit = (c: TestGroups, generation: number, partitionIndex = 0) =>
    commitOffsets(c, caller(9), {
      groupId: 'g',
      memberId: 'a',
      groupInstanceId: null,
      generation,
      retentionTimeMs: -1n,
      topics: [
        {
          name: 't',
          topicId: c.topic('t')?.id as string,
          partitions: [{ partitionIndex, committedOffset: 1n, committedLeaderEpoch: -1, committedMetadata: '' }],
        },
      ],
    });
  it('with an older epoch are accepted for partitions assigned in that epoch', async () => {
    const c = groups(1);
    await joins(c, 'a');
    c.clock += 2000;
    c.addTopic('t', 2);
    await beat(c, 'a', 2);
    expect(await code(commit(c, 3))).toBe(0);
    expect(await code(commit(c, 2))).toBe(0);
    expect(await code(commit(c, 2, 1))).toBe(Errors.STALE_MEMBER_EPOCH);
    expect(await code(commit(c, 4))).toBe(Errors.STALE_MEMBER_EPOCH);
  });
});

it('a restart keeps members, targets and epochs', async () => {
  const c = groups();
  await joins(c, 'a');
  c.clock += 2000;
  await joins(c, 'b', { instanceId: 'i', serverAssignor: 'range' });
  const next = c.restarted();
  expect(describeConsumer(next, 'g')).toEqual(describeConsumer(c, 'g'));
  expect(await beat(next, 'a', 2, { topicPartitions: owned(c, 0, 1, 2) })).toMatchObject({ memberEpoch: 2 });
});

describe('classic and consumer members in one group', () => {
  const assigned = (assignment: Buffer | undefined): number[] => {
    const reader = new Reader(assignment as Buffer);
    const value = decodeMessage(consumerProtocolAssignment, reader.int16(), reader);
    return value.assignedPartitions.flatMap((t) => t.partitions);
  };

  it('work together when the first consumer member joins, and the group converts back when it leaves', async () => {
    const c = groups(2);
    const { ids, generation } = await stableGroup(c, 1).then((g) => g);
    const classic = ids[0] as string;
    // the harness's assignments are not valid bytes, so the group starts without assignments
    const classicGroup = c.groups.get('g');
    if (classicGroup?.type === 'classic') {
      for (const member of classicGroup.members.values()) member.assignment = Buffer.alloc(0);
    }
    await joins(c, 'b');
    expect(group(c).type).toBe('consumer');
    expect(
      describeConsumer(c, 'g')
        .members.map((m) => m.memberType)
        .sort(),
    ).toEqual([0, 1]);
    const told = heartbeatOf(c, { groupId: 'g', memberId: classic, generationId: generation, groupInstanceId: null });
    expect(told).toBe(Errors.REBALANCE_IN_PROGRESS);
    const rejoin = joining(c, { memberId: classic });
    await settle();
    expect(rejoin.response).toMatchObject({ generationId: generation + 1, protocolName: 'range' });
    const synced = syncing(c, { memberId: classic, generationId: generation + 1 });
    await settle();
    expect(assigned(synced.response?.assignment)).toHaveLength(1);
    expect(c.restarted().groups.get('g')).toMatchObject({ type: 'consumer' });
    await beat(c, 'b', -1);
    expect(c.groups.get('g')).toMatchObject({ type: 'classic', state: 'PreparingRebalance' });
    expect(c.restarted().groups.get('g')).toMatchObject({ type: 'classic' });
  });

  it('an empty group takes the type of the next member that joins', async () => {
    const c = groups();
    await joins(c, 'a');
    await beat(c, 'a', -1);
    expect(group(c).isEmpty).toBe(true);
    const first = joining(c);
    await settle();
    expect(first.response?.errorCode).toBe(Errors.MEMBER_ID_REQUIRED);
    expect(c.groups.get('g')?.type).toBe('classic');
    expect(c.restarted().groups.get('g')?.type).toBe('classic');
    await leave(c, 'g', [{ memberId: first.response?.memberId as string, groupInstanceId: null }]);
    expect((await joins(c, 'a')).memberEpoch).toBe(2);
    expect(c.restarted().groups.get('g')?.type).toBe('consumer');
  });
});
