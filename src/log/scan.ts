/** Scans a whole segment, batch by batch, checking every CRC. Damage is reported, not skipped. */
import { At, BATCH_HEADER, batchSize, isWholeBatch, readLong } from '../protocol/records/layout.js';
import { type LogFs, readAll, readAllSync } from './fs.js';

const CHUNK = 1 << 20;
/** The largest plausible batch: a larger length field is corrupt. */
const MAX_BATCH = 1 << 30;

/** Damaged bytes of a segment: the offsets from `firstOffset` to `endOffset` (exclusive) are lost. */
export interface BadRange {
  position: number;
  end: number;
  firstOffset: number;
  endOffset: number;
}

export interface ScanOptions {
  /** where the scan starts, and the lowest offset allowed there */
  position: number;
  offset: number;
  size: number;
  /** compacted: offsets can jump forward */
  gaps: boolean;
  /** the first batch can start above `offset` */
  looseStart?: boolean;
}

/** A read window that moves forward over a file. Small files are read synchronously: one system call beats the thread pool. */
class Window {
  readonly #io: LogFs;
  readonly #fd: number;
  readonly #size: number;
  buf: Buffer = Buffer.alloc(0);
  start = 0;

  constructor(io: LogFs, fd: number, size: number) {
    this.#io = io;
    this.#fd = fd;
    this.#size = size;
  }

  /** Makes `length` bytes at `position` readable (fewer at the end of the file); returns their position in `buf`. */
  async at(position: number, length: number): Promise<number> {
    const end = Math.min(position + length, this.#size);
    if (position < this.start || end > this.start + this.buf.length) {
      const want = Math.min(Math.max(length, CHUNK), this.#size - position);
      const sync = this.#size <= CHUNK;
      this.buf = sync
        ? readAllSync(this.#io, this.#fd, want, position)
        : await readAll(this.#io, this.#fd, want, position);
      this.start = position;
    }
    return position - this.start;
  }
}

/**
 * Calls `visit` for each batch (at `at` in `buf`, at `position` in the file) and `onBad` for each damaged range that is
 * followed by a batch. Returns where the good part ends: at `size`, or at the start of a torn tail.
 */
export async function scanSegment(
  io: LogFs,
  fd: number,
  options: ScanOptions,
  visit: (buf: Buffer, at: number, position: number) => void,
  onBad: (bad: BadRange) => void,
): Promise<{ position: number; offset: number }> {
  const { size, gaps } = options;
  const window = new Window(io, fd, size);
  let { position, offset } = options;
  let loose = options.looseStart ?? false;
  while (position < size) {
    let at = await window.at(position, BATCH_HEADER);
    const length = claimedSize(window.buf, at, size - position);
    if (length > 0) at = await window.at(position, length);
    if (length > 0 && fits(window.buf, at, offset, gaps || loose)) {
      visit(window.buf, at, position);
      offset = readLong(window.buf, at) + window.buf.readInt32BE(at + At.lastOffsetDelta) + 1;
      position += length;
      loose = false;
      continue;
    }
    const next = await findBatch(window, position, length, size, offset);
    if (next === undefined) break;
    onBad({ position, end: next.position, firstOffset: offset, endOffset: next.offset });
    ({ position, offset } = next);
  }
  return { position, offset };
}

/** The batch size in a header, if plausible; else 0. */
function claimedSize(buf: Buffer, at: number, left: number): number {
  if (left < BATCH_HEADER || buf.length - at < BATCH_HEADER || buf[at + At.magic] !== 2) return 0;
  const size = batchSize(buf, at);
  return size >= BATCH_HEADER && size <= left && size <= MAX_BATCH ? size : 0;
}

/** Whether there is a whole batch at `at` whose offsets continue from `offset`. */
function fits(buf: Buffer, at: number, offset: number, gaps: boolean): boolean {
  const base = readLong(buf, at);
  const delta = buf.readInt32BE(at + At.lastOffsetDelta);
  return (
    (gaps ? base >= offset : base === offset) && base <= Number.MAX_SAFE_INTEGER && delta >= 0 && isWholeBatch(buf, at)
  );
}

/** Finds the next whole batch after a bad one: first where its length field points, then at every byte. */
async function findBatch(
  window: Window,
  position: number,
  claimed: number,
  size: number,
  offset: number,
): Promise<{ position: number; offset: number } | undefined> {
  if (claimed > 0) {
    const found = await batchAt(window, position + claimed, size, offset);
    if (found !== undefined) return { position: position + claimed, offset: found };
  }
  for (let p = position + 1; p + BATCH_HEADER <= size; p++) {
    const at = await windowOrWait(window, p, size);
    // rules out most positions without the cost of a promise
    if (window.buf[at + At.magic] !== 2 || claimedSize(window.buf, at, size - p) === 0) continue;
    const found = await batchAt(window, p, size, offset);
    if (found !== undefined) return { position: p, offset: found };
  }
  return undefined;
}

const windowOrWait = (window: Window, p: number, size: number): number | Promise<number> =>
  p >= window.start && Math.min(p + BATCH_HEADER, size) <= window.start + window.buf.length
    ? p - window.start
    : window.at(p, BATCH_HEADER);

/** Base offset of a whole batch at `p` at or after `offset`; undefined when there is none. */
async function batchAt(window: Window, p: number, size: number, offset: number): Promise<number | undefined> {
  if (p >= size) return undefined;
  let at = await window.at(p, BATCH_HEADER);
  const length = claimedSize(window.buf, at, size - p);
  if (length === 0) return undefined;
  at = await window.at(p, length);
  return fits(window.buf, at, offset, true) ? readLong(window.buf, at) : undefined;
}
