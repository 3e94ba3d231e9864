/**
 * The commands' producer: takes records as byte ranges, gathers them into batches (accumulator.ts) that are sent
 * (sender.ts), and reports what became of them (deliveries.ts). Idempotent by default, as Java's producer.
 *
 * Where the user set neither batch.size nor linger.ms, batches are large and go when they are full or the input is idle,
 * and what arrives while requests are in flight goes together: fast for a file, at once for a line that is typed.
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
  /** records may have keys */
  readonly keyed: boolean;
  /** bytes at the start of `buffer` that belong to whoever reads the input */
  readonly reserve: number;
  /** everything is sent in transactions of this id */
  readonly transaction?: { readonly transactionalId: string; readonly timeoutMs: number };
}

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

  /** The producer's memory. A record that is read into its first `reserve` bytes is copied once only. */
  get buffer(): Buffer {
    return this.#accumulator.pool.buf;
  }

  /**
   * Connects while the first bytes are read. Creates nothing. Rejects when no client can be made with these settings, and
   * else never settles: `start` says all other errors.
   */
  warmUp(): Promise<never> {
    const timeoutMs = this.#config.maxBlockMs;
    return new Promise((_, reject) => {
      Promise.all([this.#leaders.peek(timeoutMs), this.#sender.acquireId()]).catch((error) => {
        if (error instanceof ClientCreationError) reject(error);
      });
    });
  }

  /** Waits until the topic is known, for max.block.ms at most; what is buffered then is lost, reported, and thrown. */
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

  /** As `start`, and there is a producer id, where one is needed. */
  async init(): Promise<void> {
    await this.start();
    await this.#sender.acquireId();
  }

  /**
   * Takes a record. False when there is no room: await `room()` and try again. Throws what `start` throws, and what a
   * callback threw.
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

  /** Reports a record as lost that is too large to be sent, and of which no more than its size may be known. */
  refuse(record: RecordSize): void {
    const error = recordTooLarge(this.#config, record);
    if (error) this.#deliveries.refused(record, error);
  }

  /** More input came: the records that follow carry this time. */
  tick(timestamp = Date.now()): void {
    this.#timestamp = timestamp;
    this.#accumulator.endFlush();
  }

  /** Resolves when `append` may find room: a batch is done with, or the topic is known. */
  async room(): Promise<void> {
    this.#deliveries.rethrow();
    if (this.#leaders.info === undefined) return this.start();
    const changed = this.#accumulator.changed();
    this.#sender.pump();
    await changed;
  }

  /** The input has nothing more at the moment: what is open goes out, unless the user set a linger. */
  idle(): void {
    if (this.#config.lingerMs !== null || this.#accumulator.incomplete === 0) return;
    this.#accumulator.beginFlush();
    this.#startThenPump();
  }

  /** Sends everything and waits until all of it is answered. Throws what `start` throws, and what a callback threw. */
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

  /** Sends everything and ends the transaction it is in. Throws what `flush` throws, and KafkaError. */
  async commit(): Promise<void> {
    await this.flush();
    await this.#transaction?.commit();
  }

  /** No broker takes what there is: the topic is not known, or what was sent last failed. */
  get away(): boolean {
    return this.#leaders.info === undefined || this.#sender.failing;
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
    // what is no answer of a broker concerns the command as a whole, not a record
    if (error instanceof KafkaError)
      for (const batch of this.#accumulator.abandon()) this.#deliveries.lost(batch, error);
    throw error;
  }
}
