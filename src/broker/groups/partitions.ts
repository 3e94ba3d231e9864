/** Sets of partitions by topic id. They are values: never changed once made. */

/** topic id -> partitions */
export type PartitionSet = ReadonlyMap<string, ReadonlySet<number>>;
/** topic id -> partition -> the epoch in which the member got it */
export type OwnedPartitions = ReadonlyMap<string, ReadonlyMap<number, number>>;
/** As requests and records carry them. */
export type TopicPartitions = readonly { readonly topicId: string; readonly partitions: readonly number[] }[];

export const NO_PARTITIONS: PartitionSet = new Map();
export const OWNS_NOTHING: OwnedPartitions = new Map();

export const toPartitionSet = (list: TopicPartitions): PartitionSet =>
  new Map(list.map((t) => [t.topicId, new Set(t.partitions)]));

export const fromPartitionSet = (set: PartitionSet) =>
  [...set].map(([topicId, partitions]) => ({ topicId, partitions: [...partitions].sort((a, b) => a - b) }));

/** Without epochs, as a heartbeat's answer has it. */
export const fromOwned = (owned: OwnedPartitions) =>
  [...owned].map(([topicId, partitions]) => ({ topicId, partitions: [...partitions.keys()] }));

export function samePartitions(a: PartitionSet | undefined, b: PartitionSet | undefined): boolean {
  if (!a || !b || a.size !== b.size) return false;
  for (const [topicId, partitions] of a) {
    const other = b.get(topicId);
    if (!other || other.size !== partitions.size) return false;
    for (const partition of partitions) if (!other.has(partition)) return false;
  }
  return true;
}

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

/** Whether all that is listed is owned; what is not told is not. */
export function isOwned(list: TopicPartitions | null, owned: OwnedPartitions): boolean {
  return list?.every((t) => t.partitions.every((p) => owned.get(t.topicId)?.has(p))) ?? false;
}

/** Every partition under one epoch. */
export const withEpoch = (set: PartitionSet, epoch: number): OwnedPartitions =>
  new Map([...set].map(([topicId, partitions]) => [topicId, new Map([...partitions].map((p) => [p, epoch]))]));
