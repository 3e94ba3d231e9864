/** The producer's memory: one allocation, cut into slots of equal size; a batch fills one. Java: BufferPool. */
import { BATCH_HEADER } from '../../protocol/records/layout.js';
import { Batch, MAX_RECORD_OVERHEAD, OWN_BUFFER } from './batch.js';

const SLAB = 16 * 1024 * 1024;
const SMALLEST_SLOT = 512;
/** first batch: small, so that its answer is back before the second is full (see Progress.proven) */
const FIRST_BATCH = 64 * 1024;

export class BufferPool {
  /** the first `reserve` bytes belong to the caller: the reader's chunks lie there */
  readonly buf: Buffer;
  /** starts of the slots that no batch uses */
  readonly #free: number[] = [];
  readonly #memory: number;
  #batchSize: number;
  #ownBytes = 0;
  #first = true;

  /** `memory`: bytes for batches, buffer.memory; `batchSize`: bytes of the largest batch of more than one record. */
  constructor(memory: number, batchSize: number, reserve: number) {
    this.#memory = Math.min(memory, SLAB);
    this.#batchSize = batchSize;
    const slotSize = Math.max(batchSize, SMALLEST_SLOT);
    const slots = Math.max(4, Math.min(Math.floor(this.#memory / slotSize), 4096));
    this.buf = Buffer.allocUnsafeSlow(reserve + slots * slotSize);
    for (let i = slots - 1; i >= 0; i--) this.#free.push(reserve + i * slotSize);
  }

  get batchSize(): number {
    return this.#batchSize;
  }

  /** Batches are not larger than this from now on. */
  limit(bytes: number): void {
    this.#batchSize = Math.max(BATCH_HEADER + 1, Math.min(this.#batchSize, bytes));
  }

  /**
   * A batch with room for a record of so many bytes at least, and of `most` bytes otherwise; undefined when there is no
   * memory left.
   */
  allocate(bytes: number, most = this.#batchSize): Batch | undefined {
    const need = BATCH_HEADER + MAX_RECORD_OVERHEAD + bytes;
    if (need > this.#batchSize) return this.#allocateOwn(need);
    const base = this.#free.pop();
    if (base === undefined) return undefined;
    const wanted = Math.min(this.#batchSize, this.#first ? FIRST_BATCH : most);
    const size = Math.max(need, wanted);
    this.#first = false;
    return new Batch(this.buf, base, base + size, base);
  }

  /** A record larger than a batch has a buffer of its own. */
  #allocateOwn(need: number): Batch | undefined {
    if (this.#ownBytes > 0 && this.#ownBytes + need > this.#memory) return undefined;
    this.#ownBytes += need;
    this.#first = false;
    return new Batch(Buffer.allocUnsafeSlow(need), 0, need, OWN_BUFFER);
  }

  /** Takes a batch's memory back. Once for each batch. */
  deallocate(batch: Batch): void {
    if (batch.slot >= 0) this.#free.push(batch.slot);
    else if (batch.slot === OWN_BUFFER) this.#ownBytes -= batch.buf.length;
  }

  /** Slots that no batch uses. */
  get freeSlots(): number {
    return this.#free.length;
  }
}
