/**
 * The transaction coordinator. Requests for one transactional id run one after the other: where Kafka returns
 * CONCURRENT_TRANSACTIONS during a transition, they wait. A state takes effect once it is synced to disk. Transactions
 * that a crash interrupted between the decision and the markers are completed at startup.
 */
import type { initProducerId } from '../../protocol/apis/22-init-producer-id.js';
import { Errors } from '../../protocol/errors.js';
import type { RequestOf, ResponseInput } from '../../protocol/wire/schema.js';
import type { Broker, Component, TransactionHooks } from '../api.js';
import type { CoordinatorRecord } from '../coordinator/record.js';
import { StateLog } from '../coordinator/state-log.js';
import { Timers } from '../coordinator/timers.js';
import { operationError } from '../groups/classic/rebalance.js';
import { groupCoordinator } from '../groups/coordinator.js';
import type { RequestContext } from '../request-context.js';
import { Exclusive } from './exclusive.js';
import { writeMarkers } from './markers.js';
import { containsPartition, decideAdd, decideEnd, decideInit, fence, type ProducerIdentity, verify } from './rules.js';
import {
  completed,
  created,
  EPOCH_BUMP_VERSION,
  fromRecord,
  isPrepared,
  TRANSACTION,
  type Txn,
  tombstone,
  toRecord,
} from './transaction.js';

export const TRANSACTION_TOPIC = '__transaction_state';
/** Delay before writing failed markers again. */
const RETRY_MS = 1000;
/** From this Produce version on the broker adds partitions to transactions implicitly. */
const PRODUCE_ADDS_VERSION = 12;
/** From this Produce version on clients know TRANSACTION_ABORTABLE. */
const ABORTABLE_VERSION = 11;

/** The result of EndTxn. */
export interface Ended {
  readonly errorCode: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
}
const failed = (errorCode: number): Ended => ({ errorCode, producerId: -1n, producerEpoch: -1 });
const identified = ({ producerId, producerEpoch }: Txn): Ended => ({
  errorCode: Errors.NONE,
  producerId,
  producerEpoch,
});

type Partitions = readonly [topic: string, partition: number][];

/** The transaction coordinator of one broker. */
export class TransactionCoordinator implements Component, TransactionHooks {
  readonly txns = new Map<string, Txn>();
  readonly log: StateLog;
  readonly #broker: Broker;
  readonly #timers: Timers;
  readonly #exclusive = new Exclusive();

  constructor(broker: Broker) {
    this.#broker = broker;
    this.#timers = new Timers(
      () => performance.now(),
      (error) => broker.warn(`transaction coordinator: ${(error as Error).message}`),
    );
    this.log = new StateLog(broker, {
      topic: TRANSACTION_TOPIC,
      types: new Map([[0, TRANSACTION]]),
      baseSequence: -1,
      replay: { record: (record) => this.#replay(record as CoordinatorRecord<typeof TRANSACTION>) },
    });
    broker.transactions = this;
    broker.onTopicDeleted((topic) => {
      if (topic.name !== TRANSACTION_TOPIC) return;
      this.log.forget();
      this.txns.clear();
    });
  }

  async start(): Promise<void> {
    await this.log.load();
    const unfinished = [...this.txns.values()].filter((txn) => isPrepared(txn.state));
    await Promise.all(unfinished.map((txn) => this.#run(txn.transactionalId, () => this.#complete(txn))));
    this.#every('transaction.abort.timed.out.transaction.cleanup.interval.ms', () => this.abortTimedOut());
    this.#every('transaction.remove.expired.transaction.cleanup.interval.ms', () => this.removeExpired());
    this.#timers.drive();
  }
  stop(): void {
    this.#timers.stop();
  }

  async initProducerId(
    request: RequestOf<typeof initProducerId>,
    { apiVersion }: RequestContext,
  ): Promise<ResponseInput<typeof initProducerId>> {
    const { errorCode, ...identity } = await this.#init(request).catch((error) => failed(operationError(error)));
    // clients before version 4 know only INVALID_PRODUCER_EPOCH
    const old = apiVersion < 4 && errorCode === Errors.PRODUCER_FENCED;
    return { errorCode: old ? Errors.INVALID_PRODUCER_EPOCH : errorCode, ...identity };
  }

  async #init(request: RequestOf<typeof initProducerId>): Promise<Ended> {
    const { transactionTimeoutMs, producerId, producerEpoch } = request;
    const transactionalId = request.transactionalId ?? '';
    const hasId = producerId !== -1n;
    if (transactionalId === '' || hasId !== (producerEpoch !== -1)) return failed(Errors.INVALID_REQUEST);
    if (transactionTimeoutMs <= 0 || transactionTimeoutMs > this.#number('transaction.max.timeout.ms')) {
      return failed(Errors.INVALID_TRANSACTION_TIMEOUT);
    }
    await this.log.ready(transactionalId);
    return this.#run(transactionalId, async () => {
      const now = this.#broker.now();
      const take = () => this.#broker.nextProducerId();
      let txn = this.txns.get(transactionalId) ?? created(transactionalId, await take(), transactionTimeoutMs, now);
      if (txn.state === 'Ongoing') {
        txn = await fence(txn, now, this.#serverVersion(), take);
        await this.#save(txn);
        txn = await this.#complete(txn);
      }
      const expected = hasId ? { producerId, producerEpoch } : undefined;
      const decision = await decideInit(txn, expected, transactionTimeoutMs, now, take);
      if ('error' in decision) return failed(decision.error);
      await this.#save(decision.next);
      return identified(decision.next);
    });
  }

  /**
   * Adds partitions to a transaction: for AddPartitionsToTxn (client version 0) or implicitly (2). Returns an error
   * code.
   */
  addPartitions(
    transactionalId: string,
    who: ProducerIdentity,
    added: Partitions,
    clientVersion: number,
  ): Promise<number> {
    if (transactionalId === '') return Promise.resolve(Errors.INVALID_REQUEST);
    return this.#run(transactionalId, async () => {
      const decision = decideAdd(this.txns.get(transactionalId), who, added, this.#broker.now(), clientVersion);
      if ('error' in decision) return decision.error;
      await this.#save(decision.next);
      return Errors.NONE;
    }).catch(operationError);
  }

  verifyPartition(transactionalId: string, who: ProducerIdentity, topic: string, partition: number): number {
    if (transactionalId === '') return Errors.INVALID_REQUEST;
    return verify(this.txns.get(transactionalId), who, topic, partition);
  }

  verifyProduce(batch: Parameters<TransactionHooks['verifyProduce']>[0]): number | Promise<number> {
    const { transactionalId, topic, partition, apiVersion } = batch;
    if (transactionalId === null) return Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    return this.admit(transactionalId, batch, topic, partition, {
      adds: apiVersion >= PRODUCE_ADDS_VERSION,
      knowsAbortable: apiVersion >= ABORTABLE_VERSION,
    });
  }

  /**
   * Checks a transactional write to a partition, adding the partition if the client relies on the broker for that.
   * Returns an error code.
   */
  admit(
    transactionalId: string,
    who: ProducerIdentity,
    topic: string,
    partition: number,
    client: { adds: boolean; knowsAbortable: boolean },
  ): number | Promise<number> {
    const txn = this.txns.get(transactionalId);
    const isIn =
      txn?.state === 'Ongoing' &&
      txn.producerId === who.producerId &&
      txn.producerEpoch === who.producerEpoch &&
      containsPartition(txn, topic, partition);
    if (isIn) return Errors.NONE;
    if (!client.adds && this.#broker.setting('transaction.partition.verification.enable') === false) return Errors.NONE;
    const requested = client.adds
      ? this.addPartitions(transactionalId, who, [[topic, partition]], 2)
      : this.#run(transactionalId, async () => this.verifyPartition(transactionalId, who, topic, partition));
    return requested.then((code) => admissionError(code, client));
  }

  /**
   * EndTxn. Resolves when the decision is synced and its markers are appended; the transaction is completed
   * asynchronously.
   */
  end(transactionalId: string, who: ProducerIdentity, commit: boolean, clientVersion: number): Promise<Ended> {
    if (transactionalId === '') return Promise.resolve(failed(Errors.INVALID_REQUEST));
    const bumps = clientVersion >= EPOCH_BUMP_VERSION;
    return new Promise((answer) => {
      const ended = async (): Promise<void> => {
        const txn = this.txns.get(transactionalId);
        const take = () => this.#broker.nextProducerId();
        const decision = await decideEnd(txn, who, commit, this.#broker.now(), clientVersion, take);
        if ('error' in decision) {
          return answer(txn && bumps && decision.error === Errors.NONE ? identified(txn) : failed(decision.error));
        }
        await this.#save(decision.next);
        const closing = this.#complete(decision.next);
        answer(bumps ? identified(completed(decision.next, 0)) : failed(Errors.NONE));
        await closing;
      };
      this.#run(transactionalId, ended).catch((error) => answer(failed(operationError(error))));
    });
  }

  async abortTimedOut(): Promise<void> {
    const isOver = (txn: Txn | undefined): txn is Txn =>
      txn?.state === 'Ongoing' && txn.startTimestamp + txn.timeoutMs < this.#broker.now();
    for (const { transactionalId } of [...this.txns.values()].filter(isOver)) {
      await this.#run(transactionalId, async () => {
        const txn = this.txns.get(transactionalId);
        if (!isOver(txn)) return;
        const next = await fence(txn, this.#broker.now(), this.#serverVersion(), () => this.#broker.nextProducerId());
        await this.#save(next);
        await this.#complete(next);
      });
    }
  }

  /** Deletes transactional ids that were not used for transactional.id.expiration.ms. */
  async removeExpired(): Promise<void> {
    const before = this.#broker.now() - this.#number('transactional.id.expiration.ms');
    const isOver = (txn: Txn | undefined): boolean =>
      txn !== undefined && txn.state !== 'Ongoing' && !isPrepared(txn.state) && txn.lastUpdateTimestamp <= before;
    for (const txn of [...this.txns.values()].filter(isOver)) {
      const { transactionalId } = txn;
      await this.#run(transactionalId, async () => {
        if (isOver(this.txns.get(transactionalId))) await this.log.write(transactionalId, [tombstone(transactionalId)]);
      });
    }
  }

  /** Writes the markers of a prepared transaction and completes it. If that fails, it stays prepared and is retried. */
  async #complete(txn: Txn): Promise<Txn> {
    try {
      const epoch = this.#coordinatorEpoch(txn.transactionalId);
      await writeMarkers(this.#broker, this.#broker.component(groupCoordinator), txn, epoch);
      const done = completed(txn, this.#broker.now());
      await this.#save(done);
      return done;
    } catch (error) {
      const why = (error as Error).message;
      this.#broker.warn(`transaction ${txn.transactionalId}: its markers could not be written, retrying: ${why}`);
      this.#timers.schedule(`complete-${txn.transactionalId}`, RETRY_MS, () => {
        this.#run(txn.transactionalId, async () => {
          const now = this.txns.get(txn.transactionalId);
          if (now && isPrepared(now.state)) await this.#complete(now);
        }).catch(() => {});
      });
      return txn;
    }
  }

  /** Writes the state, which takes effect once it is synced. */
  async #save(txn: Txn): Promise<void> {
    const logVersion = this.#serverVersion() > 0 ? 1 : 0;
    await this.log.write(txn.transactionalId, [toRecord(txn, logVersion)], { apply: false });
    this.txns.set(txn.transactionalId, txn);
  }

  #replay(record: CoordinatorRecord<typeof TRANSACTION>): void {
    const txn = fromRecord(record);
    if (txn) this.txns.set(txn.transactionalId, txn);
    else this.txns.delete(record.key.transactionalId);
  }

  #run<T>(transactionalId: string, task: () => Promise<T>): Promise<T> {
    return this.#exclusive.run(transactionalId, task);
  }
  #number(name: string): number {
    return this.#broker.setting(name) as number;
  }
  #serverVersion(): number {
    return this.#broker.metadata.features.get('transaction.version') ?? 0;
  }
  #coordinatorEpoch(transactionalId: string): number {
    const partition = this.log.partition(transactionalId) ?? 0;
    return this.#broker.metadata.topic(TRANSACTION_TOPIC)?.partitions[partition]?.leaderEpoch ?? 0;
  }
  #every(setting: string, task: () => Promise<void>): void {
    this.#timers.schedule(setting, this.#number(setting), () => {
      task().catch((error: Error) =>
        this.#broker.warn(`timed-out or expired transactions were not cleaned up: ${error.message}`),
      );
      this.#every(setting, task);
    });
  }
}

/** Maps an error to one that the client's version knows. Mirrors AddPartitionsToTxnManager and ReplicaManager. */
function admissionError(code: number, client: { adds: boolean; knowsAbortable: boolean }): number {
  switch (code) {
    case Errors.PRODUCER_FENCED:
      return Errors.INVALID_PRODUCER_EPOCH;
    case Errors.TRANSACTION_ABORTABLE:
      return client.knowsAbortable ? code : Errors.INVALID_TXN_STATE;
    case Errors.CONCURRENT_TRANSACTIONS:
      return client.adds ? code : Errors.NOT_ENOUGH_REPLICAS;
    case Errors.COORDINATOR_LOAD_IN_PROGRESS:
    case Errors.COORDINATOR_NOT_AVAILABLE:
    case Errors.NOT_COORDINATOR:
      return Errors.NOT_ENOUGH_REPLICAS;
    default:
      return code;
  }
}

/** Obtained with `broker.component(transactionCoordinator)`. */
export const transactionCoordinator = (broker: Broker): TransactionCoordinator => new TransactionCoordinator(broker);
