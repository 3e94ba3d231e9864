/**
 * The state transitions of a transaction: each request results in the next state or in an error code, which can be
 * NONE. Free of I/O. Mirrors coordinator/transaction/TransactionCoordinator.
 */
import { Errors } from '../../protocol/errors.js';
import {
  EPOCH_BUMP_VERSION,
  epochUsedUp,
  initialized,
  isPrepared,
  NO_EPOCH,
  prepared,
  type Txn,
  withPartitions,
} from './transaction.js';

export type Decision = { readonly error: number } | { readonly next: Txn };

const refuse = (error: number): Decision => ({ error });

/** A producer id and its epoch. */
export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/**
 * InitProducerId when no transaction is ongoing. `expected` is the producer's id and epoch if it asks for a new epoch
 * after an error. `newProducerId` is called only when the id's epochs are exhausted.
 */
export async function decideInit(
  txn: Txn,
  expected: ProducerIdentity | undefined,
  timeoutMs: number,
  now: number,
  newProducerId: () => Promise<bigint>,
): Promise<Decision> {
  if (expected && !isExpected(txn, expected)) return refuse(Errors.PRODUCER_FENCED);
  if (isPrepared(txn.state)) return refuse(Errors.CONCURRENT_TRANSACTIONS);
  const { producerEpoch } = txn;
  if (epochUsedUp(producerEpoch) && (!expected || expected.producerEpoch === producerEpoch)) {
    const lastProducerEpoch = expected ? producerEpoch : NO_EPOCH;
    const changes = { producerId: await newProducerId(), producerEpoch: 0, lastProducerEpoch };
    return { next: initialized(txn, changes, timeoutMs, now) };
  }
  const bumped = producerEpoch + 1;
  if (!expected)
    return { next: initialized(txn, { producerEpoch: bumped, lastProducerEpoch: NO_EPOCH }, timeoutMs, now) };
  if (producerEpoch === NO_EPOCH || expected.producerEpoch === producerEpoch) {
    return { next: initialized(txn, { producerEpoch: bumped, lastProducerEpoch: producerEpoch }, timeoutMs, now) };
  }
  // a retry, as the client missed the first response: return the same epoch again
  if (expected.producerEpoch === txn.lastProducerEpoch) return { next: initialized(txn, {}, timeoutMs, now) };
  return refuse(Errors.PRODUCER_FENCED);
}

const isExpected = (txn: Txn, expected: ProducerIdentity): boolean =>
  txn.producerEpoch === NO_EPOCH ||
  expected.producerId === txn.producerId ||
  (expected.producerId === txn.previousProducerId && epochUsedUp(expected.producerEpoch));

const identityError = (txn: Txn | undefined, who: ProducerIdentity): number => {
  if (!txn || txn.producerId !== who.producerId) return Errors.INVALID_PRODUCER_ID_MAPPING;
  if (txn.producerEpoch !== who.producerEpoch) return Errors.PRODUCER_FENCED;
  return isPrepared(txn.state) ? Errors.CONCURRENT_TRANSACTIONS : Errors.NONE;
};

/** Whether the partition is part of the transaction. */
export const containsPartition = (txn: Txn, topic: string, partition: number): boolean =>
  txn.partitions.get(topic)?.has(partition) === true;

/** Adds partitions; the first one starts the transaction. Error NONE if all were added already. */
export function decideAdd(
  txn: Txn | undefined,
  who: ProducerIdentity,
  partitions: readonly [topic: string, partition: number][],
  now: number,
  clientVersion: number,
): Decision {
  const error = identityError(txn, who);
  if (error !== Errors.NONE || !txn) return refuse(error);
  if (txn.state === 'Ongoing' && partitions.every(([t, p]) => containsPartition(txn, t, p))) return refuse(Errors.NONE);
  return { next: withPartitions(txn, partitions, now, clientVersion) };
}

/** Returns an error code unless the partition is part of the producer's transaction. */
export function verify(txn: Txn | undefined, who: ProducerIdentity, topic: string, partition: number): number {
  const error = identityError(txn, who);
  if (error !== Errors.NONE || !txn) return error;
  return containsPartition(txn, topic, partition) ? Errors.NONE : Errors.TRANSACTION_ABORTABLE;
}

/**
 * EndTxn. Error NONE if it was done before and the client missed the response. With transaction version 2 every EndTxn
 * bumps the epoch, so the previous epoch identifies a retry; with older versions, a retry looks like a second EndTxn.
 */
export async function decideEnd(
  txn: Txn | undefined,
  who: ProducerIdentity,
  commit: boolean,
  now: number,
  clientVersion: number,
  newProducerId: () => Promise<bigint>,
): Promise<Decision> {
  if (!txn) return refuse(Errors.INVALID_PRODUCER_ID_MAPPING);
  return clientVersion >= EPOCH_BUMP_VERSION
    ? endBumping(txn, who, commit, now, clientVersion, newProducerId)
    : endPlain(txn, who, commit, now);
}

function endPlain(txn: Txn, who: ProducerIdentity, commit: boolean, now: number): Decision {
  if (txn.producerId !== who.producerId) return refuse(Errors.INVALID_PRODUCER_ID_MAPPING);
  if (txn.producerEpoch !== who.producerEpoch) return refuse(Errors.PRODUCER_FENCED);
  if (txn.state === 'Ongoing') return { next: prepared(txn, commit, now, 0, -1n) };
  if (txn.state === (commit ? 'CompleteCommit' : 'CompleteAbort')) return refuse(Errors.NONE);
  if (txn.state === (commit ? 'PrepareCommit' : 'PrepareAbort')) return refuse(Errors.CONCURRENT_TRANSACTIONS);
  return refuse(Errors.INVALID_TXN_STATE);
}

async function endBumping(
  txn: Txn,
  who: ProducerIdentity,
  commit: boolean,
  now: number,
  clientVersion: number,
  newProducerId: () => Promise<bigint>,
): Promise<Decision> {
  const isCurrent = who.producerEpoch === txn.producerEpoch;
  const rotated = txn.previousProducerId === who.producerId && who.producerEpoch === 32766 && txn.producerEpoch === 0;
  const isRepeat = rotated || txn.producerEpoch === who.producerEpoch + 1;
  if (txn.producerId !== who.producerId && !rotated) return refuse(Errors.INVALID_PRODUCER_ID_MAPPING);
  const prepare = async (): Promise<Decision> => {
    const nextProducerId = epochUsedUp(txn.producerEpoch) ? await newProducerId() : -1n;
    return { next: prepared(txn, commit, now, clientVersion, nextProducerId) };
  };
  switch (txn.state) {
    case 'Ongoing':
      return isCurrent ? prepare() : refuse(Errors.PRODUCER_FENCED);
    case 'Empty':
      if (!isCurrent) return refuse(Errors.PRODUCER_FENCED);
      return commit ? refuse(Errors.INVALID_TXN_STATE) : prepare();
    case 'PrepareCommit':
    case 'PrepareAbort':
      if (txn.producerEpoch !== who.producerEpoch + 1) return refuse(Errors.PRODUCER_FENCED);
      return refuse(
        commit === (txn.state === 'PrepareCommit') ? Errors.CONCURRENT_TRANSACTIONS : Errors.INVALID_TXN_STATE,
      );
    default:
      if (!isCurrent && !isRepeat) return refuse(Errors.PRODUCER_FENCED);
      if (isRepeat) return refuse(commit === (txn.state === 'CompleteCommit') ? Errors.NONE : Errors.INVALID_TXN_STATE);
      return commit ? refuse(Errors.INVALID_TXN_STATE) : prepare();
  }
}

/**
 * Aborts a transaction that timed out, or whose producer was restarted, with an epoch bump that fences the old
 * producer.
 */
export async function fence(
  txn: Txn,
  now: number,
  serverVersion: number,
  newProducerId: () => Promise<bigint>,
): Promise<Txn> {
  if (serverVersion >= EPOCH_BUMP_VERSION) {
    const nextProducerId = epochUsedUp(txn.producerEpoch) ? await newProducerId() : -1n;
    return prepared(txn, false, now, serverVersion, nextProducerId);
  }
  const producerEpoch = Math.min(txn.producerEpoch + 1, 32767);
  return prepared({ ...txn, producerEpoch, lastProducerEpoch: NO_EPOCH }, false, now, 0, -1n);
}
