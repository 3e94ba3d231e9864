/**
 * Gathers records into batches, one queue for each partition, until the sender takes them. Mirrors
 * producer/internals/RecordAccumulator.
 *
 * The producer appends and the sender pulls (`queues`, `next`); the accumulator calls neither of them. A batch is closed
 * when it is full, when its linger.ms are over, or, where the user set no linger, when the input is idle and the sender
 * asks for it: what arrives while requests are in flight goes together.
 *
 * Where all records are without keys there is one open batch, whose partition is the partitioner's current one. Where
 * there are keys, each partition has an open batch, and records without a key share them: their order stays.
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

/** What came of a record; after `new-batch` the sender may have something to do. */
export type Appended = 'appended' | 'new-batch' | 'too-large' | 'no-room' | 'topic-unknown';

/** with keys every partition has an open batch: smaller ones */
const KEYED_BATCH = 256 * 1024;
/** without keys a whole batch goes to one of several partitions: still smaller ones, unless the user set batch.size */
const SPREAD_BATCH = 128 * 1024;

export class Accumulator {
  readonly pool: BufferPool;
  /** batches that are neither delivered nor given up */
  incomplete = 0;
  readonly #config: ProducerConfig;
  readonly #topic: TopicLeaders;
  /** each partition has an open batch */
  readonly #spread: boolean;
  /** bytes of a batch where there may be several partitions: a small file shall not leave most of them empty */
  readonly #share: number;
  readonly #sticky: StickyPartitioner;
  readonly #roundRobin: RoundRobinPartitioner | undefined;
  /** keys decide about partitions */
  readonly #byKey: boolean;
  readonly #latency: NodeLatency;
  readonly #queues = new Map<number, PartitionQueue>();
  readonly #waiters = new Waiters();
  /** the open batch of records without keys */
  #open: Batch | undefined;
  /** closed before the topic was known */
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

  // the producer's half

  /** Takes a record, or says why not. */
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

  /** Open batches go as soon as the sender can take them, until `endFlush`. */
  beginFlush(): void {
    this.#flushing = true;
  }

  /** More input came. */
  endFlush(): void {
    this.#flushing = false;
  }

  /** Resolves when a batch is done with, or when the topic has become known. */
  changed(): Promise<void> {
    return this.#waiters.wait();
  }

  /** The topic is known, or was found not to be there. */
  wake(): void {
    this.#waiters.wakeAll();
  }

  /** Takes out what waits for a topic that is not there. */
  abandon(): Batch[] {
    const held = this.#open ? [...this.#held, this.#open] : this.#held;
    this.#held = [];
    this.#open = undefined;
    return held;
  }

  // the sender's half; the topic is known

  /** The partitions that have, or are about to have, batches. */
  queues(): Iterable<PartitionQueue> {
    this.#bindHeld();
    if (this.#open) this.#stickyQueue();
    return this.#queues.values();
  }

  /** The queue's next batch; an open one is closed for it when it is due. `idle`: nothing of the partition is in flight. */
  next(queue: PartitionQueue, nowMs: number, idle: boolean): Batch | undefined {
    if (queue.first) return queue.first;
    if (queue.open && this.#isDue(queue.open, nowMs, idle)) queue.close();
    else if (this.#open && queue === this.#stickyQueue() && this.#isDue(this.#open, nowMs, idle)) this.#closeOpen();
    return queue.first;
  }

  /**
   * The open batch is due and waits for a partition that has had its share: it is time for another partition, if another
   * one could take something (Java changes a partition after twice its bytes, sent or not).
   */
  isOverdue(nowMs: number): boolean {
    const partitions = this.#topic.info?.partitions.length ?? 0;
    if (partitions < 2 || !this.#open || !this.#sticky.isSpentBy(this.#open.size)) return false;
    return this.#isDue(this.#open, nowMs, false);
  }

  /** Closes the open batch of records without keys, and queues it for the current partition. */
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

  /** Puts a batch's parts in its place. */
  split(queue: PartitionQueue, batch: Batch, limit: number): void {
    const parts = queue.split(batch, limit);
    if (parts === 0) return;
    this.incomplete += parts - 1;
    this.deallocate(batch);
  }

  /** Batches must not be larger than this from now on. */
  limitBatches(bytes: number): void {
    this.pool.limit(bytes);
    this.#limitOpen(this.#open);
    for (const queue of this.#queues.values()) this.#limitOpen(queue.open);
  }

  /** Takes out what was created at `time` or before and is not in flight. */
  expire(time: number): { queue: PartitionQueue; batch: Batch }[] {
    if (this.#open && this.#open.createdMs <= time) this.#closeOpen();
    return [...this.queues()].flatMap((queue) => queue.expire(time).map((batch) => ({ queue, batch })));
  }

  /** The batch is delivered or given up; its memory is free unless it is in flight. */
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

  /** Something is ready for a broker, which could be sent it (`drained`) or not. */
  nodeReady(node: number, nowMs: number, drained: boolean): void {
    this.#latency.update(node, nowMs, drained);
  }

  /** A broker answered a request, or left it without an answer. */
  nodeAnswered(node: number, nowMs: number, answer: boolean): void {
    this.#latency.answered(node, nowMs, answer);
  }

  /** Whether something waits for the partition. */
  has(queue: PartitionQueue): boolean {
    return queue.size > 0 || (this.#open !== undefined && queue === this.#stickyQueue());
  }

  // within

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

  /** Out of memory, a batch that nothing of its partition is in the way of goes although it is not full. */
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

  /** Gives what is closed its partition, in order, once the topic is known. */
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

  /** Where the next record without a key goes. */
  #stickyQueue(): PartitionQueue {
    const current = this.#sticky.current;
    const complete = current < 0 || this.#queue(current).open === undefined;
    return this.#queue(this.#sticky.partition(this.#loads, complete));
  }

  readonly #loads = (): PartitionLoad[] =>
    (this.#topic.info?.partitions ?? []).map(({ partition, leader }) => {
      const queued = this.#queues.get(partition)?.size ?? 0;
      // beyond Java: no more records for a broker that does not answer while some wait for it already
      const stuck = queued > 0 && this.#latency.isSilent(leader);
      return { partition, led: leader >= 0, queued, slow: stuck || this.#latency.isSlow(leader) };
    });
}

/** Bytes of the largest batch. */
function batchSize(config: ProducerConfig, spread: boolean): number {
  const most = Math.min(config.batchSize, Math.max(0, config.maxRequestSize - MAX_RECORD_OVERHEAD));
  return spread && config.lingerMs === null ? Math.min(most, KEYED_BATCH) : most;
}
