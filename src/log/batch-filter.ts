/** Decides what compaction retains of one batch. Mirrors Cleaner.cleanInto, CleanedTransactionMetadata and MemoryRecords.filterTo. */

import { buildBatch, type RecordInput } from '../protocol/records/builder.js';
import { RecordCursor } from '../protocol/records/cursor.js';
import { At, Attribute, type BatchHeader, ControlType, readBatchHeader, readLong } from '../protocol/records/layout.js';
import type { OffsetMap } from './offset-map.js';
import type { AbortedTxn, Producers } from './producers.js';

export interface Cleaning {
  readonly map: OffsetMap;
  readonly now: number;
  readonly deleteRetentionMs: number;
  readonly transactions: CleanedTransactions;
  readonly producers: Producers;
}

/** Tracks transactions across the batches that compaction reads. */
export class CleanedTransactions {
  /** aborted transactions not reached yet, sorted by first offset */
  readonly #ahead: AbortedTxn[];
  /** aborted transactions in progress: whether any of their batches is still in the log */
  readonly #aborted = new Map<number, boolean>();
  readonly #committed = new Set<number>();
  readonly #cursor = new RecordCursor();

  constructor(aborted: readonly AbortedTxn[]) {
    this.#ahead = aborted.slice().sort((a, b) => b.firstOffset - a.firstOffset);
  }

  #advance(offset: number): void {
    for (let txn = this.#ahead.at(-1); txn !== undefined && txn.firstOffset <= offset; txn = this.#ahead.at(-1)) {
      this.#aborted.set(txn.producerId, false);
      this.#ahead.pop();
    }
  }

  /** Whether a data batch belongs to a transaction that was aborted. */
  isAborted(batch: BatchHeader): boolean {
    this.#advance(batch.lastOffset);
    if (!batch.transactional) return false;
    if (this.#aborted.has(batch.producerId)) {
      this.#aborted.set(batch.producerId, true);
      return true;
    }
    this.#committed.add(batch.producerId);
    return false;
  }

  /** Whether the marker's transaction has no data left in the log, so that the marker can be removed once it is old enough. */
  marker(buf: Buffer, batch: BatchHeader): boolean {
    this.#advance(batch.lastOffset);
    const cursor = this.#cursor;
    cursor.open(buf, batch.at);
    if (!cursor.next()) return true;
    const type = cursor.key()?.readInt16BE(2);
    if (type === ControlType.abort) {
      const hadData = this.#aborted.get(batch.producerId) ?? false;
      this.#aborted.delete(batch.producerId);
      return !hadData;
    }
    if (type === ControlType.commit) return !this.#committed.delete(batch.producerId);
    return false;
  }
}

const cursor = new RecordCursor();

/** Returns the batch unchanged (the same buffer), a rewritten batch, or undefined when nothing is retained. */
export function filterBatch(buf: Buffer, at: number, cleaning: Cleaning): { buf: Buffer } | undefined {
  const batch = readBatchHeader(buf, at);
  const { map, now, transactions } = cleaning;
  // the offset map does not cover this batch: keep it
  if (batch.baseOffset >= map.endOffset) {
    if (batch.control) transactions.marker(buf, batch);
    else transactions.isAborted(batch);
    return { buf };
  }
  const horizon = batch.attributes & Attribute.deleteHorizon ? readLong(buf, at + At.baseTimestamp) : undefined;
  const past = horizon !== undefined && now >= horizon;
  const ended = batch.control ? transactions.marker(buf, batch) : transactions.isAborted(batch);
  const discard = batch.control ? ended && past : ended;
  const kept: RecordInput[] = [];
  let tombstones = false;
  if (!discard) {
    cursor.open(buf, at);
    while (cursor.next()) {
      const tombstone = cursor.valueLength < 0 && !batch.control;
      const stays = batch.control || (cursor.keyLength >= 0 && map.isLast(cursor) && !(tombstone && past));
      if (!stays) continue;
      if (tombstone) tombstones = true;
      kept.push(recordAt(cursor));
    }
  }
  const mark = horizon === undefined && (tombstones || (batch.control && ended && !discard));
  if (kept.length === batch.recordCount && batch.recordCount > 0 && !mark) return { buf };
  if (kept.length === 0 && !isLastOfProducer(batch, cleaning.producers)) return undefined;
  const deleteHorizon = mark ? now + cleaning.deleteRetentionMs : horizon;
  return { buf: rebuild(batch, kept, deleteHorizon) };
}

function recordAt(c: RecordCursor): RecordInput {
  const headers = [];
  while (c.nextHeader()) {
    const key = Buffer.from(c.data.subarray(c.headerKeyStart, c.headerKeyStart + c.headerKeyLength));
    const value =
      c.headerValueLength < 0
        ? null
        : Buffer.from(c.data.subarray(c.headerValueStart, c.headerValueStart + c.headerValueLength));
    headers.push({ key, value });
  }
  // the delta encodes CreateTime even under LogAppendTime
  return { key: c.key(), value: c.value(), timestamp: c.createTime, offsetDelta: c.offsetDelta, headers };
}

/** A producer's last batch is kept, even without records, so that its last sequence survives a restart. */
function isLastOfProducer(batch: BatchHeader, producers: Producers): boolean {
  const entry = batch.producerId < 0 ? undefined : producers.entries.get(batch.producerId);
  if (entry === undefined) return false;
  const last = entry.batches[entry.batches.length - 1];
  return last ? last.lastOffset === batch.lastOffset : batch.control && entry.epoch === batch.producerEpoch;
}

function rebuild(batch: BatchHeader, records: RecordInput[], deleteHorizon: number | undefined): Buffer {
  return buildBatch({
    records,
    baseOffset: batch.baseOffset,
    leaderEpoch: batch.leaderEpoch,
    // an empty batch has nothing to compress
    codec: records.length === 0 ? 0 : batch.codec,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    transactional: batch.transactional,
    control: batch.control,
    deleteHorizon,
    lastOffsetDelta: batch.lastOffset - batch.baseOffset,
    logAppendTime: batch.logAppendTime,
    maxTimestamp: batch.logAppendTime || records.length === 0 ? batch.maxTimestamp : undefined,
    timestamp: batch.maxTimestamp,
  });
}
