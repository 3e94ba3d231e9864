/** The producer's memory: one allocation divided into slots of equal size, one per batch. Java: BufferPool. */
import { BATCH_HEADER } from '../../protocol/records/layout.js';
import { Batch, MAX_RECORD_OVERHEAD, OWN_BUFFER } from './batch.js';

const SLAB = 16 * 1024 * 1024;
const SMALLEST_SLOT = 512;
/** size of the first batch, bytes: small, so that its response is back before the second is full (see Progress.epochAcked) */
const FIRST_BATCH = 64 * 1024;

/** Allocates and frees batches. */
export class BufferPool {
  /** the first `reserve` bytes belong to the caller, for the input reader's chunks */
  readonly buf: Buffer;
  /** positions of free slots */
  readonly #free: number[] = [];
  readonly #memory: number;
  #batchSize: number;
  #ownBytes = 0;
  #first = true;

  /** `memory`: buffer.memory, bytes for batches; `batchSize`: maximum size of a batch of more than one record, bytes. */
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

  /** Lowers the maximum batch size. */
  limit(bytes: number): void {
    this.#batchSize = Math.max(BATCH_HEADER + 1, Math.min(this.#batchSize, bytes));
  }

  /**
   * Allocates a batch of `most` bytes, or more if a record of `bytes` needs it; undefined when there is no memory left.
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

  /** A separate buffer for a record larger than a batch. */
  #allocateOwn(need: number): Batch | undefined {
    if (this.#ownBytes > 0 && this.#ownBytes + need > this.#memory) return undefined;
    this.#ownBytes += need;
    this.#first = false;
    return new Batch(Buffer.allocUnsafeSlow(need), 0, need, OWN_BUFFER);
  }

  /** Frees a batch's memory. Call once per batch. */
  deallocate(batch: Batch): void {
    if (batch.slot >= 0) this.#free.push(batch.slot);
    else if (batch.slot === OWN_BUFFER) this.#ownBytes -= batch.buf.length;
  }

  /** Number of free slots. */
  get freeSlots(): number {
    return this.#free.length;
  }
}
