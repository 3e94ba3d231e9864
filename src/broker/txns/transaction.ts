/**
 * The state of one transactional id, immutable: a transition creates a new state, which takes effect once it is in the
 * log. Mirrors coordinator/transaction/TransactionMetadata.
 */
import { transactionLogKey, transactionLogValue } from '../../protocol/messages/txn-records.js';
import { type CoordinatorRecord, record, recordType } from '../coordinator/record.js';

export const STATES = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
] as const;
export type TxnState = (typeof STATES)[number];

export const NO_PRODUCER_ID = -1n;
export const NO_EPOCH = -1;
/** At this epoch a producer id is exhausted and a new one is allocated. */
const LAST_EPOCH = 32766;
/** The transaction version from which on clients bump the epoch at the end of each transaction (KIP-890). */
export const EPOCH_BUMP_VERSION = 2;

/** partitions by topic */
export type TxnPartitions = ReadonlyMap<string, ReadonlySet<number>>;

/** The state of one transactional id. */
export interface Txn {
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly previousProducerId: bigint;
  readonly nextProducerId: bigint;
  readonly producerEpoch: number;
  /** the previous epoch, which identifies a retry of a request whose response was lost; not written to the log */
  readonly lastProducerEpoch: number;
  readonly timeoutMs: number;
  readonly state: TxnState;
  readonly partitions: TxnPartitions;
  /** ms since the epoch; -1 if no transaction has started */
  readonly startTimestamp: number;
  readonly lastUpdateTimestamp: number;
  /** the client's transaction version: 0, 1 or 2 */
  readonly clientVersion: number;
}

/** Whether the outcome is decided but markers are still to be written. */
export const isPrepared = (state: TxnState): boolean => state === 'PrepareCommit' || state === 'PrepareAbort';
/** Whether the producer id's epochs are exhausted. */
export const epochUsedUp = (epoch: number): boolean => epoch >= LAST_EPOCH;

/** The initial state of a transactional id. */
export const created = (transactionalId: string, producerId: bigint, timeoutMs: number, now: number): Txn => ({
  transactionalId,
  producerId,
  previousProducerId: NO_PRODUCER_ID,
  nextProducerId: NO_PRODUCER_ID,
  producerEpoch: NO_EPOCH,
  lastProducerEpoch: NO_EPOCH,
  timeoutMs,
  state: 'Empty',
  partitions: new Map(),
  startTimestamp: -1,
  lastUpdateTimestamp: now,
  clientVersion: 0,
});

/** Every transition records the producer id before it. */
const transition = (txn: Txn, changes: Partial<Txn>): Txn => ({
  ...txn,
  previousProducerId: txn.producerId,
  ...changes,
});

/** The state after InitProducerId. */
export const initialized = (txn: Txn, changes: Partial<Txn>, timeoutMs: number, now: number): Txn =>
  transition(txn, {
    state: 'Empty',
    partitions: new Map(),
    startTimestamp: -1,
    lastUpdateTimestamp: now,
    timeoutMs,
    ...changes,
  });

/** The ongoing transaction with these partitions added. */
export function withPartitions(
  txn: Txn,
  added: readonly [topic: string, partition: number][],
  now: number,
  clientVersion: number,
): Txn {
  const partitions = new Map([...txn.partitions].map(([topic, set]) => [topic, new Set(set)]));
  for (const [topic, partition] of added) {
    const set = partitions.get(topic);
    if (set) set.add(partition);
    else partitions.set(topic, new Set([partition]));
  }
  const startTimestamp = txn.state === 'Ongoing' ? txn.startTimestamp : now;
  return transition(txn, { state: 'Ongoing', partitions, startTimestamp, lastUpdateTimestamp: now, clientVersion });
}

/** The state once the outcome is decided; from here on it must be completed. */
export function prepared(txn: Txn, commit: boolean, now: number, clientVersion: number, nextProducerId: bigint): Txn {
  const bump = clientVersion >= EPOCH_BUMP_VERSION;
  return transition(txn, {
    state: commit ? 'PrepareCommit' : 'PrepareAbort',
    producerEpoch: bump && txn.producerEpoch < 32767 ? txn.producerEpoch + 1 : txn.producerEpoch,
    lastProducerEpoch: bump ? txn.producerEpoch : txn.lastProducerEpoch,
    // aborting without any partition starts and ends the transaction at the same time
    startTimestamp: txn.state === 'Ongoing' ? txn.startTimestamp : now,
    nextProducerId,
    lastUpdateTimestamp: now,
    clientVersion,
  });
}

/** The state once all markers are written. */
export function completed(txn: Txn, now: number): Txn {
  const rotate = txn.clientVersion >= EPOCH_BUMP_VERSION && txn.nextProducerId !== NO_PRODUCER_ID;
  return transition(txn, {
    state: txn.state === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort',
    ...(rotate ? { producerId: txn.nextProducerId, producerEpoch: 0 } : {}),
    nextProducerId: NO_PRODUCER_ID,
    partitions: new Map(),
    lastUpdateTimestamp: now,
  });
}

export const TRANSACTION = recordType(transactionLogKey, transactionLogValue);

/** `logVersion` is 0 below transaction.version 1, which has no previous and next producer id. */
export function toRecord(txn: Txn, logVersion: number): CoordinatorRecord {
  const partitions = [...txn.partitions].map(([topic, set]) => ({ topic, partitionIds: [...set] }));
  return record(
    TRANSACTION,
    { transactionalId: txn.transactionalId },
    {
      producerId: txn.producerId,
      previousProducerId: txn.previousProducerId,
      nextProducerId: txn.nextProducerId,
      producerEpoch: txn.producerEpoch,
      transactionTimeoutMs: txn.timeoutMs,
      transactionStatus: STATES.indexOf(txn.state),
      transactionPartitions: txn.state === 'Empty' ? null : partitions,
      transactionLastUpdateTimestampMs: BigInt(txn.lastUpdateTimestamp),
      transactionStartTimestampMs: BigInt(txn.startTimestamp),
      clientTransactionVersion: txn.clientVersion,
    },
    logVersion,
  );
}

/** Deletes a transactional id. */
export const tombstone = (transactionalId: string): CoordinatorRecord => record(TRANSACTION, { transactionalId }, null);

/** The state in a record; null for a tombstone. */
export function fromRecord({ key, value }: CoordinatorRecord<typeof TRANSACTION>): Txn | null {
  if (value === null) return null;
  const state = STATES[value.transactionStatus] ?? 'Empty';
  return {
    transactionalId: key.transactionalId,
    producerId: value.producerId,
    previousProducerId: value.previousProducerId,
    nextProducerId: value.nextProducerId,
    producerEpoch: value.producerEpoch,
    lastProducerEpoch: NO_EPOCH,
    timeoutMs: value.transactionTimeoutMs,
    state,
    partitions: new Map((value.transactionPartitions ?? []).map((t) => [t.topic, new Set(t.partitionIds)])),
    startTimestamp: Number(value.transactionStartTimestampMs),
    lastUpdateTimestamp: Number(value.transactionLastUpdateTimestampMs),
    clientVersion: value.clientTransactionVersion,
  };
}
