/** The sending state of one partition: batches in flight, sequences, backoff. */
import type { Batch } from './batch.js';
import { NO_IDENTITY, type ProducerIdentity, type ProducerIds } from './producer-ids.js';

/** One partition's progress, updated by sender.ts and outcomes.ts. */
export class Progress {
  identity: ProducerIdentity = NO_IDENTITY;
  /** consecutive failures */
  failures = 0;
  /** end of the retry backoff, ms */
  notBefore = 0;
  /** batches to be split, waiting for the topic's max.message.bytes; blocks the partition */
  splitting = 0;
  /**
   * The broker has acknowledged a batch of this producer epoch. Before that it accepts any first sequence, so a second batch
   * could overtake a rejected first one: only one is in flight until then.
   */
  epochAcked = false;
  /** a batch failed: nothing is sent until all requests in flight are answered, which keeps the order */
  recovering = false;
  /** a batch was lost: later ones would leave a sequence gap, so they get a new epoch */
  #renumbering = false;
  #nextSequence = 0;
  readonly #inFlight: Batch[] = [];

  get idle(): boolean {
    return this.#inFlight.length === 0;
  }

  get inFlight(): readonly Batch[] {
    return this.#inFlight;
  }

  /** Marks the batch as in flight and assigns its base sequence, unless it has one from an earlier attempt. */
  send(batch: Batch, numbered: boolean): void {
    if (numbered && batch.sequence < 0) {
      batch.resequence(this.#nextSequence);
      this.#nextSequence = (this.#nextSequence + batch.count) & 0x7fffffff;
    }
    batch.inFlight = true;
    this.#inFlight.push(batch);
  }

  /** The batch is no longer in flight: its request was answered or failed. */
  completed(batch: Batch): void {
    batch.inFlight = false;
    this.#inFlight.splice(this.#inFlight.indexOf(batch), 1);
  }

  /** Whether an earlier batch is in flight. */
  hasEarlier(batch: Batch): boolean {
    return this.#inFlight.some((other) => other.order < batch.order);
  }

  /** Exponential backoff with 20 % jitter. */
  backOff(nowMs: number, firstMs: number, mostMs: number): void {
    const waitMs = Math.min(firstMs * 2 ** this.failures++, Math.max(firstMs, mostMs));
    this.notBefore = nowMs + waitMs * (0.8 + Math.random() * 0.4);
  }

  /** Restarts the sequence from 0 under a new epoch. */
  renumber(): void {
    this.#renumbering = true;
  }

  /**
   * Whether the next batch can be sent: 'wait' while requests must complete first or there is no producer id, 'renumbered'
   * when queued batches must drop their sequences, 'go' otherwise.
   */
  ready(ids: ProducerIds, numbered: boolean): 'wait' | 'renumbered' | 'go' {
    if (this.recovering || this.#renumbering) {
      if (!this.idle || this.splitting > 0) return 'wait';
      this.recovering = false;
      this.epochAcked = false;
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
    return this.epochAcked || this.idle ? 'go' : 'wait';
  }
}
