/** The batches of one partition that wait to be sent, in order: closed ones, and the one that takes records. */
import type { Batch } from './batch.js';
import { splitBatch } from './record-parts.js';

export class PartitionQueue {
  readonly partition: number;
  #open: Batch | undefined;
  #ready: Batch[] = [];

  constructor(partition: number) {
    this.partition = partition;
  }

  /** The batch that takes records. */
  get open(): Batch | undefined {
    return this.#open;
  }

  /** Batches that wait. */
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

  /** The open batch takes no more records. */
  close(): void {
    if (this.#open) this.#ready.push(this.#open);
    this.#open = undefined;
  }

  /** A batch that was closed before it was known to be for this partition. */
  add(batch: Batch): void {
    this.#ready.push(batch);
  }

  /** Takes out the first batch, to send it. */
  poll(): void {
    this.#ready.shift();
  }

  /** Puts a batch that failed back to its place. */
  reenqueue(batch: Batch): void {
    const at = this.#ready.findIndex((other) => other.order > batch.order);
    this.#ready.splice(at < 0 ? this.#ready.length : at, 0, batch);
  }

  /** Whether a batch waits that comes before this one: it failed. */
  hasEarlier(batch: Batch): boolean {
    const first = this.#ready[0];
    return first !== undefined && first.order < batch.order;
  }

  /** Puts a batch's parts in its place; returns how many. 0 where the batch does not wait any more. */
  split(batch: Batch, limit: number): number {
    const at = this.#ready.indexOf(batch);
    if (at < 0) return 0;
    const parts = splitBatch(batch, limit);
    this.#ready.splice(at, 1, ...parts);
    return parts.length;
  }

  /** A new producer epoch counts from 0: none of the batches has a sequence yet. */
  forgetSequences(): void {
    for (const batch of this.#ready) batch.resequence(-1);
  }

  /** Takes out the batches that were created at `time` or before. */
  expire(time: number): Batch[] {
    const old = (batch: Batch) => batch.createdMs <= time;
    if (this.#open && old(this.#open)) this.close();
    const expired = this.#ready.filter(old);
    if (expired.length > 0) this.#ready = this.#ready.filter((batch) => !old(batch));
    return expired;
  }
}
