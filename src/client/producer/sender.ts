/**
 * Sends what the accumulator holds: at most one batch a partition and request, several requests in flight, each partition's
 * batches in order. Mirrors producer/internals/Sender.
 *
 * Order and no duplicates (KIP-98): a batch keeps its sequence when it is sent again. After any failure a partition waits
 * until nothing of it is in flight, puts what failed back in front and goes on with one batch at a time until one lands.
 * When a batch is given up, the ones after it would leave a gap: the partition takes a new epoch and counts from 0 again.
 */

import { Errors, KafkaError } from '../../protocol/errors.js';
import { compress } from '../../protocol/records/compression.js';
import { BATCH_HEADER } from '../../protocol/records/layout.js';
import { timeoutError } from '../cluster/retry.js';
import type { Cluster } from '../cluster/types.js';
import type { Accumulator } from './accumulator.js';
import { type Batch, PART } from './batch.js';
import type { ProducerConfig } from './config.js';
import type { Deliveries } from './deliveries.js';
import type { PartitionQueue } from './partition-queue.js';
import { type PartitionAnswer, sendProduce } from './produce-request.js';
import { NO_IDENTITY, ProducerIds } from './producer-ids.js';
import { Progress } from './progress.js';
import type { TopicLeaders } from './topic-leaders.js';
import { topicMaxMessageBytes } from './topic-limit.js';
import type { Transaction } from './transaction.js';

interface Sending {
  readonly queue: PartitionQueue;
  readonly progress: Progress;
  readonly batch: Batch;
}

export interface SenderParts {
  readonly cluster: Cluster;
  readonly config: ProducerConfig;
  readonly leaders: TopicLeaders;
  readonly accumulator: Accumulator;
  readonly deliveries: Deliveries;
  readonly transaction: Transaction | undefined;
}

export class ProduceSender {
  readonly #cluster: Cluster;
  readonly #config: ProducerConfig;
  readonly #leaders: TopicLeaders;
  readonly #accumulator: Accumulator;
  readonly #deliveries: Deliveries;
  readonly #transaction: Transaction | undefined;
  readonly #ids: ProducerIds;
  readonly #progress = new Map<number, Progress>();
  /** requests in flight, by node */
  readonly #inFlight = new Map<number, number>();
  /** bytes of a batch that the topic takes, once it has refused one */
  #limit = Number.POSITIVE_INFINITY;
  /** the queue that comes first, so that none has to wait for the others for ever */
  #turn = 0;
  #wake: NodeJS.Timeout | undefined;
  #wakeAtMs = Number.POSITIVE_INFINITY;
  readonly #sweep: NodeJS.Timeout;
  #stopped = false;

  constructor({ cluster, config, leaders, accumulator, deliveries, transaction }: SenderParts) {
    this.#cluster = cluster;
    this.#config = config;
    this.#leaders = leaders;
    this.#accumulator = accumulator;
    this.#deliveries = deliveries;
    this.#transaction = transaction;
    this.#ids = new ProducerIds(cluster, config.maxBlockMs, transaction);
    this.#sweep = setInterval(() => this.#expire(), Math.min(1000, Math.max(50, config.deliveryTimeoutMs / 4)));
    this.#sweep.unref();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#sweep);
    clearTimeout(this.#wake);
  }

  /** What was sent last to some partition failed. */
  get failing(): boolean {
    return [...this.#progress.values()].some((progress) => progress.failures > 0);
  }

  /** Requests that are not answered. */
  get inFlight(): number {
    return [...this.#inFlight.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Gets a producer id, where one is needed. Throws KafkaError. */
  async acquireId(): Promise<void> {
    if (this.#config.idempotent) await this.#ids.acquire();
  }

  /** Sends whatever may be sent now. */
  pump(): void {
    if (this.#stopped || !this.#leaders.info) return;
    if (this.#config.idempotent && !this.#ids.current) {
      this.#ids.acquire().then(
        () => this.pump(),
        (error) => this.#giveUpAll(error as KafkaError),
      );
      return;
    }
    if (this.#leaders.isOlderThan(this.#config.metadataMaxAgeMs)) void this.#leaders.refresh(0);
    try {
      this.#sendAll(Date.now());
    } catch (error) {
      // a codec that cannot be loaded: no other try helps
      this.#giveUpAll(
        new KafkaError(Errors.UNSUPPORTED_COMPRESSION_TYPE, (error as Error).message.split('\n')[0] ?? ''),
      );
    }
    const dueMs = this.#accumulator.nextDueMs(Date.now());
    if (dueMs !== undefined) this.#pumpIn(dueMs);
  }

  #sendAll(nowMs: number): void {
    for (;;) {
      while (this.#sendRound(nowMs)) {}
      if (!this.#accumulator.isOverdue(nowMs) || !this.#someoneMayTake(nowMs)) return;
      this.#accumulator.closeOverdue();
    }
  }

  #sendRound(nowMs: number): boolean {
    const byNode = new Map<number, Sending[]>();
    const sizes = new Map<number, number>();
    for (const queue of this.#queuesInTurn()) {
      const leader = this.#leaders.leader(queue.partition);
      const progress = this.#progressOf(queue.partition);
      const batch = this.#next(queue, progress, leader, nowMs);
      if (!batch) continue;
      const size = (sizes.get(leader) ?? 0) + (batch.compressed?.length ?? batch.size);
      const sending = byNode.get(leader) ?? [];
      if (sending.length > 0 && size > this.#config.maxRequestSize) continue;
      byNode.set(leader, sending);
      sizes.set(leader, size);
      queue.poll();
      sending.push({ queue, progress, batch });
    }
    for (const [node, sending] of byNode) {
      this.#accumulator.nodeReady(node, nowMs, true);
      void this.#send(node, sending);
    }
    return byNode.size > 0;
  }

  #queuesInTurn(): PartitionQueue[] {
    const queues = [...this.#accumulator.queues()];
    const first = this.#turn++ % Math.max(1, queues.length);
    return [...queues.slice(first), ...queues.slice(0, first)];
  }

  #progressOf(partition: number): Progress {
    let progress = this.#progress.get(partition);
    if (!progress) this.#progress.set(partition, (progress = new Progress()));
    return progress;
  }

  /** The partition's next batch, made ready to send, if it may go now. */
  #next(queue: PartitionQueue, progress: Progress, leader: number, nowMs: number): Batch | undefined {
    if (!this.#accumulator.has(queue)) return undefined;
    if (leader < 0) {
      void this.#refreshThenPump();
      return undefined;
    }
    if (this.#isFull(leader)) {
      this.#accumulator.nodeReady(leader, nowMs, false);
      return undefined;
    }
    const state = progress.ready(this.#ids, this.#config.idempotent);
    if (state === 'wait') return undefined;
    if (state === 'renumbered') queue.forgetSequences();
    if (progress.notBefore > nowMs) {
      this.#pumpIn(progress.notBefore - nowMs);
      return undefined;
    }
    const batch = this.#accumulator.next(queue, nowMs, progress.idle);
    if (!batch) return undefined;
    if (this.#transaction?.has(queue.partition) === false) {
      this.#addToTransaction(queue.partition, this.#transaction);
      return undefined;
    }
    return this.#prepared(queue, batch);
  }

  /** Cut to what the topic takes, and compressed. */
  #prepared(queue: PartitionQueue, batch: Batch): Batch | undefined {
    // one that was closed before the topic's limit was known
    if (batch.size > this.#limit && batch.count > 1 && !batch.compressed) {
      this.#accumulator.split(queue, batch, this.#limit);
    }
    const { first } = queue;
    if (first && this.#config.codec > 0 && !first.compressed) {
      first.compressed = compress(this.#config.codec, first.records(), this.#config.level);
    }
    return first;
  }

  #isFull(node: number): boolean {
    return (this.#inFlight.get(node) ?? 0) >= this.#config.maxInFlight;
  }

  /** Whether some partition could be sent a batch now, if it had one. */
  #someoneMayTake(nowMs: number): boolean {
    const partitions = this.#leaders.info?.partitions ?? [];
    return partitions.some(({ partition, leader }) => {
      if (leader < 0 || this.#isFull(leader)) return false;
      const progress = this.#progressOf(partition);
      return progress.notBefore <= nowMs && progress.ready(this.#ids, this.#config.idempotent) === 'go';
    });
  }

  #addToTransaction(partition: number, transaction: Transaction): void {
    transaction.add(this.#leaders.topic, partition).then(
      () => this.pump(),
      (error) => this.#giveUpAll(error as KafkaError),
    );
  }

  /** Sends one request. Whatever becomes of it, it lands once, and each of its batches is dealt with once. */
  async #send(node: number, sending: readonly Sending[]): Promise<void> {
    const { idempotent, codec } = this.#config;
    this.#inFlight.set(node, (this.#inFlight.get(node) ?? 0) + 1);
    const partitionData = sending.map(({ queue, progress, batch }) => {
      progress.send(batch, idempotent);
      const { producerId, epoch } = idempotent ? progress.identity : NO_IDENTITY;
      const records = batch.finish(producerId, epoch, codec, this.#transaction !== undefined);
      return { index: queue.partition, records };
    });
    const transactionalId = this.#transaction?.transactionalId ?? null;
    const request = { node, partitionData, transactionalId };
    const result = await sendProduce(this.#cluster, this.#leaders, this.#config, request);
    this.#inFlight.set(node, (this.#inFlight.get(node) ?? 1) - 1);
    this.#accumulator.nodeAnswered(node, Date.now(), !('error' in result));
    for (const sent of sending) {
      sent.progress.land(sent.batch);
      if (sent.batch.settled) this.#accumulator.deallocate(sent.batch);
      else if ('error' in result) this.#unanswered(sent, result.error, result.written);
      else this.#answered(sent, result.answers.get(sent.queue.partition));
    }
    this.pump();
  }

  #answered(sent: Sending, answer: PartitionAnswer | undefined): void {
    const { queue, progress, batch } = sent;
    const code = answer?.errorCode ?? Errors.UNKNOWN_SERVER_ERROR;
    if (code === Errors.NONE || code === Errors.DUPLICATE_SEQUENCE_NUMBER || this.#isThere(sent, code)) {
      progress.proven = true;
      progress.failures = 0;
      this.#deliveries.delivered(batch, queue.partition, answer?.baseOffset ?? -1);
      return;
    }
    const error = new KafkaError(code, answer?.message ?? null);
    if (code === Errors.MESSAGE_TOO_LARGE || code === Errors.RECORD_LIST_TOO_LARGE) this.#tooLarge(sent, error);
    else if (this.#outOfSequence(sent, code)) this.#failed(sent);
    else if (error.retriable && batch.attempts < this.#config.retries) this.#retry(sent);
    else this.#lost(sent, error);
  }

  /**
   * A part of a batch that was sent whole before, without an answer: a broker that had not taken the whole would take the part
   * now. That it finds the part out of sequence says that all of it is there (it knows whole batches as duplicates only).
   */
  #isThere({ queue, progress, batch }: Sending, code: number): boolean {
    if (code !== Errors.OUT_OF_ORDER_SEQUENCE_NUMBER || batch.slot !== PART || !batch.unsure) return false;
    return !queue.hasEarlier(batch) && !progress.hasEarlier(batch);
  }

  /** Whether the error is about sequences, and sending again mends it. */
  #outOfSequence({ queue, progress, batch }: Sending, code: number): boolean {
    const lostTrack = code === Errors.OUT_OF_ORDER_SEQUENCE_NUMBER || code === Errors.UNKNOWN_PRODUCER_ID;
    if (!this.#config.idempotent || (!lostTrack && code !== Errors.INVALID_PRODUCER_EPOCH)) return false;
    if (lostTrack && (queue.hasEarlier(batch) || progress.hasEarlier(batch))) return true;
    // in a transaction the coordinator alone gives epochs
    if (this.#transaction) return false;
    // the broker no longer knows us; a batch that was never sent before cannot be there twice
    progress.renumber();
    return batch.attempts++ === 0;
  }

  /** It goes back to its place, and the partition starts again from there. */
  #failed({ queue, progress, batch }: Sending): void {
    progress.recovering = true;
    queue.reenqueue(batch);
  }

  #retry(sent: Sending): void {
    sent.batch.attempts++;
    this.#backOff(sent.progress);
    this.#failed(sent);
    void this.#refreshThenPump();
  }

  /** No answer: it may be in the log or not. Tried again until delivery.timeout.ms, which is safe when idempotent. */
  #unanswered(sent: Sending, error: KafkaError, written: boolean): void {
    // a leader that the metadata no longer have among the brokers
    const mayHelp = error.retriable || error.code === Errors.BROKER_NOT_AVAILABLE;
    if (!mayHelp || this.#stopped) return this.#lost(sent, error);
    if (written) sent.batch.unsure = true;
    this.#retry(sent);
  }

  #backOff(progress: Progress): void {
    const { retryBackoffMs, retryBackoffMaxMs } = this.#config;
    const wait = Math.min(retryBackoffMs * 2 ** progress.failures++, Math.max(retryBackoffMs, retryBackoffMaxMs));
    progress.notBefore = Date.now() + wait * (0.8 + Math.random() * 0.4);
    this.#pumpIn(wait);
  }

  /** A batch of several is split at the topic's limit, asked for once; a lone record is what its sender must hear of. */
  #tooLarge(sent: Sending, error: KafkaError): void {
    const { queue, progress, batch } = sent;
    if (batch.count === 1) return this.#lost(sent, error);
    this.#failed(sent);
    progress.splitting++;
    void topicMaxMessageBytes(this.#cluster, this.#leaders.topic).then((limit) => {
      const half = BATCH_HEADER + Math.ceil((batch.size - BATCH_HEADER) / 2);
      // what a compressed batch may hold cannot be told from the limit
      const target = limit && limit < batch.size && !batch.compressed ? limit : half;
      this.#limit = Math.min(this.#limit, target);
      this.#accumulator.limitBatches(target);
      this.#accumulator.split(queue, batch, target);
      progress.splitting--;
      this.pump();
    });
  }

  #lost({ progress, batch }: Pick<Sending, 'progress' | 'batch'>, error: KafkaError): void {
    if (this.#config.idempotent && batch.sequence >= 0) progress.renumber();
    this.#deliveries.lost(batch, error);
    // a transaction must not commit a part of what was sent in it
    if (this.#transaction) {
      this.#transaction.fail(error);
      this.#giveUpAll(error);
    }
  }

  #giveUpAll(error: KafkaError): void {
    for (const { batch } of this.#accumulator.expire(Number.POSITIVE_INFINITY)) this.#deliveries.lost(batch, error);
  }

  /** Gives up what is older than delivery.timeout.ms, sent or not: a broker that does not answer cannot hold it longer. */
  #expire(): void {
    if (!this.#leaders.info) return;
    const nowMs = Date.now();
    const createdMs = nowMs - this.#config.deliveryTimeoutMs;
    for (const { queue, batch } of this.#accumulator.expire(createdMs)) this.#expired(queue.partition, batch, nowMs);
    for (const [partition, { inFlight }] of this.#progress) {
      for (const batch of inFlight) {
        if (batch.createdMs <= createdMs && !batch.settled) this.#expired(partition, batch, nowMs);
      }
    }
    this.pump();
  }

  #expired(partition: number, batch: Batch, nowMs: number): void {
    const what = `Expiring ${batch.count} record(s) for ${this.#leaders.topic}-${partition}:${nowMs - batch.createdMs} ms has passed since batch creation. The request has not been sent, or no server response has been received yet.`;
    this.#lost({ progress: this.#progressOf(partition), batch }, timeoutError(what));
  }

  async #refreshThenPump(): Promise<void> {
    await this.#leaders.refresh();
    this.pump();
  }

  /** Pumps again after so many ms, or earlier where that is arranged already. */
  #pumpIn(ms: number): void {
    const atMs = Date.now() + ms;
    if (this.#stopped || atMs >= this.#wakeAtMs) return;
    clearTimeout(this.#wake);
    this.#wakeAtMs = atMs;
    this.#wake = setTimeout(() => {
      this.#wakeAtMs = Number.POSITIVE_INFINITY;
      this.pump();
    }, ms);
  }
}
