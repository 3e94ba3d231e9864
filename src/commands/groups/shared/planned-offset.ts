import type { TopicPartition } from '../../../kafka/topic-partition.js';

/** Where a partition's committed offset is moved to. */
export interface PlannedOffset extends TopicPartition {
  readonly offset: bigint;
}
