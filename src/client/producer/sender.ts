/**
 * Sends the accumulator's batches: at most one batch per partition and request, several requests in flight, the batches of
 * a partition in order. Mirrors producer/internals/Sender.
 *
 * Ordering and deduplication (KIP-98): a batch keeps its sequence on retries. After a failure a partition waits until
 * nothing is in flight, requeues the failed batches first and sends one batch at a time until one is acknowledged. When a
 * batch is lost, later ones would leave a sequence gap: the partition gets a new epoch and restarts at sequence 0.
 */

import { Errors, KafkaError } from '../../protocol/errors.js';
import { compress } from '../../protocol/records/compression.js';
import { BATCH_HEADER } from '../../protocol/records/layout.js';
import type { Cluster } from '../cluster/types.js';
import type { Accumulator } from './accumulator.js';
import type { Batch } from './batch.js';
import type { ProducerConfig } from './config.js';
import type { Deliveries } from './deliveries.js';
import { type FollowUp, Outcomes, type Sent } from './outcomes.js';
import type { PartitionQueue } from './partition-queue.js';
import { type ProduceResult, sendProduce } from './produce-request.js';
import { NO_IDENTITY, ProducerIds } from './producer-ids.js';
import { Progress } from './progress.js';
import type { TopicLeaders } from './topic-leaders.js';
import { topicMaxMessageBytes } from './topic-limit.js';
import type { Transaction } from './transaction.js';
import { WakeTimer } from './wake-timer.js';

export interface SenderParts {
  readonly cluster: Cluster;
  readonly config: ProducerConfig;
  readonly leaders: TopicLeaders;
  readonly accumulator: Accumulator;
  readonly deliveries: Deliveries;
  readonly transaction: Transaction | undefined;
}

/** Pulls batches from the accumulator and sends them; one per producer. */
export class ProduceSender {
  readonly #cluster: Cluster;
  readonly #config: ProducerConfig;
  readonly #leaders: TopicLeaders;
  readonly #accumulator: Accumulator;
  readonly #transaction: Transaction | undefined;
  readonly #outcomes: Outcomes;
  readonly #ids: ProducerIds;
  readonly #progress = new Map<number, Progress>();
  /** requests in flight, by node */
  readonly #inFlight = new Map<number, number>();
  /** maximum batch size, bytes; lowered when the topic rejects a batch as too large */
  #limit = Number.POSITIVE_INFINITY;
  /** rotates the first queue of a round, so that no partition starves */
  #turn = 0;
  readonly #wake = new WakeTimer(() => this.pump());
  readonly #sweep: NodeJS.Timeout;
  #stopped = false;

  constructor({ cluster, config, leaders, accumulator, deliveries, transaction }: SenderParts) {
    this.#cluster = cluster;
    this.#config = config;
    this.#leaders = leaders;
    this.#accumulator = accumulator;
    this.#transaction = transaction;
    this.#outcomes = new Outcomes({ topic: leaders.topic, config, accumulator, deliveries, transaction });
    this.#ids = new ProducerIds(cluster, config.maxBlockMs, transaction);
    this.#sweep = setInterval(() => this.#expire(), Math.min(1000, Math.max(50, config.deliveryTimeoutMs / 4)));
    this.#sweep.unref();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#sweep);
    this.#wake.stop();
  }

  /** Whether the last attempt of some partition failed. */
  get isFailing(): boolean {
    return [...this.#progress.values()].some((progress) => progress.failures > 0);
  }

  /** Acquires a producer id if one is needed. Throws KafkaError. */
  async acquireId(): Promise<void> {
    if (this.#config.idempotent) await this.#ids.acquire();
  }

  /** Sends everything that can be sent now. */
  pump(): void {
    if (this.#stopped || !this.#leaders.info) return;
    if (this.#config.idempotent && !this.#ids.current) {
      this.#ids.acquire().then(
        () => this.pump(),
        (error) => this.#outcomes.giveUpAll(error as KafkaError),
      );
      return;
    }
    if (this.#leaders.isOlderThan(this.#config.metadataMaxAgeMs)) void this.#leaders.refresh(0);
    try {
      this.#sendAll(Date.now());
    } catch (error) {
      // the codec cannot be loaded: not retriable
      this.#outcomes.giveUpAll(
        new KafkaError(Errors.UNSUPPORTED_COMPRESSION_TYPE, (error as Error).message.split('\n')[0] ?? ''),
      );
    }
    const dueMs = this.#accumulator.nextDueMs(Date.now());
    if (dueMs !== undefined) this.#wake.within(dueMs);
  }

  #sendAll(nowMs: number): void {
    for (;;) {
      while (this.#sendRound(nowMs)) {}
      if (!this.#accumulator.isOverdue(nowMs) || !this.#canAnyPartitionSend(nowMs)) return;
      this.#accumulator.closeOverdue();
    }
  }

  #sendRound(nowMs: number): boolean {
    const byNode = new Map<number, Sent[]>();
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

  /** The partition's next batch, ready to send, if it can be sent now. */
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
      this.#wake.within(progress.notBefore - nowMs);
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

  /** Splits the batch if it exceeds the topic's limit, and compresses it. */
  #prepared(queue: PartitionQueue, batch: Batch): Batch | undefined {
    // it was closed before the topic's limit was known
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

  /** Whether any partition could send a batch now. */
  #canAnyPartitionSend(nowMs: number): boolean {
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
      (error) => this.#outcomes.giveUpAll(error as KafkaError),
    );
  }

  /** Sends one request. Whether it succeeds or fails, each of its batches is completed exactly once. */
  async #send(node: number, sending: readonly Sent[]): Promise<void> {
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
    const followUps = sending.map((sent) => this.#complete(sent, result));
    if (followUps.includes('refresh')) void this.#refreshThenPump();
    for (const [i, sent] of sending.entries()) if (followUps[i] === 'split') void this.#split(sent);
    this.pump();
  }

  #complete(sent: Sent, result: ProduceResult): FollowUp {
    sent.progress.completed(sent.batch);
    // it expired while it was in flight
    if (sent.batch.settled) this.#accumulator.deallocate(sent.batch);
    else if ('error' in result) return this.#outcomes.unanswered(sent, result.error, result.written, !this.#stopped);
    else return this.#outcomes.answered(sent, result.answers.get(sent.queue.partition));
    return 'none';
  }

  /** Splits a batch that is too large for the topic, after asking for its max.message.bytes. Blocks the partition meanwhile. */
  async #split({ queue, progress, batch }: Sent): Promise<void> {
    progress.splitting++;
    const limit = await topicMaxMessageBytes(this.#cluster, this.#leaders.topic);
    const half = BATCH_HEADER + Math.ceil((batch.size - BATCH_HEADER) / 2);
    // the limit does not tell how much uncompressed data fits into a compressed batch
    const target = limit && limit < batch.size && !batch.compressed ? limit : half;
    this.#limit = Math.min(this.#limit, target);
    this.#accumulator.limitBatches(target);
    this.#accumulator.split(queue, batch, target);
    progress.splitting--;
    this.pump();
  }

  /** Fails batches older than delivery.timeout.ms, in flight or not: an unresponsive broker cannot delay that. */
  #expire(): void {
    if (!this.#leaders.info) return;
    const nowMs = Date.now();
    const createdMs = nowMs - this.#config.deliveryTimeoutMs;
    for (const { queue, batch } of this.#accumulator.expire(createdMs)) {
      this.#outcomes.expired(queue.partition, this.#progressOf(queue.partition), batch, nowMs);
    }
    for (const [partition, progress] of this.#progress) {
      for (const batch of progress.inFlight) {
        if (batch.createdMs > createdMs || batch.settled) continue;
        this.#outcomes.expired(partition, progress, batch, nowMs);
      }
    }
    this.pump();
  }

  async #refreshThenPump(): Promise<void> {
    await this.#leaders.refresh();
    this.pump();
  }
}
