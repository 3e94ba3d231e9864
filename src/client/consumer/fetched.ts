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

  /** The partition was revoked or has moved elsewhere since this was asked for. */
  get stale(): boolean {
    return this.state.revoked || this.state.seeks !== this.#seeks;
  }

  /** The next offset for the user: what lies before it is read, or was before this came. */
  get position(): number {
    return this.#position;
  }

  /** Opens the next batch that has records for the user; false behind the last. Those before `position` are to be skipped. */
  next(cursor: RecordCursor): boolean {
    const { records } = this;
    for (;;) {
      // compacted and control batches are passed over like those that were read
      if (this.at >= 0) this.#moveTo(this.#last + 1);
      this.at = -1;
      const at = this.#next;
      const end = nextBatch(records, at);
      if (end < 0) return false;
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

  /** What lies before this offset, within the open batch, is read. */
  readTo(offset: number): void {
    this.#moveTo(offset);
  }

  /** The reader ends before this offset, within the open batch. */
  stopAt(offset: number): void {
    this.#moveTo(offset);
    this.at = -1;
    this.#next = this.records.length;
  }

  /** What was read has reached the user: the partition's position moves, and may be committed. */
  done(): void {
    if (this.stale || this.#position <= this.state.position) return;
    this.state.position = this.#position;
    this.state.positionEpoch = this.#positionEpoch;
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

/** The offset behind the last whole batch, -1 when there is none: found in the headers, before anything is decoded. */
export function offsetBehind(records: Buffer): number {
  let behind = -1;
  for (let at = 0; ; ) {
    const end = nextBatch(records, at);
    if (end < 0) return behind;
    behind = lastOffset(records, at) + 1;
    at = end;
  }
}
