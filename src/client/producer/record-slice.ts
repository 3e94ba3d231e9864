/** A record as ranges of the buffer it was read into. One object is reused for all records. */

/** `headers` of a record without headers. */
export const NO_HEADERS: Buffer = Buffer.alloc(0);

/** Key and value are [start, end) in `src`, null where the start is -1. */
export class RecordSlice {
  src: Buffer;
  keyStart = -1;
  keyEnd = -1;
  valueStart = -1;
  valueEnd = -1;
  /** the headers in wire format, starting with their count, in the first `headersEnd` bytes; 0: none */
  headers = NO_HEADERS;
  headersEnd = 0;

  constructor(src: Buffer) {
    this.src = src;
  }

  /** Bytes of the key, -1 for null. */
  get keySize(): number {
    return this.keyStart < 0 ? -1 : this.keyEnd - this.keyStart;
  }

  /** Bytes of the value, -1 for null. */
  get valueSize(): number {
    return this.valueStart < 0 ? -1 : this.valueEnd - this.valueStart;
  }

  /** Bytes of key, value and headers together. */
  get size(): number {
    return Math.max(0, this.keySize) + Math.max(0, this.valueSize) + this.headersEnd;
  }
}
