/**
 * The records of a KIP-848 group, and how they are applied. Mirrors GroupCoordinatorRecordHelpers and the replay
 * methods.
 */
import { type CoordinatorRecord, type RecordType, record } from '../../coordinator/record.js';
import {
  fromPartitionSet,
  OWNS_NOTHING,
  type OwnedPartitions,
  type PartitionSet,
  toPartitionSet,
} from '../partitions.js';
import {
  CONSUMER_GROUP,
  CURRENT_ASSIGNMENT,
  MEMBER,
  REGULAR_EXPRESSION,
  TARGET_ASSIGNMENT,
  TARGET_EPOCH,
} from '../records.js';
import { type ConsumerGroup, type ConsumerMember, newMember, type ResolvedRegex } from './group.js';

export const epochRecord = (groupId: string, epoch: number, metadataHash: bigint): CoordinatorRecord =>
  record(CONSUMER_GROUP, { groupId }, { epoch, metadataHash });

export const memberRecord = (groupId: string, m: ConsumerMember): CoordinatorRecord =>
  record(
    MEMBER,
    { groupId, memberId: m.memberId },
    {
      instanceId: m.instanceId,
      rackId: m.rackId,
      clientId: m.clientId,
      clientHost: m.clientHost,
      subscribedTopicNames: m.topics,
      subscribedTopicRegex: m.regex,
      rebalanceTimeoutMs: m.rebalanceTimeoutMs,
      serverAssignor: m.assignor,
      classicMemberMetadata: m.classic,
    },
  );

export const targetRecord = (groupId: string, memberId: string, partitions: PartitionSet): CoordinatorRecord =>
  record(TARGET_ASSIGNMENT, { groupId, memberId }, { topicPartitions: fromPartitionSet(partitions) });

export const targetEpochRecord = (groupId: string, epoch: number, timestamp: number): CoordinatorRecord =>
  record(TARGET_EPOCH, { groupId }, { assignmentEpoch: epoch, assignmentTimestamp: BigInt(timestamp) });

const ownedList = (owned: OwnedPartitions) =>
  [...owned].map(([topicId, partitions]) => ({
    topicId,
    partitions: [...partitions.keys()],
    assignmentEpochs: [...partitions.values()],
  }));

export const currentRecord = (groupId: string, m: ConsumerMember): CoordinatorRecord =>
  record(
    CURRENT_ASSIGNMENT,
    { groupId, memberId: m.memberId },
    {
      memberEpoch: m.memberEpoch,
      previousMemberEpoch: m.previousMemberEpoch,
      state: m.state,
      assignedPartitions: ownedList(m.assigned),
      partitionsPendingRevocation: ownedList(m.revoking),
    },
  );

export const regexRecord = (groupId: string, regularExpression: string, resolved: ResolvedRegex): CoordinatorRecord =>
  record(REGULAR_EXPRESSION, { groupId, regularExpression }, resolved);
export const regexTombstone = (groupId: string, regularExpression: string): CoordinatorRecord =>
  record(REGULAR_EXPRESSION, { groupId, regularExpression }, null);

/** The tombstones of a removed member, in the order that replay requires. */
export const memberTombstones = (groupId: string, memberId: string): CoordinatorRecord[] => [
  record(CURRENT_ASSIGNMENT, { groupId, memberId }, null),
  record(TARGET_ASSIGNMENT, { groupId, memberId }, null),
  record(MEMBER, { groupId, memberId }, null),
];

/** The tombstones of the whole group. */
export function consumerTombstones(group: ConsumerGroup): CoordinatorRecord[] {
  const { groupId } = group;
  const ids = [...group.members.keys()];
  return [
    ...ids.map((memberId) => record(CURRENT_ASSIGNMENT, { groupId, memberId }, null)),
    ...ids.map((memberId) => record(TARGET_ASSIGNMENT, { groupId, memberId }, null)),
    record(TARGET_EPOCH, { groupId }, null),
    ...ids.map((memberId) => record(MEMBER, { groupId, memberId }, null)),
    ...[...group.regexes.keys()].map((regex) => regexTombstone(groupId, regex)),
    record(CONSUMER_GROUP, { groupId }, null),
  ];
}

type Of<T> = CoordinatorRecord<T extends RecordType ? T : never>;

const owned = (list: NonNullable<Of<typeof CURRENT_ASSIGNMENT>['value']>['assignedPartitions'], epoch: number) =>
  new Map(
    list.map((t) => [t.topicId, new Map(t.partitions.map((p, i) => [p, t.assignmentEpochs?.[i] ?? epoch]))] as const),
  );

/** Applies a record to the group; returns false for the tombstone of the group itself. */
export function applyTo(group: ConsumerGroup, r: CoordinatorRecord): boolean {
  switch (r.type) {
    case CONSUMER_GROUP: {
      const { value } = r as Of<typeof CONSUMER_GROUP>;
      if (!value) return false;
      group.groupEpoch = value.epoch;
      group.metadataHash = value.metadataHash;
      return true;
    }
    case TARGET_EPOCH: {
      const { value } = r as Of<typeof TARGET_EPOCH>;
      group.assignmentEpoch = value?.assignmentEpoch ?? -1;
      group.assignmentTimestamp = Number(value?.assignmentTimestamp ?? 0n);
      return true;
    }
    case TARGET_ASSIGNMENT: {
      const { key, value } = r as Of<typeof TARGET_ASSIGNMENT>;
      if (value) group.targets.set(key.memberId, toPartitionSet(value.topicPartitions));
      else group.targets.delete(key.memberId);
      return true;
    }
    case REGULAR_EXPRESSION: {
      const { key, value } = r as Of<typeof REGULAR_EXPRESSION>;
      if (value) group.regexes.set(key.regularExpression, value);
      else group.regexes.delete(key.regularExpression);
      return true;
    }
    case MEMBER:
      return applyMember(group, r as Of<typeof MEMBER>);
    case CURRENT_ASSIGNMENT:
      return applyCurrent(group, r as Of<typeof CURRENT_ASSIGNMENT>);
    default:
      return true;
  }
}

function applyMember(group: ConsumerGroup, { key, value }: Of<typeof MEMBER>): true {
  if (!value) {
    group.remove(key.memberId);
    return true;
  }
  const classic = value.classicMemberMetadata;
  group.put({
    ...(group.members.get(key.memberId) ?? newMember(key.memberId)),
    instanceId: value.instanceId,
    rackId: value.rackId,
    clientId: value.clientId,
    clientHost: value.clientHost,
    topics: value.subscribedTopicNames,
    regex: value.subscribedTopicRegex ?? '',
    rebalanceTimeoutMs: value.rebalanceTimeoutMs,
    assignor: value.serverAssignor,
    classic: classic && {
      ...classic,
      // copied, as a slice would keep the buffer of the whole batch alive
      supportedProtocols: classic.supportedProtocols.map((p) => ({ ...p, metadata: Buffer.from(p.metadata) })),
    },
  });
  return true;
}

function applyCurrent(group: ConsumerGroup, { key, value }: Of<typeof CURRENT_ASSIGNMENT>): true {
  const member = group.members.get(key.memberId);
  if (!value) {
    const gone = { memberEpoch: -1, previousMemberEpoch: -1, assigned: OWNS_NOTHING, revoking: OWNS_NOTHING };
    if (member) group.put({ ...member, ...gone });
    return true;
  }
  group.put({
    ...(member ?? newMember(key.memberId)),
    memberEpoch: value.memberEpoch,
    previousMemberEpoch: value.previousMemberEpoch,
    state: value.state,
    assigned: owned(value.assignedPartitions, value.memberEpoch),
    revoking: owned(value.partitionsPendingRevocation, value.memberEpoch),
  });
  return true;
}
