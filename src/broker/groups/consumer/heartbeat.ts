/** ConsumerGroupHeartbeat: joining, staying and leaving in one. Mirrors GroupMetadataManager.consumerGroupHeartbeat. */
import { randomBytes } from 'node:crypto';
import type { consumerGroupHeartbeat } from '../../../protocol/apis/68-consumer-group-heartbeat.js';
import { Errors, KafkaError } from '../../../protocol/errors.js';
import type { RequestOf, ResponseInput } from '../../../protocol/wire/schema.js';
import type { Caller, GroupContext } from '../context.js';
import { Draft } from '../draft.js';
import { fromOwned, isOwned, OWNS_NOTHING, sameOwned, type TopicPartitions } from '../partitions.js';
import { groupToJoin, type Joinable } from '../upgrade.js';
import { bumpEpoch, reconcile, refreshRegexes, settingOf, updateTarget } from './epochs.js';
import { type ConsumerGroup, type ConsumerMember, LEAVE_EPOCH, LEAVE_STATIC_EPOCH, newMember } from './group.js';
import { fenceByTimer, fenceMembers } from './leave.js';
import { currentRecord, memberRecord } from './records.js';
import { renewSession, watchRevocation } from './timers.js';

export type HeartbeatRequest = RequestOf<typeof consumerGroupHeartbeat>;
export type HeartbeatResponse = Partial<ResponseInput<typeof consumerGroupHeartbeat>>;

const invalid = (message: string): KafkaError => new KafkaError(Errors.INVALID_REQUEST, message);

/** Throws for a request that is invalid in any state of the group. */
export function validate(request: HeartbeatRequest, apiVersion: number, assignors: readonly string[]): void {
  const { memberEpoch } = request;
  const needsId = apiVersion >= 1 || memberEpoch > 0 || memberEpoch === LEAVE_EPOCH;
  if (needsId && request.memberId.trim() === '') throw invalid("MemberId can't be empty.");
  if (request.groupId.trim() === '') throw invalid("GroupId can't be empty.");
  if (request.instanceId?.trim() === '') throw invalid("InstanceId can't be empty.");
  if (request.rackId?.trim() === '') throw invalid("RackId can't be empty.");
  if (memberEpoch === 0) {
    if (request.rebalanceTimeoutMs === -1) throw invalid('RebalanceTimeoutMs must be provided in first request.');
    if (request.topicPartitions?.length !== 0) throw invalid('TopicPartitions must be empty when (re-)joining.');
    if (request.subscribedTopicNames === null && request.subscribedTopicRegex === null) {
      throw invalid('Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.');
    }
  } else if (memberEpoch === LEAVE_STATIC_EPOCH) {
    if (request.instanceId === null) throw invalid("InstanceId can't be null.");
  } else if (memberEpoch < LEAVE_STATIC_EPOCH) throw invalid('MemberEpoch is invalid.');
  if (request.serverAssignor !== null && !assignors.includes(request.serverAssignor)) {
    const supported = `Supported assignors: ${assignors.join(', ')}.`;
    const message = `ServerAssignor ${request.serverAssignor} is not supported. ${supported}`;
    throw new KafkaError(Errors.UNSUPPORTED_ASSIGNOR, message);
  }
}

/** Resolves once the records of all changes are synced. */
export async function heartbeat(
  c: GroupContext,
  caller: Caller,
  request: HeartbeatRequest,
): Promise<HeartbeatResponse> {
  if (request.memberEpoch < 0) return leave(c, request);
  const { groupId, instanceId } = request;
  const joins = request.memberEpoch === 0;
  const joinable = joins ? groupToJoin(c, groupId) : existing(c, groupId);
  throwIfFull(c, joinable.draft.group, request.memberId);
  const memberId = request.memberId === '' ? randomBytes(16).toString('base64url') : request.memberId;
  const { draft } = joinable;
  const before =
    instanceId === null
      ? dynamicMember(draft.group, memberId, request, joins)
      : staticMember(draft, memberId, instanceId, request, joins);
  const subscriptionChanged = updateMember(c, draft, before, updated(before, caller, request), caller);
  updateTarget(c, draft);
  const previous = draft.group.members.get(memberId);
  const member = reconcile(c, draft, memberId, request.topicPartitions, subscriptionChanged);
  await commit(c, joinable, member);
  // the timeout for revocation starts when the member is told to revoke, and heartbeats do not extend it
  if (member !== previous) watchRevocation(c, groupId, member, fenceByTimer);
  const full =
    request.rebalanceTimeoutMs !== -1 &&
    (request.subscribedTopicNames !== null || request.subscribedTopicRegex !== null) &&
    request.topicPartitions !== null;
  const includeAssignment = joins || full || !sameOwned(before.assigned, member.assigned);
  return {
    memberId,
    memberEpoch: member.memberEpoch,
    heartbeatIntervalMs: settingOf(c, groupId, 'heartbeat.interval.ms'),
    assignment: includeAssignment ? { topicPartitions: fromOwned(member.assigned) } : null,
  };
}

async function commit(c: GroupContext, { draft, begin }: Joinable, member: ConsumerMember): Promise<void> {
  const { groupId } = draft.group;
  if (draft.records.length > 0) await c.write(groupId, draft.records);
  begin?.();
  renewSession(c, groupId, member, fenceByTimer);
}

function existing(c: GroupContext, groupId: string): Joinable {
  const group = c.groups.get(groupId);
  if (!group) throw new KafkaError(Errors.GROUP_ID_NOT_FOUND, `Consumer group ${groupId} not found.`);
  if (group.type !== 'consumer') throw notConsumer(groupId);
  return { draft: new Draft(group) };
}
const notConsumer = (groupId: string): KafkaError =>
  new KafkaError(Errors.GROUP_ID_NOT_FOUND, `Group ${groupId} is not a consumer group.`);

/** Throws GROUP_MAX_SIZE_REACHED if a new member does not fit. */
export function throwIfFull(c: GroupContext, group: ConsumerGroup, memberId: string): void {
  const max = c.number('group.consumer.max.size');
  if (group.members.size < max || group.members.has(memberId)) return;
  const message = `The consumer group has reached its maximum capacity of ${max} members.`;
  throw new KafkaError(Errors.GROUP_MAX_SIZE_REACHED, message);
}

function dynamicMember(
  group: ConsumerGroup,
  memberId: string,
  request: HeartbeatRequest,
  joins: boolean,
): ConsumerMember {
  const known = group.members.get(memberId);
  if (!known && joins) return newMember(memberId);
  const member = known ?? group.member(memberId);
  throwIfEpochInvalid(member, request.memberEpoch, request.topicPartitions);
  return member;
}

function staticMember(
  draft: Draft,
  memberId: string,
  instanceId: string,
  request: HeartbeatRequest,
  joins: boolean,
): ConsumerMember {
  const known = draft.group.staticMember(instanceId);
  if (!joins) {
    const member = checkedStaticMember(known, memberId, instanceId);
    throwIfEpochInvalid(member, request.memberEpoch, request.topicPartitions);
    return member;
  }
  if (!known) return draft.group.members.get(memberId) ?? newMember(memberId);
  if (!known.classic && known.memberEpoch !== LEAVE_STATIC_EPOCH) {
    const owner = `the instance id is owned by ${known.memberId} member.`;
    const message = `Static member ${memberId} with instance id ${instanceId} cannot join the group because ${owner}`;
    throw new KafkaError(Errors.UNRELEASED_INSTANCE_ID, message);
  }
  return replaceStaticMember(draft, known, memberId);
}

/** Replaces a static member by the same member under a new member id. */
export function replaceStaticMember(draft: Draft, known: ConsumerMember, memberId: string): ConsumerMember {
  const member: ConsumerMember = { ...known, memberId, memberEpoch: 0, previousMemberEpoch: 0 };
  draft.replace(known, member);
  return member;
}

/** The static member; throws if it is unknown or has another member id. */
export function checkedStaticMember(
  known: ConsumerMember | undefined,
  memberId: string,
  instanceId: string,
): ConsumerMember {
  if (!known) throw new KafkaError(Errors.UNKNOWN_MEMBER_ID, `Instance id ${instanceId} is unknown.`);
  if (known.memberId === memberId) return known;
  const message = `Static member ${memberId} with instance id ${instanceId} was fenced by member ${known.memberId}.`;
  throw new KafkaError(Errors.FENCED_INSTANCE_ID, message);
}

function throwIfEpochInvalid(member: ConsumerMember, epoch: number, owned: TopicPartitions | null): void {
  if (epoch === 0 || epoch === member.memberEpoch) return;
  // the previous epoch is valid if the member missed the last response, as long as it owns nothing that was revoked
  if (epoch === member.previousMemberEpoch && isOwned(owned, member.assigned)) return;
  const than = epoch > member.memberEpoch ? 'greater' : 'smaller';
  const known = `than the one known by the group coordinator (${member.memberEpoch})`;
  const message = `The consumer group member has a ${than} member epoch (${epoch}) ${known}.`;
  throw new KafkaError(Errors.FENCED_MEMBER_EPOCH, `${message} The member must abandon all its partitions and rejoin.`);
}

const updated = (member: ConsumerMember, caller: Caller, request: HeartbeatRequest): ConsumerMember => ({
  ...member,
  instanceId: request.instanceId ?? member.instanceId,
  rackId: request.rackId ?? member.rackId,
  rebalanceTimeoutMs: request.rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : request.rebalanceTimeoutMs,
  assignor: request.serverAssignor ?? member.assignor,
  topics: request.subscribedTopicNames ? [...new Set(request.subscribedTopicNames)].sort() : member.topics,
  regex: request.subscribedTopicRegex ?? member.regex,
  clientId: caller.clientId,
  clientHost: caller.clientHost,
  classic: null,
});

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((v, i) => v === b[i]);

/**
 * Stores the member's new subscription and metadata, and bumps the group epoch if the subscription changed. Returns
 * whether it did.
 */
export function updateMember(
  c: GroupContext,
  draft: Draft,
  before: ConsumerMember,
  after: ConsumerMember,
  { mayDescribe }: Caller,
): boolean {
  const same =
    before.instanceId === after.instanceId &&
    before.rackId === after.rackId &&
    before.rebalanceTimeoutMs === after.rebalanceTimeoutMs &&
    before.assignor === after.assignor &&
    before.regex === after.regex &&
    before.clientId === after.clientId &&
    before.clientHost === after.clientHost &&
    sameClassic(before, after) &&
    sameList(before.topics, after.topics);
  if (!same) draft.emit(memberRecord(draft.group.groupId, after));
  if (after.regex !== '') c.patterns.check(after.regex);
  const regexesChanged = refreshRegexes(c, draft, mayDescribe);
  const regexChanged = before.regex !== after.regex;
  const changed = !sameList(before.topics, after.topics) || regexChanged || regexesChanged;
  bumpEpoch(c, draft, changed);
  return changed;
}

function sameClassic({ classic: a }: ConsumerMember, { classic: b }: ConsumerMember): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.sessionTimeoutMs === b.sessionTimeoutMs &&
    a.supportedProtocols.length === b.supportedProtocols.length &&
    a.supportedProtocols.every((p, i) => {
      const q = b.supportedProtocols[i];
      return q !== undefined && p.name === q.name && p.metadata.equals(q.metadata);
    })
  );
}

async function leave(c: GroupContext, request: HeartbeatRequest): Promise<HeartbeatResponse> {
  const { groupId, memberId, instanceId, memberEpoch } = request;
  const group = c.groups.get(groupId);
  if (!group) throw new KafkaError(Errors.GROUP_ID_NOT_FOUND, `Group ${groupId} not found.`);
  if (group.type !== 'consumer') throw notConsumer(groupId);
  if (instanceId === null) {
    await fenceMembers(c, group, [group.member(memberId)]);
    return { memberId, memberEpoch };
  }
  const member = checkedStaticMember(group.staticMember(instanceId), memberId, instanceId);
  if (memberEpoch !== LEAVE_STATIC_EPOCH) await fenceMembers(c, group, [member]);
  else {
    // the static member is expected to rejoin: its partitions stay assigned until its session times out
    const assigned = new Map(
      [...member.assigned].map(([id, set]) => [id, new Map([...set.keys()].map((p) => [p, 0]))]),
    );
    const departed = { ...member, memberEpoch: LEAVE_STATIC_EPOCH, revoking: OWNS_NOTHING, assigned };
    await c.write(groupId, [currentRecord(groupId, departed)]);
  }
  return { memberId: member.memberId, memberEpoch };
}
