import type { Batch, Entry } from './entry.js';

/**
 * What one read may acquire. Records that came back often may be what breaks their readers: of those fewer are handed out at
 * a time, and the last attempt is made with one alone, so that the others are not given up with it.
 */
export class Taking {
  /** of the offsets that nobody had before */
  readonly batch: Batch = { size: 0 };
  enough = false;
  readonly #limit: number;
  /** deliveries from which on there are fewer */
  readonly #often: number;
  readonly #max: number;
  readonly #exact: boolean;
  #count = 0;
  #slow: { readonly batch: Batch; readonly most: number } | undefined;

  /** `exact`: not one more than `max`; else the batch in which that many are reached is acquired whole. */
  constructor(deliveryLimit: number, max: number, exact: boolean) {
    this.#limit = deliveryLimit;
    this.#max = max;
    this.#exact = exact;
    this.#often = Math.max(2, Math.ceil(deliveryLimit / 2));
  }

  /** Whether the offset, `undefined` for a new one, may be acquired too; it counts as acquired then. */
  may(entry: Entry | undefined): boolean {
    const count = entry?.count ?? 0;
    const isLast = this.#limit > 2 && count === this.#limit - 1;
    const otherBatch = this.#slow !== undefined && entry?.batch !== this.#slow.batch;
    if (this.enough || otherBatch || (this.#count > 0 && (isLast || (count >= this.#often && !this.#slow)))) {
      this.enough = true;
      return false;
    }
    if (entry && count >= this.#often && !this.#slow) {
      this.#slow = { batch: entry.batch, most: Math.max(1, entry.batch.size >> (count - this.#often + 1)) };
    }
    if (!entry) this.batch.size++;
    this.#count++;
    this.enough = isLast || this.#count === this.#slow?.most || (this.#exact && this.#count === this.#max);
    return true;
  }

  batchEnds(): void {
    if (this.#count >= this.#max) this.enough = true;
  }
}
