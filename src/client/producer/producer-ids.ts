/**
 * The producer id and epochs that batches are numbered under (KIP-98). Mirrors producer/internals/TransactionManager.
 *
 * A partition that must count from 0 again takes the next epoch on its own: the broker keeps producers by partition, so
 * the others go on, and a broker that does not answer holds up its own partitions only.
 */
import { initProducerId } from '../../protocol/apis/22-init-producer-id.js';
import { check } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';
import type { Transaction } from './transaction.js';

export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly epoch: number;
}

/** of batches that are not numbered */
export const NO_IDENTITY: ProducerIdentity = { producerId: -1n, epoch: -1 };
const LAST_EPOCH = 32767;

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

  /** Gets an id, unless there is one; calls that come meanwhile share the request. Throws KafkaError. */
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

  /** What follows `identity`; undefined when its epochs are used up: an id is then to be acquired first. */
  after({ producerId, epoch }: ProducerIdentity): ProducerIdentity | undefined {
    if (this.current && this.current.producerId !== producerId) return this.current;
    if (epoch < LAST_EPOCH) return { producerId, epoch: epoch + 1 };
    this.current = undefined;
    return undefined;
  }
}
