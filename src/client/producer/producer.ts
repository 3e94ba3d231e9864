/**
 * The producer: accepts records as byte ranges, accumulates them in batches (accumulator.ts), sends those (sender.ts)
 * and reports their outcome (deliveries.ts). Idempotent by default, like Java's producer.
 *
 * If the user set neither batch.size nor linger.ms, batches are large and sent when full or when the input is idle, and
 * records that arrive while requests are in flight share a batch: fast for a file, immediate for a typed line.
 */
import { ClientCreationError } from '../../kafka/client-settings.js';
import { KafkaError } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';
import { Accumulator, type Appended } from './accumulator.js';
import type { ProducerConfig } from './config.js';
import { Deliveries, type DeliveryListener } from './deliveries.js';
import { type RecordSize, recordTooLarge } from './record-limit.js';
import type { RecordSlice } from './record-slice.js';
import { ProduceSender } from './sender.js';
import { TopicLeaders } from './topic-leaders.js';
import { Transaction } from './transaction.js';

export interface ProducerOptions extends DeliveryListener {
  /** whether records can have keys */
  readonly keyed: boolean;
  /** bytes at the start of `buffer` reserved for the input reader */
  readonly reserve: number;
  /** makes the producer transactional */
  readonly transaction?: { readonly transactionalId: string; readonly timeoutMs: number };
}

/** A producer for one topic. */
export class Producer {
  readonly #config: ProducerConfig;
  readonly #leaders: TopicLeaders;
  readonly #accumulator: Accumulator;
  readonly #deliveries: Deliveries;
  readonly #sender: ProduceSender;
  readonly #transaction: Transaction | undefined;
  #timestamp = Date.now();
  #starting: Promise<void> | undefined;
  #fatal: KafkaError | undefined;

  constructor(cluster: Cluster, topic: string, config: ProducerConfig, options: ProducerOptions) {
    const { maxBlockMs } = config;
    this.#config = config;
    this.#leaders = new TopicLeaders(cluster, topic, config.retryBackoffMs);
    this.#accumulator = new Accumulator(config, this.#leaders, options);
    this.#deliveries = new Deliveries(this.#accumulator, options);
    this.#transaction = options.transaction && new Transaction(cluster, { ...options.transaction, maxBlockMs });
    this.#sender = new ProduceSender({
      cluster,
      config,
      leaders: this.#leaders,
      accumulator: this.#accumulator,
      deliveries: this.#deliveries,
      transaction: this.#transaction,
    });
  }

  /** The producer's memory. A record that was read into its first `reserve` bytes is copied only once. */
  get buffer(): Buffer {
    return this.#accumulator.pool.buf;
  }

  /**
   * Connects while the first input is being read. Does not create the topic. Rejects when the settings do not allow a
   * client to be created; never settles otherwise: `start` reports all other errors.
   */
  warmUp(): Promise<never> {
    const timeoutMs = this.#config.maxBlockMs;
    return new Promise((_, reject) => {
      Promise.all([this.#leaders.peek(timeoutMs), this.#sender.acquireId()]).catch((error) => {
        if (error instanceof ClientCreationError) reject(error);
      });
    });
  }

  /** Waits for the topic's metadata, up to max.block.ms; on failure the buffered records are reported as lost, and it throws. */
  start(): Promise<void> {
    this.#starting ??= this.#leaders.known(this.#config.maxBlockMs).then(
      () => {
        this.#sender.pump();
        this.#accumulator.wake();
      },
      (error) => this.#fail(error as KafkaError),
    );
    return this.#starting;
  }

  /** Like `start`, and acquires a producer id if one is needed. */
  async init(): Promise<void> {
    await this.start();
    await this.#sender.acquireId();
  }

  /**
   * Appends a record. False when there is no room: await `room()` and retry. Throws the errors of `start` and of
   * callbacks.
   */
  append(slice: RecordSlice): boolean {
    const appended = this.#accumulator.append(slice, this.#timestamp);
    return appended === 'appended' || this.#afterAppend(appended, slice);
  }

  /** How many partitions the topic has, once that is known. */
  get partitions(): number | undefined {
    return this.#leaders.info?.partitions.length;
  }

  /**
   * As `append`, of a producer that is `keyed`. Of the record's place what is given is kept: the partition, one of those that
   * exist, and the time in ms.
   */
  appendAt(slice: RecordSlice, place: { partition: number | undefined; timestamp: number | undefined }): boolean {
    const { partition, timestamp = this.#timestamp } = place;
    const appended =
      partition === undefined
        ? this.#accumulator.append(slice, timestamp)
        : this.#accumulator.appendTo(partition, slice, timestamp);
    return appended === 'appended' || this.#afterAppend(appended, slice);
  }

  #afterAppend(appended: Exclude<Appended, 'appended'>, slice: RecordSlice): boolean {
    this.#deliveries.rethrow();
    if (this.#fatal) {
      this.#accumulator.abandon();
      throw this.#fatal;
    }
    if (appended === 'too-large') this.refuse(slice);
    else if (appended === 'new-batch') this.#startThenPump();
    return appended === 'too-large' || appended === 'new-batch';
  }

  /** Reports a record that is too large to be sent as lost; only its size needs to be known. */
  refuse(record: RecordSize): void {
    const error = recordTooLarge(this.#config, record);
    if (error) this.#deliveries.refused(record, error);
  }

  /** More input arrived; sets the timestamp of the following records, ms. */
  tick(timestamp = Date.now()): void {
    this.#timestamp = timestamp;
    this.#accumulator.endFlush();
  }

  /** Resolves when it is worth retrying `append`: a batch is done, or the topic's metadata is known. */
  async room(): Promise<void> {
    this.#deliveries.rethrow();
    if (this.#leaders.info === undefined) return this.start();
    const changed = this.#accumulator.changed();
    this.#sender.pump();
    await changed;
  }

  /** The input is idle: sends open batches, unless the user set linger.ms. */
  idle(): void {
    if (this.#config.lingerMs !== null || this.#accumulator.incomplete === 0) return;
    this.#accumulator.beginFlush();
    this.#startThenPump();
  }

  /** Sends everything and waits for all responses. Throws the errors of `start` and of callbacks. */
  async flush(): Promise<void> {
    if (this.#accumulator.incomplete > 0) await this.start();
    while (this.#accumulator.incomplete > 0) {
      const changed = this.#accumulator.changed();
      this.#accumulator.beginFlush();
      this.#sender.pump();
      if (this.#accumulator.incomplete > 0) await changed;
    }
    this.#deliveries.rethrow();
  }

  /** Flushes and commits the transaction. Throws the errors of `flush`, and KafkaError. */
  async commit(): Promise<void> {
    await this.flush();
    await this.#transaction?.commit();
  }

  /** Whether deliveries are currently failing: the topic's metadata is unknown, or the last attempt of some partition failed. */
  get isStalled(): boolean {
    return this.#leaders.info === undefined || this.#sender.isFailing;
  }

  close(): void {
    this.#sender.stop();
  }

  #startThenPump(): void {
    if (this.#leaders.info) this.#sender.pump();
    else this.start().catch(() => {});
  }

  #fail(error: KafkaError): never {
    this.#fatal = error;
    // other errors (invalid settings) concern the whole command, not its records
    if (error instanceof KafkaError)
      for (const batch of this.#accumulator.abandon()) this.#deliveries.lost(batch, error);
    throw error;
  }
}
