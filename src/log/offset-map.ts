/** The last offset of each key in the part of a log that is to be compacted. */
import { createHash } from 'node:crypto';
import { RecordCursor } from '../protocol/records/cursor.js';

/** Keys in one pass, to bound its memory (about 150 bytes each); the next pass goes on from where this one ends. */
const MAX_KEYS = 1_000_000;
/** Longer keys are held as their SHA-256. */
const LONG_KEY = 48;

export class OffsetMap {
  /** behind the last batch that is in the map */
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

  /** All batches up to this offset are in; not once the map is full. */
  passed(lastOffset: number): void {
    if (!this.full) this.endOffset = Math.max(this.endOffset, lastOffset + 1);
  }

  /** Whether no later record of the cursor's key is known. */
  isLast(cursor: RecordCursor): boolean {
    return cursor.offset >= (this.#offsets.get(keyOf(cursor)) ?? -1);
  }
}

function keyOf(cursor: RecordCursor): string {
  const { data, keyStart, keyLength } = cursor;
  const end = keyStart + keyLength;
  if (keyLength <= LONG_KEY) return data.toString('latin1', keyStart, end);
  // a longer string than any short key's
  return `#${createHash('sha256').update(data.subarray(keyStart, end)).digest('hex')}`;
}
