/** Routes the classic group APIs by the type of the group. Mirrors GroupMetadataManager. */
import { Errors, KafkaError } from '../../protocol/errors.js';
import { type JoinRequest, joinClassic } from './classic/join.js';
import type { JoinResponse, Reply, SyncResponse } from './classic/member.js';
import { operationError } from './classic/rebalance.js';
import {
  type HeartbeatRequest,
  heartbeatClassic,
  type LeaveResult,
  type LeavingMember,
  leaveClassic,
  type SyncRequest,
  syncClassic,
} from './classic/sync.js';
import { heartbeatConsumer, joinConsumer, leaveConsumer, syncConsumer } from './consumer/classic-members.js';
import { consumerTombstones } from './consumer/records.js';
import type { Caller, GroupContext } from './context.js';

/** JoinGroup. */
export function join(c: GroupContext, caller: Caller, request: JoinRequest, reply: Reply<JoinResponse>): void {
  const group = c.groups.get(request.groupId);
  if (group?.type === 'share')
    return reply({ memberId: request.memberId, errorCode: Errors.INCONSISTENT_GROUP_PROTOCOL });
  if (group?.type !== 'consumer') return joinClassic(c, caller, request, reply);
  if (!group.isEmpty) {
    joinConsumer(c, caller, group, request).then(reply, (error) => reply({ errorCode: operationError(error) }));
  } else if (request.memberId !== '') {
    reply({ memberId: request.memberId, errorCode: Errors.UNKNOWN_MEMBER_ID });
  } else {
    // an empty group becomes a classic one when a classic member joins
    c.groups.delete(request.groupId);
    joinClassic(c, caller, request, reply, consumerTombstones(group));
  }
}

/** SyncGroup. */
export function sync(c: GroupContext, request: SyncRequest, reply: Reply<SyncResponse>): void {
  const group = c.groups.get(request.groupId);
  if (!group || group.isEmpty || group.type === 'share') return reply({ errorCode: Errors.UNKNOWN_MEMBER_ID });
  if (group.type === 'classic') return syncClassic(c, group, request, reply);
  try {
    reply(syncConsumer(c, group, request));
  } catch (error) {
    reply({ errorCode: operationError(error) });
  }
}

/** Returns the error code for a heartbeat; throws KafkaError for an unknown member. */
export function heartbeatOf(c: GroupContext, request: HeartbeatRequest): number {
  const group = c.groups.get(request.groupId);
  if (!group || group.type === 'share') throw new KafkaError(Errors.UNKNOWN_MEMBER_ID);
  return group.type === 'classic' ? heartbeatClassic(c, group, request) : heartbeatConsumer(c, group, request);
}

/** LeaveGroup. */
export async function leave(
  c: GroupContext,
  groupId: string,
  members: readonly LeavingMember[],
): Promise<readonly LeaveResult[]> {
  const group = c.groups.get(groupId);
  if (!group || group.type === 'share') throw new KafkaError(Errors.UNKNOWN_MEMBER_ID);
  return group.type === 'classic' ? leaveClassic(c, group, members) : leaveConsumer(c, group, members);
}
