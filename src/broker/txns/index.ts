/** The transaction coordinator, as the rest of the broker sees it. */
import type { initProducerId } from '../../protocol/apis/22-init-producer-id.js';
import type { RequestOf, ResponseInput } from '../../protocol/schema.js';
import type { Broker } from '../broker.js';

export interface TransactionCoordinator {
  /** Replays __transaction_state and finishes what a crash left half done. Requests that come earlier wait for it. */
  start(): Promise<void>;
  /** Stops the timers; everything answered is on disk already. */
  close(): Promise<void>;
  /** InitProducerId of a request that names a transactional id; `newProducerId` takes the next id of the broker's block. */
  initProducerId(
    request: RequestOf<typeof initProducerId>,
    apiVersion: number,
    newProducerId: () => Promise<bigint>,
  ): Promise<ResponseInput<typeof initProducerId>>;
  /**
   * To be asked before a transactional batch is appended: an error code, 0 = go on. From Produce v12 on (transaction
   * version 2) it adds the partition to the transaction, below it verifies that the client did. Answers without a
   * promise when the partition is in the transaction already.
   */
  admitProduce(
    transactionalId: string,
    producerId: bigint,
    producerEpoch: number,
    topic: string,
    partition: number,
    apiVersion: number,
  ): number | Promise<number>;
}

const coordinators = new WeakMap<Broker, TransactionCoordinator>();

/** The broker's transaction coordinator; made (not started) when it is first asked for. */
export function txnsOf(broker: Broker): TransactionCoordinator {
  const known = coordinators.get(broker);
  if (known) return known;
  throw new Error('the transaction coordinator is not there yet');
}
