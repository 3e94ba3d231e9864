/** Committed offsets, and pending ones of open transactions. Changed only by replaying records. */

import type { offsetCommitValue } from '../../protocol/messages/group-records.js';
import { type Message, type MessageOf, ZERO_UUID } from '../../protocol/wire/schema.js';

/** A committed offset. */
export interface CommittedOffset {
  readonly offset: bigint;
  /** -1 if the client sent none */
  readonly leaderEpoch: number;
  readonly metadata: string;
  /** ms since the epoch */
  readonly commitTimestamp: number;
  /** ms since the epoch, set by clients before OffsetCommit v5; -1: the broker's retention applies */
  readonly expireTimestamp: number;
  /** zero if unknown (records before Kafka 4.1, transactional commits) */
  readonly topicId: string;
  /**
   * its record's offset in __consumer_offsets: a later record takes precedence over a transaction that started earlier
   */
  readonly recordOffset: number;
}

export const NO_PRODUCER = -1n;

type ByPartition<T> = Map<string, Map<number, T>>;

/** Values by group, topic and partition; drops maps that become empty. */
class PerPartition<T> {
  readonly groups = new Map<string, ByPartition<T>>();

  get(group: string, topic: string, partition: number): T | undefined {
    return this.groups.get(group)?.get(topic)?.get(partition);
  }
  put(group: string, topic: string, partition: number, value: T): void {
    let topics = this.groups.get(group);
    if (!topics) this.groups.set(group, (topics = new Map()));
    let partitions = topics.get(topic);
    if (!partitions) topics.set(topic, (partitions = new Map()));
    partitions.set(partition, value);
  }
  delete(group: string, topic: string, partition: number): void {
    const topics = this.groups.get(group);
    const partitions = topics?.get(topic);
    if (!topics || !partitions?.delete(partition)) return;
    if (partitions.size === 0) topics.delete(topic);
    if (topics.size === 0) this.groups.delete(group);
  }
  *entries(): Generator<[group: string, topic: string, partition: number, value: T]> {
    for (const [group, topics] of this.groups) {
      for (const [topic, partitions] of topics) {
        for (const [partition, value] of partitions) yield [group, topic, partition, value];
      }
    }
  }
}

/** All offsets of one broker. */
export class OffsetStore {
  readonly #committed = new PerPartition<CommittedOffset>();
  /** what each open transaction would commit, by producer id */
  readonly #pending = new Map<bigint, PerPartition<CommittedOffset>>();
  /** producers with an open transaction on an offset */
  readonly #open = new PerPartition<Set<bigint>>();

  get(group: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.#committed.get(group, topic, partition);
  }
  ofGroup(group: string): ReadonlyMap<string, ReadonlyMap<number, CommittedOffset>> | undefined {
    return this.#committed.groups.get(group);
  }
  /** Whether an open transaction contains a commit of this offset. */
  isPending(group: string, topic: string, partition: number): boolean {
    return this.#open.get(group, topic, partition) !== undefined;
  }
  hasPending(group: string): boolean {
    return this.#open.groups.has(group);
  }
  /** All topic-partitions of a group with a committed or pending offset. */
  partitionsOf(group: string): [topic: string, partition: number][] {
    const all: [string, number][] = [];
    for (const [topic, partitions] of this.#committed.groups.get(group) ?? []) {
      for (const partition of partitions.keys()) all.push([topic, partition]);
    }
    for (const [topic, partitions] of this.#open.groups.get(group) ?? []) {
      for (const partition of partitions.keys()) if (!this.get(group, topic, partition)) all.push([topic, partition]);
    }
    return all;
  }
  /** Offsets of a deleted topic: those with its id, and those without an id. */
  *ofTopic(name: string, id: string): Generator<[group: string, partition: number]> {
    for (const store of [this.#committed, ...this.#pending.values()]) {
      for (const [group, topics] of store.groups) {
        for (const [partition, offset] of topics.get(name) ?? []) {
          if (offset.topicId === id || offset.topicId === ZERO_UUID) yield [group, partition];
        }
      }
    }
  }

  /** Applies a commit record; `producerId` is that of its transaction, or NO_PRODUCER. */
  replay(
    key: { group: string; topic: string; partition: number },
    value: MessageOf<Message<(typeof offsetCommitValue)['fields']>>,
    recordOffset: number,
    producerId: bigint,
  ): void {
    const { group, topic, partition } = key;
    const offset: CommittedOffset = {
      offset: value.offset,
      leaderEpoch: value.leaderEpoch ?? -1,
      metadata: value.metadata,
      commitTimestamp: Number(value.commitTimestamp),
      expireTimestamp: Number(value.expireTimestamp ?? -1n),
      topicId: value.topicId,
      recordOffset,
    };
    if (producerId === NO_PRODUCER) return this.#committed.put(group, topic, partition, offset);
    let pending = this.#pending.get(producerId);
    if (!pending) this.#pending.set(producerId, (pending = new PerPartition()));
    pending.put(group, topic, partition, offset);
    const open = this.#open.get(group, topic, partition);
    if (open) open.add(producerId);
    else this.#open.put(group, topic, partition, new Set([producerId]));
  }

  /** Applies a tombstone, which also drops pending commits of open transactions. */
  replayTombstone(key: { group: string; topic: string; partition: number }): void {
    const { group, topic, partition } = key;
    this.#committed.delete(group, topic, partition);
    for (const producerId of this.#open.get(group, topic, partition) ?? []) {
      this.#pending.get(producerId)?.delete(group, topic, partition);
    }
    this.#open.delete(group, topic, partition);
  }

  /** Applies a transaction marker. */
  replayMarker(producerId: bigint, commit: boolean): void {
    const pending = this.#pending.get(producerId);
    if (!pending) return;
    this.#pending.delete(producerId);
    for (const [group, topic, partition, offset] of pending.entries()) {
      const open = this.#open.get(group, topic, partition);
      open?.delete(producerId);
      if (open?.size === 0) this.#open.delete(group, topic, partition);
      if (!commit) continue;
      const existing = this.#committed.get(group, topic, partition);
      if (!existing || offset.recordOffset > existing.recordOffset) {
        this.#committed.put(group, topic, partition, offset);
      }
    }
  }
}
