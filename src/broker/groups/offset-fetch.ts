/** OffsetFetch. Mirrors coordinator/group/OffsetMetadataManager.fetchOffsets and fetchAllOffsets. */
import { Errors, KafkaError } from '../../protocol/errors.js';
import { ZERO_UUID } from '../../protocol/wire/schema.js';
import type { GroupContext } from './context.js';
import type { CommittedOffset } from './offsets.js';

/** One group of an OffsetFetch. */
export interface FetchGroup {
  readonly groupId: string;
  readonly memberId: string | null;
  readonly memberEpoch: number;
  /** null: all topics with committed offsets */
  readonly topics: readonly FetchTopic[] | null;
}
/** One topic of an OffsetFetch. */
export interface FetchTopic {
  readonly name: string;
  /** zero if unknown */
  readonly topicId: string;
  readonly partitionIndexes: readonly number[];
}
/** One partition of an OffsetFetch response. */
export interface FetchedPartition {
  partitionIndex: number;
  committedOffset: bigint;
  committedLeaderEpoch: number;
  metadata: string | null;
  errorCode: number;
}
/** One topic of an OffsetFetch response. */
export interface FetchedTopic {
  name: string;
  topicId: string;
  partitions: FetchedPartition[];
}

/** The result for a partition without a committed offset, or with an error. */
export const noOffset = (
  partitionIndex: number,
  errorCode: number,
  metadata: string | null = '',
): FetchedPartition => ({
  partitionIndex,
  committedOffset: -1n,
  committedLeaderEpoch: -1,
  metadata,
  errorCode,
});

const found = (partitionIndex: number, o: CommittedOffset): FetchedPartition => ({
  partitionIndex,
  committedOffset: o.offset,
  committedLeaderEpoch: o.leaderEpoch,
  metadata: o.metadata,
  errorCode: Errors.NONE,
});

/** Whether an offset was committed for a deleted topic of the same name, and must not be returned. */
const otherTopic = (o: CommittedOffset, topicId: string): boolean =>
  o.topicId !== ZERO_UUID && topicId !== ZERO_UUID && o.topicId !== topicId;

/** The group, or undefined if it does not exist. A share group, which commits no offsets, is treated as nonexistent. */
function readable(c: GroupContext, { groupId, memberId, memberEpoch }: FetchGroup) {
  const group = c.groups.get(groupId);
  try {
    group?.validateOffsetFetch(memberId, memberEpoch);
    return group;
  } catch (error) {
    if (error instanceof KafkaError && error.code === Errors.GROUP_ID_NOT_FOUND) return undefined;
    throw error;
  }
}

/**
 * The committed offsets of a group; none if the group does not exist. With `requireStable`, a partition with a pending
 * transactional commit gets UNSTABLE_OFFSET_COMMIT. Throws if the requesting member is not in the group.
 */
export function fetchOffsets(c: GroupContext, request: FetchGroup, requireStable: boolean): FetchedTopic[] {
  const { groupId } = request;
  const group = readable(c, request);
  const unstable = (topic: string, partition: number): boolean =>
    requireStable && c.offsets.isPending(groupId, topic, partition);
  if (request.topics === null) {
    const topics: FetchedTopic[] = [];
    for (const [name, partitions] of (group && c.offsets.ofGroup(groupId)) ?? []) {
      const all = [...partitions].map(([partition, offset]) =>
        unstable(name, partition) ? noOffset(partition, Errors.UNSTABLE_OFFSET_COMMIT) : found(partition, offset),
      );
      topics.push({ name, topicId: ZERO_UUID, partitions: all });
    }
    return topics;
  }
  return request.topics.map(({ name, topicId, partitionIndexes }) => ({
    name,
    topicId,
    partitions: partitionIndexes.map((partition) => {
      if (unstable(name, partition)) return noOffset(partition, Errors.UNSTABLE_OFFSET_COMMIT);
      const offset = group && c.offsets.get(groupId, name, partition);
      return offset && !otherTopic(offset, topicId) ? found(partition, offset) : noOffset(partition, Errors.NONE);
    }),
  }));
}
