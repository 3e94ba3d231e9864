/**
 * RecordBatch v2, the only format in logs and in Produce and Fetch:
 *
 *     0 baseOffset i64 · 8 length i32 (bytes that follow) · 12 partitionLeaderEpoch i32 · 16 magic i8 = 2 · 17 crc u32
 *     21 attributes i16 · 23 lastOffsetDelta i32 · 27 baseTimestamp i64 · 35 maxTimestamp i64
 *     43 producerId i64 · 51 producerEpoch i16 · 53 baseSequence i32 · 57 recordCount i32 · 61 records
 *
 * The CRC-32C covers everything from the attributes on, so a log can set offset and epoch in place. attributes: bits
 * 0-2 codec, 3 LogAppendTime, 4 transactional, 5 control, 6 baseTimestamp is the delete horizon. A record is
 * size, attributes i8, timestampDelta, offsetDelta, key, value, headers; all varints (cursor.ts, builder.ts).
 *
 * Offsets, timestamps and producer ids are numbers here: beyond 2^53 reading loses precision, the bytes do not change.
 */

import { Errors, KafkaError } from '../errors.js';
import { crc32c } from './crc32c.js';

/** Size of a batch header, bytes. */
export const BATCH_HEADER = 61;
/** Size of the prefix that contains a batch's length and magic, bytes. */
export const BATCH_PREFIX = 17;

export const At = {
  baseOffset: 0,
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
} as const;

export const Attribute = {
  codec: 0x07,
  logAppendTime: 0x08,
  transactional: 0x10,
  control: 0x20,
  deleteHorizon: 0x40,
} as const;

/** Types of a control record, the second i16 of its key. */
export const ControlType = {
  abort: 0,
  commit: 1,
  leaderChange: 2,
  snapshotHeader: 3,
  snapshotFooter: 4,
  kRaftVersion: 5,
  kRaftVoters: 6,
} as const;

export const NO_PRODUCER_ID = -1;
export const NO_TIMESTAMP = -1;

/** A signed 64-bit integer as a number. */
export const readLong = (buf: Buffer, at: number): number =>
  buf.readInt32BE(at) * 0x100000000 + buf.readUInt32BE(at + 4);

/** Writes a number as a signed 64-bit integer. */
export function writeLong(buf: Buffer, at: number, n: number): void {
  buf.writeInt32BE(Math.floor(n / 0x100000000), at);
  buf.writeUInt32BE(n >>> 0, at + 4);
}

/** Total size of the batch at `at`, bytes; reads 12 bytes. Not validated: hostile input can produce any int32. */
export const batchSize = (buf: Buffer, at: number): number => buf.readInt32BE(at + At.length) + 12;
export const baseOffset = (buf: Buffer, at: number): number => readLong(buf, at);
export const lastOffset = (buf: Buffer, at: number): number =>
  readLong(buf, at) + buf.readInt32BE(at + At.lastOffsetDelta);
export const leaderEpoch = (buf: Buffer, at: number): number => buf.readInt32BE(at + At.leaderEpoch);
export const attributes = (buf: Buffer, at: number): number => buf.readInt16BE(at + At.attributes);
export const maxTimestamp = (buf: Buffer, at: number): number => readLong(buf, at + At.maxTimestamp);
export const recordCount = (buf: Buffer, at: number): number => buf.readInt32BE(at + At.recordCount);
export const producerId = (buf: Buffer, at: number): number => readLong(buf, at + At.producerId);
export const isControl = (buf: Buffer, at: number): boolean => (attributes(buf, at) & Attribute.control) !== 0;
export const isTransactional = (buf: Buffer, at: number): boolean =>
  (attributes(buf, at) & Attribute.transactional) !== 0;

/** A parsed batch header. Positions are in `buf`. */
export interface BatchHeader {
  readonly at: number;
  readonly size: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly leaderEpoch: number;
  readonly attributes: number;
  /** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd */
  readonly codec: number;
  readonly transactional: boolean;
  readonly control: boolean;
  readonly logAppendTime: boolean;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

/** Parses the batch header at `at`; the caller has checked its size. */
export function readBatchHeader(buf: Buffer, at = 0): BatchHeader {
  const attrs = attributes(buf, at);
  const base = readLong(buf, at);
  return {
    at,
    size: batchSize(buf, at),
    baseOffset: base,
    lastOffset: base + buf.readInt32BE(at + At.lastOffsetDelta),
    leaderEpoch: leaderEpoch(buf, at),
    attributes: attrs,
    codec: attrs & Attribute.codec,
    transactional: (attrs & Attribute.transactional) !== 0,
    control: (attrs & Attribute.control) !== 0,
    logAppendTime: (attrs & Attribute.logAppendTime) !== 0,
    baseTimestamp: readLong(buf, at + At.baseTimestamp),
    maxTimestamp: readLong(buf, at + At.maxTimestamp),
    producerId: readLong(buf, at + At.producerId),
    producerEpoch: buf.readInt16BE(at + At.producerEpoch),
    baseSequence: buf.readInt32BE(at + At.baseSequence),
    recordCount: recordCount(buf, at),
  };
}

/** The CRC computed over the batch, to compare with `storedCrc`. */
export const computeCrc = (buf: Buffer, at: number): number => crc32c(buf, at + At.attributes, at + batchSize(buf, at));
export const storedCrc = (buf: Buffer, at: number): number => buf.readUInt32BE(at + At.crc);

/** Whether there is a valid batch at `at`: size within `end`, magic 2, correct CRC. Safe on any bytes. */
export function isWholeBatch(buf: Buffer, at: number, end = buf.length): boolean {
  if (end - at < BATCH_HEADER || buf[at + At.magic] !== 2) return false;
  const size = batchSize(buf, at);
  return size >= BATCH_HEADER && size <= end - at && computeCrc(buf, at) === storedCrc(buf, at);
}

/** Sets base offset and leader epoch, which the CRC does not cover. */
export function assignOffset(buf: Buffer, at: number, offset: number, epoch: number): void {
  writeLong(buf, at, offset);
  buf.writeInt32BE(epoch, at + At.leaderEpoch);
}

/** Sets LogAppendTime and its timestamp, and updates the CRC. */
export function assignLogAppendTime(buf: Buffer, at: number, now: number): void {
  buf.writeInt16BE(attributes(buf, at) | Attribute.logAppendTime, at + At.attributes);
  writeLong(buf, at + At.maxTimestamp, now);
  buf.writeUInt32BE(computeCrc(buf, at), at + At.crc);
}

/**
 * Position after the batch at `at`, or -1 if there is no complete batch before `end` (a fetch can end in a partial one).
 * Throws CORRUPT_MESSAGE for an impossible size, UNSUPPORTED_VERSION for an old message format.
 */
export function nextBatch(buf: Buffer, at: number, end = buf.length): number {
  if (end - at < BATCH_PREFIX) return -1;
  const magic = buf[at + At.magic]!;
  if (magic !== 2) throw new KafkaError(Errors.CORRUPT_MESSAGE, `Unknown record batch magic ${magic} at byte ${at}`);
  const size = batchSize(buf, at);
  if (size < BATCH_HEADER) {
    throw new KafkaError(Errors.CORRUPT_MESSAGE, `Record batch of ${size} bytes is smaller than its header`);
  }
  return size > end - at ? -1 : at + size;
}
