/** Classic protocol members of a consumer group. Mirrors GroupMetadataManager.classicGroup*ToConsumerGroup. */
import { randomBytes } from 'node:crypto';
import { Errors, KafkaError } from '../../../protocol/errors.js';
import type { JoinRequest } from '../classic/join.js';
import { CONSUMER_PROTOCOL, type JoinResponse, readSubscription, type SyncResponse } from '../classic/member.js';
import type { HeartbeatRequest, LeaveResult, LeavingMember, SyncRequest } from '../classic/sync.js';
import type { Caller, GroupContext } from '../context.js';
import { assignmentBytes, mayDowngrade, toClassic } from '../downgrade.js';
import { Draft } from '../draft.js';
import type { OwnedPartitions, PartitionSet } from '../partitions.js';
import { reconcile, updateTarget } from './epochs.js';
import { type ConsumerGroup, type ConsumerMember, MemberState, newMember } from './group.js';
import { checkedStaticMember, replaceStaticMember, throwIfFull, updateMember } from './heartbeat.js';
import { fenceByTimer, fenceMembers } from './leave.js';
import { consumerTombstones } from './records.js';
import { cancel, renewSession, schedule, scheduleIfAbsent } from './timers.js';

const KNOWN_MEMBER_ID_VERSION = 4;
const inconsistent = (message: string): KafkaError => new KafkaError(Errors.INCONSISTENT_GROUP_PROTOCOL, message);

/** JoinGroup of a classic member; resolves once the records are synced. */
export async function joinConsumer(
  c: GroupContext,
  caller: Caller,
  group: ConsumerGroup,
  request: JoinRequest,
): Promise<JoinResponse> {
  const { groupId, groupInstanceId: instanceId } = request;
  if (String(c.setting('group.consumer.migration.policy')).toUpperCase() === 'DISABLED') {
    const why = 'with the classic protocol because the group migration is disabled.';
    throw inconsistent(`Cannot join the consumer group ${groupId} ${why}`);
  }
  const isNew = request.memberId === '';
  const memberId = isNew ? randomBytes(16).toString('base64url') : request.memberId;
  throwIfFull(c, group, memberId);
  throwIfUnsupported(group, memberId, request);
  if (isNew && instanceId === null && caller.apiVersion >= KNOWN_MEMBER_ID_VERSION) {
    return { memberId, errorCode: Errors.MEMBER_ID_REQUIRED };
  }
  const draft = new Draft(group);
  const former = instanceId === null ? undefined : group.staticMember(instanceId);
  const before = memberBefore(draft, memberId, instanceId, isNew, former);
  const { after, owned } = subscribed(c, before, caller, request);
  const changed = updateMember(c, draft, before, after, caller);
  const downgrade = former !== undefined && isLastOfItsKind(group, former) && mayDowngrade(c, group.members.size);
  let member: ConsumerMember;
  if (downgrade) {
    const stale = draft.group.assignmentEpoch < draft.group.groupEpoch;
    member = stale ? after : reconcile(c, draft, memberId, owned, changed);
    const tombstones = [...draft.records, ...consumerTombstones(draft.group)];
    await toClassic(c, draft.group, tombstones, [...draft.group.members.values()], stale);
  } else {
    updateTarget(c, draft);
    member = reconcile(c, draft, memberId, owned, changed);
    if (draft.records.length > 0) await c.write(groupId, draft.records);
    renewSession(c, groupId, member, fenceByTimer);
    schedule(c, 'consumer-sync', groupId, memberId, request.rebalanceTimeoutMs, fenceByTimer);
  }
  cancel(c, 'consumer-join', groupId, memberId);
  const protocolName = request.protocols[0]?.name ?? '';
  return { memberId, generationId: member.memberEpoch, protocolType: CONSUMER_PROTOCOL, protocolName };
}

function throwIfUnsupported(group: ConsumerGroup, memberId: string, { protocolType, protocols }: JoinRequest): void {
  const classic = [...group.members.values()].flatMap((m) => (m.classic ? [m.classic] : []));
  const shared = (name: string): boolean =>
    classic.every(({ supportedProtocols }) => supportedProtocols.some((p) => p.name === name));
  if (protocolType === CONSUMER_PROTOCOL && protocols.some((p) => shared(p.name))) return;
  throw inconsistent(`Member ${memberId}'s protocols are not supported.`);
}

function memberBefore(
  draft: Draft,
  memberId: string,
  instanceId: string | null,
  isNew: boolean,
  former: ConsumerMember | undefined,
): ConsumerMember {
  if (instanceId === null) return draft.group.members.get(memberId) ?? newMember(memberId);
  if (!isNew) return checkedStaticMember(former, memberId, instanceId);
  return former ? replaceStaticMember(draft, former, memberId) : newMember(memberId);
}

function subscribed(c: GroupContext, before: ConsumerMember, caller: Caller, request: JoinRequest) {
  const subscription = readSubscription(request.protocols[0]?.metadata ?? Buffer.alloc(0));
  if (!subscription) throw inconsistent('Malformed embedded consumer protocol in subscription deserialization.');
  const after: ConsumerMember = {
    ...before,
    instanceId: request.groupInstanceId ?? before.instanceId,
    rackId: subscription.rackId || before.rackId,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs === -1 ? before.rebalanceTimeoutMs : request.rebalanceTimeoutMs,
    topics: [...new Set(subscription.topics)].sort(),
    regex: '',
    clientId: caller.clientId,
    clientHost: caller.clientHost,
    classic: {
      sessionTimeoutMs: request.sessionTimeoutMs,
      supportedProtocols: request.protocols.map((p) => ({ name: p.name, metadata: Buffer.from(p.metadata) })),
    },
  };
  const owned = subscription.ownedPartitions.flatMap(({ topic, partitions }) => {
    const topicId = c.topic(topic)?.id;
    return topicId === undefined ? [] : [{ topicId, partitions }];
  });
  return { after, owned };
}

const isLastOfItsKind = (group: ConsumerGroup, member: ConsumerMember): boolean =>
  !member.classic && [...group.members.values()].every((m) => m.memberId === member.memberId || m.classic);

/** The requesting member; throws if it is not in the group or does not use the classic protocol. */
function classicMember(group: ConsumerGroup, memberId: string, instanceId: string | null, generation: number) {
  const member = memberOf(group, memberId, instanceId);
  const { classic } = member;
  if (!classic) {
    throw new KafkaError(Errors.UNKNOWN_MEMBER_ID, `Member ${memberId} does not use the classic protocol.`);
  }
  if (member.memberEpoch === generation) return { member, classic };
  const message = `The request generation id ${generation} is not equal to the member epoch ${member.memberEpoch}`;
  throw new KafkaError(Errors.ILLEGAL_GENERATION, `${message} of member ${memberId}.`);
}

const memberOf = (group: ConsumerGroup, memberId: string, instanceId: string | null): ConsumerMember =>
  instanceId === null
    ? group.member(memberId)
    : checkedStaticMember(group.staticMember(instanceId), memberId, instanceId);

const withoutEpochs = (owned: OwnedPartitions): PartitionSet =>
  new Map([...owned].map(([topicId, partitions]) => [topicId, new Set(partitions.keys())]));

/** SyncGroup of a classic member: returns its assignment. */
export function syncConsumer(c: GroupContext, group: ConsumerGroup, request: SyncRequest): SyncResponse {
  const { memberId, protocolType, protocolName } = request;
  const { member, classic } = classicMember(group, memberId, request.groupInstanceId, request.generationId);
  const first = classic.supportedProtocols[0];
  if (protocolType !== null && protocolType !== CONSUMER_PROTOCOL) {
    const message = `The protocol type ${protocolType} from member ${memberId} request is not equal to the group`;
    throw inconsistent(`${message} protocol type ${CONSUMER_PROTOCOL}.`);
  }
  if (protocolName !== null && protocolName !== first?.name) {
    const message = `The protocol name ${protocolName} from member ${memberId} request is not equal to the`;
    throw inconsistent(`${message} protocol name ${first?.name} returned in the join response.`);
  }
  if (group.assignmentEpoch > member.memberEpoch && member.state !== MemberState.UNREVOKED) {
    awaitJoin(c, group, member);
    throw new KafkaError(Errors.REBALANCE_IN_PROGRESS);
  }
  cancel(c, 'consumer-sync', group.groupId, memberId);
  renewSession(c, group.groupId, member, fenceByTimer);
  const metadata = first?.metadata ?? Buffer.alloc(0);
  const version = metadata.length >= 2 ? metadata.readInt16BE(0) : 0;
  return { protocolType, protocolName, assignment: assignmentBytes(c, withoutEpochs(member.assigned), version) };
}

const awaitJoin = (c: GroupContext, { groupId }: ConsumerGroup, member: ConsumerMember): void =>
  scheduleIfAbsent(c, 'consumer-join', groupId, member.memberId, member.rebalanceTimeoutMs, fenceByTimer);

/** Returns the error code for a heartbeat. */
export function heartbeatConsumer(c: GroupContext, group: ConsumerGroup, request: HeartbeatRequest): number {
  const { member } = classicMember(group, request.memberId, request.groupInstanceId, request.generationId);
  renewSession(c, group.groupId, member, fenceByTimer);
  const mustJoin =
    member.memberEpoch < group.assignmentEpoch ||
    member.state === MemberState.UNREVOKED ||
    (member.state === MemberState.UNRELEASED && !waitsForOthers(group, member));
  if (!mustJoin) return Errors.NONE;
  awaitJoin(c, group, member);
  return Errors.REBALANCE_IN_PROGRESS;
}

/** Whether another member still owns a partition of its target assignment. */
function waitsForOthers(group: ConsumerGroup, member: ConsumerMember): boolean {
  const taken = group.taken();
  for (const [topicId, partitions] of group.target(member.memberId)) {
    for (const p of partitions) {
      if (!member.assigned.get(topicId)?.has(p) && taken.has(`${topicId}:${p}`)) return true;
    }
  }
  return false;
}

/** LeaveGroup: removes members; resolves with one result per member once that is synced. */
export async function leaveConsumer(
  c: GroupContext,
  group: ConsumerGroup,
  leaving: readonly LeavingMember[],
): Promise<LeaveResult[]> {
  const gone = new Map<string, ConsumerMember>();
  const results = leaving.map(({ memberId, groupInstanceId }) => {
    try {
      const byInstanceAlone = groupInstanceId !== null && memberId === '';
      const id = byInstanceAlone ? (group.staticMembers.get(groupInstanceId) ?? '') : memberId;
      const member = memberOf(group, id, groupInstanceId);
      gone.set(member.memberId, member);
      return { memberId, groupInstanceId, errorCode: Errors.NONE };
    } catch (error) {
      return { memberId, groupInstanceId, errorCode: (error as KafkaError).code };
    }
  });
  await fenceMembers(c, group, [...gone.values()]);
  return results;
}
