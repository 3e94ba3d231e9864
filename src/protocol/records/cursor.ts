/** Iterates over the records of a batch in place: no object per record, fields are positions in `data`. */

import { Errors, KafkaError } from '../errors.js';
import { decompress } from './compression.js';
import { At, Attribute, attributes, BATCH_HEADER, batchSize, readLong, recordCount } from './layout.js';

const corrupt = (what: string): KafkaError => new KafkaError(Errors.CORRUPT_MESSAGE, what);

/**
 *     const cursor = new RecordCursor();
 *     cursor.open(buf, at);
 *     while (cursor.next()) use(cursor.offset, cursor.data.subarray(cursor.valueStart, cursor.valueStart + cursor.valueLength));
 *
 * A cursor can be reused for any number of batches. Does not check the CRC (see `isWholeBatch`). Throws CORRUPT_MESSAGE for
 * a malformed record, and for trailing bytes after the last one.
 */
export class RecordCursor {
  /** the buffer that positions refer to: the opened one, or the decompressed records */
  data: Buffer = Buffer.alloc(0);
  /** 0-based index of the current record */
  index = -1;
  /** the batch's record count */
  count = 0;
  /** offset and timestamp (ms) of the current record; under LogAppendTime the batch's max timestamp */
  offset = 0;
  timestamp = 0;
  offsetDelta = 0;
  timestampDelta = 0;
  /** start (of the size varint) and end of the record */
  start = 0;
  end = 0;
  keyStart = 0;
  /** -1: null */
  keyLength = -1;
  valueStart = 0;
  /** -1: null */
  valueLength = -1;
  headerCount = 0;
  /** start of the first header; `nextHeader` iterates over them */
  headersStart = 0;
  headerKeyStart = 0;
  headerKeyLength = 0;
  headerValueStart = 0;
  /** -1: null */
  headerValueLength = -1;

  #pos = 0;
  #limit = 0;
  #baseOffset = 0;
  #baseTimestamp = 0;
  #logAppendTime = -1;
  #headersLeft = 0;
  #headerPos = 0;

  /** Moves before the first record of the batch at `at`. `maxBytes` limits the decompressed size. */
  open(buf: Buffer, at = 0, maxBytes?: number): void {
    const attrs = attributes(buf, at);
    const codec = attrs & Attribute.codec;
    const end = at + batchSize(buf, at);
    if (end > buf.length) throw corrupt(`a batch of ${end - at} bytes where ${buf.length - at} are left`);
    this.#baseOffset = readLong(buf, at);
    this.#baseTimestamp = readLong(buf, at + At.baseTimestamp);
    this.#logAppendTime = attrs & Attribute.logAppendTime ? readLong(buf, at + At.maxTimestamp) : -1;
    this.count = recordCount(buf, at);
    this.index = -1;
    if (codec === 0) {
      this.data = buf;
      this.#pos = at + BATCH_HEADER;
      this.#limit = end;
    } else {
      this.data = decompress(codec, buf.subarray(at + BATCH_HEADER, end), maxBytes);
      this.#pos = 0;
      this.#limit = this.data.length;
    }
  }

  /** Moves to the next record; false after the last one. */
  next(): boolean {
    if (this.index + 1 >= this.count) {
      if (this.#pos !== this.#limit)
        throw corrupt(`${this.#limit - this.#pos} trailing bytes after the last record of a batch`);
      return false;
    }
    this.index++;
    this.start = this.#pos;
    const size = this.#varint();
    const end = this.#pos + size;
    if (size < 1 || end > this.#limit)
      throw corrupt(`a record of ${size} bytes where ${this.#limit - this.#pos} are left`);
    this.end = end;
    this.#pos++;
    const timestampDelta = this.#varlong();
    this.timestampDelta = timestampDelta;
    this.timestamp = this.#logAppendTime >= 0 ? this.#logAppendTime : this.#baseTimestamp + timestampDelta;
    this.offsetDelta = this.#varint();
    this.offset = this.#baseOffset + this.offsetDelta;
    this.keyLength = this.#varint();
    this.keyStart = this.#skip(this.keyLength, end);
    this.valueLength = this.#varint();
    this.valueStart = this.#skip(this.valueLength, end);
    this.headerCount = this.#varint();
    if (this.headerCount < 0 || this.headerCount > end - this.#pos || this.#pos > end)
      throw corrupt('a record whose headers do not fit it');
    this.headersStart = this.#pos;
    this.#headerPos = this.#pos;
    this.#headersLeft = this.headerCount;
    this.#pos = end;
    return true;
  }

  /** The record's own timestamp; differs from `timestamp` under LogAppendTime. */
  get createTime(): number {
    return this.#baseTimestamp + this.timestampDelta;
  }

  /** Moves to the next header of the current record; false after the last one. */
  nextHeader(): boolean {
    if (this.#headersLeft === 0) return false;
    this.#headersLeft--;
    const back = this.#pos;
    this.#pos = this.#headerPos;
    this.headerKeyLength = this.#varint();
    if (this.headerKeyLength < 0) throw corrupt('a record header without a key');
    this.headerKeyStart = this.#skip(this.headerKeyLength, this.end);
    this.headerValueLength = this.#varint();
    this.headerValueStart = this.#skip(this.headerValueLength, this.end);
    this.#headerPos = this.#pos;
    this.#pos = back;
    return true;
  }

  /** Stands before the first header of the current record again. */
  rewindHeaders(): void {
    this.#headerPos = this.headersStart;
    this.#headersLeft = this.headerCount;
  }

  /** The current key, a view of `data`; null when there is none. */
  key(): Buffer | null {
    return this.keyLength < 0 ? null : this.data.subarray(this.keyStart, this.keyStart + this.keyLength);
  }
  /** The current value, a view of `data`; null for a tombstone. */
  value(): Buffer | null {
    return this.valueLength < 0 ? null : this.data.subarray(this.valueStart, this.valueStart + this.valueLength);
  }

  #skip(length: number, end: number): number {
    const at = this.#pos;
    if (length < -1 || length > end - at) throw corrupt(`a field of ${length} bytes where ${end - at} are left`);
    if (length > 0) this.#pos = at + length;
    return at;
  }

  #varint(): number {
    const data = this.data;
    let at = this.#pos;
    let byte = data[at++]!;
    let z = byte & 127;
    for (let shift = 7; byte > 127; shift += 7) {
      if (shift > 28) throw corrupt('a varint of more than 5 bytes');
      byte = data[at++]!;
      z |= (byte & 127) << shift;
    }
    if (at > this.#limit) throw corrupt('a varint exceeds the batch');
    this.#pos = at;
    return (z >>> 1) ^ -(z & 1);
  }

  #varlong(): number {
    const data = this.data;
    let at = this.#pos;
    let byte = data[at++]!;
    let z = byte & 127;
    let scale = 128;
    for (let n = 1; byte > 127; n++) {
      if (n > 9) throw corrupt('a varint of more than 10 bytes');
      byte = data[at++]!;
      z += (byte & 127) * scale;
      scale *= 128;
    }
    if (at > this.#limit) throw corrupt('a varint exceeds the batch');
    this.#pos = at;
    // zig-zag without 32-bit operators: odd numbers are negative
    return z % 2 === 0 ? z / 2 : -(z + 1) / 2;
  }
}
