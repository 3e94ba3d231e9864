/** How far the sending of one partition is: what is in flight, sequences, and what it waits for. */
import type { Batch } from './batch.js';
import { NO_IDENTITY, type ProducerIdentity, type ProducerIds } from './producer-ids.js';

export class Progress {
  identity: ProducerIdentity = NO_IDENTITY;
  /** failures in a row */
  failures = 0;
  /** not before this time, ms */
  notBefore = 0;
  /** batches whose new size is being asked for; the partition waits meanwhile */
  splitting = 0;
  /**
   * The broker has taken a batch of this producer epoch. Before that it would take any sequence as the first, so a second
   * batch must not overtake one that is refused: one is in flight at a time.
   */
  proven = false;
  /** a batch failed: nothing more is sent until what is in flight is answered, which keeps the order */
  recovering = false;
  /** a batch was given up: those after it would leave a gap, so they are numbered under another epoch */
  #renumbering = false;
  #nextSequence = 0;
  readonly #inFlight: Batch[] = [];

  get idle(): boolean {
    return this.#inFlight.length === 0;
  }

  get inFlight(): readonly Batch[] {
    return this.#inFlight;
  }

  /** Gives the batch its base sequence, unless it keeps one from before, and counts it as in flight. */
  send(batch: Batch, numbered: boolean): void {
    if (numbered && batch.sequence < 0) {
      batch.resequence(this.#nextSequence);
      this.#nextSequence = (this.#nextSequence + batch.count) & 0x7fffffff;
    }
    batch.inFlight = true;
    this.#inFlight.push(batch);
  }

  land(batch: Batch): void {
    batch.inFlight = false;
    this.#inFlight.splice(this.#inFlight.indexOf(batch), 1);
  }

  /** Whether an earlier batch is still out. */
  hasEarlier(batch: Batch): boolean {
    return this.#inFlight.some((other) => other.order < batch.order);
  }

  /** Nothing is sent for a while, twice as long each time, 20 % of jitter. */
  backOff(nowMs: number, firstMs: number, mostMs: number): void {
    const waitMs = Math.min(firstMs * 2 ** this.failures++, Math.max(firstMs, mostMs));
    this.notBefore = nowMs + waitMs * (0.8 + Math.random() * 0.4);
  }

  /** What waits is to be numbered from 0 again. */
  renumber(): void {
    this.#renumbering = true;
  }

  /**
   * What must happen before the next batch goes: 'wait' while something is in flight or no identity is there, 'renumbered'
   * when the waiting batches' sequences no longer hold, 'go' otherwise.
   */
  ready(ids: ProducerIds, numbered: boolean): 'wait' | 'renumbered' | 'go' {
    if (this.recovering || this.#renumbering) {
      if (!this.idle || this.splitting > 0) return 'wait';
      this.recovering = false;
      this.proven = false;
    }
    if (!numbered) return 'go';
    if (this.identity === NO_IDENTITY && ids.current) this.identity = ids.current;
    if (this.#renumbering) {
      const next = ids.after(this.identity);
      if (!next) return 'wait';
      this.identity = next;
      this.#renumbering = false;
      this.#nextSequence = 0;
      return 'renumbered';
    }
    return this.proven || this.idle ? 'go' : 'wait';
  }
}
