/** What the assignors of a classic group work on. */
import type { TopicPartition } from '../../kafka/topic-partition.js';

export interface GroupMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly topics: readonly string[];
  /** what it had, for sticky assignors */
  readonly owned: readonly TopicPartition[];
  readonly generation: number;
}

export type Assignment = Map<string, TopicPartition[]>;
/** topic -> number of partitions */
export type PartitionCounts = ReadonlyMap<string, number>;
