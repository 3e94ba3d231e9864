/**
 * Reports the outcome of batches to the producer's owner: each batch is settled once, as delivered or lost.
 *
 * An exception in a callback does not propagate to the sender: sending continues, the batch's memory is freed, and the
 * producer throws the first exception later (`rethrow`).
 */
import type { KafkaError } from '../../protocol/errors.js';
import type { Accumulator } from './accumulator.js';
import type { Batch } from './batch.js';
import type { RecordSize } from './record-limit.js';
import { eachSize, firstRecord, recordsOf, type SentRecord } from './record-parts.js';

/** Lost records: their count and, for a single record, the lengths of key and value (-1: null). */
export interface Loss {
  readonly count: number;
  readonly key: number;
  readonly value: number;
  readonly error: KafkaError;
}

/** An acknowledged batch; the base offset is -1 if the broker does not return it (acks=0). */
export interface Acked {
  readonly partition: number;
  readonly baseOffset: number;
  /** only valid during the callback: the memory is reused */
  readonly records: Iterable<SentRecord>;
  /** calls back with each record's timestamp and its bytes of key and value, without an object per record */
  sizes(call: (timestamp: number, bytes: number) => void): void;
}

/** Callbacks of the producer's owner. */
export interface DeliveryListener {
  readonly onLoss: (loss: Loss) => void;
  readonly onAcked?: (acked: Acked) => void;
  /** like `onLoss`, with the records */
  readonly onLost?: (records: Iterable<SentRecord>, error: KafkaError) => void;
}

/** Settles batches and calls the listener. */
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

  /** Reports a record that never got into a batch. Throws what the callback throws. */
  refused({ keySize, valueSize }: RecordSize, error: KafkaError): void {
    this.#listener.onLoss({ count: 1, key: keySize, value: valueSize, error });
  }

  /** Throws the first exception of a callback. */
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
