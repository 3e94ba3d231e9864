/**
 * One transactional id's state, as a value: a transition makes a new one, which counts once it is in the log. Mirrors
 * coordinator/transaction/TransactionMetadata.
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
/** From this epoch on a producer id is used up, and the next one is taken. */
const LAST_EPOCH = 32766;
/** The transaction version whose clients take a new epoch at each transaction's end. */
export const EPOCH_BUMP_VERSION = 2;

/** topic -> partitions */
export type TxnPartitions = ReadonlyMap<string, ReadonlySet<number>>;

export interface Txn {
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly previousProducerId: bigint;
  readonly nextProducerId: bigint;
  readonly producerEpoch: number;
  /** the epoch before: a client that asks again with it has lost our answer. Not in the log. */
  readonly lastProducerEpoch: number;
  readonly timeoutMs: number;
  readonly state: TxnState;
  readonly partitions: TxnPartitions;
  /** ms since the epoch; -1: none */
  readonly startTimestamp: number;
  readonly lastUpdateTimestamp: number;
  /** 0, 1 or 2: the rules its client follows */
  readonly clientVersion: number;
}

export const isPrepared = (state: TxnState): boolean => state === 'PrepareCommit' || state === 'PrepareAbort';
export const epochUsedUp = (epoch: number): boolean => epoch >= LAST_EPOCH;

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

/** Every transition remembers the producer id it came from. */
const moved = (txn: Txn, changes: Partial<Txn>): Txn => ({ ...txn, previousProducerId: txn.producerId, ...changes });

/** A producer begins (again) under the next epoch of its id, or the first of a new id. */
export const begun = (txn: Txn, changes: Partial<Txn>, timeoutMs: number, now: number): Txn =>
  moved(txn, {
    state: 'Empty',
    partitions: new Map(),
    startTimestamp: -1,
    lastUpdateTimestamp: now,
    timeoutMs,
    ...changes,
  });

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
  return moved(txn, { state: 'Ongoing', partitions, startTimestamp, lastUpdateTimestamp: now, clientVersion });
}

/** The decision, before the markers: from here on there is no way back. */
export function prepared(txn: Txn, commit: boolean, now: number, clientVersion: number, nextProducerId: bigint): Txn {
  const bump = clientVersion >= EPOCH_BUMP_VERSION;
  return moved(txn, {
    state: commit ? 'PrepareCommit' : 'PrepareAbort',
    producerEpoch: bump && txn.producerEpoch < 32767 ? txn.producerEpoch + 1 : txn.producerEpoch,
    lastProducerEpoch: bump ? txn.producerEpoch : txn.lastProducerEpoch,
    // an abort of a transaction that has no partition yet begins and ends at once
    startTimestamp: txn.state === 'Ongoing' ? txn.startTimestamp : now,
    nextProducerId,
    lastUpdateTimestamp: now,
    clientVersion,
  });
}

/** All markers are written. */
export function completed(txn: Txn, now: number): Txn {
  const rotate = txn.clientVersion >= EPOCH_BUMP_VERSION && txn.nextProducerId !== NO_PRODUCER_ID;
  return moved(txn, {
    state: txn.state === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort',
    ...(rotate ? { producerId: txn.nextProducerId, producerEpoch: 0 } : {}),
    nextProducerId: NO_PRODUCER_ID,
    partitions: new Map(),
    lastUpdateTimestamp: now,
  });
}

export const TRANSACTION = recordType(transactionLogKey, transactionLogValue);

/** `logVersion` 0 below transaction.version 1: without ids before and after. */
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

export const tombstone = (transactionalId: string): CoordinatorRecord => record(TRANSACTION, { transactionalId }, null);

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
