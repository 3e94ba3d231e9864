/**
 * A partition's state of idempotent and transactional producers. Mirrors ProducerStateManager and ProducerAppendInfo,
 * with their messages. Checks work on copies, which `commit` puts in place once the write succeeded.
 */
import { type ErrorName, Errors, KafkaError } from '../protocol/errors.js';
import { RecordCursor } from '../protocol/records/cursor.js';
import { type BatchHeader, ControlType, readBatchHeader } from '../protocol/records/layout.js';
import type { Partition } from './partition.js';

/** Batches remembered per producer: as many as a client can have in flight. */
const KEPT_BATCHES = 5;
const INT32 = 0x7fffffff;
const MAX_EPOCH = 32767;

/** A recent batch of a producer, for duplicate detection. */
export interface ProducerBatch {
  lastSequence: number;
  lastOffset: number;
  offsetDelta: number;
  timestamp: number;
}

/** A producer's state in one partition. Mirrors ProducerStateEntry. */
export interface ProducerEntry {
  producerId: number;
  epoch: number;
  batches: ProducerBatch[];
  coordinatorEpoch: number;
  lastTimestamp: number;
  /** -1: no open transaction */
  txnFirstOffset: number;
}

/** An aborted transaction, as stored in `.txnindex`. */
export interface AbortedTxn {
  producerId: number;
  firstOffset: number;
  lastOffset: number;
  lastStableOffset: number;
}

/** The checked state changes of one append, applied by `commit`. */
export interface Prepared {
  duplicate?: ProducerBatch;
  entries: Map<number, ProducerEntry>;
  completed: { producerId: number; firstOffset: number; lastOffset: number; aborted: boolean }[];
}

export type Origin = 'client' | 'coordinator' | 'replay';

const fail = (name: ErrorName, message: string): never => {
  throw new KafkaError(Errors[name], message);
};

/** The last sequence of a batch. Sequences wrap around at 2^31. */
export const lastSequenceOf = (base: number, delta: number): number =>
  base > INT32 - delta ? delta - (INT32 - base) - 1 : base + delta;
export const firstSequenceOf = (b: ProducerBatch): number =>
  b.lastSequence >= b.offsetDelta ? b.lastSequence - b.offsetDelta : INT32 - (b.offsetDelta - b.lastSequence) + 1;
const inSequence = (last: number, next: number): boolean => next === last + 1 || (next === 0 && last === INT32);

/** The producers of one partition. */
export class Producers {
  readonly entries = new Map<number, ProducerEntry>();
  /** first offsets of open transactions by producer id, in start order */
  readonly #open = new Map<number, number>();
  /** when each producer last wrote, by our clock: record timestamps can be years old and would expire it at once */
  readonly #heard = new Map<number, number>();
  readonly #name: string;
  readonly #cursor = new RecordCursor();

  constructor(name: string) {
    this.#name = name;
  }

  /** First offset of the earliest open transaction; undefined when there is none. */
  get firstOpenOffset(): number | undefined {
    for (const offset of this.#open.values()) return offset;
    return undefined;
  }

  openTransaction(producerId: number): number | undefined {
    return this.#open.get(producerId);
  }

  /** The DescribeProducers response. */
  describe(): ReturnType<Partition['activeProducers']> {
    return [...this.entries.values()].map((e) => ({
      producerId: BigInt(e.producerId),
      producerEpoch: e.epoch,
      lastSequence: e.batches[e.batches.length - 1]?.lastSequence ?? -1,
      lastTimestamp: e.lastTimestamp,
      coordinatorEpoch: e.coordinatorEpoch,
      currentTxnStartOffset: e.txnFirstOffset,
    }));
  }

  clear(): void {
    this.entries.clear();
    this.#heard.clear();
    this.#open.clear();
  }

  /** Restores an entry of a snapshot. Call in start order of the open transactions. */
  restore(entry: ProducerEntry, now: number): void {
    this.entries.set(entry.producerId, entry);
    this.#heard.set(entry.producerId, now);
    if (entry.txnFirstOffset >= 0) this.#open.set(entry.producerId, entry.txnFirstOffset);
  }

  /** Checks the batches of one append at `offset`; throws Kafka's errors. Changes nothing. */
  prepare(buf: Buffer, offset: number, origin: Origin, transactionVersion: number): Prepared | undefined {
    let prepared: Prepared | undefined;
    let base = offset;
    for (let at = 0; at < buf.length; ) {
      const batch = readBatchHeader(buf, at);
      const delta = batch.lastOffset - batch.baseOffset;
      if (origin === 'replay') base = batch.baseOffset;
      if (batch.producerId >= 0) {
        prepared ??= { entries: new Map(), completed: [] };
        if (origin === 'client') {
          prepared.duplicate = this.#duplicate(batch, delta);
          if (prepared.duplicate) return prepared;
        }
        this.#prepareBatch(buf, batch, base, delta, origin, transactionVersion, prepared);
      }
      base += delta + 1;
      at += batch.size;
    }
    return prepared;
  }

  /** Applies prepared entries; returns the transactions they aborted, for the .txnindex. */
  commit(prepared: Prepared, now: number): AbortedTxn[] {
    for (const [id, entry] of prepared.entries) {
      this.entries.set(id, entry);
      this.#heard.set(id, now);
      if (entry.txnFirstOffset >= 0 && !this.#open.has(id)) this.#open.set(id, entry.txnFirstOffset);
    }
    const aborted: AbortedTxn[] = [];
    for (const { aborted: isAbort, ...txn } of prepared.completed) {
      this.#open.delete(txn.producerId);
      if (isAbort) aborted.push({ ...txn, lastStableOffset: this.firstOpenOffset ?? txn.lastOffset + 1 });
    }
    return aborted;
  }

  /** Removes producers that have not written for `ms` and have no open transaction. */
  expire(now: number, ms: number): void {
    for (const [id, entry] of this.entries) {
      const heard = Math.max(entry.lastTimestamp, this.#heard.get(id) ?? 0);
      if (entry.txnFirstOffset >= 0 || now - heard < ms) continue;
      this.entries.delete(id);
      this.#heard.delete(id);
    }
  }

  #duplicate(batch: BatchHeader, delta: number): ProducerBatch | undefined {
    const entry = this.entries.get(batch.producerId);
    if (entry === undefined || entry.epoch !== batch.producerEpoch) return undefined;
    const last = lastSequenceOf(batch.baseSequence, delta);
    return entry.batches.find((b) => b.lastSequence === last && firstSequenceOf(b) === batch.baseSequence);
  }

  #prepareBatch(
    buf: Buffer,
    batch: BatchHeader,
    offset: number,
    delta: number,
    origin: Origin,
    transactionVersion: number,
    prepared: Prepared,
  ): void {
    const id = batch.producerId;
    const known = prepared.entries.get(id) ?? this.entries.get(id);
    const entry: ProducerEntry = known
      ? { ...known, batches: known.batches.slice() }
      : { producerId: id, epoch: -1, batches: [], coordinatorEpoch: -1, lastTimestamp: -1, txnFirstOffset: -1 };
    if (batch.control) {
      if (!this.#endTransaction(buf, batch, offset, origin, transactionVersion, entry, prepared)) return;
    } else {
      this.#data(batch, offset, delta, origin, entry);
    }
    prepared.entries.set(id, entry);
  }

  #data(batch: BatchHeader, offset: number, delta: number, origin: Origin, entry: ProducerEntry): void {
    this.#checkEpoch(batch.producerEpoch, offset, -1, origin, entry);
    if (origin === 'client') this.#checkSequence(batch, offset, entry);
    if (entry.epoch !== batch.producerEpoch) {
      entry.batches = [];
      entry.epoch = batch.producerEpoch;
    }
    if (entry.batches.length === KEPT_BATCHES) entry.batches.shift();
    // offset commits carry no sequence
    const lastSequence = batch.baseSequence < 0 ? -1 : lastSequenceOf(batch.baseSequence, delta);
    const timestamp = batch.maxTimestamp;
    entry.batches.push({ lastSequence, lastOffset: offset + delta, offsetDelta: delta, timestamp });
    entry.lastTimestamp = timestamp;
    if (entry.txnFirstOffset >= 0 && !batch.transactional) {
      if (origin === 'replay') return;
      fail(
        'INVALID_TXN_STATE',
        `Expected transactional write from producer ${entry.producerId} at offset ${offset} in partition ${this.#name}`,
      );
    }
    if (entry.txnFirstOffset < 0 && batch.transactional) entry.txnFirstOffset = offset;
  }

  #checkEpoch(epoch: number, offset: number, version: number, origin: Origin, entry: ProducerEntry): void {
    const bad = version >= 2 ? epoch <= entry.epoch : epoch < entry.epoch;
    if (!bad || origin === 'replay') return;
    // the coordinator retries a marker after a lost response or its own restart: accept the duplicate
    const again = version >= 2 && epoch === entry.epoch && (entry.txnFirstOffset < 0 || epoch === MAX_EPOCH);
    if (again) return;
    fail(
      'INVALID_PRODUCER_EPOCH',
      `Epoch of producer ${entry.producerId} at offset ${offset} in ${this.#name} is ${epoch}, which is ` +
        `${version >= 2 ? '<=' : '<'} the last seen epoch ${entry.epoch} (TV${version})`,
    );
  }

  #checkSequence(batch: BatchHeader, offset: number, entry: ProducerEntry): void {
    const { producerEpoch, baseSequence } = batch;
    if (producerEpoch !== entry.epoch) {
      if (baseSequence === 0 || entry.epoch === -1) return;
      fail(
        'OUT_OF_ORDER_SEQUENCE_NUMBER',
        `Invalid sequence number for new epoch of producer ${entry.producerId}at offset ${offset} in partition ` +
          `${this.#name}: ${producerEpoch} (request epoch), ${baseSequence} (seq. number), ${entry.epoch} (current producer epoch)`,
      );
    }
    const last = entry.batches[entry.batches.length - 1]?.lastSequence ?? -1;
    if (entry.epoch === -1 || inSequence(last, baseSequence)) return;
    fail(
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
      `Out of order sequence number for producer ${entry.producerId} at offset ${offset} in partition ${this.#name}: ` +
        `${baseSequence} (incoming seq. number), ${last} (current end sequence number)`,
    );
  }

  /** False when the batch ends no transaction: an empty control batch, or another control type. */
  #endTransaction(
    buf: Buffer,
    batch: BatchHeader,
    offset: number,
    origin: Origin,
    transactionVersion: number,
    entry: ProducerEntry,
    prepared: Prepared,
  ): boolean {
    const cursor = this.#cursor;
    cursor.open(buf, batch.at);
    if (!cursor.next()) return false;
    const key = cursor.key();
    const value = cursor.value();
    if (key === null || key.length < 4 || value === null || value.length < 6) return false;
    const type = key.readInt16BE(2);
    if (type !== ControlType.abort && type !== ControlType.commit) return false;
    const coordinatorEpoch = value.readInt32BE(2);
    this.#checkEpoch(batch.producerEpoch, offset, transactionVersion, origin, entry);
    if (entry.coordinatorEpoch > coordinatorEpoch && origin !== 'replay') {
      fail(
        'TRANSACTION_COORDINATOR_FENCED',
        `Invalid coordinator epoch for producerId ${entry.producerId} at offset ${offset} in partition ${this.#name}: ` +
          `${coordinatorEpoch} (zombie), ${entry.coordinatorEpoch} (current)`,
      );
    }
    if (entry.txnFirstOffset >= 0) {
      const aborted = type === ControlType.abort;
      const { producerId, txnFirstOffset } = entry;
      prepared.completed.push({ producerId, firstOffset: txnFirstOffset, lastOffset: offset, aborted });
    }
    if (entry.epoch !== batch.producerEpoch) entry.batches = [];
    entry.epoch = batch.producerEpoch;
    entry.coordinatorEpoch = coordinatorEpoch;
    entry.txnFirstOffset = -1;
    entry.lastTimestamp = cursor.timestamp;
    return true;
  }
}
