/**
 * The producer id and epochs of an idempotent producer (KIP-98). Mirrors producer/internals/TransactionManager.
 *
 * A partition that has to restart its sequence bumps the epoch for itself: brokers keep producer state per partition, so
 * the other partitions continue, and an unresponsive broker only delays its own partitions.
 */
import { initProducerId } from '../../protocol/apis/22-init-producer-id.js';
import { check } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';
import type { Transaction } from './transaction.js';

export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly epoch: number;
}

/** the identity of batches without sequences */
export const NO_IDENTITY: ProducerIdentity = { producerId: -1n, epoch: -1 };
const LAST_EPOCH = 32767;

/** Acquires producer ids and assigns epochs. */
export class ProducerIds {
  current: ProducerIdentity | undefined;
  readonly #cluster: Cluster;
  readonly #timeoutMs: number;
  readonly #transaction: Transaction | undefined;
  #acquiring: Promise<void> | undefined;

  constructor(cluster: Cluster, timeoutMs: number, transaction: Transaction | undefined) {
    this.#cluster = cluster;
    this.#timeoutMs = timeoutMs;
    this.#transaction = transaction;
  }

  /** Requests a producer id if there is none; concurrent calls share the request. Throws KafkaError. */
  acquire(): Promise<void> {
    if (this.current) return Promise.resolve();
    this.#acquiring ??= this.#init().finally(() => {
      this.#acquiring = undefined;
    });
    return this.#acquiring;
  }

  async #init(): Promise<void> {
    if (this.#transaction) {
      this.current = await this.#transaction.init();
      return;
    }
    const response = await this.#cluster.send(
      initProducerId,
      { transactionalId: null, transactionTimeoutMs: 2147483647 },
      { timeoutMs: this.#timeoutMs, errorOf: (r) => r.errorCode },
    );
    check(response.errorCode);
    this.current = { producerId: response.producerId, epoch: response.producerEpoch };
  }

  /** The identity after `identity`; undefined when its epochs are exhausted and a new id has to be acquired first. */
  after({ producerId, epoch }: ProducerIdentity): ProducerIdentity | undefined {
    if (this.current && this.current.producerId !== producerId) return this.current;
    if (epoch < LAST_EPOCH) return { producerId, epoch: epoch + 1 };
    this.current = undefined;
    return undefined;
  }
}
