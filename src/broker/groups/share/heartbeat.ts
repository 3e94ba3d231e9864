/** ShareGroupHeartbeat: joining, staying and leaving in one. Mirrors GroupMetadataManager.shareGroupHeartbeat. */
import type { shareGroupHeartbeat } from '../../../protocol/apis/76-share-group-heartbeat.js';
import { Errors, KafkaError } from '../../../protocol/errors.js';
import type { RequestOf, ResponseInput } from '../../../protocol/wire/schema.js';
import type { Caller, GroupContext } from '../context.js';
import { fromPartitionSet, samePartitions } from '../partitions.js';
import { type InitializedTopic, newShareMember, ShareGroup, type ShareMember } from './group.js';
import {
  bumpShareEpoch,
  reconcileShare,
  removeShareMember,
  renewShareSession,
  ShareDraft,
  shareSetting,
  updateShareTarget,
} from './members.js';
import { shareMemberRecord, statePartitionsRecord } from './records.js';

export type ShareHeartbeatRequest = RequestOf<typeof shareGroupHeartbeat>;
export type ShareHeartbeatResponse = Partial<ResponseInput<typeof shareGroupHeartbeat>>;

const LEAVE_EPOCH = -1;

const invalid = (message: string): KafkaError => new KafkaError(Errors.INVALID_REQUEST, message);

/** Throws for a request that is invalid in any state of the group. */
export function validateShare(request: ShareHeartbeatRequest): void {
  if (request.memberId.trim() === '') throw invalid("MemberId can't be empty.");
  if (request.groupId.trim() === '') throw invalid("GroupId can't be empty.");
  if (request.rackId?.trim() === '') throw invalid("RackId can't be empty.");
  if (request.memberEpoch === 0 && !request.subscribedTopicNames?.length) {
    throw invalid('SubscribedTopicNames must be set in first request.');
  }
  if (request.memberEpoch < LEAVE_EPOCH) throw invalid('MemberEpoch is invalid.');
}

/** Resolves once the records of all changes are synced. */
export async function heartbeatShare(
  c: GroupContext,
  caller: Caller,
  request: ShareHeartbeatRequest,
): Promise<ShareHeartbeatResponse> {
  const { groupId, memberId, memberEpoch } = request;
  if (memberEpoch === LEAVE_EPOCH) {
    const group = shareGroup(c, groupId);
    await removeShareMember(c, group, group.member(memberId).memberId);
    return { memberId, memberEpoch };
  }
  const before = memberOf(c, request);
  await step(c, caller, request, false);
  // the partitions just initialized can now be assigned
  if (await initializeTopics(c, groupId)) await step(c, caller, request, true);
  renewShareSession(c, groupId, memberId);
  const member = shareGroup(c, groupId).member(memberId);
  const includeAssignment =
    memberEpoch === 0 || request.subscribedTopicNames !== null || !samePartitions(before.assigned, member.assigned);
  return {
    memberId,
    memberEpoch: member.memberEpoch,
    heartbeatIntervalMs: shareSetting(c, groupId, 'heartbeat.interval.ms'),
    assignment: includeAssignment ? { topicPartitions: fromPartitionSet(member.assigned) } : null,
  };
}

/** The share group with this id; throws GROUP_ID_NOT_FOUND. */
export function shareGroup(c: GroupContext, groupId: string): ShareGroup {
  const group = c.groups.get(groupId);
  if (group?.type === 'share') return group;
  const why = group ? `Group ${groupId} is not a share group.` : `Group ${groupId} not found.`;
  throw new KafkaError(Errors.GROUP_ID_NOT_FOUND, why);
}

/** The share group with this id, or a new one. */
export const shareGroupOrNew = (c: GroupContext, groupId: string): ShareGroup =>
  c.groups.has(groupId) ? shareGroup(c, groupId) : new ShareGroup(groupId);

function memberOf(c: GroupContext, { groupId, memberId, memberEpoch }: ShareHeartbeatRequest): ShareMember {
  const joins = memberEpoch === 0;
  if (!joins && !c.groups.has(groupId)) {
    throw new KafkaError(Errors.GROUP_ID_NOT_FOUND, `Share group ${groupId} not found.`);
  }
  const group = shareGroupOrNew(c, groupId);
  const max = c.number('group.share.max.size');
  if (group.members.size >= max && !group.members.has(memberId)) {
    const message = `The share group has reached its maximum capacity of ${max} members.`;
    throw new KafkaError(Errors.GROUP_MAX_SIZE_REACHED, message);
  }
  const member = group.members.get(memberId) ?? (joins ? newShareMember(memberId) : group.member(memberId));
  if (!joins) throwIfEpochInvalid(member, memberEpoch);
  return member;
}

function throwIfEpochInvalid(member: ShareMember, epoch: number): void {
  if (epoch === member.memberEpoch || epoch === member.previousMemberEpoch) return;
  const [than, also] =
    epoch > member.memberEpoch
      ? ['greater', '']
      : ['smaller', `, and it does not match the previous member epoch (${member.previousMemberEpoch})`];
  const known = `than the one known by the group coordinator (${member.memberEpoch})${also}`;
  const message = `The share group member has a ${than} member epoch (${epoch}) ${known}.`;
  throw new KafkaError(Errors.FENCED_MEMBER_EPOCH, `${message} The member must abandon all its partitions and rejoin.`);
}

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((v, i) => v === b[i]);

/** Stores the member's subscription and advances it to its target assignment. */
async function step(c: GroupContext, caller: Caller, request: ShareHeartbeatRequest, initialized: boolean) {
  const { groupId, memberId, rackId, subscribedTopicNames } = request;
  const draft = new ShareDraft(shareGroupOrNew(c, groupId));
  const before = draft.group.members.get(memberId);
  const { clientId, clientHost } = caller;
  const topics = subscribedTopicNames ? [...new Set(subscribedTopicNames)].sort() : (before?.topics ?? []);
  const after = { ...(before ?? newShareMember(memberId)), clientId, clientHost, topics };
  const member = { ...after, rackId: rackId ?? after.rackId };
  const subscribed = before !== undefined && sameList(before.topics, topics);
  const same = before?.clientId === clientId && before.clientHost === clientHost && before.rackId === member.rackId;
  if (!subscribed || !same) draft.emit(shareMemberRecord(groupId, member));
  bumpShareEpoch(c, draft, !subscribed || initialized);
  updateShareTarget(c, draft);
  reconcileShare(draft, memberId);
  if (draft.records.length > 0) await c.write(groupId, draft.records);
}

/** Initializes the share state of subscribed partitions that have none; returns whether there were any. */
async function initializeTopics(c: GroupContext, groupId: string): Promise<boolean> {
  const group = shareGroup(c, groupId);
  const added = new Map<string, InitializedTopic>();
  for (const name of group.subscribedTopics()) {
    const topic = c.topic(name);
    if (!topic) continue;
    const known = group.initialized.get(topic.id)?.partitions ?? new Set();
    const missing = topic.partitions.map((p) => p.index).filter((index) => !known.has(index));
    if (missing.length === 0) continue;
    await c.share?.initialize(groupId, topic.id, new Map(missing.map((index) => [index, -1])));
    added.set(topic.id, { name, partitions: new Set([...known, ...missing]) });
  }
  if (added.size === 0) return false;
  await c.write(groupId, [statePartitionsRecord(groupId, new Map([...group.initialized, ...added]))]);
  return true;
}
