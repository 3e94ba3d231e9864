/**
 * The records of a share group, and how they are applied. Mirrors GroupCoordinatorRecordHelpers and the replay methods.
 */
import { type CoordinatorRecord, type RecordType, record } from '../../coordinator/record.js';
import { fromPartitionSet, NO_PARTITIONS, type PartitionSet, toPartitionSet } from '../partitions.js';
import {
  SHARE_CURRENT_ASSIGNMENT,
  SHARE_GROUP,
  SHARE_MEMBER,
  SHARE_STATE_PARTITIONS,
  SHARE_TARGET_ASSIGNMENT,
  SHARE_TARGET_EPOCH,
} from '../records.js';
import { type InitializedTopic, newShareMember, type ShareGroup, type ShareMember } from './group.js';

const STABLE = 0;

export const shareEpochRecord = (groupId: string, epoch: number, metadataHash: bigint): CoordinatorRecord =>
  record(SHARE_GROUP, { groupId }, { epoch, metadataHash });

export const shareMemberRecord = (groupId: string, m: ShareMember): CoordinatorRecord =>
  record(
    SHARE_MEMBER,
    { groupId, memberId: m.memberId },
    { rackId: m.rackId, clientId: m.clientId, clientHost: m.clientHost, subscribedTopicNames: m.topics },
  );

export const shareTargetRecord = (groupId: string, memberId: string, partitions: PartitionSet): CoordinatorRecord =>
  record(SHARE_TARGET_ASSIGNMENT, { groupId, memberId }, { topicPartitions: fromPartitionSet(partitions) });

export const shareTargetEpochRecord = (groupId: string, epoch: number, timestamp: number): CoordinatorRecord =>
  record(SHARE_TARGET_EPOCH, { groupId }, { assignmentEpoch: epoch, assignmentTimestamp: BigInt(timestamp) });

export const shareCurrentRecord = (groupId: string, m: ShareMember): CoordinatorRecord =>
  record(
    SHARE_CURRENT_ASSIGNMENT,
    { groupId, memberId: m.memberId },
    {
      memberEpoch: m.memberEpoch,
      previousMemberEpoch: m.previousMemberEpoch,
      state: STABLE,
      assignedPartitions: fromPartitionSet(m.assigned),
    },
  );

/** The initialized partitions. Kafka's lists of partitions being initialized or deleted are always empty here. */
export const statePartitionsRecord = (
  groupId: string,
  initialized: ReadonlyMap<string, InitializedTopic>,
): CoordinatorRecord =>
  record(
    SHARE_STATE_PARTITIONS,
    { groupId },
    {
      initializingTopics: [],
      initializedTopics: [...initialized].map(([topicId, { name, partitions }]) => ({
        topicId,
        topicName: name,
        partitions: [...partitions],
      })),
      deletingTopics: [],
    },
  );

/** The tombstones of a removed member, in the order that replay requires. */
export const shareMemberTombstones = (groupId: string, memberId: string): CoordinatorRecord[] => [
  record(SHARE_CURRENT_ASSIGNMENT, { groupId, memberId }, null),
  record(SHARE_TARGET_ASSIGNMENT, { groupId, memberId }, null),
  record(SHARE_MEMBER, { groupId, memberId }, null),
];

/** The tombstones of the whole group. */
export const shareTombstones = ({ groupId }: ShareGroup): CoordinatorRecord[] => [
  record(SHARE_STATE_PARTITIONS, { groupId }, null),
  record(SHARE_TARGET_EPOCH, { groupId }, null),
  record(SHARE_GROUP, { groupId }, null),
];

type Of<T> = CoordinatorRecord<T extends RecordType ? T : never>;

/** Applies a record to the group; returns false for the tombstone of the group itself. */
export function applyToShare(group: ShareGroup, r: CoordinatorRecord): boolean {
  switch (r.type) {
    case SHARE_GROUP: {
      const { value } = r as Of<typeof SHARE_GROUP>;
      if (!value) return false;
      group.groupEpoch = value.epoch;
      group.metadataHash = value.metadataHash;
      return true;
    }
    case SHARE_TARGET_EPOCH: {
      const { value } = r as Of<typeof SHARE_TARGET_EPOCH>;
      group.assignmentEpoch = value?.assignmentEpoch ?? -1;
      return true;
    }
    case SHARE_TARGET_ASSIGNMENT: {
      const { key, value } = r as Of<typeof SHARE_TARGET_ASSIGNMENT>;
      if (value) group.targets.set(key.memberId, toPartitionSet(value.topicPartitions));
      else group.targets.delete(key.memberId);
      return true;
    }
    case SHARE_STATE_PARTITIONS: {
      const topics = (r as Of<typeof SHARE_STATE_PARTITIONS>).value?.initializedTopics ?? [];
      group.initialized = new Map(
        topics.map((t) => [t.topicId, { name: t.topicName, partitions: new Set(t.partitions) }]),
      );
      return true;
    }
    case SHARE_MEMBER: {
      const { key, value } = r as Of<typeof SHARE_MEMBER>;
      if (value) put(group, key.memberId, { ...value, topics: value.subscribedTopicNames });
      else group.members.delete(key.memberId);
      return true;
    }
    case SHARE_CURRENT_ASSIGNMENT: {
      const { key, value } = r as Of<typeof SHARE_CURRENT_ASSIGNMENT>;
      if (value) {
        const { memberEpoch, previousMemberEpoch } = value;
        put(group, key.memberId, {
          memberEpoch,
          previousMemberEpoch,
          assigned: toPartitionSet(value.assignedPartitions),
        });
      } else if (group.members.has(key.memberId)) {
        put(group, key.memberId, { memberEpoch: -1, previousMemberEpoch: -1, assigned: NO_PARTITIONS });
      }
      return true;
    }
    default:
      return true;
  }
}

function put(group: ShareGroup, memberId: string, changes: Partial<ShareMember>): void {
  const { rackId, clientId, clientHost, topics, memberEpoch, previousMemberEpoch, assigned } = {
    ...(group.members.get(memberId) ?? newShareMember(memberId)),
    ...changes,
  };
  group.members.set(memberId, {
    memberId,
    memberEpoch,
    previousMemberEpoch,
    rackId,
    clientId,
    clientHost,
    topics,
    assigned,
  });
}
