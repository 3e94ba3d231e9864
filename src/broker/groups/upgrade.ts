/**
 * Finds the group for a joining KIP-848 member: an existing consumer group, a new one, or a classic group that it
 * converts. The classic group's members stay and keep using the classic protocol. Mirrors
 * GroupMetadataManager.convertToConsumerGroup.
 */

import { Errors, KafkaError } from '../../protocol/errors.js';
import { consumerProtocolAssignment } from '../../protocol/messages/consumer-protocol.js';
import { Reader } from '../../protocol/wire/buffer.js';
import { decodeMessage } from '../../protocol/wire/codec.js';
import { record } from '../coordinator/record.js';
import type { ClassicGroup } from './classic/group.js';
import { type ClassicMember, metadataOf, readSubscription } from './classic/member.js';
import { cancelTimers } from './classic/rebalance.js';
import { metadataHash } from './consumer/epochs.js';
import { ConsumerGroup, type ConsumerMember, MemberState, newMember } from './consumer/group.js';
import { fenceByTimer } from './consumer/leave.js';
import { currentRecord, epochRecord, memberRecord, targetEpochRecord, targetRecord } from './consumer/records.js';
import { renewSession } from './consumer/timers.js';
import type { GroupContext } from './context.js';
import { Draft } from './draft.js';
import { NO_PARTITIONS, type PartitionSet, withEpoch } from './partitions.js';
import { GROUP_METADATA } from './records.js';

/** The group to join, as a draft with the records that create or convert it. */
export interface Joinable {
  readonly draft: Draft;
  /** to be called once the records are written */
  readonly begin?: () => void;
}

/** Throws GROUP_ID_NOT_FOUND if the group cannot be converted. */
export function groupToJoin(c: GroupContext, groupId: string): Joinable {
  const group = c.groups.get(groupId);
  if (!group) return { draft: new Draft(new ConsumerGroup(groupId)) };
  if (group.type === 'consumer') return { draft: new Draft(group) };
  if (group.type === 'share') {
    throw new KafkaError(Errors.GROUP_ID_NOT_FOUND, `Group ${groupId} is not a consumer group.`);
  }
  const gone = record(GROUP_METADATA, { group: groupId }, null);
  if (group.isEmpty) {
    return { draft: new Draft(new ConsumerGroup(groupId), [gone]), begin: () => cancelTimers(c, group) };
  }
  throwIfNotUpgradable(c, group);
  const draft = new Draft(new ConsumerGroup(groupId), [gone]);
  convert(c, group, draft);
  const members = [...draft.group.members.values()];
  return { draft, begin: () => moveIn(c, group, members) };
}

const cannot = (groupId: string, why: string): KafkaError =>
  new KafkaError(
    Errors.GROUP_ID_NOT_FOUND,
    `Cannot upgrade classic group ${groupId} to consumer group because ${why}.`,
  );

function throwIfNotUpgradable(c: GroupContext, group: ClassicGroup): void {
  const policy = String(c.setting('group.consumer.migration.policy')).toUpperCase();
  if (policy !== 'UPGRADE' && policy !== 'BIDIRECTIONAL') throw cannot(group.groupId, 'online upgrade is disabled');
  if (!group.usesConsumerProtocol) {
    throw cannot(group.groupId, 'the group does not use the consumer embedded protocol');
  }
  if (group.members.size > c.number('group.consumer.max.size')) {
    throw cannot(group.groupId, 'the group size exceeds the consumer group maximum size');
  }
}

function convert(c: GroupContext, group: ClassicGroup, draft: Draft): void {
  const { groupId, generation } = group;
  const members = [...group.members.values()].map((m) => toConsumerMember(c, group, m));
  draft.emit(...members.map(({ member }) => memberRecord(groupId, member)));
  draft.emit(epochRecord(groupId, generation, metadataHash(c, draft.group.subscribedTopics())));
  draft.emit(...members.map(({ member, target }) => targetRecord(groupId, member.memberId, target)));
  draft.emit(targetEpochRecord(groupId, generation, 0));
  draft.emit(...members.map(({ member }) => currentRecord(groupId, member)));
}

function toConsumerMember(c: GroupContext, group: ClassicGroup, m: ClassicMember) {
  const subscription = readSubscription(metadataOf(m, group.protocolName ?? ''));
  if (!subscription) throw cannot(group.groupId, 'the embedded consumer protocol is malformed');
  const target = readAssignment(c, group.groupId, m.assignment);
  const member: ConsumerMember = {
    ...newMember(m.memberId),
    memberEpoch: group.generation,
    previousMemberEpoch: group.generation,
    state: MemberState.STABLE,
    instanceId: m.groupInstanceId,
    rackId: subscription.rackId || null,
    rebalanceTimeoutMs: m.rebalanceTimeoutMs,
    clientId: m.clientId,
    clientHost: m.clientHost,
    topics: [...new Set(subscription.topics)].sort(),
    assigned: withEpoch(target, group.generation),
    classic: { sessionTimeoutMs: m.sessionTimeoutMs, supportedProtocols: m.protocols },
  };
  return { member, target };
}

/** Decodes a classic consumer's assignment to topic ids, dropping deleted topics. */
function readAssignment(c: GroupContext, groupId: string, bytes: Buffer): PartitionSet {
  if (bytes.length === 0) return NO_PARTITIONS;
  let assignment: ReturnType<typeof decodeMessage<typeof consumerProtocolAssignment.fields>>;
  try {
    const reader = new Reader(bytes);
    const version = Math.min(Math.max(reader.int16(), 0), consumerProtocolAssignment.versions[1]);
    assignment = decodeMessage(consumerProtocolAssignment, version, reader);
  } catch {
    throw cannot(groupId, 'the embedded consumer protocol is malformed');
  }
  if (assignment.userData && assignment.userData.length > 0) {
    const advice = 'Please refer to the documentation or switch to a default assignor before re-attempting the upgrade';
    throw cannot(groupId, `an unsupported custom assignor is in use. ${advice}`);
  }
  const set = new Map<string, Set<number>>();
  for (const { topic, partitions } of assignment.assignedPartitions) {
    const id = c.topic(topic)?.id;
    if (id !== undefined) set.set(id, new Set(partitions));
  }
  return set;
}

function moveIn(c: GroupContext, group: ClassicGroup, members: readonly ConsumerMember[]): void {
  cancelTimers(c, group);
  for (const member of group.members.values()) {
    group.reply(member, { memberId: member.memberId, errorCode: Errors.REBALANCE_IN_PROGRESS });
    group.replySync(member, { errorCode: Errors.REBALANCE_IN_PROGRESS });
  }
  for (const member of members) renewSession(c, group.groupId, member, fenceByTimer);
}
