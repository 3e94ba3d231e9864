/** Walks the records of a batch in place: no object per record, the fields are positions in `data`. */

import { Errors, KafkaError } from '../errors.js';
import { decompress } from './compression.js';
import { At, Attribute, attributes, BATCH_HEADER, batchSize, readLong, recordCount } from './layout.js';

const corrupt = (what: string): KafkaError => new KafkaError(Errors.CORRUPT_MESSAGE, what);

/**
 *     const cursor = new RecordCursor();
 *     cursor.open(buf, at);
 *     while (cursor.next()) use(cursor.offset, cursor.data.subarray(cursor.valueStart, cursor.valueStart + cursor.valueLength));
 *
 * One cursor serves any number of batches. The CRC is not checked here (`isWholeBatch`). A record that does not hold
 * together throws CORRUPT_MESSAGE; so does a batch with bytes left over behind its last record.
 */
export class RecordCursor {
  /** the bytes that positions refer to: the opened buffer, or the decompressed records */
  data: Buffer = Buffer.alloc(0);
  /** 0-based number of the current record */
  index = -1;
  /** records the batch says it has */
  count = 0;
  /** offset and timestamp (ms) of the current record; under LogAppendTime the batch's time */
  offset = 0;
  timestamp = 0;
  offsetDelta = 0;
  timestampDelta = 0;
  /** where the record (its size varint) starts and where it ends */
  start = 0;
  end = 0;
  keyStart = 0;
  /** -1: null */
  keyLength = -1;
  valueStart = 0;
  /** -1: null */
  valueLength = -1;
  headerCount = 0;
  /** where the first header starts; `nextHeader` walks them */
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

  /** Stands before the first record of the batch at `at`. `maxBytes` bounds what decompression may give. */
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

  /** Goes to the next record; false behind the last. */
  next(): boolean {
    if (this.index + 1 >= this.count) {
      if (this.#pos !== this.#limit)
        throw corrupt(`${this.#limit - this.#pos} bytes behind the last record of a batch`);
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

  /** The time in the record itself: as `timestamp` but under LogAppendTime. */
  get createTime(): number {
    return this.#baseTimestamp + this.timestampDelta;
  }

  /** Goes to the next header of the current record; false behind the last. */
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
    if (at > this.#limit) throw corrupt('a varint that goes past the end');
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
    if (at > this.#limit) throw corrupt('a varint that goes past the end');
    this.#pos = at;
    // zig-zag without 32-bit operators: odd numbers are the negative ones
    return z % 2 === 0 ? z / 2 : -(z + 1) / 2;
  }
}
