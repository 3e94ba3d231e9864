/** The last offset of each key in the dirty section of a log. */
import { createHash } from 'node:crypto';
import { RecordCursor } from '../protocol/records/cursor.js';

/** Keys per pass, to bound memory (about 150 bytes each); the next pass continues where this one ends. */
const MAX_KEYS = 1_000_000;
/** Longer keys are stored as their SHA-256. */
const LONG_KEY = 48;

export class OffsetMap {
  /** last offset in the map + 1 */
  endOffset = 0;
  readonly #offsets = new Map<string, number>();
  readonly #cursor = new RecordCursor();
  readonly #limit: number;

  constructor(limit = MAX_KEYS) {
    this.#limit = limit;
  }

  get full(): boolean {
    return this.#offsets.size >= this.#limit;
  }

  addBatch(buf: Buffer, at: number): void {
    if (this.full) return;
    const cursor = this.#cursor;
    cursor.open(buf, at);
    while (cursor.next()) {
      if (cursor.keyLength >= 0) this.#offsets.set(keyOf(cursor), cursor.offset);
    }
  }

  /** Extends the map's end past a batch that was added completely; ignored once the map is full. */
  passed(lastOffset: number): void {
    if (!this.full) this.endOffset = Math.max(this.endOffset, lastOffset + 1);
  }

  /** Whether the map has no later record with the cursor's key. */
  isLast(cursor: RecordCursor): boolean {
    return cursor.offset >= (this.#offsets.get(keyOf(cursor)) ?? -1);
  }
}

function keyOf(cursor: RecordCursor): string {
  const { data, keyStart, keyLength } = cursor;
  const end = keyStart + keyLength;
  if (keyLength <= LONG_KEY) return data.toString('latin1', keyStart, end);
  // longer than any short key, so the two cannot collide
  return `#${createHash('sha256').update(data.subarray(keyStart, end)).digest('hex')}`;
}
