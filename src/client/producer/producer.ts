/**
 * The console producer's client: takes records as byte ranges, fills batches (accumulator.ts), and sends them
 * (produce-sender.ts). Idempotent by default, as Java's producer.
 *
 * Where the user set neither batch.size nor linger.ms, batches are large and go when they are full or the input is idle,
 * and what arrives while requests are in flight goes together: fast for a file, at once for a line that is typed.
 */

import { ClientCreationError } from '../../kafka/client-settings.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { BATCH_HEADER } from '../../protocol/records/layout.js';
import { varintSize } from '../../protocol/records/varint.js';
import type { Cluster } from '../cluster/types.js';
import { Batch, MAX_RECORD_OVERHEAD, OWN_BUFFER, Slab } from './accumulator.js';
import type { ProducerConfig } from './config.js';
import type { PartitionQueue } from './partition-queue.js';
import { partitionOfKey, pickPartition } from './partitioner.js';
import { eachSize, firstRecord, recordsOf, type SentRecord } from './record-parts.js';
import { ProduceSender, type SenderHost } from './sender.js';
import { TopicLeaders } from './topic-leaders.js';
import { Transaction } from './transaction.js';

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

export interface ProducedRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** encoded, count first; empty where there are none */
  readonly headers: Buffer;
}

export interface ProducerOptions {
  readonly keyed: boolean;
  readonly reserve: number;
  readonly onLoss: (loss: Loss) => void;
  readonly onAcked?: (acked: Acked) => void;
  /** everything is sent in transactions of this id */
  readonly transaction?: { readonly transactionalId: string; readonly timeoutMs: number };
  /** what `onLoss` is told of, record by record */
  readonly onLost?: (records: Iterable<SentRecord>, error: KafkaError) => void;
}

const SLAB = 16 * 1024 * 1024;
/** first batch: small, so that its answer is back before the second is full (see PartitionQueue.proven) */
const FIRST_BATCH = 64 * 1024;
/** with keys every partition has an open batch: smaller ones */
const KEYED_BATCH = 256 * 1024;
/** Java changes a keyless record's partition after this many bytes, where batch.size is not set */
const STICKY_BYTES = 16 * 1024;

export class Producer implements SenderHost {
  /** bytes in front of the slab that belong to whoever reads the input */
  readonly slab: Slab;
  readonly #config: ProducerConfig;
  readonly #leaders: TopicLeaders;
  readonly #sender: ProduceSender;
  readonly #onLoss: (loss: Loss) => void;
  readonly #onAcked: ProducerOptions['onAcked'];
  readonly #onLost: ProducerOptions['onLost'];
  /** open batch of keyless records; its partition is chosen when it is queued */
  #sticky: Batch | undefined;
  #stickyPartition = -1;
  #stickyBytes = 0;
  #round = 0;
  #unassigned: Batch[] = [];
  readonly #keyed: boolean;
  #limit: number;
  #first = true;
  #order = 0;
  #outstanding = 0;
  #ownBytes = 0;
  #hurry = false;
  #timestamp = Date.now();
  #starting: Promise<void> | undefined;
  #fatal: KafkaError | undefined;
  #waiters: (() => void)[] = [];
  #linger: NodeJS.Timeout | undefined;

  constructor(cluster: Cluster, topic: string, config: ProducerConfig, options: ProducerOptions) {
    this.#config = config;
    this.#keyed = options.keyed;
    this.#onLoss = options.onLoss;
    this.#onAcked = options.onAcked;
    this.#onLost = options.onLost;
    this.#limit = Math.min(config.batchSize, Math.max(0, config.maxRequestSize - MAX_RECORD_OVERHEAD));
    if (options.keyed && config.batchSize > KEYED_BATCH && config.lingerMs === null) {
      this.#limit = Math.min(this.#limit, KEYED_BATCH);
    }
    const slotSize = Math.max(this.#limit, 512);
    const slots = Math.floor(Math.min(config.bufferMemory, SLAB) / slotSize);
    this.slab = new Slab(Math.max(4, Math.min(slots, 4096)), slotSize, options.reserve);
    this.#leaders = new TopicLeaders(cluster, topic, config.retryBackoffMs);
    const { maxBlockMs } = config;
    const transaction = options.transaction && new Transaction(cluster, { ...options.transaction, maxBlockMs });
    this.#sender = new ProduceSender(cluster, config, this.#leaders, this, transaction);
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

  /** Waits until the topic is known, for max.block.ms at most; what is buffered then is lost, said so, and thrown. */
  start(): Promise<void> {
    this.#starting ??= this.#leaders.known(this.#config.maxBlockMs).then(
      () => this.#assign(),
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
   * Takes a record: key and value are ranges of `src`, null where the start is -1; `headers` are encoded, count first, in
   * the first `headersEnd` bytes. False when there is no room: await `room()` and try again. Throws what `start` throws.
   */
  append(
    src: Buffer,
    keyStart: number,
    keyEnd: number,
    valueStart: number,
    valueEnd: number,
    headers: Buffer,
    headersEnd: number,
  ): boolean {
    if (this.#keyed) return this.#appendKeyed(src, keyStart, keyEnd, valueStart, valueEnd, headers, headersEnd);
    const open = this.#sticky;
    if (open?.append(src, keyStart, keyEnd, valueStart, valueEnd, headers, headersEnd, this.#timestamp)) return true;
    const key = keyStart < 0 ? -1 : keyEnd - keyStart;
    const value = valueStart < 0 ? -1 : valueEnd - valueStart;
    const bytes = Math.max(0, key) + Math.max(0, value) + headersEnd;
    if (this.#tooLarge(bytes, key, value)) return true;
    if (open) this.#closeSticky();
    this.#sticky = this.#newBatch(bytes);
    if (!this.#sticky) return false;
    this.#sticky.append(src, keyStart, keyEnd, valueStart, valueEnd, headers, headersEnd, this.#timestamp);
    if (this.#config.partitioner === 'round-robin') this.#closeSticky();
    return true;
  }

  /** Records with and without keys share a partition's batch: their order stays. */
  #appendKeyed(
    src: Buffer,
    keyStart: number,
    keyEnd: number,
    valueStart: number,
    valueEnd: number,
    headers: Buffer,
    headersEnd: number,
  ): boolean {
    const { partitions } = this;
    if (partitions === undefined) return this.#notYet();
    const byKey = keyStart >= 0 && !this.#config.ignoreKeys && this.#config.partitioner === 'default';
    const queue = this.#sender.queue(byKey ? partitionOfKey(src, keyStart, keyEnd, partitions) : this.#partition());
    if (!this.#appendTo(queue, src, keyStart, keyEnd, valueStart, valueEnd, headers, headersEnd)) return false;
    if (!byKey) this.#stick(headersEnd + Math.max(0, valueEnd - valueStart));
    return true;
  }

  #appendTo(
    queue: PartitionQueue,
    src: Buffer,
    keyStart: number,
    keyEnd: number,
    valueStart: number,
    valueEnd: number,
    headers: Buffer,
    headersEnd: number,
  ): boolean {
    let open = queue.open;
    if (!open?.append(src, keyStart, keyEnd, valueStart, valueEnd, headers, headersEnd, this.#timestamp)) {
      const key = keyStart < 0 ? -1 : keyEnd - keyStart;
      const value = valueStart < 0 ? -1 : valueEnd - valueStart;
      const bytes = Math.max(0, key) + Math.max(0, value) + headersEnd;
      if (this.#tooLarge(bytes, key, value)) return true;
      if (open) {
        this.#enqueue(queue, open);
        this.#sender.pump();
      }
      open = this.#newBatch(bytes);
      queue.open = open;
      if (!open?.append(src, keyStart, keyEnd, valueStart, valueEnd, headers, headersEnd, this.#timestamp))
        return false;
    }
    return true;
  }

  /** How many partitions the topic has, once that is known. */
  get partitions(): number | undefined {
    return this.#leaders.info?.partitions.length;
  }

  /**
   * As `append`, of a producer that is `keyed`; where they are given to this partition, one of those that exist, and with
   * this time.
   */
  appendRecord(
    record: ProducedRecord,
    place: { partition: number | undefined; timestamp: number | undefined },
  ): boolean {
    if (this.partitions === undefined) return this.#notYet();
    const { key, value, headers } = record;
    const keyLength = key?.length ?? 0;
    const valueLength = value?.length ?? 0;
    if (this.#scratch.length < keyLength + valueLength)
      this.#scratch = Buffer.allocUnsafe(2 * (keyLength + valueLength));
    const src = this.#scratch;
    key?.copy(src, 0);
    value?.copy(src, keyLength);
    const keyStart = key ? 0 : -1;
    const valueStart = value ? keyLength : -1;
    const valueEnd = value ? keyLength + valueLength : -1;
    const now = this.#timestamp;
    this.#timestamp = place.timestamp ?? now;
    try {
      if (place.partition === undefined) {
        return this.#appendKeyed(src, keyStart, key ? keyLength : -1, valueStart, valueEnd, headers, headers.length);
      }
      const queue = this.#sender.queue(place.partition);
      return this.#appendTo(queue, src, keyStart, key ? keyLength : -1, valueStart, valueEnd, headers, headers.length);
    } finally {
      this.#timestamp = now;
    }
  }
  #scratch = Buffer.alloc(0);

  /** More input came: the records that follow carry this time. */
  tick(timestamp = Date.now()): void {
    this.#timestamp = timestamp;
    this.#hurry = false;
  }

  /** Resolves when `append` may find room: a batch is done with, or the topic is known. */
  room(): Promise<void> {
    if (this.#leaders.info === undefined) return this.start();
    this.#relieve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** The input has nothing more at the moment: what is open goes out, unless the user set a linger. */
  idle(): void {
    if (this.#config.lingerMs !== null || this.#outstanding === 0) return;
    this.#hurry = true;
    void this.start().then(
      () => this.#sender.pump(),
      () => {},
    );
  }

  /** Sends everything and waits until all of it is answered. Throws what `start` throws. */
  async flush(): Promise<void> {
    if (this.#outstanding === 0) return;
    await this.start();
    while (this.#outstanding > 0) {
      this.#closeAll();
      this.#sender.pump();
      if (this.#outstanding > 0) await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  /** Sends everything and ends the transaction it is in. Throws what `start` throws, and KafkaError. */
  async commit(): Promise<void> {
    await this.flush();
    await this.#sender.transaction?.commit();
  }

  /** No broker takes what there is: the topic is not known, or what was sent last failed. */
  get away(): boolean {
    return this.#leaders.info === undefined || [...this.#sender.queues.values()].some((queue) => queue.failures > 0);
  }

  close(): void {
    clearTimeout(this.#linger);
    this.#sender.stop();
  }

  // what the sender asks

  closeDue(queue: PartitionQueue): void {
    if (!this.#hurry) return;
    if (queue.open) this.#enqueue(queue, queue.open);
    else if (this.#sticky && (this.#stickyPartition < 0 || this.#stickyPartition === queue.partition)) {
      this.#stickyPartition = queue.partition;
      this.#closeSticky(false);
    }
  }

  settled(batch: Batch, { partition }: PartitionQueue, error?: KafkaError, baseOffset = -1): void {
    if (error) this.#report(batch, error);
    else this.#acked(batch, partition, baseOffset);
    this.#release(batch);
  }

  #acked(batch: Batch, partition: number, baseOffset: number): void {
    this.#onAcked?.({ partition, baseOffset, records: recordsOf(batch), sizes: (call) => eachSize(batch, call) });
  }

  split(batch: Batch, parts: number): void {
    this.#outstanding += parts;
    this.#release(batch);
  }

  limitBatches(bytes: number): void {
    this.#limit = Math.max(BATCH_HEADER + 1, Math.min(this.#limit, bytes));
    for (const batch of [this.#sticky, ...[...this.#sender.queues.values()].map((q) => q.open)]) {
      if (batch) batch.limit = Math.min(batch.limit, batch.base + this.#limit);
    }
  }

  // memory

  #newBatch(bytes: number): Batch | undefined {
    if (this.#fatal) throw this.#fatal;
    const need = BATCH_HEADER + MAX_RECORD_OVERHEAD + bytes;
    const limit = this.#first ? Math.min(this.#limit, FIRST_BATCH) : this.#limit;
    let batch: Batch;
    if (need <= this.#limit) {
      const base = this.slab.take();
      if (base < 0) return undefined;
      batch = new Batch(this.slab.buf, base, base + Math.max(limit, need), base);
    } else {
      // a record larger than a batch has a buffer of its own
      if (this.#ownBytes > 0 && this.#ownBytes + need > Math.min(this.#config.bufferMemory, SLAB)) return undefined;
      this.#ownBytes += need;
      batch = new Batch(Buffer.allocUnsafeSlow(need), 0, need, OWN_BUFFER);
    }
    this.#first = false;
    batch.order = this.#order++;
    this.#outstanding++;
    this.#armLinger();
    return batch;
  }

  #release(batch: Batch): void {
    if (batch.slot >= 0) this.slab.give(batch.slot);
    else if (batch.slot === OWN_BUFFER) this.#ownBytes -= batch.buf.length;
    this.#outstanding--;
    this.#wake();
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }

  /** No slot is free: when nothing is on its way either, the open batches hold them all. */
  #relieve(): void {
    const queued = [...this.#sender.queues.values()].some((q) => q.inFlight.length + q.ready.length > 0 || q.failing);
    if (!queued) this.#closeAll();
    this.#sender.pump();
  }

  #notYet(): false {
    if (this.#fatal) throw this.#fatal;
    return false;
  }

  /** A record that max.request.size or buffer.memory rules out is lost; true when it is. */
  #tooLarge(bytes: number, key: number, value: number): boolean {
    const sizes = (key < 0 ? 1 : varintSize(key)) + (value < 0 ? 1 : varintSize(value));
    const size = BATCH_HEADER + MAX_RECORD_OVERHEAD + sizes + bytes + 1;
    const { maxRequestSize, bufferMemory } = this.#config;
    if (size <= maxRequestSize && size <= bufferMemory) return false;
    const than =
      size > maxRequestSize
        ? `${maxRequestSize}, which is the value of the max.request.size configuration.`
        : 'the total memory buffer you have configured with the buffer.memory configuration.';
    const error = new KafkaError(
      Errors.MESSAGE_TOO_LARGE,
      `The message is ${size} bytes when serialized which is larger than ${than}`,
    );
    this.#onLoss({ count: 1, key, value, error });
    return true;
  }

  /** Says that a record of this length is lost, whose bytes were not even kept. */
  refuse(key: number, value: number): void {
    this.#tooLarge(Math.max(0, key) + Math.max(0, value), key, value);
  }

  #report(batch: Batch, error: KafkaError): void {
    this.#onLost?.(recordsOf(batch), error);
    this.#onLoss({ count: batch.count, ...firstRecord(batch), error });
  }

  // closing batches

  #enqueue(queue: PartitionQueue, batch: Batch): void {
    if (queue.open === batch) queue.open = undefined;
    queue.ready.push(batch);
  }

  #closeSticky(pump = true): void {
    const batch = this.#sticky;
    if (!batch) return;
    this.#sticky = undefined;
    this.#unassigned.push(batch);
    if (!this.#leaders.info) return;
    this.#assignHeld();
    if (pump) this.#sender.pump();
  }

  #assignHeld(): void {
    const held = this.#unassigned;
    this.#unassigned = [];
    for (const batch of held) this.#assignOne(batch);
  }

  #assignOne(batch: Batch): void {
    this.#enqueue(this.#sender.queue(this.#partition()), batch);
    this.#stick(batch.size);
  }

  /** Counts what keyless records take of their partition; after a while they go to another. */
  #stick(bytes: number): void {
    this.#stickyBytes += bytes;
    if (this.#stickyBytes >= Math.min(this.#config.batchSize, STICKY_BYTES)) {
      this.#stickyPartition = -1;
      this.#stickyBytes = 0;
    }
  }

  #partition(): number {
    const partitions = this.#leaders.info?.partitions ?? [];
    if (this.#config.partitioner === 'round-robin') {
      const led = partitions.filter((p) => p.leader >= 0);
      const among = led.length > 0 ? led : partitions;
      return among[this.#round++ % among.length]?.partition ?? 0;
    }
    if (this.#stickyPartition < 0) this.#stickyPartition = pickPartition(partitions);
    return this.#stickyPartition;
  }

  #closeAll(): void {
    for (const queue of this.#sender.queues.values()) if (queue.open) this.#enqueue(queue, queue.open);
    this.#closeSticky(false);
  }

  #assign(): void {
    // the partition that an open batch will go to must have a queue, or nobody asks for it
    this.#assignHeld();
    this.#sender.queue(this.#partition());
    this.#sender.pump();
    this.#wake();
  }

  #fail(error: KafkaError): never {
    this.#fatal = error;
    const held = [...this.#unassigned, ...(this.#sticky ? [this.#sticky] : [])];
    this.#unassigned = [];
    this.#sticky = undefined;
    // what is no answer of a broker concerns the command as a whole, not a record
    const loss = error instanceof KafkaError ? error : undefined;
    for (const batch of held) {
      if (loss) this.#report(batch, loss);
      this.#release(batch);
    }
    throw error;
  }

  #armLinger(): void {
    const { lingerMs } = this.#config;
    if (lingerMs === null || this.#linger) return;
    this.#linger = setTimeout(() => {
      this.#linger = undefined;
      if (this.#outstanding === 0) return;
      void this.start().then(
        () => {
          this.#closeAll();
          this.#sender.pump();
        },
        () => {},
      );
    }, lingerMs);
  }
}
