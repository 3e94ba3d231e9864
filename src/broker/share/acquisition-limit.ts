import type { Batch, Entry } from './entry.js';

/**
 * Limits what one fetch may acquire. A record with a high delivery count may be what makes its consumers fail: such
 * records are delivered in smaller batches, and alone at the last attempt, so that others are not archived along with
 * them.
 */
export class AcquisitionLimit {
  /** the batch of newly acquired offsets */
  readonly batch: Batch = { size: 0 };
  enough = false;
  readonly #limit: number;
  /** delivery count from which on batches get smaller */
  readonly #often: number;
  readonly #max: number;
  readonly #exact: boolean;
  #count = 0;
  #slow: { readonly batch: Batch; readonly most: number } | undefined;

  /** With `exact`, stops at `max` records; otherwise acquires the batch that contains the last one as a whole. */
  constructor(deliveryLimit: number, max: number, exact: boolean) {
    this.#limit = deliveryLimit;
    this.#max = max;
    this.#exact = exact;
    this.#often = Math.max(2, Math.ceil(deliveryLimit / 2));
  }

  /**
   * Whether an offset may be acquired, and if so counts it. `entry` is undefined for an offset never acquired before.
   */
  admits(entry: Entry | undefined): boolean {
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

  endBatch(): void {
    if (this.#count >= this.#max) this.enough = true;
  }
}
