/** SyncGroup, Heartbeat and LeaveGroup of a classic group. Mirrors GroupMetadataManager. */
import type { heartbeat } from '../../../protocol/apis/12-heartbeat.js';
import type { leaveGroup } from '../../../protocol/apis/13-leave-group.js';
import type { syncGroup } from '../../../protocol/apis/14-sync-group.js';
import { Errors, KafkaError } from '../../../protocol/errors.js';
import type { RequestOf, ResponseInput } from '../../../protocol/wire/schema.js';
import type { GroupContext } from '../context.js';
import type { ClassicGroup } from './group.js';
import { type ClassicMember, NO_ASSIGNMENT, type Reply, type SyncResponse } from './member.js';
import {
  keepAlive,
  maybeCompleteJoin,
  operationError,
  propagateAssignments,
  rebalanceOrComplete,
  sessionTimer,
  synced,
} from './rebalance.js';
import { groupRecord } from './records.js';

export type SyncRequest = RequestOf<typeof syncGroup>;
export type HeartbeatRequest = RequestOf<typeof heartbeat>;
export type LeavingMember = { readonly memberId: string; readonly groupInstanceId: string | null };
export type LeaveResult = NonNullable<ResponseInput<typeof leaveGroup>['members']>[number];

const differs = (requested: string | null, actual: string | null): boolean =>
  requested !== null && actual !== null && requested !== actual;

function syncError(group: ClassicGroup, request: SyncRequest): number {
  if (group.is('Dead')) return Errors.COORDINATOR_NOT_AVAILABLE;
  try {
    group.validateMember(request.memberId, request.groupInstanceId);
  } catch (error) {
    return (error as KafkaError).code;
  }
  if (request.generationId !== group.generation) return Errors.ILLEGAL_GENERATION;
  if (differs(request.protocolType, group.protocolType) || differs(request.protocolName, group.protocolName)) {
    return Errors.INCONSISTENT_GROUP_PROTOCOL;
  }
  return group.is('PreparingRebalance') ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
}

/** Responds through `reply`, immediately or when the leader has sent the assignments. */
export function syncClassic(
  c: GroupContext,
  group: ClassicGroup,
  request: SyncRequest,
  reply: Reply<SyncResponse>,
): void {
  const errorCode = syncError(group, request);
  if (errorCode !== Errors.NONE) return reply({ errorCode });
  const member = group.members.get(request.memberId) as ClassicMember;
  synced(c, group, member.memberId);
  if (group.is('Stable')) {
    const { protocolType, protocolName } = group;
    return reply({ protocolType, protocolName, assignment: member.assignment, errorCode });
  }
  group.replySync(member, { errorCode: Errors.REBALANCE_IN_PROGRESS });
  member.syncReply = reply;
  if (group.isLeader(member.memberId)) storeAssignments(c, group, request);
}

/**
 * Writes the leader's assignments; they take effect once synced to disk, unless the group has changed state meanwhile.
 */
function storeAssignments(c: GroupContext, group: ClassicGroup, request: SyncRequest): void {
  const assignments = new Map(request.assignments.map((a) => [a.memberId, Buffer.from(a.assignment)]));
  const isCurrent = (): boolean => group.is('CompletingRebalance') && group.generation === request.generationId;
  c.write(group.groupId, [groupRecord(group, assignments)], false).then(
    () => {
      if (!isCurrent()) return;
      for (const member of group.members.values())
        member.assignment = assignments.get(member.memberId) ?? NO_ASSIGNMENT;
      group.transition('Stable', c.now());
      propagateAssignments(c, group, Errors.NONE);
    },
    (error) => {
      if (!isCurrent()) return;
      for (const member of group.members.values()) member.assignment = NO_ASSIGNMENT;
      propagateAssignments(c, group, operationError(error));
      rebalanceOrComplete(c, group);
    },
  );
}

/** Returns the error code for a heartbeat; throws if the member is unknown or fenced. */
export function heartbeatClassic(c: GroupContext, group: ClassicGroup, request: HeartbeatRequest): number {
  if (group.is('Dead')) throw new KafkaError(Errors.COORDINATOR_NOT_AVAILABLE);
  group.validateMember(request.memberId, request.groupInstanceId);
  if (request.generationId !== group.generation) throw new KafkaError(Errors.ILLEGAL_GENERATION);
  if (group.isEmpty) return Errors.UNKNOWN_MEMBER_ID;
  keepAlive(c, group, group.members.get(request.memberId) as ClassicMember);
  return group.is('PreparingRebalance') ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
}

/** Removes members, with a single rebalance for all of them. */
export function leaveClassic(c: GroupContext, group: ClassicGroup, members: readonly LeavingMember[]): LeaveResult[] {
  if (group.is('Dead')) throw new KafkaError(Errors.COORDINATOR_NOT_AVAILABLE);
  const results = members.map((leaving) => {
    const { memberId, groupInstanceId } = leaving;
    return { memberId, groupInstanceId, errorCode: leaveOne(c, group, leaving) };
  });
  if (results.some((r) => r.errorCode === Errors.NONE)) {
    if (group.is('Stable', 'CompletingRebalance')) rebalanceOrComplete(c, group);
    else maybeCompleteJoin(c, group);
  }
  return results;
}

function leaveOne(c: GroupContext, group: ClassicGroup, { memberId, groupInstanceId }: LeavingMember): number {
  let leaving = memberId;
  if (memberId === '') {
    // the admin client removes a static member by its instance id alone
    const known = groupInstanceId === null ? undefined : group.staticMembers.get(groupInstanceId);
    if (known === undefined) return Errors.UNKNOWN_MEMBER_ID;
    leaving = known;
  } else if (!group.pendingJoin.has(memberId)) {
    try {
      group.validateMember(memberId, groupInstanceId);
    } catch (error) {
      return (error as KafkaError).code;
    }
  }
  c.timers.cancel(sessionTimer(group.groupId, leaving));
  const member = group.members.get(leaving);
  if (member) {
    group.reply(member, { memberId: '', errorCode: Errors.UNKNOWN_MEMBER_ID });
    group.replySync(member, { errorCode: Errors.UNKNOWN_MEMBER_ID });
  }
  group.remove(leaving);
  return Errors.NONE;
}
