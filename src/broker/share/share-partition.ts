/**
 * A partition as a share group consumes it: which offsets are available, which are acquired by whom, and their delivery
 * counts. Acquired offsets become available again when their lock expires, their session closes or their member
 * releases them, up to the group's delivery count limit. Mirrors server/share/SharePartition.
 */
import type { Partition } from '../../log/partition.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { baseOffset, lastOffset, nextBatch } from '../../protocol/records/layout.js';
import { abortedBatches } from './aborted.js';
import { AcquisitionLimit } from './acquisition-limit.js';
import type { Batch, Entry, Lock } from './entry.js';
import { Delivery, type ShareState, type StateBatch } from './state.js';

/** The acknowledge types. */
const Acknowledge = { GAP: 0, ACCEPT: 1, RELEASE: 2, REJECT: 3, RENEW: 4 } as const;

/** The group's current configs. */
export interface ShareSettings {
  readonly lockMs: number;
  readonly deliveryLimit: number;
  readonly maxLocks: number;
  readonly readCommitted: boolean;
}

/** Acknowledgements for a range of offsets, as in the request. */
export interface AcknowledgeBatch {
  readonly firstOffset: bigint;
  readonly lastOffset: bigint;
  readonly acknowledgeTypes: readonly number[];
}

/** An acquired range, as in the response. */
export interface AcquiredRange {
  readonly firstOffset: bigint;
  lastOffset: bigint;
  readonly deliveryCount: number;
}

/** The result of an acquisition. */
export interface Acquisition {
  readonly records: Buffer;
  readonly ranges: AcquiredRange[];
  readonly count: number;
}

/** maximum bytes per read from the log */
const READ_BYTES = 512 * 1024;
const NONE_HIDDEN: ReadonlySet<number> = new Set();

const NOTHING_ACQUIRED: Acquisition = { records: Buffer.alloc(0), ranges: [], count: 0 };

/** One share partition. */
export class SharePartition {
  readonly log: Partition;
  readonly #settings: () => ShareSettings;
  readonly #save: (state: ShareState) => Promise<void>;
  readonly #stateEpoch: number;
  readonly #leaderEpoch: number;
  /** SPSO, the share-partition start offset: all offsets below are acknowledged or archived */
  #start: number;
  /** the next offset that was never acquired or archived */
  #end: number;
  readonly #entries = new Map<number, Entry>();
  readonly #locks = new Set<Lock>();
  #waiting: (() => void)[] = [];
  /** serializes reads, as two must not acquire the same records */
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: {
    log: Partition;
    state: ShareState;
    /** start offset if the state has none */
    startOffset: number;
    leaderEpoch: number;
    settings: () => ShareSettings;
    save: (state: ShareState) => Promise<void>;
  }) {
    this.log = options.log;
    this.#settings = options.settings;
    this.#save = options.save;
    this.#stateEpoch = options.state.stateEpoch;
    this.#leaderEpoch = options.leaderEpoch;
    this.#start = options.startOffset;
    this.#end = this.#start;
    for (const { first, last, state, count } of options.state.batches) {
      const from = Math.max(first, this.#start);
      const batch = { size: last - from + 1 };
      for (let offset = from; offset <= last; offset++) {
        this.#entries.set(offset, { state, count, member: '', lock: undefined, batch });
      }
      this.#end = Math.max(this.#end, last + 1);
    }
    this.#advance();
  }

  /** Calls `listener` once, when records may have become available. Returns a function that unsubscribes. */
  onAvailable(listener: () => void): () => void {
    this.#waiting.push(listener);
    return () => {
      this.#waiting = this.#waiting.filter((waiting) => waiting !== listener);
    };
  }

  /**
   * Reads and acquires available records for a member; empty if there are none. With `exact`, never more than
   * `maxRecords`.
   */
  acquire(memberId: string, maxRecords: number, maxBytes: number, exact: boolean): Promise<Acquisition> {
    const acquired = this.#turn.then(() => this.#acquire(memberId, maxRecords, maxBytes, exact));
    this.#turn = acquired.catch(() => {});
    return acquired;
  }

  async #acquire(memberId: string, maxRecords: number, maxBytes: number, exact: boolean): Promise<Acquisition> {
    if (this.#closed || maxRecords <= 0) return NOTHING_ACQUIRED;
    const { readCommitted, maxLocks } = this.#settings();
    this.#cutTo(this.log.logStartOffset);
    const upTo = readCommitted ? this.log.lastStableOffset : this.log.logEndOffset;
    const limit = new AcquisitionLimit(this.#settings().deliveryLimit, maxRecords, exact);
    const parts: Buffer[] = [];
    const taken: number[] = [];
    let bytes = 0;
    // read piecewise: few records are wanted, and the log may be large
    for (
      let next = this.#firstFree();
      next < upTo && !this.#isFull(next, maxLocks) && bytes < maxBytes;
      next = this.#firstFree()
    ) {
      const most = Math.min(maxBytes - bytes, READ_BYTES);
      const read = await this.log.read(next, most, { minOne: true, upTo, aborted: readCommitted });
      if (this.#closed || read.records.length === 0) break;
      const hidden = readCommitted ? abortedBatches(read.records, read.aborted) : NONE_HIDDEN;
      const before = taken.length;
      const part = this.#acquireFrom(memberId, read.records, next, { limit, hidden, offsets: taken, maxLocks });
      if (part > 0) parts.push(read.records.subarray(0, part));
      bytes += part;
      if (limit.enough || (taken.length === before && this.#firstFree() === next)) break;
    }
    this.#advance();
    // the member may have left while the log was read
    const offsets = taken.filter((offset) => this.#entries.get(offset)?.member === memberId);
    if (offsets.length === 0 || this.#closed) return NOTHING_ACQUIRED;
    this.#lock(offsets, this.#settings().lockMs);
    const records = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    return { records, ranges: this.#ranges(offsets), count: offsets.length };
  }

  /** Whether share.partition.max.record.locks forbids acquiring new offsets and no earlier offset is available. */
  #isFull(next: number, maxLocks: number): boolean {
    return next >= this.#end && next - this.#start >= maxLocks;
  }

  /**
   * Acquires offsets of the batches read; returns the bytes up to the end of the last batch with an acquired offset.
   */
  #acquireFrom(
    memberId: string,
    records: Buffer,
    from: number,
    to: { limit: AcquisitionLimit; hidden: ReadonlySet<number>; offsets: number[]; maxLocks: number },
  ): number {
    const { limit, offsets } = to;
    let next = from;
    let bytes = 0;
    for (let at = 0, end = nextBatch(records, at); end >= 0 && !limit.enough; at = end, end = nextBatch(records, at)) {
      // offsets removed by compaction
      for (; next < baseOffset(records, at); next++) if (this.#isFree(next)) this.#archive(next);
      const last = lastOffset(records, at);
      const before = offsets.length;
      for (next = Math.max(next, baseOffset(records, at)); next <= last; next++) {
        if (!this.#isFree(next)) continue;
        if (to.hidden.has(at)) {
          this.#archive(next);
          continue;
        }
        if (this.#isFull(next, to.maxLocks)) {
          limit.enough = true;
          break;
        }
        const known = this.#entries.get(next);
        if (!limit.admits(known)) break;
        this.#acquireOffset(next, memberId, known?.batch ?? limit.batch);
        offsets.push(next);
      }
      if (offsets.length > before) bytes = end;
      limit.endBatch();
    }
    return bytes;
  }

  #ranges(offsets: readonly number[]): AcquiredRange[] {
    const ranges: AcquiredRange[] = [];
    for (const offset of offsets) {
      const { count } = this.#entries.get(offset) as Entry;
      const before = ranges.at(-1);
      if (before && before.deliveryCount === count && Number(before.lastOffset) === offset - 1) {
        before.lastOffset = BigInt(offset);
      } else ranges.push({ firstOffset: BigInt(offset), lastOffset: BigInt(offset), deliveryCount: count });
    }
    return ranges;
  }

  /** Applies a member's acknowledgements, all of them or, on an error, none. Resolves once the state is synced. */
  async acknowledge(memberId: string, batches: readonly AcknowledgeBatch[]): Promise<void> {
    const acknowledged: [offset: number, entry: Entry, type: number][] = [];
    for (const batch of batches) {
      const first = Number(batch.firstOffset);
      for (let offset = Math.max(first, this.#start); offset <= Number(batch.lastOffset); offset++) {
        const entry = this.#entries.get(offset);
        if (entry?.state !== Delivery.ACQUIRED) {
          throw new KafkaError(
            Errors.INVALID_RECORD_STATE,
            'The record cannot be acknowledged. The record is not in the acquired state.',
          );
        }
        if (entry.member !== memberId) {
          throw new KafkaError(Errors.INVALID_RECORD_STATE, 'Member is not the owner of batch record');
        }
        const { acknowledgeTypes: types } = batch;
        acknowledged.push([offset, entry, (types.length === 1 ? types[0] : types[offset - first]) as number]);
      }
    }
    const { deliveryLimit, lockMs } = this.#settings();
    const renewed: number[] = [];
    for (const [offset, entry, type] of acknowledged) {
      if (type === Acknowledge.RENEW) renewed.push(offset);
      else if (type === Acknowledge.ACCEPT) this.#settle(entry, Delivery.ACKNOWLEDGED);
      else if (type === Acknowledge.RELEASE) this.#free(entry, deliveryLimit);
      else this.#settle(entry, Delivery.ARCHIVED);
    }
    if (renewed.length > 0) this.#lock(renewed, lockMs);
    if (acknowledged.length > renewed.length) await this.#changed();
  }

  /** Releases all records that a member has acquired. */
  async release(memberId: string): Promise<void> {
    const { deliveryLimit } = this.#settings();
    let any = false;
    for (const entry of this.#entries.values()) {
      if (entry.state !== Delivery.ACQUIRED || entry.member !== memberId) continue;
      this.#free(entry, deliveryLimit);
      any = true;
    }
    if (any) await this.#changed();
  }

  close(): void {
    this.#closed = true;
    for (const { timer } of this.#locks) clearTimeout(timer);
    this.#locks.clear();
    this.#wake();
  }

  /** Like Kafka, writes the state from before the start offset advances; DescribeShareGroupOffsets shows that. */
  async #changed(): Promise<void> {
    const state = this.#state();
    this.#advance();
    this.#wake();
    await this.#save(state);
  }

  #state(): ShareState {
    const batches: { first: number; last: number; state: number; count: number }[] = [];
    let completeCount = 0;
    for (let offset = this.#start; offset < this.#end; offset++) {
      const entry = this.#entries.get(offset);
      if (!entry) continue;
      const acquired = entry.state === Delivery.ACQUIRED;
      const state = acquired ? Delivery.AVAILABLE : entry.state;
      const count = acquired ? entry.count - 1 : entry.count;
      if (state !== Delivery.AVAILABLE) completeCount++;
      else if (count === 0) continue;
      const before = batches.at(-1);
      if (before && before.last === offset - 1 && before.state === state && before.count === count)
        before.last = offset;
      else batches.push({ first: offset, last: offset, state, count });
    }
    const [stateEpoch, leaderEpoch, startOffset] = [this.#stateEpoch, this.#leaderEpoch, this.#start];
    return { stateEpoch, leaderEpoch, startOffset, completeCount, batches: batches satisfies StateBatch[] };
  }

  #lock(offsets: readonly number[], ms: number): void {
    const timer = setTimeout(() => this.#expire(lock), ms);
    timer.unref();
    const lock: Lock = { offsets, timer };
    this.#locks.add(lock);
    for (const offset of offsets) {
      const entry = this.#entries.get(offset);
      if (entry) entry.lock = lock;
    }
  }

  #expire(lock: Lock): void {
    this.#locks.delete(lock);
    const { deliveryLimit } = this.#settings();
    let any = false;
    for (const offset of lock.offsets) {
      const entry = this.#entries.get(offset);
      if (entry?.lock !== lock || entry.state !== Delivery.ACQUIRED) continue;
      this.#free(entry, deliveryLimit);
      any = true;
    }
    // if the write fails, the state is written with the next change, or the old one is loaded after a restart
    if (any) this.#changed().catch(() => {});
  }

  #free(entry: Entry, deliveryLimit: number): void {
    this.#settle(entry, entry.count >= deliveryLimit ? Delivery.ARCHIVED : Delivery.AVAILABLE);
  }

  #settle(entry: Entry, state: number): void {
    entry.state = state;
    entry.member = '';
    entry.lock = undefined;
  }

  #isFree(offset: number): boolean {
    if (offset < this.#start) return false;
    const entry = this.#entries.get(offset);
    return entry === undefined || entry.state === Delivery.AVAILABLE;
  }

  #firstFree(): number {
    let offset = this.#start;
    while (!this.#isFree(offset)) offset++;
    return offset;
  }

  #acquireOffset(offset: number, member: string, batch: Batch): void {
    const count = (this.#entries.get(offset)?.count ?? 0) + 1;
    this.#entries.set(offset, { state: Delivery.ACQUIRED, count, member, lock: undefined, batch });
    this.#end = Math.max(this.#end, offset + 1);
  }

  #archive(offset: number): void {
    const { count = 0, batch = { size: 1 } } = this.#entries.get(offset) ?? {};
    this.#entries.set(offset, { state: Delivery.ARCHIVED, count, member: '', lock: undefined, batch });
    this.#end = Math.max(this.#end, offset + 1);
  }

  /** Advances the start offset to the log start offset. */
  #cutTo(logStart: number): void {
    if (this.#start >= logStart) return;
    for (const offset of [...this.#entries.keys()]) if (offset < logStart) this.#entries.delete(offset);
    this.#start = logStart;
    this.#end = Math.max(this.#end, logStart);
    this.#advance();
  }

  #advance(): void {
    for (;;) {
      const state = this.#entries.get(this.#start)?.state;
      if (state !== Delivery.ACKNOWLEDGED && state !== Delivery.ARCHIVED) return;
      this.#entries.delete(this.#start++);
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const listener of waiting) listener();
  }
}
