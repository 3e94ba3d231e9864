import { describe, expect, it } from 'vitest';
import { deleteGroup, describe as describeGroup, list } from '../../../src/broker/groups/admin.js';
import type { ClassicGroup } from '../../../src/broker/groups/classic/group.js';
import { heartbeatOf, leave } from '../../../src/broker/groups/dispatch.js';
import { Errors, KafkaError } from '../../../src/protocol/errors.js';
import { joining, settle, stableGroup, syncing, TestGroups } from './harness.js';

const group = (c: TestGroups): ClassicGroup => c.groups.get('g') as ClassicGroup;
const beat = (c: TestGroups, memberId: string, generationId: number): number => {
  try {
    return heartbeatOf(c, { groupId: 'g', memberId, generationId, groupInstanceId: null });
  } catch (error) {
    return (error as KafkaError).code;
  }
};

describe('joining', () => {
  it('returns MEMBER_ID_REQUIRED with an id to a new member, from version 4 on', () => {
    const c = new TestGroups();
    const first = joining(c).response;
    expect(first).toMatchObject({ errorCode: Errors.MEMBER_ID_REQUIRED });
    expect(first?.memberId).toMatch(/^c-[0-9a-f-]{36}$/);
    expect(group(c).state).toBe('Empty');
    const old = joining(new TestGroups(), { apiVersion: 3 });
    expect(old.response).toBeUndefined();
  });

  it('forgets a pending member id that never joined', () => {
    const c = new TestGroups();
    const { memberId } = joining(c).response as { memberId: string };
    c.pass(10_100);
    expect(joining(c, { memberId }).response?.errorCode).toBe(Errors.UNKNOWN_MEMBER_ID);
  });

  it('returns the members to the leader and the generation to all members', async () => {
    const c = new TestGroups();
    const a = joining(c, { apiVersion: 3 });
    const b = joining(c, { apiVersion: 3 });
    expect(a.response).toBeUndefined();
    c.pass(100);
    expect(a.response).toMatchObject({ generationId: 1, protocolName: 'range', protocolType: 'consumer' });
    expect(a.response?.leader).toBe(a.response?.memberId);
    expect(a.response?.members?.map((m) => m.memberId)).toEqual([a.response?.memberId, b.response?.memberId]);
    expect(b.response).toMatchObject({ leader: a.response?.memberId, members: [] });
    expect(group(c).state).toBe('CompletingRebalance');
  });

  it('waits for more members while the first rebalance is delayed', () => {
    const c = new TestGroups();
    c.settings['group.initial.rebalance.delay.ms'] = 3000;
    const a = joining(c, { apiVersion: 3 });
    c.pass(2900);
    const b = joining(c, { apiVersion: 3 });
    c.pass(2900);
    expect(a.response).toBeUndefined();
    c.pass(200);
    expect(a.response?.members).toHaveLength(2);
    expect(b.response?.generationId).toBe(1);
  });

  it('rejects a member without a common protocol', async () => {
    const c = new TestGroups();
    await stableGroup(c);
    const other = [{ name: 'sticky', metadata: Buffer.alloc(0) }];
    expect(joining(c, { protocols: other }).response?.errorCode).toBe(Errors.INCONSISTENT_GROUP_PROTOCOL);
    expect(joining(c, { protocolType: 'connect' }).response?.errorCode).toBe(Errors.INCONSISTENT_GROUP_PROTOCOL);
  });

  it('rejects members beyond group.max.size', async () => {
    const c = new TestGroups();
    await stableGroup(c, 2);
    c.settings['group.max.size'] = 2;
    expect(joining(c).response).toMatchObject({ errorCode: Errors.GROUP_MAX_SIZE_REACHED, memberId: '' });
  });

  it('chooses the protocol that most members prefer among those that all support', () => {
    const c = new TestGroups();
    const meta = Buffer.from([0, 0, 0, 0, 0, 0, 255, 255, 255, 255]);
    const p = (...names: string[]) => names.map((name) => ({ name, metadata: meta }));
    const a = joining(c, { apiVersion: 3, protocols: p('x', 'range', 'sticky') });
    joining(c, { apiVersion: 3, protocols: p('sticky', 'range') });
    joining(c, { apiVersion: 3, protocols: p('sticky', 'range') });
    c.pass(100);
    expect(a.response?.protocolName).toBe('sticky');
  });
});

describe('a rebalance', () => {
  it('is announced by heartbeats and removes members that do not rejoin in time', async () => {
    const c = new TestGroups();
    const { ids, generation } = await stableGroup(c, 2);
    expect(beat(c, ids[0] as string, generation)).toBe(Errors.NONE);
    const third = joining(c, { memberId: joining(c).response?.memberId as string });
    expect(beat(c, ids[0] as string, generation)).toBe(Errors.REBALANCE_IN_PROGRESS);
    const first = joining(c, { memberId: ids[0] as string });
    // the second member sends heartbeats but does not rejoin
    for (let i = 0; i < 12; i++) {
      beat(c, ids[1] as string, generation);
      c.pass(5000);
    }
    expect(first.response?.generationId).toBe(generation + 1);
    expect(third.response?.generationId).toBe(generation + 1);
    expect(beat(c, ids[1] as string, generation)).toBe(Errors.UNKNOWN_MEMBER_ID);
  });

  it('is triggered by an expired session', async () => {
    const c = new TestGroups();
    const { ids, generation } = await stableGroup(c, 2);
    c.pass(9000);
    beat(c, ids[0] as string, generation);
    c.pass(2000);
    expect(group(c).state).toBe('PreparingRebalance');
    expect([...group(c).members.keys()]).toEqual([ids[0]]);
  });

  it('removes members that never sync', async () => {
    const c = new TestGroups();
    const a = joining(c, { apiVersion: 3 });
    const b = joining(c, { apiVersion: 3 });
    c.pass(100);
    const leader = a.response?.memberId as string;
    syncing(c, { memberId: leader, assignments: [{ memberId: leader, assignment: Buffer.from('x') }] });
    await settle();
    for (let i = 0; i < 13; i++) {
      beat(c, leader, 1);
      beat(c, b.response?.memberId as string, 1);
      c.pass(5000);
    }
    expect([...group(c).members.keys()]).toEqual([leader]);
  });
});

describe('sync', () => {
  it('waits for the leader, and returns its assignments once they are written', async () => {
    const c = new TestGroups();
    const a = joining(c, { apiVersion: 3 });
    const b = joining(c, { apiVersion: 3 });
    c.pass(100);
    const [leader, other] = [a.response?.memberId as string, b.response?.memberId as string];
    const waiting = syncing(c, { memberId: other });
    expect(waiting.response).toBeUndefined();
    syncing(c, { memberId: leader, assignments: [{ memberId: other, assignment: Buffer.from('yours') }] });
    await settle();
    expect(waiting.response).toMatchObject({ errorCode: 0, protocolName: 'range', protocolType: 'consumer' });
    expect(String(waiting.response?.assignment)).toBe('yours');
    expect(group(c).state).toBe('Stable');
    expect(String(syncing(c, { memberId: other }).response?.assignment)).toBe('yours');
  });

  it('fails if the write fails, and the group rebalances', async () => {
    const c = new TestGroups();
    const a = joining(c, { apiVersion: 3 });
    c.pass(100);
    await settle();
    c.fail = new KafkaError(Errors.KAFKA_STORAGE_ERROR);
    const answer = syncing(c, { memberId: a.response?.memberId as string });
    await settle();
    expect(answer.response?.errorCode).toBe(Errors.NOT_COORDINATOR);
    expect(group(c).state).toBe('PreparingRebalance');
  });

  it('rejects another generation and another protocol', async () => {
    const c = new TestGroups();
    const { ids, generation } = await stableGroup(c);
    const memberId = ids[0] as string;
    expect(syncing(c, { memberId, generationId: generation + 1 }).response?.errorCode).toBe(Errors.ILLEGAL_GENERATION);
    const wrong = syncing(c, { memberId, generationId: generation, protocolName: 'sticky' });
    expect(wrong.response?.errorCode).toBe(Errors.INCONSISTENT_GROUP_PROTOCOL);
    expect(syncing(c, { memberId: 'nobody' }).response?.errorCode).toBe(Errors.UNKNOWN_MEMBER_ID);
  });
});

describe('leaving', () => {
  it('empties the group when the last member leaves; only then can it be deleted', async () => {
    const c = new TestGroups();
    const { ids } = await stableGroup(c, 2);
    expect(await deleteGroup(c, 'g')).toBe(Errors.NON_EMPTY_GROUP);
    const results = await leave(
      c,
      'g',
      [...ids, 'nobody'].map((memberId) => ({ memberId, groupInstanceId: null })),
    );
    expect(results.map((r) => r.errorCode)).toEqual([0, 0, Errors.UNKNOWN_MEMBER_ID]);
    expect(group(c)).toMatchObject({ state: 'Empty', generation: 2 });
    expect(list(c, ['empty'], [])).toEqual([
      { groupId: 'g', protocolType: 'consumer', groupState: 'Empty', groupType: 'classic' },
    ]);
    expect(await deleteGroup(c, 'g')).toBe(Errors.NONE);
    expect(await deleteGroup(c, 'g')).toBe(Errors.GROUP_ID_NOT_FOUND);
    expect(c.restarted().groups.size).toBe(0);
  });
});

describe('static members', () => {
  it('rejoin under a new member id without a rebalance, and fence the old one', async () => {
    const c = new TestGroups();
    const a = joining(c, { groupInstanceId: 'i' });
    c.pass(100);
    const old = a.response?.memberId as string;
    expect(old).toMatch(/^i-/);
    syncing(c, { memberId: old, groupInstanceId: 'i', assignments: [{ memberId: old, assignment: Buffer.from('x') }] });
    await settle();
    const again = joining(c, { groupInstanceId: 'i' });
    await settle();
    expect(again.response).toMatchObject({ errorCode: 0, generationId: 1, skipAssignment: true });
    expect(group(c).state).toBe('Stable');
    const answer = syncing(c, { memberId: again.response?.memberId as string, groupInstanceId: 'i' });
    expect(String(answer.response?.assignment)).toBe('x');
    expect(syncing(c, { memberId: old, groupInstanceId: 'i' }).response?.errorCode).toBe(Errors.FENCED_INSTANCE_ID);
    const [left] = await leave(c, 'g', [{ memberId: '', groupInstanceId: 'i' }]);
    expect(left?.errorCode).toBe(0);
  });
});

describe('a restart', () => {
  it('keeps members, generation and assignments, and restarts sessions', async () => {
    const c = new TestGroups();
    const { ids, generation } = await stableGroup(c, 2);
    const next = c.restarted();
    expect(describeGroup(next, 'g', 6)).toEqual(describeGroup(c, 'g', 6));
    expect(beat(next, ids[1] as string, generation)).toBe(Errors.NONE);
    next.pass(10_100);
    expect(group(next).state).toBe('Empty');
    expect(next.restarted().groups.get('g')).toMatchObject({ state: 'Empty', generation: generation + 1 });
  });

  it('in the middle of a rebalance lets members of the last generation continue', async () => {
    const c = new TestGroups();
    const { ids, generation } = await stableGroup(c, 2);
    joining(c, { memberId: joining(c).response?.memberId as string });
    const next = c.restarted();
    expect(beat(next, ids[0] as string, generation)).toBe(Errors.NONE);
    const rejoin = joining(next, { memberId: ids[0] as string });
    joining(next, { memberId: ids[1] as string });
    expect(rejoin.response?.generationId).toBe(generation + 1);
  });
});

it('an unknown group is described as Dead, and from version 6 on as GROUP_ID_NOT_FOUND', () => {
  const c = new TestGroups();
  expect(describeGroup(c, 'x', 5)).toMatchObject({ errorCode: 0, groupState: 'Dead' });
  expect(describeGroup(c, 'x', 6)).toMatchObject({
    errorCode: Errors.GROUP_ID_NOT_FOUND,
    errorMessage: 'Group x not found.',
    groupState: 'Dead',
  });
});
