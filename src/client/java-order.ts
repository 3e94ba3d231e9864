/** Java prints sets and maps in the order of their hash tables; a script that reads the first line has got used to it. */
import type { TopicPartition } from './partition.js';

/** String.hashCode() */
export function stringHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash;
}

/** TopicPartition.hashCode() */
export const partitionHash = ({ topic, partition }: TopicPartition): number =>
  (Math.imul(31, 31 + partition) + stringHash(topic)) | 0;

/** Items in the order in which a java.util.HashMap that was filled one by one walks them. */
export function hashOrder<T>(items: Iterable<T>, hash: (item: T) => number): T[] {
  const list = [...items];
  let buckets = 16;
  while (list.length > buckets * 0.75) buckets *= 2;
  const bucket = (item: T): number => {
    const h = hash(item);
    return (h ^ (h >>> 16)) & (buckets - 1);
  };
  return list
    .map((item) => ({ item, at: bucket(item) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
