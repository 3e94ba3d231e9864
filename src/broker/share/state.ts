/**
 * The share state of groups, persisted in __share_group_state in Kafka's format. Only snapshots are written; the
 * updates that Kafka writes between them are read. Mirrors coordinator/share/ShareCoordinatorShard.
 */

import { SHARE_GROUP_STATE_TOPIC } from '../../kafka/topic-names.js';
import {
  shareSnapshotKey,
  shareSnapshotValue,
  shareUpdateKey,
  shareUpdateValue,
} from '../../protocol/messages/share-records.js';
import type { Broker } from '../api.js';
import { type CoordinatorRecord, type RecordType, record, recordType } from '../coordinator/record.js';
import { StateLog } from '../coordinator/state-log.js';

/** The delivery states. The numbers are those in the log. */
export const Delivery = { AVAILABLE: 0, ACQUIRED: 1, ACKNOWLEDGED: 2, ARCHIVED: 4 } as const;

/** A range of offsets with the same state and delivery count. */
export interface StateBatch {
  readonly first: number;
  readonly last: number;
  /** one of Delivery */
  readonly state: number;
  readonly count: number;
}

/** The state of one share partition. */
export interface ShareState {
  readonly stateEpoch: number;
  readonly leaderEpoch: number;
  /** -1 until the partition is first read */
  readonly startOffset: number;
  /** number of acknowledged or archived offsets from the start offset on; -1 if unknown */
  readonly completeCount: number;
  /** sorted by offset */
  readonly batches: readonly StateBatch[];
}

interface Stored extends ShareState {
  readonly place: SharePlace;
  /** offset of its latest snapshot in the log */
  readonly offset: number;
  readonly snapshotEpoch: number;
  readonly createTimestamp: bigint;
}

/** A share partition's identity. */
export interface SharePlace {
  readonly groupId: string;
  readonly topicId: string;
  readonly partition: number;
}

export const placeKey = ({ groupId, topicId, partition }: SharePlace): string => `${groupId}:${topicId}:${partition}`;

const SNAPSHOT = recordType(shareSnapshotKey, shareSnapshotValue);
const UPDATE = recordType(shareUpdateKey, shareUpdateValue);
const TYPES: ReadonlyMap<number, RecordType> = new Map<number, RecordType>([
  [0, SNAPSHOT],
  [1, UPDATE],
]);

type Of<T> = CoordinatorRecord<T extends RecordType ? T : never>;

/** A snapshot with more than this many newer records in its log is rewritten. */
const REWRITE_AFTER_RECORDS = 1000;

/** The share states of all groups. */
export class ShareStates {
  readonly log: StateLog;
  readonly #broker: Broker;
  readonly #states = new Map<string, Stored>();

  constructor(broker: Broker) {
    this.#broker = broker;
    this.log = new StateLog(broker, {
      topic: SHARE_GROUP_STATE_TOPIC,
      types: TYPES,
      baseSequence: 0,
      replay: { record: (r, offset) => this.#replay(r, offset) },
    });
  }

  get(place: SharePlace): ShareState | undefined {
    return this.#states.get(placeKey(place));
  }

  /** Resolves once the state is synced; `get` already returns it then. */
  async write(place: SharePlace, state: ShareState): Promise<void> {
    const key = placeKey(place);
    await this.log.ready(key);
    await this.log.write(key, [this.#snapshot(place, state)]);
  }

  /** Like `write`, for a state that was written before: appends synchronously. */
  update(place: SharePlace, state: ShareState): Promise<void> {
    return this.log.write(placeKey(place), [this.#snapshot(place, state)]);
  }

  async remove(place: SharePlace): Promise<void> {
    const key = placeKey(place);
    if (!this.#states.has(key)) return;
    await this.log.ready(key);
    await this.log.write(key, [record(SNAPSHOT, { ...place }, null)]);
  }

  /**
   * Deletes records below the oldest live snapshot. Old snapshots are rewritten first, so that they do not keep the
   * records after them. The topic's own retention is unlimited.
   */
  async prune(): Promise<void> {
    for (const [partition, log] of this.log.logs) {
      const here = [...this.#states].filter(([key]) => this.log.partition(key) === partition);
      const old = here.filter(([, { offset }]) => offset < log.logEndOffset - REWRITE_AFTER_RECORDS);
      for (const [key, state] of old) await this.log.write(key, [this.#snapshot(state.place, state)]);
      const offsets = here.map(([key]) => this.#states.get(key)?.offset ?? log.logEndOffset);
      const first = Math.min(log.logEndOffset, ...offsets);
      if (first > log.logStartOffset) await log.deleteRecordsBefore(first);
    }
  }

  forget(): void {
    this.log.forget();
    this.#states.clear();
  }

  #snapshot(place: SharePlace, state: ShareState): CoordinatorRecord {
    const known = this.#states.get(placeKey(place));
    const now = BigInt(this.#broker.now());
    return record(
      SNAPSHOT,
      { groupId: place.groupId, topicId: place.topicId, partition: place.partition },
      {
        snapshotEpoch: (known?.snapshotEpoch ?? -1) + 1,
        stateEpoch: state.stateEpoch,
        leaderEpoch: state.leaderEpoch,
        startOffset: BigInt(state.startOffset),
        deliveryCompleteCount: state.completeCount,
        createTimestamp: known?.createTimestamp ?? now,
        writeTimestamp: now,
        stateBatches: state.batches.map(({ first, last, state: deliveryState, count }) => ({
          firstOffset: BigInt(first),
          lastOffset: BigInt(last),
          deliveryState,
          deliveryCount: count,
        })),
      },
    );
  }

  #replay(r: CoordinatorRecord, offset: number): void {
    const place = r.key as unknown as SharePlace;
    const key = placeKey(place);
    if (r.value === null) {
      if (r.type === SNAPSHOT) this.#states.delete(key);
      return;
    }
    if (r.type === SNAPSHOT) {
      const { value } = r as Of<typeof SNAPSHOT>;
      if (!value) return;
      this.#states.set(key, {
        place,
        offset,
        snapshotEpoch: value.snapshotEpoch,
        createTimestamp: value.createTimestamp,
        stateEpoch: value.stateEpoch,
        leaderEpoch: value.leaderEpoch,
        startOffset: Number(value.startOffset),
        completeCount: value.deliveryCompleteCount,
        batches: value.stateBatches.map(batchOf),
      });
      return;
    }
    const { value } = r as Of<typeof UPDATE>;
    const known = this.#states.get(key);
    if (!value || !known) return;
    const startOffset = value.startOffset === -1n ? known.startOffset : Number(value.startOffset);
    this.#states.set(key, {
      ...known,
      leaderEpoch: value.leaderEpoch === -1 ? known.leaderEpoch : value.leaderEpoch,
      startOffset,
      completeCount: value.deliveryCompleteCount,
      batches: overlaid(known.batches, value.stateBatches.map(batchOf), startOffset),
    });
  }
}

const batchOf = (b: { firstOffset: bigint; lastOffset: bigint; deliveryState: number; deliveryCount: number }) => ({
  first: Number(b.firstOffset),
  last: Number(b.lastOffset),
  state: b.deliveryState,
  count: b.deliveryCount,
});

/** The older batches where newer ones do not overlap them, and the newer ones, without offsets below `start`. */
export function overlaid(old: readonly StateBatch[], newer: readonly StateBatch[], start: number): StateBatch[] {
  let left = [...old];
  for (const batch of newer) {
    left = left.flatMap((b) => {
      if (b.last < batch.first || b.first > batch.last) return [b];
      const before = b.first < batch.first ? [{ ...b, last: batch.first - 1 }] : [];
      return b.last > batch.last ? [...before, { ...b, first: batch.last + 1 }] : before;
    });
    left.push(batch);
  }
  return left
    .filter((b) => b.last >= start)
    .map((b) => (b.first < start ? { ...b, first: start } : b))
    .sort((a, b) => a.first - b.first);
}
