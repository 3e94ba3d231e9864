/**
 * A batch of records, laid out in the producer's memory (buffer-pool.ts) in wire format.
 *
 * Why it is fast: the stdin reader writes into the same memory, so a record's bytes are copied once, by `copyWithin`, a
 * memmove without a view, an object or a string per record. Varints are written in place; the batch header (counts,
 * CRC) is filled in when the batch is sent. Nothing is allocated per record.
 *
 * For the layout of batches and records see protocol/records/layout.ts.
 */
import { sealBatch } from '../../protocol/records/builder.js';
import { At, Attribute, BATCH_HEADER, writeLong } from '../../protocol/records/layout.js';
import { putVarint, putVarlong, varintSize, varlongSize } from '../../protocol/records/varint.js';
import type { RecordSlice } from './record-slice.js';

/** maximum size of a record's fields besides key, value and headers, bytes (Java: MAX_RECORD_OVERHEAD) */
export const MAX_RECORD_OVERHEAD = 21;

/** `slot` of a batch with a separate buffer, for a record too large for a slot */
export const OWN_BUFFER = -1;
/** `slot` of a part of a split batch */
export const PART = -2;

/** Records of one partition that are sent and acknowledged together. */
export class Batch {
  readonly buf: Buffer;
  readonly base: number;
  /** slot in the buffer pool, OWN_BUFFER or PART */
  readonly slot: number;
  /** end position the batch must not exceed, from batch.size and the topic's max.message.bytes */
  limit: number;
  pos: number;
  count = 0;
  baseTimestamp = 0;
  maxTimestamp = 0;
  /** creation time, ms; delivery.timeout.ms counts from here */
  createdMs = Date.now();
  /** failed attempts: error responses and disconnects */
  attempts = 0;
  /** it was sent but not answered: the broker may have appended it */
  inDoubt = false;
  /** it was reported as delivered or lost */
  settled = false;
  /** its bytes may be in a socket buffer: its memory must not be reused */
  inFlight = false;
  /** base sequence, -1 until it is first sent under the current producer epoch */
  sequence = -1;
  /** sort key among the batches of its partition */
  order = 0;
  /** `order` range up to the next batch, which the parts of a split batch share */
  orderSpan = 1;
  /** the compressed records section; undefined without a codec or not compressed yet */
  compressed: Buffer | undefined;
  /** the bytes to send; undefined until `finish`, and again after a header field changed */
  wire: Buffer | undefined;

  constructor(buf: Buffer, base: number, limit: number, slot: number) {
    this.buf = buf;
    this.base = base;
    this.pos = base + BATCH_HEADER;
    this.limit = limit;
    this.slot = slot;
  }

  /** Uncompressed size including the header, bytes. */
  get size(): number {
    return this.pos - this.base;
  }

  /** Appends a record. False when the batch has no room for it. */
  append(slice: RecordSlice, timestamp: number): boolean {
    const { buf, count } = this;
    const { src, keyStart, valueStart, headersEnd } = slice;
    const keyLength = slice.keyEnd - keyStart;
    const valueLength = slice.valueEnd - valueStart;
    const delta = count === 0 ? 0 : timestamp - this.baseTimestamp;
    const body =
      1 +
      varlongSize(delta) +
      varintSize(count) +
      (keyStart < 0 ? 1 : varintSize(keyLength) + keyLength) +
      (valueStart < 0 ? 1 : varintSize(valueLength) + valueLength) +
      (headersEnd === 0 ? 1 : headersEnd);
    let pos = this.pos;
    if (pos + varintSize(body) + body > this.limit) return false;
    if (count === 0) this.baseTimestamp = timestamp;
    if (count === 0 || timestamp > this.maxTimestamp) this.maxTimestamp = timestamp;
    pos = putVarint(buf, pos, body);
    buf[pos++] = 0;
    pos = putVarlong(buf, pos, delta);
    pos = putVarint(buf, pos, count);
    pos = putBytes(buf, pos, src, keyStart, keyLength);
    pos = putBytes(buf, pos, src, valueStart, valueLength);
    if (headersEnd === 0) {
      buf[pos++] = 0;
    } else {
      pos = putRange(buf, pos, slice.headers, 0, headersEnd);
    }
    this.pos = pos;
    this.count = count + 1;
    return true;
  }

  /** The records section, uncompressed. */
  records(): Buffer {
    return this.buf.subarray(this.base + BATCH_HEADER, this.pos);
  }

  /** Sets the base sequence, -1 for none yet; discards bytes built for another one. */
  resequence(sequence: number): void {
    if (this.sequence === sequence) return;
    this.sequence = sequence;
    this.wire = undefined;
  }

  /** Fills in the header for this producer and returns the bytes to send. `codec` is the attribute's compression number. */
  finish(producerId: bigint, epoch: number, codec: number, transactional = false): Buffer {
    if (this.wire) return this.wire;
    const { compressed } = this;
    const wire = compressed
      ? Buffer.allocUnsafe(BATCH_HEADER + compressed.length)
      : this.buf.subarray(this.base, this.pos);
    if (compressed) compressed.copy(wire, BATCH_HEADER);
    wire.fill(0, 0, At.length);
    wire.writeInt32BE(-1, At.leaderEpoch);
    wire.writeInt16BE((compressed ? codec : 0) | (transactional ? Attribute.transactional : 0), At.attributes);
    wire.writeInt32BE(this.count - 1, At.lastOffsetDelta);
    writeLong(wire, At.baseTimestamp, this.baseTimestamp);
    writeLong(wire, At.maxTimestamp, this.maxTimestamp);
    wire.writeBigInt64BE(producerId, At.producerId);
    wire.writeInt16BE(epoch, At.producerEpoch);
    wire.writeInt32BE(this.sequence, At.baseSequence);
    wire.writeInt32BE(this.count, At.recordCount);
    sealBatch(wire, 0, wire.length);
    this.wire = wire;
    return wire;
  }
}

/** Writes a length and the bytes; a negative start is null. Bytes in the same buffer are copied without a view. */
function putBytes(buf: Buffer, at: number, src: Buffer, start: number, length: number): number {
  if (start < 0) {
    buf[at] = 1;
    return at + 1;
  }
  return putRange(buf, putVarint(buf, at, length), src, start, length);
}

/** Below this size, bytes, a loop is faster than a memmove call. */
const SHORT = 24;

function putRange(buf: Buffer, pos: number, src: Buffer, start: number, length: number): number {
  if (length <= SHORT) for (let i = 0; i < length; i++) buf[pos + i] = src[start + i] as number;
  else if (src === buf) buf.copyWithin(pos, start, start + length);
  else src.copy(buf, pos, start, start + length);
  return pos + length;
}
