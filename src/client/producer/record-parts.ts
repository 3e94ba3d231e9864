/** Parses produced batches, to split one that is too large and to report lost records. */
import { BATCH_HEADER } from '../../protocol/records/layout.js';
import { Batch, PART } from './batch.js';
import { NO_HEADERS, RecordSlice } from './record-slice.js';

/** bytes of a 64-bit varint */
const LONGEST_DELTA = 10;

/** Positions of one record's fields; a length of -1 is null. */
interface Parts {
  timestamp: number;
  keyStart: number;
  key: number;
  valueStart: number;
  value: number;
  headersStart: number;
  end: number;
}

/** Reads zigzag varints of up to 32 bits: our batches only have larger ones as timestamp deltas. */
class VarintReader {
  constructor(
    readonly buf: Buffer,
    public pos: number,
  ) {}

  next(): number {
    let n = 0;
    let scale = 1;
    for (;;) {
      const byte = this.buf[this.pos++] as number;
      n += (byte & 127) * scale;
      if (byte < 128) break;
      scale *= 128;
    }
    return n % 2 === 0 ? n / 2 : -(n + 1) / 2;
  }
}

function partsAt(batch: Batch, pos: number): Parts {
  const at = new VarintReader(batch.buf, pos);
  const length = at.next();
  const end = at.pos + length;
  at.pos += 1;
  const timestamp = batch.baseTimestamp + at.next();
  at.next();
  const key = at.next();
  const keyStart = at.pos;
  at.pos += Math.max(key, 0);
  const value = at.next();
  const valueStart = at.pos;
  return { timestamp, keyStart, key, valueStart, value, headersStart: valueStart + Math.max(value, 0), end };
}

/** Lengths of the first record's key and value, -1 for null. */
export function firstRecord(batch: Batch): { key: number; value: number } {
  return partsAt(batch, batch.base + BATCH_HEADER);
}

/** A record of a batch; key and value are views, or null. */
export interface SentRecord {
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** The batch's records in order. */
export function* recordsOf(batch: Batch): Generator<SentRecord> {
  for (let pos = batch.base + BATCH_HEADER; pos < batch.pos; ) {
    const { timestamp, key, keyStart, value, valueStart, end } = partsAt(batch, pos);
    yield {
      timestamp,
      key: key < 0 ? null : batch.buf.subarray(keyStart, keyStart + key),
      value: value < 0 ? null : batch.buf.subarray(valueStart, valueStart + value),
    };
    pos = end;
  }
}

/** Calls back with each record's timestamp and its bytes of key and value, without an object per record. */
export function eachSize(batch: Batch, call: (timestamp: number, bytes: number) => void): void {
  for (let pos = batch.base + BATCH_HEADER; pos < batch.pos; ) {
    const { timestamp, key, value, end } = partsAt(batch, pos);
    call(timestamp, Math.max(0, key) + Math.max(0, value));
    pos = end;
  }
}

/**
 * Splits a batch into parts of at most `limit` bytes (a larger record gets a part of its own), in order. Each record keeps
 * its sequence.
 */
export function splitBatch(batch: Batch, limit: number): Batch[] {
  const records: Parts[] = [];
  const starts: number[] = [];
  for (let pos = batch.base + BATCH_HEADER; pos < batch.pos; pos = records[records.length - 1]!.end) {
    starts.push(pos);
    records.push(partsAt(batch, pos));
  }
  const parts: Batch[] = [];
  let first = 0;
  while (first < records.length) {
    let last = first + 1;
    while (last < records.length && BATCH_HEADER + records[last]!.end - starts[first]! <= limit) last++;
    parts.push(part(batch, records, first, last, records[last - 1]!.end - starts[first]!));
    first = last;
  }
  // the parts sort between this batch and the next one
  const span = batch.orderSpan / parts.length;
  for (const [i, each] of parts.entries()) {
    each.order = batch.order + i * span;
    each.orderSpan = span;
  }
  return parts;
}

/** Records [first, last) as a separate batch: offset deltas restart at 0, so each record is rewritten. */
function part(batch: Batch, records: readonly Parts[], first: number, last: number, bytes: number): Batch {
  // times that are not in order may take longer deltas from another first one
  const room = BATCH_HEADER + bytes + (last - first) * LONGEST_DELTA;
  const result = new Batch(Buffer.allocUnsafe(room), 0, room, PART);
  const slice = new RecordSlice(batch.buf);
  for (let i = first; i < last; i++) {
    const r = records[i]!;
    slice.keyStart = r.key < 0 ? -1 : r.keyStart;
    slice.keyEnd = r.keyStart + r.key;
    slice.valueStart = r.value < 0 ? -1 : r.valueStart;
    slice.valueEnd = r.valueStart + r.value;
    slice.headers = r.end - r.headersStart > 1 ? batch.buf.subarray(r.headersStart, r.end) : NO_HEADERS;
    slice.headersEnd = slice.headers.length;
    result.append(slice, r.timestamp);
  }
  result.attempts = batch.attempts;
  result.inDoubt = batch.inDoubt;
  result.createdMs = batch.createdMs;
  result.sequence = batch.sequence < 0 ? -1 : (batch.sequence + first) & 0x7fffffff;
  return result;
}
