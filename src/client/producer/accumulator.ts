/**
 * Accumulates records in batches, one queue per partition, until the sender takes them. Mirrors
 * producer/internals/RecordAccumulator.
 *
 * The producer appends and the sender pulls (`queues`, `next`); the accumulator calls neither. A batch is closed when it
 * is full, when linger.ms has passed, or, if the user set no linger.ms, when the input is idle and the sender asks for
 * it: records that arrive while requests are in flight go into one batch.
 *
 * Without keys there is one open batch, for the partitioner's current partition. With keys each partition has an open
 * batch, which records without a key share, so that their order is kept.
 */
import { type Batch, MAX_RECORD_OVERHEAD } from './batch.js';
import { BufferPool } from './buffer-pool.js';
import type { ProducerConfig } from './config.js';
import { NodeLatency } from './node-latency.js';
import { PartitionQueue } from './partition-queue.js';
import { partitionOfKey } from './partitioner.js';
import { recordTooLarge } from './record-limit.js';
import type { RecordSlice } from './record-slice.js';
import { RoundRobinPartitioner } from './round-robin.js';
import { type PartitionLoad, StickyPartitioner } from './sticky-partitioner.js';
import type { TopicLeaders } from './topic-leaders.js';
import { Waiters } from './waiters.js';

/** The result of an append; after `new-batch` call the sender, an earlier batch can be ready. */
export type Appended = 'appended' | 'new-batch' | 'too-large' | 'no-room' | 'topic-unknown';

/** max batch size with keys, bytes: every partition has an open batch, so they are smaller */
const KEYED_BATCH = 256 * 1024;
/** max batch size without keys when there are several partitions, bytes, unless the user set batch.size */
const SPREAD_BATCH = 128 * 1024;

/** The accumulator of one topic. */
export class Accumulator {
  readonly pool: BufferPool;
  /** batches neither delivered nor failed */
  incomplete = 0;
  readonly #config: ProducerConfig;
  readonly #topic: TopicLeaders;
  /** each partition has an open batch */
  readonly #spread: boolean;
  /** max batch size while the topic can have several partitions, bytes: a small file should not leave most of them empty */
  readonly #share: number;
  readonly #sticky: StickyPartitioner;
  readonly #roundRobin: RoundRobinPartitioner | undefined;
  /** keyed records go to the partition of their key */
  readonly #byKey: boolean;
  readonly #latency: NodeLatency;
  readonly #queues = new Map<number, PartitionQueue>();
  readonly #waiters = new Waiters();
  /** the open batch of records without keys */
  #open: Batch | undefined;
  /** batches closed before the topic's metadata was known */
  #held: Batch[] = [];
  #order = 0;
  #flushing = false;
  #exhausted = false;

  constructor(config: ProducerConfig, topic: TopicLeaders, options: { keyed: boolean; reserve: number }) {
    this.#config = config;
    this.#topic = topic;
    this.#roundRobin = config.partitioner === 'round-robin' ? new RoundRobinPartitioner() : undefined;
    this.#byKey = !config.ignoreKeys && !this.#roundRobin;
    this.#spread = options.keyed || this.#roundRobin !== undefined;
    const { stickyBytes, adaptive, availabilityTimeoutMs } = config;
    this.#share = Math.max(SPREAD_BATCH, stickyBytes);
    this.#sticky = new StickyPartitioner({ stickyBytes, adaptive });
    this.#latency = new NodeLatency(adaptive ? availabilityTimeoutMs : 0);
    this.pool = new BufferPool(config.bufferMemory, batchSize(config, this.#spread), options.reserve);
  }

  // called by the producer

  /** Appends a record, or returns why it cannot. */
  append(slice: RecordSlice, timestamp: number): Appended {
    if (this.#spread) return this.#appendSpread(slice, timestamp);
    if (this.#open?.append(slice, timestamp)) return 'appended';
    if (recordTooLarge(this.#config, slice)) return 'too-large';
    this.#closeOpen();
    this.#open = this.#newBatch(slice.size);
    return this.#open?.append(slice, timestamp) ? 'new-batch' : 'no-room';
  }

  #appendSpread(slice: RecordSlice, timestamp: number): Appended {
    const partitions = this.#topic.info?.partitions;
    if (!partitions) return 'topic-unknown';
    if (this.#byKey && slice.keyStart >= 0) {
      const partition = partitionOfKey(slice.src, slice.keyStart, slice.keyEnd, partitions.length);
      const queue = this.#queue(partition);
      return queue.open?.append(slice, timestamp) ? 'appended' : this.#appendTo(queue, slice, timestamp);
    }
    if (this.#roundRobin) return this.#appendTo(this.#queue(this.#roundRobin.partition(partitions)), slice, timestamp);
    const queue = this.#stickyQueue();
    const before = queue.open;
    const from = before?.pos ?? 0;
    const appended = this.#appendTo(queue, slice, timestamp);
    const after = queue.open;
    if (after && (appended === 'appended' || appended === 'new-batch'))
      this.#sticky.produced(after === before ? after.pos - from : after.size);
    return appended;
  }

  /** As `append`, of a partition that exists. Records of such a producer have to be `keyed`. */
  appendTo(partition: number, slice: RecordSlice, timestamp: number): Appended {
    if (!this.#topic.info) return 'topic-unknown';
    return this.#appendTo(this.#queue(partition), slice, timestamp);
  }

  #appendTo(queue: PartitionQueue, slice: RecordSlice, timestamp: number): Appended {
    if (queue.open?.append(slice, timestamp)) return 'appended';
    if (recordTooLarge(this.#config, slice)) return 'too-large';
    queue.close();
    const batch = this.#newBatch(slice.size);
    if (!batch?.append(slice, timestamp)) return 'no-room';
    queue.begin(batch);
    return 'new-batch';
  }

  /** Makes open batches due at once, until `endFlush`. */
  beginFlush(): void {
    this.#flushing = true;
  }

  /** More input arrived: open batches wait again. */
  endFlush(): void {
    this.#flushing = false;
  }

  /** Resolves when a batch is done, or when the topic's metadata is known. */
  changed(): Promise<void> {
    return this.#waiters.wait();
  }

  /** Wakes `changed`: the topic's metadata is known, or the topic does not exist. */
  wake(): void {
    this.#waiters.wakeAll();
  }

  /** Removes and returns the batches that wait for the topic's metadata. */
  abandon(): Batch[] {
    const held = this.#open ? [...this.#held, this.#open] : this.#held;
    this.#held = [];
    this.#open = undefined;
    return held;
  }

  // called by the sender, once the topic's metadata is known

  /** The queues of partitions that have batches or an open batch. */
  queues(): Iterable<PartitionQueue> {
    this.#bindHeld();
    if (this.#open) this.#stickyQueue();
    return this.#queues.values();
  }

  /** The queue's next batch; closes the open one if it is due. `idle`: nothing is in flight for the partition. */
  next(queue: PartitionQueue, nowMs: number, idle: boolean): Batch | undefined {
    if (queue.first) return queue.first;
    if (queue.open && this.#isDue(queue.open, nowMs, idle)) queue.close();
    else if (this.#open && queue === this.#stickyQueue() && this.#isDue(this.#open, nowMs, idle)) this.#closeOpen();
    return queue.first;
  }

  /**
   * Whether the open batch is due but its partition has had its share: it should go to another partition if one is ready
   * (Java switches the partition after twice its bytes, sent or not).
   */
  isOverdue(nowMs: number): boolean {
    const partitions = this.#topic.info?.partitions.length ?? 0;
    if (partitions < 2 || !this.#open || !this.#sticky.isSpentBy(this.#open.size)) return false;
    return this.#isDue(this.#open, nowMs, false);
  }

  /** Closes the open batch of unkeyed records and queues it for the current partition. */
  closeOverdue(): void {
    this.#closeOpen();
  }

  /** ms until the next batch is due by linger.ms; undefined when there is none. */
  nextDueMs(nowMs: number): number | undefined {
    const { lingerMs } = this.#config;
    if (lingerMs === null) return undefined;
    let created = this.#open?.createdMs ?? Number.POSITIVE_INFINITY;
    for (const { open } of this.#queues.values()) if (open && open.createdMs < created) created = open.createdMs;
    return created === Number.POSITIVE_INFINITY ? undefined : Math.max(1, created + lingerMs - nowMs);
  }

  /** Replaces a batch by its parts. */
  split(queue: PartitionQueue, batch: Batch, limit: number): void {
    const parts = queue.split(batch, limit);
    if (parts === 0) return;
    this.incomplete += parts - 1;
    this.deallocate(batch);
  }

  /** Lowers the maximum batch size, open batches included. */
  limitBatches(bytes: number): void {
    this.pool.limit(bytes);
    this.#limitOpen(this.#open);
    for (const queue of this.#queues.values()) this.#limitOpen(queue.open);
  }

  /** Removes and returns batches created at `time` or before that are not in flight. */
  expire(time: number): { queue: PartitionQueue; batch: Batch }[] {
    if (this.#open && this.#open.createdMs <= time) this.#closeOpen();
    return [...this.queues()].flatMap((queue) => queue.expire(time).map((batch) => ({ queue, batch })));
  }

  /** The batch was delivered or failed; frees its memory unless it is in flight. */
  done(batch: Batch): void {
    this.incomplete--;
    if (!batch.inFlight) this.deallocate(batch);
    this.wake();
  }

  deallocate(batch: Batch): void {
    this.pool.deallocate(batch);
    this.#exhausted = false;
    this.wake();
  }

  /** There are batches ready for a broker, and they could be sent (`drained`) or not. */
  nodeReady(node: number, nowMs: number, drained: boolean): void {
    this.#latency.update(node, nowMs, drained);
  }

  /** A broker answered a request, or did not. */
  nodeAnswered(node: number, nowMs: number, answer: boolean): void {
    this.#latency.answered(node, nowMs, answer);
  }

  /** Whether the partition has batches to send. */
  has(queue: PartitionQueue): boolean {
    return queue.size > 0 || (this.#open !== undefined && queue === this.#stickyQueue());
  }

  #newBatch(bytes: number): Batch | undefined {
    const batch = this.pool.allocate(bytes, this.#topic.info ? undefined : this.#share);
    if (!batch) {
      this.#exhausted = true;
      return undefined;
    }
    batch.order = this.#order++;
    this.incomplete++;
    return batch;
  }

  #limitOpen(batch: Batch | undefined): void {
    if (batch) batch.limit = Math.min(batch.limit, batch.base + this.pool.batchSize);
  }

  /** Out of memory, a batch is due although it is not full, if nothing is in flight for its partition. */
  #isDue(batch: Batch, nowMs: number, idle: boolean): boolean {
    const { lingerMs } = this.#config;
    if (this.#flushing || (this.#exhausted && idle)) return true;
    return lingerMs !== null && nowMs - batch.createdMs >= Math.max(1, lingerMs);
  }

  #closeOpen(): void {
    const batch = this.#open;
    if (!batch) return;
    this.#open = undefined;
    this.#held.push(batch);
    this.#bindHeld();
  }

  /** Assigns held batches to partitions, in order, once the topic's metadata is known. */
  #bindHeld(): void {
    const partitions = this.#topic.info?.partitions.length ?? 0;
    if (partitions === 0 || this.#held.length === 0) return;
    if (partitions > 1) this.pool.limit(this.#share);
    for (const batch of this.#held) {
      this.#stickyQueue().add(batch);
      this.#sticky.produced(batch.size);
    }
    this.#held = [];
  }

  #queue(partition: number): PartitionQueue {
    let queue = this.#queues.get(partition);
    if (!queue) this.#queues.set(partition, (queue = new PartitionQueue(partition)));
    return queue;
  }

  /** The queue for the next record without a key. */
  #stickyQueue(): PartitionQueue {
    const current = this.#sticky.current;
    const complete = current < 0 || this.#queue(current).open === undefined;
    return this.#queue(this.#sticky.partition(this.#loads, complete));
  }

  readonly #loads = (): PartitionLoad[] =>
    (this.#topic.info?.partitions ?? []).map(({ partition, leader }) => {
      const queued = this.#queues.get(partition)?.size ?? 0;
      // unlike Java: no more records for a broker that does not answer while batches wait for it already
      const stuck = queued > 0 && this.#latency.isSilent(leader);
      return { partition, led: leader >= 0, queued, slow: stuck || this.#latency.isSlow(leader) };
    });
}

/** Maximum batch size, bytes. */
function batchSize(config: ProducerConfig, spread: boolean): number {
  const most = Math.min(config.batchSize, Math.max(0, config.maxRequestSize - MAX_RECORD_OVERHEAD));
  return spread && config.lingerMs === null ? Math.min(most, KEYED_BATCH) : most;
}
