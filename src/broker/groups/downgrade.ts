/**
 * Converts a consumer group to a classic group when its last KIP-848 member leaves and classic members remain. Mirrors
 * GroupMetadataManager.convertToClassicGroup.
 */

import { consumerProtocolAssignment } from '../../protocol/messages/consumer-protocol.js';
import { Writer } from '../../protocol/wire/buffer.js';
import { codec } from '../../protocol/wire/codec.js';
import type { CoordinatorRecord } from '../coordinator/record.js';
import { ClassicGroup } from './classic/group.js';
import { CONSUMER_PROTOCOL, metadataOf, NO_ASSIGNMENT } from './classic/member.js';
import { keepAlive, prepareRebalance } from './classic/rebalance.js';
import { groupRecord } from './classic/records.js';
import type { ConsumerGroup, ConsumerMember } from './consumer/group.js';
import { consumerTombstones } from './consumer/records.js';
import { cancelAll } from './consumer/timers.js';
import type { GroupContext } from './context.js';
import type { PartitionSet } from './partitions.js';

/** Converts the group if the departure of `members` calls for it; otherwise returns undefined. */
export function downgradeAfter(
  c: GroupContext,
  group: ConsumerGroup,
  leaving: readonly ConsumerMember[],
): Promise<void> | undefined {
  const gone = new Set(leaving.map((m) => m.memberId));
  const staying = [...group.members.values()].filter((m) => !gone.has(m.memberId));
  if (staying.length === 0 || !staying.every((m) => m.classic) || !mayDowngrade(c, staying.length)) return undefined;
  return toClassic(c, group, consumerTombstones(group), staying, true);
}

/** Whether the group migration policy allows the downgrade, and a classic group of this size. */
export function mayDowngrade(c: GroupContext, members: number): boolean {
  const policy = String(c.setting('group.consumer.migration.policy')).toUpperCase();
  return (policy === 'DOWNGRADE' || policy === 'BIDIRECTIONAL') && members <= c.number('group.max.size');
}

/** Converts the group; `members` are those that remain, all of which use the classic protocol. */
export async function toClassic(
  c: GroupContext,
  group: ConsumerGroup,
  tombstones: readonly CoordinatorRecord[],
  members: readonly ConsumerMember[],
  rebalance: boolean,
): Promise<void> {
  const classic = new ClassicGroup(group.groupId, c.now());
  classic.generation = group.groupEpoch;
  classic.state = 'Stable';
  classic.protocolType = CONSUMER_PROTOCOL;
  for (const m of members) {
    classic.add({
      memberId: m.memberId,
      groupInstanceId: m.instanceId,
      clientId: m.clientId,
      clientHost: m.clientHost,
      rebalanceTimeoutMs: m.rebalanceTimeoutMs,
      sessionTimeoutMs: m.classic?.sessionTimeoutMs ?? 0,
      protocolType: CONSUMER_PROTOCOL,
      protocols: m.classic?.supportedProtocols ?? [],
      assignment: NO_ASSIGNMENT,
      isNew: false,
    });
  }
  classic.protocolName = classic.selectProtocol();
  classic.subscribedTopics = classic.computeSubscribedTopics();
  for (const member of classic.members.values()) {
    const metadata = metadataOf(member, classic.protocolName);
    const version = metadata.length >= 2 ? metadata.readInt16BE(0) : 0;
    member.assignment = assignmentBytes(c, group.target(member.memberId), version);
  }
  const written = c.write(group.groupId, [...tombstones, groupRecord(classic)], false);
  for (const memberId of group.members.keys()) cancelAll(c, group.groupId, memberId);
  c.groups.set(group.groupId, classic);
  for (const member of classic.members.values()) keepAlive(c, classic, member);
  if (rebalance) prepareRebalance(c, classic);
  await written;
}

/** An assignment in the consumer protocol's encoding, in the version of the member's subscription. */
export function assignmentBytes(c: GroupContext, partitions: PartitionSet, version: number): Buffer {
  const [low, high] = consumerProtocolAssignment.versions;
  const known = Math.min(Math.max(version, low), high);
  const assignedPartitions = [...partitions].flatMap(([id, set]) => {
    const topic = c.topicById(id)?.name;
    return topic === undefined ? [] : [{ topic, partitions: [...set].sort((a, b) => a - b) }];
  });
  const writer = new Writer();
  writer.int16(known);
  codec(consumerProtocolAssignment.fields, known, false).encode({ assignedPartitions, userData: null }, writer);
  return writer.toBuffer();
}
