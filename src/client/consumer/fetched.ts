/** Records of one partition as they came: whole batches, checked and filtered one by one as they are read. */
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { RecordCursor } from '../../protocol/records/cursor.js';
import {
  Attribute,
  attributes,
  baseOffset,
  computeCrc,
  isControl,
  isTransactional,
  lastOffset,
  leaderEpoch,
  nextBatch,
  producerId,
  storedCrc,
} from '../../protocol/records/layout.js';
import type { PartitionState } from './partition-state.js';

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

export interface FetchedOptions {
  readonly checkCrcs: boolean;
  readonly readCommitted: boolean;
}

export class Fetched {
  readonly state: PartitionState;
  /** what the broker sent; its reader may write over what it has read */
  readonly records: Buffer;
  /** Says that nobody looks at `records` any more: its memory is used again. To be called once, or not at all. */
  readonly free: () => void;
  /** the open batch carries the broker's time */
  logAppendTime = false;
  /** the open batch starts here, in `records` */
  at = -1;
  readonly #options: FetchedOptions;
  readonly #seeks: number;
  readonly #aborted: AbortedTransaction[];
  readonly #abortedProducers = new Set<number>();
  #next = 0;
  #last = -1;
  #epoch = -1;
  #position: number;
  #positionEpoch = -1;
  #held = false;

  constructor(
    state: PartitionState,
    start: number,
    records: Buffer,
    aborted: readonly AbortedTransaction[] | null,
    options: FetchedOptions,
    free: () => void = () => {},
  ) {
    this.state = state;
    this.free = free;
    this.records = records;
    this.#options = options;
    this.#seeks = state.seeks;
    this.#position = Math.max(0, start);
    this.#aborted = options.readCommitted
      ? [...(aborted ?? [])].sort((a, b) => Number(a.firstOffset - b.firstOffset))
      : [];
  }

  /** The partition is being given up, or was sought elsewhere: its reader stops at the record it has got to. */
  get stopped(): boolean {
    return this.state.revoked || this.state.seeks !== this.#seeks;
  }

  /** The next offset to read: what lies before it is read, or was before this came. */
  get position(): number {
    return this.#position;
  }

  /** Leader epoch of the open batch. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Goes to the next record for the user; false after the last. */
  nextRecord(cursor: RecordCursor): boolean {
    do {
      while (this.at >= 0 && cursor.next()) {
        if (cursor.offset < this.#position) continue;
        this.#moveTo(cursor.offset + 1);
        return true;
      }
    } while (this.next(cursor));
    return false;
  }

  /** Opens the next batch that has records for the user; false after the last. Those before `position` are to be skipped. */
  next(cursor: RecordCursor): boolean {
    const { records } = this;
    for (;;) {
      // compacted and control batches are passed over like those that were read
      if (this.at >= 0) this.#moveTo(this.#last + 1);
      this.at = -1;
      const at = this.#next;
      const end = nextBatch(records, at);
      if (end < 0) return false;
      if (baseOffset(records, at) >= this.state.end) {
        this.stopAt(this.state.end);
        return false;
      }
      this.#next = end;
      this.at = at;
      this.#last = lastOffset(records, at);
      this.#epoch = leaderEpoch(records, at);
      if (this.#last < this.#position) continue;
      if (this.#options.checkCrcs) this.#check(at);
      if (isControl(records, at)) {
        // an abort marker ends the producer's aborted transaction
        this.#abortedProducers.delete(producerId(records, at));
        continue;
      }
      if (this.#isAborted(at)) continue;
      this.logAppendTime = (attributes(records, at) & Attribute.logAppendTime) !== 0;
      cursor.open(records, at);
      return true;
    }
  }

  /** The reader ends before this offset, within the open batch. */
  stopAt(offset: number): void {
    this.#moveTo(offset);
    this.at = -1;
    this.#next = this.records.length;
  }

  /** Its reader has it, until `done` or `release`: a partition is not given up before. */
  hold(): void {
    if (this.#held) return;
    this.#held = true;
    this.state.readers.begin();
  }

  /** The records before this offset have reached the user: the partition's position moves, and may be committed. */
  reached(offset: number, epoch: number): void {
    const { state } = this;
    if (state.gone || state.seeks !== this.#seeks || offset <= state.position) return;
    state.position = offset;
    state.positionEpoch = epoch;
  }

  /** All that was read has reached the user. */
  done(): void {
    this.reached(this.#position, this.#positionEpoch);
    this.release();
  }

  /** The reader is through with it: what has not reached the user will not. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.state.readers.end();
    this.state.unread.end();
  }

  #moveTo(offset: number): void {
    if (offset <= this.#position) return;
    this.#position = offset;
    this.#positionEpoch = this.#epoch;
  }

  #isAborted(at: number): boolean {
    const { records } = this;
    if (!this.#options.readCommitted) return false;
    while (this.#aborted[0] && Number(this.#aborted[0].firstOffset) <= this.#last) {
      this.#abortedProducers.add(Number((this.#aborted.shift() as AbortedTransaction).producerId));
    }
    return isTransactional(records, at) && this.#abortedProducers.has(producerId(records, at));
  }

  #check(at: number): void {
    const stored = storedCrc(this.records, at);
    const computed = computeCrc(this.records, at);
    if (stored === computed) return;
    throw new KafkaError(
      Errors.CORRUPT_MESSAGE,
      `Record batch for partition ${this.state.name} at offset ${baseOffset(this.records, at)} is invalid, cause: Record is corrupt (stored crc = ${stored}, computed crc = ${computed})`,
    );
  }
}

/** Where the next fetch starts: after the last whole batch, undefined when there is none. Found in the headers, before anything is decoded. */
export function nextFetchPosition(records: Buffer): { readonly offset: number; readonly epoch: number } | undefined {
  let last = -1;
  for (let at = 0; ; ) {
    const end = nextBatch(records, at);
    if (end < 0) break;
    last = at;
    at = end;
  }
  return last < 0 ? undefined : { offset: lastOffset(records, last) + 1, epoch: leaderEpoch(records, last) };
}
