import { hashOrderBy, javaHash } from '../cli/java-hash.js';
import type { TopicPartition } from '../client/partition.js';

/** Partitions in the order of a java.util.HashMap. */
export const partitionOrder = <T extends TopicPartition>(partitions: readonly T[]): T[] =>
  hashOrderBy(partitions, ({ topic, partition }) => (Math.imul(31, 31 + partition) + javaHash(topic)) | 0);
