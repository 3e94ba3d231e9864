/** The batches of one partition on their way, in order: open, closed, in flight, to be sent again. */
import type { Batch } from './accumulator.js';

export class PartitionQueue {
  readonly partition: number;
  /** takes records */
  open: Batch | undefined;
  /** closed, the next one first */
  readonly ready: Batch[] = [];
  /** sent and not answered, in the order of their sequences */
  readonly inFlight: Batch[] = [];
  /** answered with an error that another try may mend */
  #failed: Batch[] = [];
  nextSequence = 0;
  /**
   * The broker has taken a batch of this producer epoch. Before that it would take any sequence as the first, so a second
   * batch must not overtake one that is refused: one is in flight at a time.
   */
  proven = false;
  /** batches whose new size is being asked for; the partition waits meanwhile */
  splitting = 0;
  /** not before this time, ms */
  notBefore = 0;
  /** failures in a row */
  failures = 0;

  constructor(partition: number) {
    this.partition = partition;
  }

  get failing(): boolean {
    return this.#failed.length > 0;
  }

  /** Puts what failed back in front, in its old order. Only when nothing is in flight: that keeps the order. */
  requeue(): void {
    this.#failed.sort((a, b) => a.order - b.order);
    this.ready.unshift(...this.#failed);
    this.#failed = [];
    this.proven = false;
  }

  fail(...batches: Batch[]): void {
    this.#failed.push(...batches);
  }

  /** Puts a failed batch's parts in its place. */
  replace(batch: Batch, parts: readonly Batch[]): void {
    this.#failed.splice(this.#failed.indexOf(batch), 1, ...parts);
  }

  landed(batch: Batch): void {
    const at = this.inFlight.indexOf(batch);
    if (at >= 0) this.inFlight.splice(at, 1);
  }

  /** Whether an earlier batch failed or is still out, so that this one cannot have been in sequence. */
  isBehind(batch: Batch): boolean {
    return this.#failed.some((b) => b.order < batch.order) || this.inFlight.some((b) => b.order < batch.order);
  }

  /** A new producer epoch counts from 0. */
  restart(): void {
    this.nextSequence = 0;
    this.proven = false;
    for (const batch of [...this.ready, ...this.#failed]) batch.resequence(-1);
  }

  /** Takes out what was created before `time` and is not in flight. */
  expire(time: number): Batch[] {
    const old = (batch: Batch) => batch.createdMs <= time;
    const expired = [...this.#failed, ...this.ready].filter(old);
    if (expired.length === 0) return expired;
    this.#failed = this.#failed.filter((batch) => !old(batch));
    this.ready.splice(0, this.ready.length, ...this.ready.filter((batch) => !old(batch)));
    return expired;
  }
}
