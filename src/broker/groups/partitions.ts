/** Sets of partitions by topic id. Immutable. */

/** partitions by topic id */
export type PartitionSet = ReadonlyMap<string, ReadonlySet<number>>;
/** by topic id, then partition: the member epoch at which it was assigned */
export type OwnedPartitions = ReadonlyMap<string, ReadonlyMap<number, number>>;
/** The form used in requests and records. */
export type TopicPartitions = readonly { readonly topicId: string; readonly partitions: readonly number[] }[];

export const NO_PARTITIONS: PartitionSet = new Map();
export const OWNS_NOTHING: OwnedPartitions = new Map();

/** From the request form. */
export const toPartitionSet = (list: TopicPartitions): PartitionSet =>
  new Map(list.map((t) => [t.topicId, new Set(t.partitions)]));

/** To the request form, with sorted partitions. */
export const fromPartitionSet = (set: PartitionSet) =>
  [...set].map(([topicId, partitions]) => ({ topicId, partitions: [...partitions].sort((a, b) => a - b) }));

/** To the request form, without epochs, as in a heartbeat response. */
export const fromOwned = (owned: OwnedPartitions) =>
  [...owned].map(([topicId, partitions]) => ({ topicId, partitions: [...partitions.keys()] }));

/** Whether both are given and equal. */
export function samePartitions(a: PartitionSet | undefined, b: PartitionSet | undefined): boolean {
  if (!a || !b || a.size !== b.size) return false;
  for (const [topicId, partitions] of a) {
    const other = b.get(topicId);
    if (!other || other.size !== partitions.size) return false;
    for (const partition of partitions) if (!other.has(partition)) return false;
  }
  return true;
}

/** Whether partitions and epochs are equal. */
export function sameOwned(a: OwnedPartitions, b: OwnedPartitions): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [topicId, partitions] of a) {
    const other = b.get(topicId);
    if (!other || other.size !== partitions.size) return false;
    for (const [partition, epoch] of partitions) if (other.get(partition) !== epoch) return false;
  }
  return true;
}

/** Whether all listed partitions are in `owned`; false if there is no list. */
export function isOwned(list: TopicPartitions | null, owned: OwnedPartitions): boolean {
  return list?.every((t) => t.partitions.every((p) => owned.get(t.topicId)?.has(p))) ?? false;
}

/** All partitions with the same epoch. */
export const withEpoch = (set: PartitionSet, epoch: number): OwnedPartitions =>
  new Map([...set].map(([topicId, partitions]) => [topicId, new Map([...partitions].map((p) => [p, epoch]))]));
