/**
 * A transactional id's producer and the transaction it has open. Mirrors clients/producer/internals/TransactionManager as
 * it is towards brokers of transaction.version 0 and 1, which all take: partitions are added by requests of their own.
 */
import { initProducerId } from '../../protocol/apis/22-init-producer-id.js';
import { addPartitionsToTxn } from '../../protocol/apis/24-add-partitions-to-txn.js';
import { endTxn } from '../../protocol/apis/26-end-txn.js';
import { check, type KafkaError } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';

/** The last versions in which the broker leaves partitions and epochs to the client (KIP-890). */
export const LAST_PRODUCE = 11;
const LAST_ADD = 3;
const LAST_END = 4;

export interface TransactionOptions {
  readonly transactionalId: string;
  /** the broker aborts what is open for longer, ms */
  readonly timeoutMs: number;
  /** bound of each request with its retries, ms */
  readonly maxBlockMs: number;
}

export class Transaction {
  readonly transactionalId: string;
  readonly #cluster: Cluster;
  readonly #options: TransactionOptions;
  readonly #added = new Set<number>();
  readonly #adding = new Map<number, Promise<void>>();
  #producerId = -1n;
  #epoch = -1;
  #failure: KafkaError | undefined;

  constructor(cluster: Cluster, options: TransactionOptions) {
    this.transactionalId = options.transactionalId;
    this.#cluster = cluster;
    this.#options = options;
  }

  get #to() {
    const { transactionalId } = this;
    return { to: { transactionalId }, timeoutMs: this.#options.maxBlockMs };
  }

  /** Gets the producer id and fences whoever had it before. */
  async init(): Promise<{ producerId: bigint; epoch: number }> {
    const { transactionalId } = this;
    const body = { transactionalId, transactionTimeoutMs: this.#options.timeoutMs };
    const response = await this.#cluster.send(initProducerId, body, { ...this.#to, errorOf: (r) => r.errorCode });
    this.#producerId = response.producerId;
    this.#epoch = response.producerEpoch;
    return { producerId: this.#producerId, epoch: this.#epoch };
  }

  /** Whether the partition is part of the open transaction. */
  has(partition: number): boolean {
    return this.#added.has(partition);
  }

  /** Makes it part; calls meanwhile share the request. Throws KafkaError. */
  add(topic: string, partition: number): Promise<void> {
    const adding = this.#adding.get(partition) ?? this.#add(topic, partition);
    this.#adding.set(partition, adding);
    return adding.finally(() => this.#adding.delete(partition));
  }

  async #add(topic: string, partition: number): Promise<void> {
    const body = {
      v3AndBelowTransactionalId: this.transactionalId,
      v3AndBelowProducerId: this.#producerId,
      v3AndBelowProducerEpoch: this.#epoch,
      v3AndBelowTopics: [{ name: topic, partitions: [partition] }],
    };
    await this.#cluster.send(addPartitionsToTxn, body, {
      ...this.#to,
      atMost: LAST_ADD,
      errorOf: (r) => r.resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode ?? 0,
    });
    this.#added.add(partition);
  }

  /** A record of it is lost: it must not be committed. */
  fail(error: KafkaError): void {
    this.#failure ??= error;
  }

  /** Commits what is open; nothing is asked when nothing is. Throws KafkaError, that of a lost record too. */
  async commit(): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (this.#added.size === 0) return;
    const { transactionalId } = this;
    const body = { transactionalId, producerId: this.#producerId, producerEpoch: this.#epoch, committed: true };
    const response = await this.#cluster.send(endTxn, body, {
      ...this.#to,
      atMost: LAST_END,
      errorOf: (r) => r.errorCode,
    });
    check(response.errorCode);
    this.#added.clear();
  }
}
