/**
 * Validates batches before an append. Mirrors UnifiedLog.analyzeAndValidateRecords and LogValidator, with their messages.
 * Records are decoded only where a check needs it (null keys on compacted topics, a bound on old timestamps); otherwise
 * only their sizes are read.
 */

import { type ErrorName, Errors, KafkaError } from '../protocol/errors.js';
import { sealBatch } from '../protocol/records/builder.js';
import { codecId, compress, decompress } from '../protocol/records/compression.js';
import { RecordCursor } from '../protocol/records/cursor.js';
import {
  At,
  Attribute,
  assignLogAppendTime,
  BATCH_HEADER,
  BATCH_PREFIX,
  type BatchHeader,
  batchSize,
  computeCrc,
  isWholeBatch,
  readBatchHeader,
  storedCrc,
} from '../protocol/records/layout.js';
import type { LogConfig } from './partition.js';

/** A rejected batch with the invalid records: the recordErrors of a Produce response. */
export class RecordValidationError extends KafkaError {
  readonly recordErrors: readonly { batchIndex: number; message: string }[];
  constructor(code: number, message: string, recordErrors: readonly { batchIndex: number; message: string }[]) {
    super(code, message);
    this.recordErrors = recordErrors;
  }
}

const fail = (name: ErrorName, message: string): never => {
  throw new KafkaError(Errors[name], message);
};

/** message.timestamp.before.max.ms from here on is no limit; the default is 2^63-1. */
const UNBOUNDED = 2 ** 53;
const cursor = new RecordCursor();

/** Checks a client's batch and returns the bytes to store: the same buffer, or one recompressed. */
export function validateClientBatch(buf: Buffer, name: string, config: LogConfig, now: number): Buffer {
  if (buf.length < BATCH_PREFIX) fail('INVALID_RECORD', 'Record batch has no batches at all');
  if (buf[At.magic] !== 2) {
    fail(
      'INVALID_RECORD',
      `Record batch in partition ${name} has magic version ${buf[At.magic]}; only magic version 2 is taken`,
    );
  }
  const size = batchSize(buf, 0);
  if (size > config.maxMessageBytes) tooLarge(name, size, config);
  if (size < BATCH_HEADER || size > buf.length) {
    fail('CORRUPT_MESSAGE', `Record batch of ${size} bytes where ${buf.length} are given, in topic partition ${name}.`);
  }
  const batch = readBatchHeader(buf, 0);
  if (batch.baseOffset !== 0) {
    fail(
      'INVALID_RECORD',
      `The baseOffset of the record batch in the append to ${name} should be 0, but it is ${batch.baseOffset}`,
    );
  }
  if (computeCrc(buf, 0) !== storedCrc(buf, 0)) {
    fail('CORRUPT_MESSAGE', `Record is corrupt (stored crc = ${storedCrc(buf, 0)}) in topic partition ${name}.`);
  }
  if (size !== buf.length) fail('INVALID_RECORD', 'Compressed outer record has more than one batch');
  checkHeader(batch, name);
  checkRecords(buf, batch, name, config, now);
  const stored = convert(buf, batch, config);
  if (stored !== buf && stored.length > config.maxMessageBytes) tooLarge(name, stored.length, config);
  if (stored.length > config.segmentBytes) {
    fail(
      'RECORD_LIST_TOO_LARGE',
      `Message batch size is ${stored.length} bytes in append to partition ${name}, which exceeds the maximum configured segment size of ${config.segmentBytes}.`,
    );
  }
  if (config.messageTimestampType === 'LogAppendTime') assignLogAppendTime(stored, 0, now);
  return stored;
}

/** Checks batches from our own coordinators: whole batches, no trailing bytes. */
export function validateOwnBatches(buf: Buffer, name: string): void {
  let at = 0;
  while (at < buf.length && isWholeBatch(buf, at)) at += batchSize(buf, at);
  if (at === 0 || at !== buf.length) fail('CORRUPT_MESSAGE', `Record is corrupt in topic partition ${name}.`);
}

function tooLarge(name: string, size: number, config: LogConfig): never {
  return fail(
    'MESSAGE_TOO_LARGE',
    `The record batch size in the append to ${name} is ${size} bytes which exceeds the maximum configured value of ${config.maxMessageBytes}).`,
  );
}

function checkHeader(batch: BatchHeader, name: string): void {
  const { baseOffset, lastOffset, recordCount } = batch;
  const range = `[${baseOffset}, ${lastOffset}]`;
  if (lastOffset < baseOffset)
    fail('INVALID_RECORD', `Batch has an invalid offset range: ${range} in topic partition ${name}`);
  if (recordCount <= 0) {
    fail('INVALID_RECORD', `Invalid reported count for record batch: ${recordCount} in topic partition ${name}`);
  }
  if (lastOffset - baseOffset + 1 !== recordCount) {
    fail(
      'INVALID_RECORD',
      `Inconsistent batch offset range ${range} and count of records ${recordCount} in topic partition ${name}`,
    );
  }
  if (batch.control)
    fail('INVALID_RECORD', `Clients are not allowed to write control records in topic partition ${name}`);
  if (batch.producerId >= 0 && batch.baseSequence < 0) {
    fail(
      'INVALID_RECORD',
      `Invalid sequence number ${batch.baseSequence} in record batch with producerId ${batch.producerId} in topic partition ${name}`,
    );
  }
  if (batch.codec > 4) fail('CORRUPT_MESSAGE', `Unknown compression type id: ${batch.codec}`);
}

function checkRecords(buf: Buffer, batch: BatchHeader, name: string, config: LogConfig, now: number): void {
  const createTime = config.messageTimestampType !== 'LogAppendTime';
  if (batch.logAppendTime && !createTime) {
    const message = `Invalid timestamp type in message. Producer should not set timestamp type to LogAppendTime.`;
    reject([{ batchIndex: 0, message }], true);
  }
  const compacted = config.cleanupPolicy.includes('compact');
  const bounded = createTime && config.messageTimestampBeforeMaxMs < UNBOUNDED;
  const future = createTime && batch.maxTimestamp - now > config.messageTimestampAfterMaxMs;
  if (compacted || bounded || future) decodeRecords(buf, name, config, now, compacted, createTime);
  else if (batch.codec === 0) hopRecords(buf, batch, name);
}

function decodeRecords(
  buf: Buffer,
  name: string,
  config: LogConfig,
  now: number,
  compacted: boolean,
  createTime: boolean,
): void {
  const { messageTimestampBeforeMaxMs: before, messageTimestampAfterMaxMs: after } = config;
  const errors: { batchIndex: number; message: string }[] = [];
  let timestampAtFault = false;
  cursor.open(buf, 0);
  while (cursor.next()) {
    const { index, timestamp, keyLength } = cursor;
    if (compacted && keyLength < 0) {
      const message = `Compacted topic cannot accept message without key in topic partition ${name}`;
      errors.push({ batchIndex: index, message });
    } else if (createTime && timestamp !== -1 && (now - timestamp > before || timestamp - now > after)) {
      timestampAtFault = true;
      const message =
        `Timestamp ${timestamp} of message with offset ${cursor.offset} is out of range. ` +
        `The timestamp should be within [${now - before}, ${now + after}]`;
      errors.push({ batchIndex: index, message });
    }
  }
  if (errors.length > 0) reject(errors, timestampAtFault);
}

function reject(errors: { batchIndex: number; message: string }[], timestamp: boolean): never {
  if (timestamp) {
    const text = 'One or more records have been rejected due to invalid timestamp';
    throw new RecordValidationError(Errors.INVALID_TIMESTAMP, text, errors);
  }
  const shown = errors.slice(0, 3).map((e) => `RecordError(batchIndex=${e.batchIndex}, message='${e.message}')`);
  throw new RecordValidationError(
    Errors.INVALID_RECORD,
    `One or more records have been rejected due to ${errors.length} record errors in total, and only showing the first three errors at most: [${shown.join(', ')}]`,
    errors,
  );
}

/** The record sizes must add up exactly to the batch's end. */
function hopRecords(buf: Buffer, batch: BatchHeader, name: string): void {
  const end = batch.size;
  let at = BATCH_HEADER;
  for (let left = batch.recordCount; left > 0; left--) {
    let byte = buf[at++]!;
    let size = byte & 127;
    for (let shift = 7; byte > 127 && shift < 35; shift += 7) {
      byte = buf[at++]!;
      size |= (byte & 127) << shift;
    }
    if (size & 1 || size < 12) break;
    at += size >>> 1;
    if (at > end) break;
    if (left === 1 && at === end) return;
  }
  fail(
    'INVALID_RECORD',
    `Incorrect declared batch size, records do not end where the batch does, in topic partition ${name}`,
  );
}

/** Recompresses the batch to the topic's compression.type. */
function convert(buf: Buffer, batch: BatchHeader, config: LogConfig): Buffer {
  if (config.compressionType === 'producer') return buf;
  const target = codecId(config.compressionType);
  if (target === batch.codec || target < 0) return buf;
  const body = compress(target, decompress(batch.codec, buf.subarray(BATCH_HEADER, batch.size)));
  const stored = Buffer.concat([buf.subarray(0, BATCH_HEADER), body]);
  stored.writeInt16BE((batch.attributes & ~Attribute.codec) | target, At.attributes);
  sealBatch(stored, 0, stored.length);
  return stored;
}
