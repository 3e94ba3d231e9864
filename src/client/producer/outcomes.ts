/**
 * Decides from the response, or its absence, whether a batch is delivered, lost or retried. Mirrors
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

/** What the sender has to do next: nothing, refresh metadata before the retry, or split the batch. */
export type FollowUp = 'none' | 'refresh' | 'split';

export interface OutcomesParts {
  readonly topic: string;
  readonly config: ProducerConfig;
  readonly accumulator: Accumulator;
  readonly deliveries: Deliveries;
  readonly transaction: Transaction | undefined;
}

/** Applies the results of Produce requests to the batches of one topic. */
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

  /** Handles the broker's result for a batch. */
  answered(sent: Sent, answer: PartitionAnswer | undefined): FollowUp {
    const { queue, progress, batch } = sent;
    const code = answer?.errorCode ?? Errors.UNKNOWN_SERVER_ERROR;
    if (code === Errors.NONE || code === Errors.DUPLICATE_SEQUENCE_NUMBER || this.#isAlreadyAppended(sent, code)) {
      progress.epochAcked = true;
      progress.failures = 0;
      this.#deliveries.delivered(batch, queue.partition, answer?.baseOffset ?? -1);
      return 'none';
    }
    const tooLarge = code === Errors.MESSAGE_TOO_LARGE || code === Errors.RECORD_LIST_TOO_LARGE;
    // a single record cannot be split: report it
    if (tooLarge && batch.count > 1) return this.#sendAgain(sent, 'split');
    if (this.#outOfSequence(sent, code)) return this.#sendAgain(sent, 'none');
    const error = new KafkaError(code, answer?.message ?? null);
    if (!tooLarge && error.retriable && batch.attempts < this.#config.retries) return this.#retry(sent);
    return this.#lost(sent, error);
  }

  /**
   * No response: if the request was `written`, the batch may have been appended. It is retried until
   * delivery.timeout.ms, which is safe when idempotent; `again` is false when the producer is closed.
   */
  unanswered(sent: Sent, error: KafkaError, written: boolean, again: boolean): FollowUp {
    // BROKER_NOT_AVAILABLE: the leader is not among the brokers of the metadata
    const retriable = error.retriable || error.code === Errors.BROKER_NOT_AVAILABLE;
    if (!retriable || !again) return this.#lost(sent, error);
    if (written) sent.batch.inDoubt = true;
    return this.#retry(sent);
  }

  /** Fails a batch that is older than delivery.timeout.ms. */
  expired(partition: number, progress: Progress, batch: Batch, nowMs: number): void {
    const what = `Expiring ${batch.count} record(s) for ${this.#topic}-${partition}:${nowMs - batch.createdMs} ms has passed since batch creation. The request has not been sent, or no server response has been received yet.`;
    this.#lost({ progress, batch }, timeoutError(what));
  }

  /** Fails all batches that are not in flight. */
  giveUpAll(error: KafkaError): void {
    for (const { batch } of this.#accumulator.expire(Number.POSITIVE_INFINITY)) this.#deliveries.lost(batch, error);
  }

  /**
   * Whether a part of a split batch is in the log already. The whole batch was sent before, without a response. If the
   * broker had not appended it, it would accept the part now. OUT_OF_ORDER_SEQUENCE_NUMBER therefore means that it has the
   * whole batch: it only recognizes whole batches as duplicates.
   */
  #isAlreadyAppended({ queue, progress, batch }: Sent, code: number): boolean {
    if (code !== Errors.OUT_OF_ORDER_SEQUENCE_NUMBER || batch.slot !== PART || !batch.inDoubt) return false;
    return !queue.hasEarlier(batch) && !progress.hasEarlier(batch);
  }

  /** Whether it is a sequence error that a retry resolves. */
  #outOfSequence({ queue, progress, batch }: Sent, code: number): boolean {
    const lostTrack = code === Errors.OUT_OF_ORDER_SEQUENCE_NUMBER || code === Errors.UNKNOWN_PRODUCER_ID;
    if (!this.#config.idempotent || (!lostTrack && code !== Errors.INVALID_PRODUCER_EPOCH)) return false;
    if (lostTrack && (queue.hasEarlier(batch) || progress.hasEarlier(batch))) return true;
    // in a transaction only the coordinator assigns epochs
    if (this.#transaction) return false;
    // the broker lost our producer state; a first attempt cannot create a duplicate
    progress.renumber();
    return batch.attempts++ === 0;
  }

  #retry(sent: Sent): FollowUp {
    const { retryBackoffMs, retryBackoffMaxMs } = this.#config;
    sent.batch.attempts++;
    sent.progress.backOff(Date.now(), retryBackoffMs, retryBackoffMaxMs);
    return this.#sendAgain(sent, 'refresh');
  }

  /** Puts the batch back in order; the partition restarts from it. */
  #sendAgain({ queue, progress, batch }: Sent, followUp: FollowUp): FollowUp {
    progress.recovering = true;
    queue.reenqueue(batch);
    return followUp;
  }

  #lost({ progress, batch }: Pick<Sent, 'progress' | 'batch'>, error: KafkaError): FollowUp {
    if (this.#config.idempotent && batch.sequence >= 0) progress.renumber();
    this.#deliveries.lost(batch, error);
    // a transaction must not commit some of its records only
    if (this.#transaction) {
      this.#transaction.fail(error);
      this.giveUpAll(error);
    }
    return 'none';
  }
}
