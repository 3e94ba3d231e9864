/** Records of one partition that were acquired: read one by one, each acknowledged by its reader. */

import type { TopicPartition } from '../../kafka/topic-partition.js';
import type { RecordCursor } from '../../protocol/records/cursor.js';
import { Fetched } from './fetched.js';
import { PartitionState } from './partition-state.js';

/** What a reader says of a record. */
export const Acknowledge = { gap: 0, accept: 1, release: 2, reject: 3 } as const;

/** Offsets with the same answer, both ends among them. */
export interface Acknowledged {
  readonly firstOffset: bigint;
  lastOffset: bigint;
  readonly acknowledgeTypes: [number];
}

export interface Acquired {
  readonly firstOffset: bigint;
  readonly lastOffset: bigint;
  readonly deliveryCount: number;
}

export class ShareFetched {
  readonly state: PartitionState;
  /** how often the current record was delivered */
  deliveryCount = 0;
  /** what was said so far, in the order of offsets */
  readonly acknowledged: Acknowledged[] = [];
  readonly #fetched: Fetched;
  readonly #acquired: readonly Acquired[];
  #range = 0;
  /** the next acquired offset that nothing was said of */
  #at: number;
  #offset = -1;
  #open = false;

  constructor(place: TopicPartition, records: Buffer, acquired: readonly Acquired[], checkCrcs: boolean) {
    this.state = new PartitionState(place.topic, place.partition);
    this.#acquired = acquired;
    this.#at = Number(acquired[0]?.firstOffset ?? 0n);
    this.#fetched = new Fetched(this.state, this.#at, records, null, { checkCrcs, readCommitted: false });
  }

  get logAppendTime(): boolean {
    return this.#fetched.logAppendTime;
  }

  /** Moves to the next acquired record; false behind the last. Offsets without a record are answered as gaps. */
  next(cursor: RecordCursor): boolean {
    for (;;) {
      if (!this.#open) {
        this.#open = this.#fetched.next(cursor);
        if (!this.#open) {
          this.#gapsBelow(Number.MAX_SAFE_INTEGER);
          return false;
        }
      }
      if (!cursor.next()) {
        this.#open = false;
        continue;
      }
      this.#gapsBelow(cursor.offset);
      const range = this.#acquired[this.#range];
      if (range === undefined) return false;
      if (cursor.offset < this.#at) continue;
      this.#offset = cursor.offset;
      this.deliveryCount = range.deliveryCount;
      this.#moveTo(cursor.offset + 1);
      return true;
    }
  }

  /** Says what becomes of the current record. */
  acknowledge(type: number): void {
    this.#say(this.#offset, this.#offset, type);
  }

  #gapsBelow(offset: number): void {
    for (let range = this.#acquired[this.#range]; range && this.#at < offset; range = this.#acquired[this.#range]) {
      const last = Math.min(offset - 1, Number(range.lastOffset));
      this.#say(this.#at, last, Acknowledge.gap);
      this.#moveTo(last + 1);
    }
  }

  #moveTo(offset: number): void {
    this.#at = offset;
    const range = this.#acquired[this.#range];
    if (range === undefined || offset <= Number(range.lastOffset)) return;
    this.#at = Number(this.#acquired[++this.#range]?.firstOffset ?? 0n);
  }

  #say(first: number, last: number, type: number): void {
    const before = this.acknowledged.at(-1);
    if (before && before.acknowledgeTypes[0] === type && before.lastOffset === BigInt(first - 1)) {
      before.lastOffset = BigInt(last);
      return;
    }
    this.acknowledged.push({ firstOffset: BigInt(first), lastOffset: BigInt(last), acknowledgeTypes: [type] });
  }
}
