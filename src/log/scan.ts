/** Reads a segment from end to end, batch by batch, every CRC checked. What does not hold together is found, not skipped. */
import { At, BATCH_HEADER, batchSize, isWholeBatch, readLong } from '../protocol/records/layout.js';
import { type LogFs, readAll, readAllSync } from './fs.js';

const CHUNK = 1 << 20;
/** No batch can be larger: a length field above it is rot. */
const MAX_BATCH = 1 << 30;

/** Bytes of a segment that are no batch: a hole between `firstOffset` and `endOffset` (exclusive). */
export interface BadRange {
  position: number;
  end: number;
  firstOffset: number;
  endOffset: number;
}

export interface ScanOptions {
  /** where to begin, and the first offset that may come there */
  position: number;
  offset: number;
  size: number;
  /** compacted: offsets may jump forward */
  gaps: boolean;
  /** the first batch may begin above `offset` */
  looseStart?: boolean;
}

/** A window over a file that moves forward. Small files are read synchronously: one system call beats the thread pool. */
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

  /** Makes `length` bytes at `position` readable (fewer at the end of the file); returns where they lie in `buf`. */
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
 * Calls `visit` for each batch (it lies at `at` in `buf`, at `position` in the file) and `onBad` for each stretch that
 * is none but has a batch behind it. Returns where the good part ends: at `size`, or where a torn tail begins.
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

/** The size that a header claims, when it can be one; else 0. */
function claimedSize(buf: Buffer, at: number, left: number): number {
  if (left < BATCH_HEADER || buf.length - at < BATCH_HEADER || buf[at + At.magic] !== 2) return 0;
  const size = batchSize(buf, at);
  return size >= BATCH_HEADER && size <= left && size <= MAX_BATCH ? size : 0;
}

/** Whether a whole batch lies here whose offsets go on from `offset`. */
function fits(buf: Buffer, at: number, offset: number, gaps: boolean): boolean {
  const base = readLong(buf, at);
  const delta = buf.readInt32BE(at + At.lastOffsetDelta);
  return (
    (gaps ? base >= offset : base === offset) && base <= Number.MAX_SAFE_INTEGER && delta >= 0 && isWholeBatch(buf, at)
  );
}

/** The next whole batch behind a bad one: where its length says first, else at any byte. */
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
    // most bytes are told apart here, without a promise for each
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

/** Base offset of a whole batch at `p` that can follow `offset`; undefined when there is none. */
async function batchAt(window: Window, p: number, size: number, offset: number): Promise<number | undefined> {
  if (p >= size) return undefined;
  let at = await window.at(p, BATCH_HEADER);
  const length = claimedSize(window.buf, at, size - p);
  if (length === 0) return undefined;
  at = await window.at(p, length);
  return fits(window.buf, at, offset, true) ? readLong(window.buf, at) : undefined;
}
