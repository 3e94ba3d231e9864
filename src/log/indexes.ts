/**
 * The two sparse indexes of a segment, held in memory; their files are Kafka's:
 * `.index` entries {relative offset i32, position i32}, `.timeindex` entries {timestamp i64, relative offset i32}.
 * Entries are the ones Kafka would write, so that its tools can verify them: an offset entry has the last offset of the
 * batch at its position; a time entry the largest timestamp so far and the last offset of the batch with it.
 */
import { readLong, writeLong } from '../protocol/records/layout.js';

const OFFSET_ENTRY = 8;
const TIME_ENTRY = 12;

/** Binary search: the last index below `count` for which `below` is true; -1 when there is none. */
export function lastWhere(count: number, below: (i: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (below(mid)) low = mid + 1;
    else high = mid;
  }
  return low - 1;
}

export class OffsetIndex {
  readonly base: number;
  #entries = new Int32Array(16);
  count = 0;

  constructor(base: number) {
    this.base = base;
  }

  append(offset: number, position: number): void {
    const relative = offset - this.base;
    if (this.count > 0 && relative <= this.#entries[2 * this.count - 2]!) return;
    if (2 * this.count === this.#entries.length) {
      const grown = new Int32Array(this.#entries.length * 2);
      grown.set(this.#entries);
      this.#entries = grown;
    }
    this.#entries[2 * this.count] = relative;
    this.#entries[2 * this.count + 1] = position;
    this.count++;
  }

  isFull(maxBytes: number): boolean {
    return this.count >= Math.floor(maxBytes / OFFSET_ENTRY);
  }

  /** Position of a batch at or before the one that contains `offset`. */
  floor(offset: number): number {
    const relative = offset - this.base;
    const entries = this.#entries;
    const i = lastWhere(this.count, (at) => entries[2 * at]! <= relative);
    return i < 0 ? 0 : entries[2 * i + 1]!;
  }

  toBuffer(): Buffer {
    const buf = Buffer.allocUnsafe(this.count * OFFSET_ENTRY);
    for (let i = 0; i < 2 * this.count; i++) buf.writeInt32BE(this.#entries[i]!, 4 * i);
    return buf;
  }

  static fromBuffer(base: number, buf: Buffer): OffsetIndex {
    const index = new OffsetIndex(base);
    for (let at = 0; at + OFFSET_ENTRY <= buf.length; at += OFFSET_ENTRY) {
      index.append(base + buf.readInt32BE(at), buf.readInt32BE(at + 4));
    }
    return index;
  }
}

export class TimeIndex {
  readonly base: number;
  #times: number[] = [];
  #offsets: number[] = [];

  constructor(base: number) {
    this.base = base;
  }

  get count(): number {
    return this.#times.length;
  }

  append(timestamp: number, offset: number): void {
    if (timestamp < 0 || (this.count > 0 && timestamp <= this.#times[this.count - 1]!)) return;
    this.#times.push(timestamp);
    this.#offsets.push(offset);
  }

  isFull(maxBytes: number): boolean {
    return this.count >= Math.floor(maxBytes / TIME_ENTRY) - 1;
  }

  /** An offset below which every record is older than `timestamp`. */
  floor(timestamp: number): number {
    const i = lastWhere(this.count, (at) => this.#times[at]! < timestamp);
    return i < 0 ? this.base : this.#offsets[i]!;
  }

  toBuffer(): Buffer {
    const buf = Buffer.allocUnsafe(this.count * TIME_ENTRY);
    for (let i = 0; i < this.count; i++) {
      writeLong(buf, i * TIME_ENTRY, this.#times[i]!);
      buf.writeInt32BE(this.#offsets[i]! - this.base, i * TIME_ENTRY + 8);
    }
    return buf;
  }

  static fromBuffer(base: number, buf: Buffer): TimeIndex {
    const index = new TimeIndex(base);
    for (let at = 0; at + TIME_ENTRY <= buf.length; at += TIME_ENTRY) {
      index.append(readLong(buf, at), base + buf.readInt32BE(at + 8));
    }
    return index;
  }
}
