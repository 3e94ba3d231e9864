/** The records of __consumer_offsets that the group coordinator reads and writes, by key type. */
import {
  consumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentValue,
  consumerGroupMemberMetadataKey,
  consumerGroupMemberMetadataValue,
  consumerGroupMetadataKey,
  consumerGroupMetadataValue,
  consumerGroupRegularExpressionKey,
  consumerGroupRegularExpressionValue,
  consumerGroupTargetAssignmentMemberKey,
  consumerGroupTargetAssignmentMemberValue,
  consumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataValue,
  groupMetadataKey,
  groupMetadataValue,
  legacyOffsetCommitKey,
  offsetCommitKey,
  offsetCommitValue,
  shareGroupCurrentMemberAssignmentKey,
  shareGroupCurrentMemberAssignmentValue,
  shareGroupMemberMetadataKey,
  shareGroupMemberMetadataValue,
  shareGroupMetadataKey,
  shareGroupMetadataValue,
  shareGroupStatePartitionMetadataKey,
  shareGroupStatePartitionMetadataValue,
  shareGroupTargetAssignmentMemberKey,
  shareGroupTargetAssignmentMemberValue,
  shareGroupTargetAssignmentMetadataKey,
  shareGroupTargetAssignmentMetadataValue,
} from '../../protocol/messages/group-records.js';
import { type RecordType, recordType } from '../coordinator/record.js';

/** key type 0, written by brokers before 0.9; only read */
export const LEGACY_OFFSET_COMMIT = recordType(legacyOffsetCommitKey, offsetCommitValue);
export const OFFSET_COMMIT = recordType(offsetCommitKey, offsetCommitValue, 4);
/** version 3 rather than 4, as Kafka 4.3 writes it */
export const GROUP_METADATA = recordType(groupMetadataKey, groupMetadataValue, 3);
export const CONSUMER_GROUP = recordType(consumerGroupMetadataKey, consumerGroupMetadataValue);
export const MEMBER = recordType(consumerGroupMemberMetadataKey, consumerGroupMemberMetadataValue);
export const TARGET_EPOCH = recordType(
  consumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataValue,
);
export const TARGET_ASSIGNMENT = recordType(
  consumerGroupTargetAssignmentMemberKey,
  consumerGroupTargetAssignmentMemberValue,
);
export const CURRENT_ASSIGNMENT = recordType(
  consumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentValue,
);
export const REGULAR_EXPRESSION = recordType(consumerGroupRegularExpressionKey, consumerGroupRegularExpressionValue);

export const SHARE_MEMBER = recordType(shareGroupMemberMetadataKey, shareGroupMemberMetadataValue);
export const SHARE_GROUP = recordType(shareGroupMetadataKey, shareGroupMetadataValue);
export const SHARE_TARGET_EPOCH = recordType(
  shareGroupTargetAssignmentMetadataKey,
  shareGroupTargetAssignmentMetadataValue,
);
export const SHARE_TARGET_ASSIGNMENT = recordType(
  shareGroupTargetAssignmentMemberKey,
  shareGroupTargetAssignmentMemberValue,
);
export const SHARE_CURRENT_ASSIGNMENT = recordType(
  shareGroupCurrentMemberAssignmentKey,
  shareGroupCurrentMemberAssignmentValue,
);
export const SHARE_STATE_PARTITIONS = recordType(
  shareGroupStatePartitionMetadataKey,
  shareGroupStatePartitionMetadataValue,
);

const SHARE_TYPES: readonly RecordType[] = [
  SHARE_MEMBER,
  SHARE_GROUP,
  SHARE_TARGET_EPOCH,
  SHARE_TARGET_ASSIGNMENT,
  SHARE_CURRENT_ASSIGNMENT,
  SHARE_STATE_PARTITIONS,
];
export const isShareType = (type: RecordType): boolean => SHARE_TYPES.includes(type);

export const GROUP_RECORD_TYPES: ReadonlyMap<number, RecordType> = new Map(
  [
    LEGACY_OFFSET_COMMIT,
    OFFSET_COMMIT,
    GROUP_METADATA,
    CONSUMER_GROUP,
    MEMBER,
    TARGET_EPOCH,
    TARGET_ASSIGNMENT,
    CURRENT_ASSIGNMENT,
    REGULAR_EXPRESSION,
    ...SHARE_TYPES,
  ].map((type) => [type.key.key as number, type as RecordType]),
);
