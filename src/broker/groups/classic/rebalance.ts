/**
 * The rebalance of a classic group: the join phase collects members and forms a generation, the sync phase distributes
 * assignments, and timers bound both. Mirrors coordinator/group/GroupMetadataManager.
 *
 *   Empty -> PreparingRebalance -> CompletingRebalance -> Stable -> PreparingRebalance …
 */
import { Errors, KafkaError } from '../../../protocol/errors.js';
import type { GroupContext } from '../context.js';
import { ClassicGroup } from './group.js';
import { type ClassicMember, NO_ASSIGNMENT } from './member.js';
import { groupRecord } from './records.js';

/** A member whose first JoinGroup is pending expires after this time instead of its session timeout. */
export const NEW_MEMBER_JOIN_TIMEOUT_MS = 5 * 60 * 1000;

const joinTimer = (groupId: string): string => `join-${groupId}`;
const syncTimer = (groupId: string): string => `sync-${groupId}`;
/** The timer's name. */
export const sessionTimer = (groupId: string, memberId: string): string => `session-${groupId}-${memberId}`;

/** The error code that a client gets when a write failed. Mirrors CoordinatorOperationExceptionHelper. */
export function operationError(error: unknown): number {
  const code = error instanceof KafkaError ? error.code : Errors.UNKNOWN_SERVER_ERROR;
  switch (code) {
    case Errors.NETWORK_EXCEPTION:
      return Errors.COORDINATOR_LOAD_IN_PROGRESS;
    case Errors.UNKNOWN_TOPIC_OR_PARTITION:
    case Errors.NOT_ENOUGH_REPLICAS:
    case Errors.REQUEST_TIMED_OUT:
      return Errors.COORDINATOR_NOT_AVAILABLE;
    case Errors.NOT_LEADER_OR_FOLLOWER:
    case Errors.KAFKA_STORAGE_ERROR:
      return Errors.NOT_COORDINATOR;
    case Errors.MESSAGE_TOO_LARGE:
    case Errors.RECORD_LIST_TOO_LARGE:
    case Errors.INVALID_FETCH_SIZE:
      return Errors.UNKNOWN_SERVER_ERROR;
    default:
      return code;
  }
}

const current = (c: GroupContext, groupId: string): ClassicGroup | undefined => {
  const group = c.groups.get(groupId);
  return group instanceof ClassicGroup && !group.is('Dead') ? group : undefined;
};

/** Restarts a member's session timeout. */
export function keepAlive(
  c: GroupContext,
  group: ClassicGroup,
  member: ClassicMember,
  ms = member.sessionTimeoutMs,
): void {
  watch(c, group.groupId, member.memberId, ms);
}

/** Starts the session timer of a member, or of a member id that was handed out but has not rejoined. */
export function watch(c: GroupContext, groupId: string, memberId: string, ms: number): void {
  c.timers.schedule(sessionTimer(groupId, memberId), ms, () => expireMember(c, groupId, memberId));
}

function expireMember(c: GroupContext, groupId: string, memberId: string): void {
  const group = current(c, groupId);
  if (!group) return;
  const member = group.members.get(memberId);
  if (!member) {
    if (!group.pendingJoin.has(memberId)) return;
    group.remove(memberId);
    if (group.is('PreparingRebalance') && group.allJoined) completeJoin(c, group);
    return;
  }
  // a member with a pending request is alive, except a new one, whose client may have disconnected long ago
  if (!member.isNew && (member.joinReply || member.syncReply)) return;
  group.reply(member, { memberId: '', errorCode: Errors.UNKNOWN_MEMBER_ID });
  group.remove(memberId);
  if (group.is('Stable', 'CompletingRebalance')) rebalanceOrComplete(c, group);
  else if (group.is('PreparingRebalance') && group.allJoined) completeJoin(c, group);
}

/**
 * After a change of members or protocols: starts a rebalance, or completes the current one if all members have
 * rejoined.
 */
export function rebalanceOrComplete(c: GroupContext, group: ClassicGroup): void {
  if (group.is('Stable', 'CompletingRebalance', 'Empty')) prepareRebalance(c, group);
  else maybeCompleteJoin(c, group);
}

/** Completes the join phase if all members have rejoined, except during the initial rebalance delay. */
export function maybeCompleteJoin(c: GroupContext, group: ClassicGroup): void {
  if (group.is('PreparingRebalance') && group.previousState !== 'Empty' && group.allJoined) completeJoin(c, group);
}

/** Moves the group to PreparingRebalance and starts the join phase. */
export function prepareRebalance(c: GroupContext, group: ClassicGroup): void {
  if (group.is('CompletingRebalance')) {
    for (const member of group.members.values()) member.assignment = NO_ASSIGNMENT;
    propagateAssignments(c, group, Errors.REBALANCE_IN_PROGRESS);
  }
  group.pendingSync.clear();
  c.timers.cancel(syncTimer(group.groupId));
  const initial = group.isEmpty;
  group.transition('PreparingRebalance', c.now());
  if (initial) {
    const delay = c.number('group.initial.rebalance.delay.ms');
    scheduleInitialRebalance(c, group, delay, Math.max(group.rebalanceTimeoutMs - delay, 0));
  } else if (group.allJoined) {
    completeJoin(c, group);
  } else {
    scheduleJoinEnd(c, group);
  }
}

function scheduleJoinEnd(c: GroupContext, group: ClassicGroup): void {
  c.timers.schedule(joinTimer(group.groupId), group.rebalanceTimeoutMs, () => {
    const then = current(c, group.groupId);
    if (then?.is('PreparingRebalance')) completeJoin(c, then);
  });
}

/** Delays the group's first rebalance for further members; each one extends the delay, up to the rebalance timeout. */
function scheduleInitialRebalance(c: GroupContext, group: ClassicGroup, delay: number, remaining: number): void {
  c.timers.schedule(joinTimer(group.groupId), delay, () => {
    const then = current(c, group.groupId);
    if (!then?.is('PreparingRebalance')) return;
    if (!then.newMemberAdded || remaining === 0) return completeJoin(c, then);
    then.newMemberAdded = false;
    const next = Math.min(c.number('group.initial.rebalance.delay.ms'), remaining);
    scheduleInitialRebalance(c, then, next, Math.max(remaining - delay, 0));
  });
}

/**
 * Completes the join phase: removes members that did not rejoin, except static ones, and starts the next generation.
 */
export function completeJoin(c: GroupContext, group: ClassicGroup): void {
  const { groupId } = group;
  c.timers.cancel(joinTimer(groupId));
  for (const member of [...group.members.values()]) {
    if (member.joinReply || member.groupInstanceId !== null) continue;
    group.remove(member.memberId);
    c.timers.cancel(sessionTimer(groupId, member.memberId));
  }
  if (!group.electJoinedLeader() && group.members.size > 0) return scheduleJoinEnd(c, group);
  group.nextGeneration(c.now());
  if (group.isEmpty) {
    // if this write fails, the group is replayed with its last members, which then expire
    c.write(groupId, [groupRecord(group)], false).catch(() => {});
    return;
  }
  for (const member of group.members.values()) {
    member.isNew = false;
    group.pendingSync.add(member.memberId);
    group.reply(member, {
      generationId: group.generation,
      protocolType: group.protocolType,
      protocolName: group.protocolName,
      leader: group.leader ?? '',
      memberId: member.memberId,
      members: group.isLeader(member.memberId) ? group.memberList() : [],
      errorCode: Errors.NONE,
    });
    keepAlive(c, group, member);
  }
  const { generation } = group;
  c.timers.schedule(syncTimer(groupId), group.rebalanceTimeoutMs, () => expireSync(c, groupId, generation));
}

/** Removes members that joined but did not send SyncGroup in time. */
function expireSync(c: GroupContext, groupId: string, generation: number): void {
  const group = current(c, groupId);
  if (!group || group.generation !== generation) return;
  if (!group.is('CompletingRebalance', 'Stable') || group.pendingSync.size === 0) return;
  for (const memberId of [...group.pendingSync]) {
    group.remove(memberId);
    c.timers.cancel(sessionTimer(groupId, memberId));
  }
  prepareRebalance(c, group);
}

/** Marks a member as synced; cancels the sync timeout once all members are. */
export function synced(c: GroupContext, group: ClassicGroup, memberId: string): void {
  group.pendingSync.delete(memberId);
  if (group.pendingSync.size === 0) c.timers.cancel(syncTimer(group.groupId));
}

/** Completes all pending SyncGroups with the member's assignment or an error. */
export function propagateAssignments(c: GroupContext, group: ClassicGroup, errorCode: number): void {
  const fine = errorCode === Errors.NONE;
  for (const member of group.members.values()) {
    const answered = group.replySync(member, {
      protocolType: fine ? group.protocolType : null,
      protocolName: fine ? group.protocolName : null,
      assignment: member.assignment,
      errorCode,
    });
    if (answered) keepAlive(c, group, member);
  }
}

/** Cancels all timers of a group that is being removed. */
export function cancelTimers(c: GroupContext, group: ClassicGroup): void {
  c.timers.cancel(joinTimer(group.groupId));
  c.timers.cancel(syncTimer(group.groupId));
  for (const memberId of [...group.members.keys(), ...group.pendingJoin]) {
    c.timers.cancel(sessionTimer(group.groupId, memberId));
  }
}
