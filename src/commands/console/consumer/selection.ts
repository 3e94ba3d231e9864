/** Which of the records that are read are printed: by their time (`--from`, `--to`) and by what is in them (`--grep`). */
import type { RecordCursor } from '../../../protocol/records/cursor.js';
import type { Grep } from './grep.js';

export class Selection {
  readonly #from: number;
  readonly #to: number;
  readonly #greps: readonly Grep[];
  /** the time of the record that was looked at last */
  #last = Number.NEGATIVE_INFINITY;

  /** Times are ms: [from, to). */
  constructor(from: number, to: number, greps: readonly Grep[]) {
    this.#from = from;
    this.#to = to;
    this.#greps = greps;
  }

  /** Bytes that were not seen before follow. */
  begin(): void {
    this.#last = Number.NEGATIVE_INFINITY;
    for (const grep of this.#greps) grep.begin();
  }

  takes(cursor: RecordCursor): boolean {
    const { timestamp } = cursor;
    this.#last = timestamp;
    if (timestamp < this.#from || timestamp >= this.#to) return false;
    for (const grep of this.#greps) if (!grep.matches(cursor)) return false;
    return true;
  }

  /** The record that was looked at last is too young. */
  get isPast(): boolean {
    return this.#last >= this.#to;
  }
}
