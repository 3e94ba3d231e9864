/** Sorts partitions and brokers in the orders of Java's tools. */
import { hashOrderBy, javaHash } from '../../java/hash-order.js';
import type { TopicPartition } from '../../kafka/topic-partition.js';

const partitionHash = ({ topic, partition }: TopicPartition): number =>
  (Math.imul(31, 31 + partition) + javaHash(topic)) | 0;

/** Partitions in the order of a java.util.HashMap. */
export const partitionOrder = <T extends TopicPartition>(partitions: readonly T[]): T[] =>
  hashOrderBy(partitions, partitionHash);

/** Partitions in the order of a copy, `new HashSet<>(set)`, which has another capacity. */
export const partitionCopyOrder = <T extends TopicPartition>(partitions: readonly T[]): T[] =>
  hashOrderBy(partitions, partitionHash, Math.max(16, Math.floor(partitions.length / 0.75) + 1));

/** Distinct numbers in the order of a java.util.HashSet. */
export const numberOrder = (numbers: Iterable<number>): number[] => hashOrderBy([...new Set(numbers)], (n) => n);

/** Compares by topic, then partition number. */
export const byPartition = (a: TopicPartition, b: TopicPartition): number =>
  a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1;
