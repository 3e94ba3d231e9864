/** The classic APIs on whatever kind of group they meet. Mirrors GroupMetadataManager. */
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { JoinResponse, Reply, SyncResponse } from './classic-group.js';
import { type JoinRequest, joinClassic } from './classic-join.js';
import {
  type HeartbeatRequest,
  heartbeatClassic,
  type LeaveResult,
  type LeavingMember,
  leaveClassic,
  type SyncRequest,
  syncClassic,
} from './classic-sync.js';
import type { Caller, GroupContext } from './context.js';

export function join(c: GroupContext, caller: Caller, request: JoinRequest, reply: Reply<JoinResponse>): void {
  joinClassic(c, caller, request, reply);
}

export function sync(c: GroupContext, request: SyncRequest, reply: Reply<SyncResponse>): void {
  const group = c.groups.get(request.groupId);
  if (!group || group.isEmpty) return reply({ errorCode: Errors.UNKNOWN_MEMBER_ID });
  syncClassic(c, group, request, reply);
}

/** The error code of the answer; throws a KafkaError for a member that is none. */
export function heartbeatOf(c: GroupContext, request: HeartbeatRequest): number {
  const group = c.groups.get(request.groupId);
  if (!group) throw new KafkaError(Errors.UNKNOWN_MEMBER_ID);
  return heartbeatClassic(c, group, request);
}

export async function leave(
  c: GroupContext,
  groupId: string,
  members: readonly LeavingMember[],
): Promise<readonly LeaveResult[]> {
  const group = c.groups.get(groupId);
  if (!group) throw new KafkaError(Errors.UNKNOWN_MEMBER_ID);
  return leaveClassic(c, group, members);
}
