/**
 * Sends the producer's batches: at most one batch a partition and request, several requests in flight, each batch in order.
 *
 * Order and no duplicates (KIP-98): a batch keeps its sequence when it is sent again. After any failure a partition waits
 * until nothing of it is in flight, puts what failed back in front and goes on with one batch at a time until one lands.
 * When a batch is given up, the ones behind it would leave a gap: the producer takes a new epoch and counts from 0 again.
 */
import { produce } from '../../protocol/apis/00-produce.js';
import { initProducerId } from '../../protocol/apis/22-init-producer-id.js';
import { check, Errors, KafkaError } from '../../protocol/errors.js';
import { compress } from '../../protocol/records/compression.js';
import { BATCH_HEADER } from '../../protocol/records/layout.js';
import { ZERO_UUID } from '../../protocol/wire/schema.js';
import { timeoutError } from '../cluster/retry.js';
import type { Cluster } from '../cluster/types.js';
import { type Batch, PART } from './accumulator.js';
import type { ProducerConfig } from './config.js';
import { PartitionQueue } from './partition-queue.js';
import { splitBatch } from './record-parts.js';
import type { TopicLeaders } from './topic-leaders.js';
import { topicMaxMessageBytes } from './topic-limit.js';
import { LAST_PRODUCE, type Transaction } from './transaction.js';

/** What the sender asks of the producer. */
export interface SenderHost {
  /** closes the partition's open batch when it is due, and queues it */
  closeDue(queue: PartitionQueue): void;
  /** the batch is done with: delivered (from `baseOffset` on, where that is known), or lost with `error` */
  settled(batch: Batch, queue: PartitionQueue, error?: KafkaError, baseOffset?: number): void;
  /** the batch's records live on in its parts, which are queued already */
  split(batch: Batch, parts: number): void;
  /** batches must not be larger than this from now on */
  limitBatches(bytes: number): void;
}

type Sending = [queue: PartitionQueue, batch: Batch];

export class ProduceSender {
  readonly queues = new Map<number, PartitionQueue>();
  readonly #cluster: Cluster;
  readonly #config: ProducerConfig;
  readonly #leaders: TopicLeaders;
  readonly #host: SenderHost;
  readonly #inFlight = new Map<number, number>();
  #producerId = -1n;
  #epoch = -1;
  #acquiring: Promise<void> | undefined;
  #bump = false;
  /** bytes of a batch that the topic takes, once it has refused one */
  #limit = Number.POSITIVE_INFINITY;
  #wake: NodeJS.Timeout | undefined;
  readonly #sweep: NodeJS.Timeout;
  stopped = false;

  constructor(
    cluster: Cluster,
    config: ProducerConfig,
    leaders: TopicLeaders,
    host: SenderHost,
    readonly transaction?: Transaction,
  ) {
    this.#cluster = cluster;
    this.#config = config;
    this.#leaders = leaders;
    this.#host = host;
    this.#sweep = setInterval(() => this.#expire(), Math.min(1000, Math.max(50, config.deliveryTimeoutMs / 4)));
    this.#sweep.unref();
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.#sweep);
    clearTimeout(this.#wake);
  }

  queue(partition: number): PartitionQueue {
    let queue = this.queues.get(partition);
    if (!queue) this.queues.set(partition, (queue = new PartitionQueue(partition)));
    return queue;
  }

  /** Gets a producer id, where one is needed; shared by calls that come meanwhile. */
  acquireId(): Promise<void> {
    if (!this.#config.idempotent || this.#epoch >= 0) return Promise.resolve();
    this.#acquiring ??= this.#initProducerId().finally(() => {
      this.#acquiring = undefined;
    });
    return this.#acquiring;
  }

  async #initProducerId(): Promise<void> {
    if (this.transaction) {
      const { producerId, epoch } = await this.transaction.init();
      this.#producerId = producerId;
      this.#epoch = this.#lastEpoch = epoch;
      return;
    }
    const known = this.#producerId >= 0n;
    const response = await this.#cluster.send(
      initProducerId,
      {
        transactionalId: null,
        transactionTimeoutMs: 2147483647,
        ...(known ? { producerId: this.#producerId, producerEpoch: this.#lastEpoch } : {}),
      },
      { timeoutMs: this.#config.maxBlockMs, errorOf: (r) => r.errorCode },
    );
    check(response.errorCode);
    this.#producerId = response.producerId;
    this.#epoch = this.#lastEpoch = response.producerEpoch;
  }
  #lastEpoch = -1;

  /** Sends whatever may be sent now. */
  pump(): void {
    if (this.stopped || !this.#leaders.info) return;
    if (this.#bump && !this.#startBump()) return;
    if (this.#config.idempotent && this.#epoch < 0) {
      this.acquireId().then(
        () => this.pump(),
        (error) => this.#giveUpAll(error as KafkaError),
      );
      return;
    }
    if (this.#leaders.isOlderThan(this.#config.metadataMaxAgeMs)) void this.#leaders.refresh(0);
    try {
      while (this.#sendRound()) {}
    } catch (error) {
      // a codec that cannot be loaded: no other try helps
      this.#giveUpAll(
        new KafkaError(Errors.UNSUPPORTED_COMPRESSION_TYPE, (error as Error).message.split('\n')[0] ?? ''),
      );
    }
  }

  /** True once nothing is in flight any more and the old epoch is dropped. */
  #startBump(): boolean {
    for (const queue of this.queues.values()) if (queue.inFlight.length + queue.splitting > 0) return false;
    this.#bump = false;
    this.#epoch = -1;
    for (const queue of this.queues.values()) {
      queue.requeue();
      queue.restart();
    }
    return true;
  }

  #sendRound(): boolean {
    const byNode = new Map<number, Sending[]>();
    const sizes = new Map<number, number>();
    for (const queue of this.queues.values()) {
      const leader = this.#leaders.leader(queue.partition);
      if (leader >= 0 && (this.#inFlight.get(leader) ?? 0) >= this.#config.maxInFlight) continue;
      const batch = this.#next(queue);
      if (!batch) continue;
      if (leader < 0) {
        this.#refreshThenPump();
        continue;
      }
      const size = (sizes.get(leader) ?? 0) + (batch.compressed?.length ?? batch.size);
      const sending = byNode.get(leader) ?? [];
      if (sending.length > 0 && size > this.#config.maxRequestSize) continue;
      byNode.set(leader, sending);
      sizes.set(leader, size);
      queue.ready.shift();
      sending.push([queue, batch]);
    }
    for (const [node, sending] of byNode) void this.#send(node, sending);
    return byNode.size > 0;
  }

  /** The partition's next batch, made ready to send, if it may go now. */
  #next(queue: PartitionQueue): Batch | undefined {
    if (queue.failing) {
      if (queue.inFlight.length > 0 || queue.splitting > 0) return undefined;
      queue.requeue();
    }
    if (this.#config.idempotent && !queue.proven && queue.inFlight.length > 0) return undefined;
    if (this.transaction?.has(queue.partition) === false) {
      if (queue.ready.length === 0) this.#host.closeDue(queue);
      if (queue.ready.length > 0) this.#addToTransaction(queue.partition, this.transaction);
      return undefined;
    }
    const wait = queue.notBefore - Date.now();
    if (wait > 0) {
      this.#pumpIn(wait);
      return undefined;
    }
    if (queue.ready.length === 0) this.#host.closeDue(queue);
    if (queue.ready[0] && queue.ready[0].size > this.#limit) this.#splitFirst(queue, queue.ready[0]);
    const batch = queue.ready[0];
    if (batch && this.#config.codec > 0 && !batch.compressed) {
      batch.compressed = compress(this.#config.codec, batch.records(), this.#config.level);
    }
    return batch;
  }

  #addToTransaction(partition: number, transaction: Transaction): void {
    transaction.add(this.#leaders.topic, partition).then(
      () => this.pump(),
      (error) => this.#giveUpAll(error as KafkaError),
    );
  }

  /** A batch that was closed before the topic's limit was known. */
  #splitFirst(queue: PartitionQueue, batch: Batch): void {
    if (batch.count === 1 || batch.compressed) return;
    const parts = splitBatch(batch, this.#limit);
    queue.ready.splice(0, 1, ...parts);
    this.#host.split(batch, parts.length);
  }

  async #send(node: number, sending: readonly Sending[]): Promise<void> {
    const { acks, idempotent, codec, requestTimeoutMs } = this.#config;
    this.#inFlight.set(node, (this.#inFlight.get(node) ?? 0) + 1);
    for (const [queue, batch] of sending) {
      if (idempotent && batch.sequence < 0) {
        batch.resequence(queue.nextSequence);
        queue.nextSequence = (queue.nextSequence + batch.count) & 0x7fffffff;
      }
      queue.inFlight.push(batch);
    }
    const partitionData = sending.map(([queue, batch]) => ({
      index: queue.partition,
      records: batch.finish(this.#producerId, this.#epoch, codec, this.transaction !== undefined),
    }));
    try {
      const connection = await this.#cluster.connection(node);
      const topicId = this.#leaders.info?.topicId ?? ZERO_UUID;
      const highest = this.transaction ? LAST_PRODUCE : topicId === ZERO_UUID ? 12 : undefined;
      const version = connection.version(produce, 3, highest);
      const topicData = [{ name: this.#leaders.topic, topicId, partitionData }];
      const transactionalId = this.transaction?.transactionalId ?? null;
      const body = { transactionalId, acks, timeoutMs: requestTimeoutMs, topicData };
      const options = { timeoutMs: requestTimeoutMs, oneWay: acks === 0 };
      const response = await connection.send(produce, version, body, options);
      this.#landed(node);
      const answers = response?.responses[0]?.partitionResponses ?? [];
      for (const [queue, batch] of sending) {
        const answer = answers.find((a) => a.index === queue.partition);
        if (acks === 0) this.#answer(queue, batch, 0, null, -1);
        else if (answer) {
          // what is wrong with the one record at fault says more than what is said of the batch
          const [atFault, ...more] = answer.recordErrors;
          const words = (more.length === 0 && atFault?.batchIndexErrorMessage) || answer.errorMessage;
          this.#answer(queue, batch, answer.errorCode, words, Number(answer.baseOffset));
        } else this.#answer(queue, batch, Errors.UNKNOWN_SERVER_ERROR, null, -1);
      }
    } catch (error) {
      this.#landed(node);
      for (const [queue, batch] of sending) this.#disconnected(queue, batch, error as Error);
    }
    this.pump();
  }

  #landed(node: number): void {
    this.#inFlight.set(node, (this.#inFlight.get(node) ?? 1) - 1);
  }

  #answer(queue: PartitionQueue, batch: Batch, code: number, message: string | null, baseOffset: number): void {
    queue.landed(batch);
    if (code === 0 || code === Errors.DUPLICATE_SEQUENCE_NUMBER || this.#isThere(queue, batch, code)) {
      queue.proven = true;
      queue.failures = 0;
      this.#host.settled(batch, queue, undefined, baseOffset);
      return;
    }
    const error = new KafkaError(code, message);
    if (code === Errors.MESSAGE_TOO_LARGE || code === Errors.RECORD_LIST_TOO_LARGE) this.#tooLarge(queue, batch, error);
    else if (this.#outOfSequence(queue, batch, code)) queue.fail(batch);
    else if (error.retriable && batch.attempts < this.#config.retries) this.#retry(queue, batch);
    else this.#lost(queue, batch, error);
  }

  /**
   * A part of a batch that was sent whole before, without an answer: a broker that had not taken the whole would take the part
   * now. That it finds the part out of sequence says that all of it is there (it knows whole batches as duplicates only).
   */
  #isThere(queue: PartitionQueue, batch: Batch, code: number): boolean {
    return (
      code === Errors.OUT_OF_ORDER_SEQUENCE_NUMBER && batch.slot === PART && batch.unsure && !queue.isBehind(batch)
    );
  }

  /** Whether the error is about sequences, and sending again mends it. */
  #outOfSequence(queue: PartitionQueue, batch: Batch, code: number): boolean {
    const lostTrack = code === Errors.OUT_OF_ORDER_SEQUENCE_NUMBER || code === Errors.UNKNOWN_PRODUCER_ID;
    if (!this.#config.idempotent || (!lostTrack && code !== Errors.INVALID_PRODUCER_EPOCH)) return false;
    if (lostTrack && queue.isBehind(batch)) return true;
    // the broker no longer knows us; a batch that was never sent before cannot be there twice
    this.#bump = true;
    return batch.attempts++ === 0;
  }

  #retry(queue: PartitionQueue, batch: Batch): void {
    batch.attempts++;
    this.#backOff(queue);
    queue.fail(batch);
    void this.#leaders.refresh().then(() => this.pump());
  }

  /** No answer: it may be in the log or not. Tried again until delivery.timeout.ms, which is safe when idempotent. */
  #disconnected(queue: PartitionQueue, batch: Batch, error: Error): void {
    queue.landed(batch);
    if (error instanceof KafkaError && error.retriable && !this.stopped) {
      this.#backOff(queue);
      batch.attempts++;
      batch.unsure = true;
      queue.fail(batch);
      void this.#leaders.refresh().then(() => this.pump());
    } else {
      this.#lost(queue, batch, error instanceof KafkaError ? error : new KafkaError(-1, error.message));
    }
  }

  #backOff(queue: PartitionQueue): void {
    const { retryBackoffMs, retryBackoffMaxMs } = this.#config;
    const wait = Math.min(retryBackoffMs * 2 ** queue.failures++, Math.max(retryBackoffMs, retryBackoffMaxMs));
    queue.notBefore = Date.now() + wait * (0.8 + Math.random() * 0.4);
    this.#pumpIn(wait);
  }

  /** A batch of several is split at the topic's limit, asked for once; a lone record is what its sender must hear of. */
  #tooLarge(queue: PartitionQueue, batch: Batch, error: KafkaError): void {
    if (batch.count === 1) return this.#lost(queue, batch, error);
    queue.fail(batch);
    queue.splitting++;
    void topicMaxMessageBytes(this.#cluster, this.#leaders.topic).then((limit) => {
      const half = BATCH_HEADER + Math.ceil((batch.size - BATCH_HEADER) / 2);
      // what a compressed batch may hold cannot be told from the limit
      const target = limit && limit < batch.size && !batch.compressed ? limit : half;
      this.#limit = Math.min(this.#limit, target);
      this.#host.limitBatches(target);
      const parts = splitBatch(batch, target);
      queue.replace(batch, parts);
      queue.splitting--;
      this.#host.split(batch, parts.length);
      this.pump();
    });
  }

  #lost(queue: PartitionQueue, batch: Batch, error: KafkaError): void {
    if (this.#config.idempotent && batch.sequence >= 0) this.#bump = true;
    this.#host.settled(batch, queue, error);
  }

  #giveUpAll(error: KafkaError): void {
    for (const queue of this.queues.values()) {
      for (const batch of queue.expire(Number.POSITIVE_INFINITY)) this.#host.settled(batch, queue, error);
    }
  }

  #expire(): void {
    const now = Date.now();
    for (const queue of this.queues.values()) {
      for (const batch of queue.expire(now - this.#config.deliveryTimeoutMs)) {
        const what = `Expiring ${batch.count} record(s) for ${this.#leaders.topic}-${queue.partition}:${now - batch.createdMs} ms has passed since batch creation. The request has not been sent, or no server response has been received yet.`;
        this.#lost(queue, batch, timeoutError(what));
      }
    }
    this.pump();
  }

  #refreshThenPump(): void {
    void this.#leaders.refresh().then(() => this.pump());
  }

  #pumpIn(ms: number): void {
    clearTimeout(this.#wake);
    this.#wake = setTimeout(() => this.pump(), ms);
  }
}
