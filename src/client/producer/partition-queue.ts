/** The unsent batches of one partition, in order: closed ones, and the open one that accepts records. */
import type { Batch } from './batch.js';
import { splitBatch } from './record-parts.js';

/** The queue of one partition. */
export class PartitionQueue {
  readonly partition: number;
  #open: Batch | undefined;
  #ready: Batch[] = [];

  constructor(partition: number) {
    this.partition = partition;
  }

  /** The batch that accepts records. */
  get open(): Batch | undefined {
    return this.#open;
  }

  /** Number of unsent batches. */
  get size(): number {
    return this.#ready.length + (this.#open ? 1 : 0);
  }

  /** The next batch to send. */
  get first(): Batch | undefined {
    return this.#ready[0];
  }

  begin(batch: Batch): void {
    this.close();
    this.#open = batch;
  }

  /** Closes the open batch. */
  close(): void {
    if (this.#open) this.#ready.push(this.#open);
    this.#open = undefined;
  }

  /** Adds a batch that was closed before its partition was chosen. */
  add(batch: Batch): void {
    this.#ready.push(batch);
  }

  /** Removes the first batch, which is being sent. */
  poll(): void {
    this.#ready.shift();
  }

  /** Puts a failed batch back in order. */
  reenqueue(batch: Batch): void {
    const at = this.#ready.findIndex((other) => other.order > batch.order);
    this.#ready.splice(at < 0 ? this.#ready.length : at, 0, batch);
  }

  /** Whether an earlier batch is queued (one that failed). */
  hasEarlier(batch: Batch): boolean {
    const first = this.#ready[0];
    return first !== undefined && first.order < batch.order;
  }

  /** Replaces a batch by its parts; returns how many. 0 if the batch is no longer queued. */
  split(batch: Batch, limit: number): number {
    const at = this.#ready.indexOf(batch);
    if (at < 0) return 0;
    const parts = splitBatch(batch, limit);
    this.#ready.splice(at, 1, ...parts);
    return parts.length;
  }

  /** Resets the batches' sequences: a new producer epoch starts from 0. */
  forgetSequences(): void {
    for (const batch of this.#ready) batch.resequence(-1);
  }

  /** Removes and returns the batches created at `time` or before. */
  expire(time: number): Batch[] {
    const old = (batch: Batch) => batch.createdMs <= time;
    if (this.#open && old(this.#open)) this.close();
    const expired = this.#ready.filter(old);
    if (expired.length > 0) this.#ready = this.#ready.filter((batch) => !old(batch));
    return expired;
  }
}
