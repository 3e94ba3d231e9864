/** Kafka's `<offset>.snapshot` (producers, 46 bytes each) and `<base>.txnindex` (aborted transactions, 34 bytes each). */
import { crc32c } from '../protocol/records/crc32c.js';
import { readLong, writeLong } from '../protocol/records/layout.js';
import type { AbortedTxn, ProducerEntry } from './producers.js';

const SNAPSHOT_HEADER = 10;
const SNAPSHOT_ENTRY = 46;
const ABORTED_ENTRY = 34;

/** version i16 = 1, crc u32 (of everything after it), count i32, entries. */
export function encodeSnapshot(entries: Iterable<ProducerEntry>): Buffer {
  const all = [...entries];
  const buf = Buffer.alloc(SNAPSHOT_HEADER + all.length * SNAPSHOT_ENTRY);
  buf.writeInt16BE(1, 0);
  buf.writeInt32BE(all.length, 6);
  let at = SNAPSHOT_HEADER;
  for (const e of all) {
    const last = e.batches[e.batches.length - 1];
    writeLong(buf, at, e.producerId);
    buf.writeInt16BE(e.epoch, at + 8);
    buf.writeInt32BE(last?.lastSequence ?? -1, at + 10);
    writeLong(buf, at + 14, last?.lastOffset ?? -1);
    buf.writeInt32BE(last?.offsetDelta ?? 0, at + 22);
    writeLong(buf, at + 26, e.lastTimestamp);
    buf.writeInt32BE(e.coordinatorEpoch, at + 34);
    writeLong(buf, at + 38, e.txnFirstOffset);
    at += SNAPSHOT_ENTRY;
  }
  buf.writeUInt32BE(crc32c(buf, 6), 2);
  return buf;
}

/** Why a snapshot is invalid, with the messages of Kafka's ProducerStateManager; undefined when it is valid. */
export function snapshotFault(buf: Buffer): string | undefined {
  const malformed = (why: string) => `Snapshot failed schema validation: ${why}`;
  if (buf.length < 2) return malformed('null');
  const version = buf.readInt16BE(0);
  if (version !== 1) return malformed(`Snapshot contained an unknown file version ${version}`);
  if (buf.length < SNAPSHOT_HEADER) return malformed('null');
  const count = buf.readInt32BE(6);
  const left = buf.length - SNAPSHOT_HEADER;
  if (count > left) {
    return malformed(`Tried to allocate a collection of size ${count}, but there are only ${left} bytes remaining.`);
  }
  if (count < 0 || count * SNAPSHOT_ENTRY > left) return malformed('null');
  const [stored, computed] = [buf.readUInt32BE(2), crc32c(buf, 6)];
  if (stored === computed) return undefined;
  return `Snapshot is corrupt (CRC is no longer valid). Stored crc: ${stored}. Computed crc: ${computed}`;
}

/** The producers of a snapshot, those with the oldest transaction first; undefined when it is invalid. */
export function decodeSnapshot(buf: Buffer): ProducerEntry[] | undefined {
  if (snapshotFault(buf) !== undefined) return undefined;
  return snapshotEntries(buf).sort((a, b) => a.txnFirstOffset - b.txnFirstOffset);
}

/** The producers of a valid snapshot, in file order. */
export function snapshotEntries(buf: Buffer): ProducerEntry[] {
  const count = buf.readInt32BE(6);
  const entries: ProducerEntry[] = [];
  for (let i = 0, at = SNAPSHOT_HEADER; i < count; i++, at += SNAPSHOT_ENTRY) {
    const lastOffset = readLong(buf, at + 14);
    const timestamp = readLong(buf, at + 26);
    const batch = {
      lastSequence: buf.readInt32BE(at + 10),
      lastOffset,
      offsetDelta: buf.readInt32BE(at + 22),
      timestamp,
    };
    entries.push({
      producerId: readLong(buf, at),
      epoch: buf.readInt16BE(at + 8),
      batches: lastOffset < 0 ? [] : [batch],
      coordinatorEpoch: buf.readInt32BE(at + 34),
      lastTimestamp: timestamp,
      txnFirstOffset: readLong(buf, at + 38),
    });
  }
  return entries;
}

/** Encodes a `.txnindex` file. */
export function encodeAborted(txns: readonly AbortedTxn[]): Buffer {
  const buf = Buffer.alloc(txns.length * ABORTED_ENTRY);
  txns.forEach((txn, i) => {
    const at = i * ABORTED_ENTRY;
    writeLong(buf, at + 2, txn.producerId);
    writeLong(buf, at + 10, txn.firstOffset);
    writeLong(buf, at + 18, txn.lastOffset);
    writeLong(buf, at + 26, txn.lastStableOffset);
  });
  return buf;
}

/** Decodes a `.txnindex` file. */
export function decodeAborted(buf: Buffer): AbortedTxn[] {
  const txns: AbortedTxn[] = [];
  for (let at = 0; at + ABORTED_ENTRY <= buf.length; at += ABORTED_ENTRY) {
    txns.push({
      producerId: readLong(buf, at + 2),
      firstOffset: readLong(buf, at + 10),
      lastOffset: readLong(buf, at + 18),
      lastStableOffset: readLong(buf, at + 26),
    });
  }
  return txns;
}
