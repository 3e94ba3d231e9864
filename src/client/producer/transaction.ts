/**
 * The state of a transactional producer. Mirrors clients/producer/internals/TransactionManager for transaction.version 0
 * and 1, which all brokers accept: partitions are added with AddPartitionsToTxn.
 */
import { initProducerId } from '../../protocol/apis/22-init-producer-id.js';
import { addPartitionsToTxn } from '../../protocol/apis/24-add-partitions-to-txn.js';
import { endTxn } from '../../protocol/apis/26-end-txn.js';
import { check, type KafkaError } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';

/** The last request versions before transaction.version 2, where the broker adds partitions and bumps epochs (KIP-890). */
export const LAST_PRODUCE = 11;
const LAST_ADD = 3;
const LAST_END = 4;

export interface TransactionOptions {
  readonly transactionalId: string;
  /** transaction.timeout.ms: the coordinator aborts transactions that are open for longer */
  readonly timeoutMs: number;
  /** timeout of each request including retries, ms */
  readonly maxBlockMs: number;
}

/** The transaction of one transactional id. */
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

  /** Acquires the producer id and fences earlier producers of the transactional id. */
  async init(): Promise<{ producerId: bigint; epoch: number }> {
    const { transactionalId } = this;
    const body = { transactionalId, transactionTimeoutMs: this.#options.timeoutMs };
    const response = await this.#cluster.send(initProducerId, body, { ...this.#to, errorOf: (r) => r.errorCode });
    this.#producerId = response.producerId;
    this.#epoch = response.producerEpoch;
    return { producerId: this.#producerId, epoch: this.#epoch };
  }

  /** Whether the partition has been added to the open transaction. */
  has(partition: number): boolean {
    return this.#added.has(partition);
  }

  /** Adds a partition to the transaction; concurrent calls share the request. Throws KafkaError. */
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

  /** A record was lost: the transaction must not be committed. */
  fail(error: KafkaError): void {
    this.#failure ??= error;
  }

  /** Commits the open transaction, if any. Throws KafkaError, also that of a lost record. */
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
