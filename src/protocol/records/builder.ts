/** Builds batches where speed does not matter: coordinators, the metadata log, compaction, tests. The producer does not use it. */
import { compress } from './compression.js';
import { crc32c } from './crc32c.js';
import { At, Attribute, BATCH_HEADER, ControlType, writeLong } from './layout.js';
import { putVarint, putVarlong, varintSize, varlongSize } from './varint.js';

type Bytes = Uint8Array | string;

/** A record to be encoded. */
export interface RecordInput {
  key?: Bytes | null;
  value?: Bytes | null;
  /** ms; default: the batch's `timestamp` */
  timestamp?: number;
  /** default: its index in the batch */
  offsetDelta?: number;
  headers?: readonly { key: Bytes; value?: Bytes | null }[];
}

/** A batch to be encoded. */
export interface BatchInput {
  records: readonly RecordInput[];
  baseOffset?: number;
  leaderEpoch?: number;
  /** ms; default: now */
  timestamp?: number;
  /** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd */
  codec?: number;
  producerId?: number | bigint;
  producerEpoch?: number;
  baseSequence?: number;
  transactional?: boolean;
  control?: boolean;
  /** delete horizon, ms: after it compaction can remove tombstones; stored as the base timestamp */
  deleteHorizon?: number;
  /** default: the last record's delta (compaction keeps the original batch's) */
  lastOffsetDelta?: number;
  /** marks the batch as LogAppendTime, with `maxTimestamp` as its time */
  logAppendTime?: boolean;
  /** default: the largest record timestamp */
  maxTimestamp?: number;
}

const bytes = (v: Bytes): Uint8Array => (typeof v === 'string' ? Buffer.from(v) : v);
const fieldSize = (v: Uint8Array | null): number => (v === null ? 1 : varintSize(v.length) + v.length);

function putField(buf: Buffer, at: number, v: Uint8Array | null): number {
  if (v === null) return putVarint(buf, at, -1);
  const start = putVarint(buf, at, v.length);
  buf.set(v, start);
  return start + v.length;
}

function encodeRecord(record: RecordInput, offsetDelta: number, timestampDelta: number): Buffer {
  const key = record.key == null ? null : bytes(record.key);
  const value = record.value == null ? null : bytes(record.value);
  const headers = (record.headers ?? []).map((h) => ({
    key: bytes(h.key),
    value: h.value == null ? null : bytes(h.value),
  }));
  let size = 1 + varlongSize(timestampDelta) + varintSize(offsetDelta) + fieldSize(key) + fieldSize(value);
  size += varintSize(headers.length);
  for (const h of headers) size += fieldSize(h.key) + fieldSize(h.value);
  const buf = Buffer.allocUnsafe(varintSize(size) + size);
  let at = putVarint(buf, 0, size);
  buf[at++] = 0;
  at = putVarlong(buf, at, timestampDelta);
  at = putVarint(buf, at, offsetDelta);
  at = putField(buf, at, key);
  at = putField(buf, at, value);
  at = putVarint(buf, at, headers.length);
  for (const h of headers) at = putField(buf, putField(buf, at, h.key), h.value);
  return buf;
}

/** Encodes one batch. */
export function buildBatch(input: BatchInput): Buffer {
  const { records, codec = 0 } = input;
  const timestamp = input.timestamp ?? Date.now();
  const first = records[0]?.timestamp ?? timestamp;
  const base = input.deleteHorizon ?? first;
  let max = -1;
  const encoded: Buffer[] = records.map((record, i) => {
    const time = record.timestamp ?? timestamp;
    if (time > max) max = time;
    return encodeRecord(record, record.offsetDelta ?? i, time - base);
  });
  const last = records.length === 0 ? 0 : (records[records.length - 1]!.offsetDelta ?? records.length - 1);
  const body = codec === 0 ? encoded : [compress(codec, Buffer.concat(encoded))];
  const batch = Buffer.concat([Buffer.alloc(BATCH_HEADER), ...body]);
  let attrs = codec;
  if (input.transactional) attrs |= Attribute.transactional;
  if (input.control) attrs |= Attribute.control;
  if (input.logAppendTime) attrs |= Attribute.logAppendTime;
  if (input.deleteHorizon !== undefined) attrs |= Attribute.deleteHorizon;
  writeLong(batch, At.baseOffset, input.baseOffset ?? 0);
  batch.writeInt32BE(input.leaderEpoch ?? -1, At.leaderEpoch);
  batch.writeInt16BE(attrs, At.attributes);
  batch.writeInt32BE(input.lastOffsetDelta ?? last, At.lastOffsetDelta);
  writeLong(batch, At.baseTimestamp, base);
  writeLong(batch, At.maxTimestamp, input.maxTimestamp ?? max);
  batch.writeBigInt64BE(BigInt(input.producerId ?? -1), At.producerId);
  batch.writeInt16BE(input.producerEpoch ?? -1, At.producerEpoch);
  batch.writeInt32BE(input.baseSequence ?? -1, At.baseSequence);
  batch.writeInt32BE(records.length, At.recordCount);
  sealBatch(batch, 0, batch.length);
  return batch;
}

/** Writes size, magic and CRC of the batch in `buf[at, end)`. Call it after all other fields are written. */
export function sealBatch(buf: Buffer, at: number, end: number): void {
  buf.writeInt32BE(end - at - 12, at + At.length);
  buf[at + At.magic] = 2;
  buf.writeUInt32BE(crc32c(buf, at + At.attributes, end), at + At.crc);
}

/** A transaction marker: key {0, type}, value {0, coordinatorEpoch}. */
export function controlBatch(input: {
  type: 'commit' | 'abort';
  producerId: number | bigint;
  producerEpoch: number;
  coordinatorEpoch: number;
  timestamp?: number;
}): Buffer {
  const key = Buffer.alloc(4);
  key.writeInt16BE(input.type === 'commit' ? ControlType.commit : ControlType.abort, 2);
  const value = Buffer.alloc(6);
  value.writeInt32BE(input.coordinatorEpoch, 2);
  const { producerId, producerEpoch, timestamp } = input;
  const records = [{ key, value }];
  return buildBatch({ records, producerId, producerEpoch, timestamp, transactional: true, control: true });
}
