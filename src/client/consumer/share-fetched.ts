/** Records of one partition that were acquired: read one by one, each acknowledged by its reader once it reached the user. */

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
  readonly #fetched: Fetched;
  readonly #acquired: readonly Acquired[];
  /** when the broker gives the records to others, ms since 1970 */
  readonly #expires: number;
  readonly #held: () => void;
  readonly #ended: () => void;
  /** what was said so far, in the order of offsets */
  readonly #said: Acknowledged[] = [];
  /** what was said counts below this offset: it reached the user */
  #reached = 0;
  #range = 0;
  /** the next acquired offset that nothing was said of */
  #at: number;
  #offset = -1;
  #open = false;
  #over = false;

  /** `held` is called when a reader has it, `ended` once, when `acknowledged` is final. */
  constructor(
    place: TopicPartition,
    records: Buffer,
    acquired: readonly Acquired[],
    options: {
      readonly checkCrcs: boolean;
      readonly expires?: number;
      readonly held?: () => void;
      readonly ended?: () => void;
    },
  ) {
    const { checkCrcs, expires = Number.POSITIVE_INFINITY, held = () => {}, ended = () => {} } = options;
    this.state = new PartitionState(place.topic, place.partition);
    this.#acquired = acquired;
    this.#expires = expires;
    this.#held = held;
    this.#ended = ended;
    this.#at = Number(acquired[0]?.firstOffset ?? 0n);
    this.#fetched = new Fetched(this.state, this.#at, records, null, { checkCrcs, readCommitted: false });
  }

  get logAppendTime(): boolean {
    return this.#fetched.logAppendTime;
  }

  /** The broker has given the records to others by now: what is not out is not to be read. */
  get stopped(): boolean {
    return Date.now() >= this.#expires;
  }

  /** What is to be said of the records that reached the user, in the order of offsets. */
  get acknowledged(): Acknowledged[] {
    const cut = BigInt(this.#reached) - 1n;
    return this.#said
      .filter(({ firstOffset }) => firstOffset <= cut)
      .map((range) => ({ ...range, lastOffset: range.lastOffset < cut ? range.lastOffset : cut }));
  }

  /** Goes to the next acquired record; false after the last. Offsets without a record are answered as gaps. */
  nextRecord(cursor: RecordCursor): boolean {
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

  /** Says what becomes of the current record, if it reaches the user. */
  acknowledge(type: number): void {
    this.#say(this.#offset, this.#offset, type);
  }

  hold(): void {
    this.#held();
  }

  /** The records before this offset have reached the user. */
  reached(offset: number): void {
    this.#reached = Math.max(this.#reached, offset);
  }

  /** All that was read, and what was no record, counts. */
  done(): void {
    this.#reached = Number.MAX_SAFE_INTEGER;
    this.release();
  }

  /** The rest, which has not reached the user, is delivered again. */
  release(): void {
    if (this.#over) return;
    this.#over = true;
    this.#ended();
  }

  /** Its memory is nobody's: there is nothing to give back. */
  free(): void {}

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
    const before = this.#said.at(-1);
    if (before && before.acknowledgeTypes[0] === type && before.lastOffset === BigInt(first - 1)) {
      before.lastOffset = BigInt(last);
      return;
    }
    this.#said.push({ firstOffset: BigInt(first), lastOffset: BigInt(last), acknowledgeTypes: [type] });
  }
}
