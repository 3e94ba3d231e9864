/**
 * Tells the producer's owner what became of its batches: each batch is settled once, delivered or lost.
 *
 * What a callback throws never reaches the one who settles: sending goes on, the batch's memory is given back, and the
 * first thing thrown is kept for the producer to throw (`rethrow`).
 */
import type { KafkaError } from '../../protocol/errors.js';
import type { Accumulator } from './accumulator.js';
import type { Batch } from './batch.js';
import type { RecordSize } from './record-limit.js';
import { eachSize, firstRecord, recordsOf, type SentRecord } from './record-parts.js';

/** Records that will not be delivered: how many, and of a single one the lengths of its key and value (-1: null). */
export interface Loss {
  readonly count: number;
  readonly key: number;
  readonly value: number;
  readonly error: KafkaError;
}

/** A batch that the broker has: the offset of its first record is -1 where the broker does not say (acks=0). */
export interface Acked {
  readonly partition: number;
  readonly baseOffset: number;
  /** read at once: the memory is used again */
  readonly records: Iterable<SentRecord>;
  /** the same without an object per record: each one's time and the bytes of its key and value */
  sizes(call: (timestamp: number, bytes: number) => void): void;
}

export interface DeliveryListener {
  readonly onLoss: (loss: Loss) => void;
  readonly onAcked?: (acked: Acked) => void;
  /** what `onLoss` is told of, record by record */
  readonly onLost?: (records: Iterable<SentRecord>, error: KafkaError) => void;
}

export class Deliveries {
  readonly #accumulator: Accumulator;
  readonly #listener: DeliveryListener;
  #thrown: { readonly error: unknown } | undefined;

  constructor(accumulator: Accumulator, listener: DeliveryListener) {
    this.#accumulator = accumulator;
    this.#listener = listener;
  }

  delivered(batch: Batch, partition: number, baseOffset: number): void {
    this.#settle(batch, ({ onAcked }) =>
      onAcked?.({ partition, baseOffset, records: recordsOf(batch), sizes: (call) => eachSize(batch, call) }),
    );
  }

  lost(batch: Batch, error: KafkaError): void {
    this.#settle(batch, ({ onLost, onLoss }) => {
      onLost?.(recordsOf(batch), error);
      onLoss({ count: batch.count, ...firstRecord(batch), error });
    });
  }

  /** A record that never came into a batch. Throws what the callback throws. */
  refused({ keySize, valueSize }: RecordSize, error: KafkaError): void {
    this.#listener.onLoss({ count: 1, key: keySize, value: valueSize, error });
  }

  /** Throws the first thing that a callback threw. */
  rethrow(): void {
    if (this.#thrown) throw this.#thrown.error;
  }

  #settle(batch: Batch, tell: (listener: DeliveryListener) => void): void {
    if (batch.settled) return;
    batch.settled = true;
    try {
      tell(this.#listener);
    } catch (error) {
      this.#thrown ??= { error };
    }
    this.#accumulator.done(batch);
  }
}
