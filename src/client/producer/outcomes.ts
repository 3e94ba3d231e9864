/**
 * What a broker's answer, or its silence, means for a batch: delivered, lost, or sent again. Mirrors
 * Sender.completeBatch of producer/internals/Sender.
 */
import { Errors, KafkaError } from '../../protocol/errors.js';
import { timeoutError } from '../cluster/retry.js';
import type { Accumulator } from './accumulator.js';
import { type Batch, PART } from './batch.js';
import type { ProducerConfig } from './config.js';
import type { Deliveries } from './deliveries.js';
import type { PartitionQueue } from './partition-queue.js';
import type { PartitionAnswer } from './produce-request.js';
import type { Progress } from './progress.js';
import type { Transaction } from './transaction.js';

/** A batch that was sent. */
export interface Sent {
  readonly queue: PartitionQueue;
  readonly progress: Progress;
  readonly batch: Batch;
}

/** What is left to do: nothing, to look for the leader before it is sent again, or to split it. */
export type FollowUp = 'none' | 'refresh' | 'split';

export interface OutcomesParts {
  readonly topic: string;
  readonly config: ProducerConfig;
  readonly accumulator: Accumulator;
  readonly deliveries: Deliveries;
  readonly transaction: Transaction | undefined;
}

export class Outcomes {
  readonly #topic: string;
  readonly #config: ProducerConfig;
  readonly #accumulator: Accumulator;
  readonly #deliveries: Deliveries;
  readonly #transaction: Transaction | undefined;

  constructor({ topic, config, accumulator, deliveries, transaction }: OutcomesParts) {
    this.#topic = topic;
    this.#config = config;
    this.#accumulator = accumulator;
    this.#deliveries = deliveries;
    this.#transaction = transaction;
  }

  answered(sent: Sent, answer: PartitionAnswer | undefined): FollowUp {
    const { queue, progress, batch } = sent;
    const code = answer?.errorCode ?? Errors.UNKNOWN_SERVER_ERROR;
    if (code === Errors.NONE || code === Errors.DUPLICATE_SEQUENCE_NUMBER || this.#isThere(sent, code)) {
      progress.proven = true;
      progress.failures = 0;
      this.#deliveries.delivered(batch, queue.partition, answer?.baseOffset ?? -1);
      return 'none';
    }
    const tooLarge = code === Errors.MESSAGE_TOO_LARGE || code === Errors.RECORD_LIST_TOO_LARGE;
    // of a lone record its sender must hear
    if (tooLarge && batch.count > 1) return this.#sendAgain(sent, 'split');
    if (this.#outOfSequence(sent, code)) return this.#sendAgain(sent, 'none');
    const error = new KafkaError(code, answer?.message ?? null);
    if (!tooLarge && error.retriable && batch.attempts < this.#config.retries) return this.#retry(sent);
    return this.#lost(sent, error);
  }

  /**
   * No answer: where the request was `written`, the batch may be in the log or not. It is sent again until
   * delivery.timeout.ms, which is safe when idempotent; not `again` where the producer is closed.
   */
  unanswered(sent: Sent, error: KafkaError, written: boolean, again: boolean): FollowUp {
    // the leader may be one that the metadata no longer have among the brokers
    const mayHelp = error.retriable || error.code === Errors.BROKER_NOT_AVAILABLE;
    if (!mayHelp || !again) return this.#lost(sent, error);
    if (written) sent.batch.unsure = true;
    return this.#retry(sent);
  }

  /** Gives up a batch that is older than delivery.timeout.ms. */
  expired(partition: number, progress: Progress, batch: Batch, nowMs: number): void {
    const what = `Expiring ${batch.count} record(s) for ${this.#topic}-${partition}:${nowMs - batch.createdMs} ms has passed since batch creation. The request has not been sent, or no server response has been received yet.`;
    this.#lost({ progress, batch }, timeoutError(what));
  }

  /** Gives up all that is not in flight. */
  giveUpAll(error: KafkaError): void {
    for (const { batch } of this.#accumulator.expire(Number.POSITIVE_INFINITY)) this.#deliveries.lost(batch, error);
  }

  /**
   * A part of a batch that was sent whole before, without an answer: a broker that had not taken the whole would take the part
   * now. That it finds the part out of sequence says that all of it is there (it knows whole batches as duplicates only).
   */
  #isThere({ queue, progress, batch }: Sent, code: number): boolean {
    if (code !== Errors.OUT_OF_ORDER_SEQUENCE_NUMBER || batch.slot !== PART || !batch.unsure) return false;
    return !queue.hasEarlier(batch) && !progress.hasEarlier(batch);
  }

  /** Whether the error is about sequences, and sending again mends it. */
  #outOfSequence({ queue, progress, batch }: Sent, code: number): boolean {
    const lostTrack = code === Errors.OUT_OF_ORDER_SEQUENCE_NUMBER || code === Errors.UNKNOWN_PRODUCER_ID;
    if (!this.#config.idempotent || (!lostTrack && code !== Errors.INVALID_PRODUCER_EPOCH)) return false;
    if (lostTrack && (queue.hasEarlier(batch) || progress.hasEarlier(batch))) return true;
    // in a transaction the coordinator alone gives epochs
    if (this.#transaction) return false;
    // the broker no longer knows us; a batch that was never sent before cannot be there twice
    progress.renumber();
    return batch.attempts++ === 0;
  }

  #retry(sent: Sent): FollowUp {
    const { retryBackoffMs, retryBackoffMaxMs } = this.#config;
    sent.batch.attempts++;
    sent.progress.backOff(Date.now(), retryBackoffMs, retryBackoffMaxMs);
    return this.#sendAgain(sent, 'refresh');
  }

  /** It goes back to its place, and the partition starts again from there. */
  #sendAgain({ queue, progress, batch }: Sent, followUp: FollowUp): FollowUp {
    progress.recovering = true;
    queue.reenqueue(batch);
    return followUp;
  }

  #lost({ progress, batch }: Pick<Sent, 'progress' | 'batch'>, error: KafkaError): FollowUp {
    if (this.#config.idempotent && batch.sequence >= 0) progress.renumber();
    this.#deliveries.lost(batch, error);
    // a transaction must not commit a part of what was sent in it
    if (this.#transaction) {
      this.#transaction.fail(error);
      this.giveUpAll(error);
    }
    return 'none';
  }
}
