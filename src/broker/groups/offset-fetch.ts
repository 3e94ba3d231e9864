/** OffsetFetch. Mirrors coordinator/group/OffsetMetadataManager.fetchOffsets and fetchAllOffsets. */
import { Errors, KafkaError } from '../../protocol/errors.js';
import { ZERO_UUID } from '../../protocol/wire/schema.js';
import type { GroupContext } from './context.js';
import type { CommittedOffset } from './offsets.js';

export interface FetchGroup {
  readonly groupId: string;
  readonly memberId: string | null;
  readonly memberEpoch: number;
  /** null: all the group has */
  readonly topics: readonly FetchTopic[] | null;
}
export interface FetchTopic {
  readonly name: string;
  /** all zero: not known */
  readonly topicId: string;
  readonly partitionIndexes: readonly number[];
}
export interface FetchedPartition {
  partitionIndex: number;
  committedOffset: bigint;
  committedLeaderEpoch: number;
  metadata: string | null;
  errorCode: number;
}
export interface FetchedTopic {
  name: string;
  topicId: string;
  partitions: FetchedPartition[];
}

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

/** An offset of a topic that was deleted and made anew under the same name is none. */
const otherTopic = (o: CommittedOffset, topicId: string): boolean =>
  o.topicId !== ZERO_UUID && topicId !== ZERO_UUID && o.topicId !== topicId;

/** The group; one that commits no offsets (a share group) is to those who ask as one that is not there. */
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
 * What a group has committed; a group that is not there has nothing. `requireStable`: an offset that an open transaction
 * is about to move is UNSTABLE_OFFSET_COMMIT. Throws where the asking member is not of the group.
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
