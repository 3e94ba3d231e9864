/** One segment: a `.log` file named after its base offset, its indexes and statistics. */
import { At, lastOffset, maxTimestamp, readLong } from '../protocol/records/layout.js';
import { type LogCache, RegionList } from './cache.js';
import { type LogFs, remove } from './fs.js';
import { OffsetIndex, TimeIndex } from './indexes.js';
import type { AbortedTxn } from './producers.js';
import type { BadRange } from './scan.js';

/** "00000000000000000042.log": the base offset in 20 digits. */
export const fileName = (offset: number, suffix: string): string => `${String(offset).padStart(20, '0')}${suffix}`;

/** Suffixes of the files of a segment. */
export const SEGMENT_FILES = ['.log', '.index', '.timeindex', '.txnindex', '.snapshot'] as const;

/** A segment; `note` updates its state for each batch. */
export class Segment {
  readonly dir: string;
  readonly base: number;
  readonly fd: number;
  readonly regions: RegionList;
  index: OffsetIndex;
  timeIndex: TimeIndex;
  /** bytes of whole batches */
  size = 0;
  /** last offset + 1 */
  endOffset: number;
  maxTimestamp = -1;
  /** last offset of the batch with `maxTimestamp` */
  maxTimestampOffset = -1;
  /** largest timestamp of the first batch, from which segment.ms counts; -1 when empty or unknown */
  firstTimestamp = -1;
  /** offsets can jump: the segment was compacted */
  gaps = false;
  bad: BadRange[] = [];
  /** CRCs of the `.index`, `.timeindex` and `.txnindex` files once they are written */
  crcs: readonly [number, number, number] | undefined;
  aborted: AbortedTxn[] = [];
  /** when this process opened it, ms */
  readonly created: number;
  readonly #io: LogFs;
  #sinceIndex = 0;
  #readers = 0;
  #dead = false;

  /** `file`: whether to create `.log`, or the descriptor of an open file that will become it. */
  constructor(io: LogFs, dir: string, base: number, cache: LogCache, now: number, file: boolean | number) {
    this.#io = io;
    this.dir = dir;
    this.base = base;
    this.endOffset = base;
    this.created = now;
    this.index = new OffsetIndex(base);
    this.timeIndex = new TimeIndex(base);
    this.regions = new RegionList(cache);
    this.fd = typeof file === 'number' ? file : io.open(this.path('.log'), file);
  }

  /** last offset + 1, including offsets lost to damage */
  get reach(): number {
    return Math.max(this.endOffset, this.bad[this.bad.length - 1]?.endOffset ?? 0);
  }

  path(suffix: string): string {
    return `${this.dir}/${fileName(this.base, suffix)}`;
  }

  /** Updates indexes and statistics for a batch at `position`, the current end. */
  note(buf: Buffer, at: number, position: number, size: number, indexInterval: number): void {
    const last = lastOffset(buf, at);
    const time = maxTimestamp(buf, at);
    if (position === 0) this.firstTimestamp = time;
    if (time > this.maxTimestamp) {
      this.maxTimestamp = time;
      this.maxTimestampOffset = last;
    }
    if (this.#sinceIndex > indexInterval) {
      this.index.append(last, position);
      this.timeIndex.append(this.maxTimestamp, this.maxTimestampOffset);
      this.#sinceIndex = 0;
    }
    this.#sinceIndex += size;
    this.size = position + size;
    this.endOffset = last + 1;
  }

  /** Clears indexes and statistics before a scan. */
  reset(): void {
    this.index = new OffsetIndex(this.base);
    this.timeIndex = new TimeIndex(this.base);
    this.size = 0;
    this.endOffset = this.base;
    this.maxTimestamp = -1;
    this.maxTimestampOffset = -1;
    this.firstTimestamp = -1;
    this.bad = [];
    this.aborted = [];
    this.#sinceIndex = 0;
  }

  /** Whether `bytes` more, up to `offset`, fit into this segment. */
  hasRoom(bytes: number, offset: number, config: { segmentBytes: number; segmentIndexBytes: number }): boolean {
    return (
      this.size + bytes <= config.segmentBytes &&
      offset - this.base <= 0x7fffffff &&
      !this.index.isFull(config.segmentIndexBytes) &&
      !this.timeIndex.isFull(config.segmentIndexBytes)
    );
  }

  /** Keeps the file open for a reader, until `release`. */
  hold(): void {
    this.#readers++;
  }
  release(): void {
    this.#readers--;
    this.#end();
  }

  close(): void {
    this.#dead = true;
    this.#end();
  }

  /** Deletes the files; current readers can finish. */
  remove(): void {
    for (const suffix of SEGMENT_FILES) remove(this.#io, this.path(suffix));
    this.close();
  }

  #end(): void {
    if (!this.#dead || this.#readers > 0) return;
    this.#dead = false;
    this.regions.clear();
    this.#io.close(this.fd);
  }
}

/** First and last offset of the batch at `at`. */
export const offsetsAt = (buf: Buffer, at: number): [number, number] => {
  const base = readLong(buf, at);
  return [base, base + buf.readInt32BE(at + At.lastOffsetDelta)];
};
