/** Writing and reading the protocol's primitive types. The reader checks every length against the remaining bytes. */

/** The bytes violate the protocol: the connection has to be closed. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/** From this size on, bytes, a buffer becomes a separate chunk instead of being copied. */
const CHUNK = 4096;

/** A growing buffer; large buffers are kept by reference, and `chunks()` goes to `writev`. */
export class Writer {
  #done: Buffer[] = [];
  #doneBytes = 0;
  #buf: Buffer;
  #pos = 0;

  constructor(size = 256) {
    this.#buf = Buffer.allocUnsafe(size);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#doneBytes + this.#pos;
  }

  #room(bytes: number): number {
    const at = this.#pos;
    if (at + bytes > this.#buf.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#buf.length * 2, at + bytes));
      this.#buf.copy(grown, 0, 0, at);
      this.#buf = grown;
    }
    this.#pos = at + bytes;
    return at;
  }

  bool(v: boolean): void {
    const at = this.#room(1);
    this.#buf[at] = v ? 1 : 0;
  }
  int8(v: number): void {
    const at = this.#room(1);
    this.#buf[at] = v;
  }
  int16(v: number): void {
    const at = this.#room(2);
    this.#buf.writeInt16BE(v, at);
  }
  uint16(v: number): void {
    const at = this.#room(2);
    this.#buf.writeUInt16BE(v, at);
  }
  int32(v: number): void {
    const at = this.#room(4);
    this.#buf.writeInt32BE(v, at);
  }
  uint32(v: number): void {
    const at = this.#room(4);
    this.#buf.writeUInt32BE(v, at);
  }
  int64(v: bigint): void {
    const at = this.#room(8);
    this.#buf.writeBigInt64BE(v, at);
  }
  float64(v: number): void {
    const at = this.#room(8);
    this.#buf.writeDoubleBE(v, at);
  }
  /** An unsigned 32-bit varint. */
  uvarint(v: number): void {
    let n = v >>> 0;
    let at = this.#room(5);
    const buf = this.#buf;
    while (n > 127) {
      buf[at++] = (n & 127) | 128;
      n >>>= 7;
    }
    buf[at++] = n;
    this.#pos = at;
  }
  uuid(v: string): void {
    const at = this.#room(16);
    if (v.length !== 22 || this.#buf.write(v, at, 16, 'base64url') !== 16) throw new TypeError(`not a uuid: ${v}`);
  }
  /** Bytes without a length prefix. */
  raw(v: Uint8Array): void {
    if (v.length < CHUNK) {
      const at = this.#room(v.length);
      this.#buf.set(v, at);
      return;
    }
    if (this.#pos > 0) this.#done.push(this.#buf.subarray(0, this.#pos));
    this.#done.push(v as Buffer);
    this.#doneBytes += this.#pos + v.length;
    this.#buf = Buffer.allocUnsafe(256);
    this.#pos = 0;
  }
  #utf8(v: string, bytes: number): void {
    const at = this.#room(bytes);
    this.#buf.write(v, at, bytes, 'utf8');
  }
  string(v: string | null): void {
    if (v === null) return this.int16(-1);
    const n = Buffer.byteLength(v);
    if (n > 32767) throw new RangeError(`a string of ${n} bytes is longer than 32767`);
    this.int16(n);
    this.#utf8(v, n);
  }
  compactString(v: string | null): void {
    if (v === null) return this.uvarint(0);
    const n = Buffer.byteLength(v);
    this.uvarint(n + 1);
    this.#utf8(v, n);
  }
  bytes(v: Uint8Array | null): void {
    if (v === null) return this.int32(-1);
    this.int32(v.length);
    this.raw(v);
  }
  compactBytes(v: Uint8Array | null): void {
    if (v === null) return this.uvarint(0);
    this.uvarint(v.length + 1);
    this.raw(v);
  }
  records(v: Buffer | readonly Buffer[] | null): void {
    if (v === null || Buffer.isBuffer(v)) return this.bytes(v as Buffer | null);
    this.int32(total(v as readonly Buffer[]));
    for (const piece of v as readonly Buffer[]) this.raw(piece);
  }
  compactRecords(v: Buffer | readonly Buffer[] | null): void {
    if (v === null || Buffer.isBuffer(v)) return this.compactBytes(v as Buffer | null);
    this.uvarint(total(v as readonly Buffer[]) + 1);
    for (const piece of v as readonly Buffer[]) this.raw(piece);
  }
  /** Appends another writer's bytes without copying its large chunks. */
  append(other: Writer): void {
    for (const chunk of other.chunks()) this.raw(chunk);
  }

  chunks(): Buffer[] {
    return this.#pos > 0 ? [...this.#done, this.#buf.subarray(0, this.#pos)] : [...this.#done];
  }
  toBuffer(): Buffer {
    if (this.#done.length === 0) return this.#buf.subarray(0, this.#pos);
    return Buffer.concat(this.chunks());
  }
}

const total = (pieces: readonly Buffer[]): number => pieces.reduce((sum, piece) => sum + piece.length, 0);

/** Reads primitive types; throws ProtocolError instead of reading past `end` or allocating memory for a bogus length. */
export class Reader {
  readonly buf: Buffer;
  pos: number;
  readonly end: number;
  /** remaining limit of array elements: each is an object many times larger than its bytes */
  elements = Number.POSITIVE_INFINITY;

  constructor(buf: Buffer, pos = 0, end = buf.length) {
    this.buf = buf;
    this.pos = pos;
    this.end = end;
  }

  get remaining(): number {
    return this.end - this.pos;
  }

  /** Advances by `bytes` and returns their start position. */
  take(bytes: number): number {
    const at = this.pos;
    if (bytes < 0 || bytes > this.end - at) {
      throw new ProtocolError(`${bytes} bytes wanted where ${this.end - at} are left`);
    }
    this.pos = at + bytes;
    return at;
  }

  bool(): boolean {
    return this.buf[this.take(1)] !== 0;
  }
  int8(): number {
    return this.buf.readInt8(this.take(1));
  }
  int16(): number {
    return this.buf.readInt16BE(this.take(2));
  }
  uint16(): number {
    return this.buf.readUInt16BE(this.take(2));
  }
  int32(): number {
    return this.buf.readInt32BE(this.take(4));
  }
  uint32(): number {
    return this.buf.readUInt32BE(this.take(4));
  }
  int64(): bigint {
    return this.buf.readBigInt64BE(this.take(8));
  }
  float64(): number {
    return this.buf.readDoubleBE(this.take(8));
  }
  uvarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.buf[this.take(1)] as number;
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    throw new ProtocolError('a varint of more than 5 bytes');
  }
  uuid(): string {
    const at = this.take(16);
    return this.buf.toString('base64url', at, at + 16);
  }
  /** Like `take`, with Kafka's error message for a byte array. */
  #takeArray(length: number): number {
    if (length > this.remaining)
      throw new ProtocolError(
        `Error reading byte array of ${length} byte(s): only ${this.remaining} byte(s) available`,
      );
    return this.take(length);
  }
  #text(length: number): string {
    const at = this.#takeArray(length);
    return this.buf.toString('utf8', at, at + length);
  }
  string(): string {
    const n = this.int16();
    if (n < 0) throw new ProtocolError('null where a string must be');
    return this.#text(n);
  }
  nullableString(): string | null {
    const n = this.int16();
    return n < 0 ? null : this.#text(n);
  }
  compactString(): string {
    const n = this.uvarint();
    if (n === 0) throw new ProtocolError('null where a string must be');
    return this.#text(n - 1);
  }
  compactNullableString(): string | null {
    const n = this.uvarint();
    return n === 0 ? null : this.#text(n - 1);
  }
  raw(length: number): Buffer {
    const at = this.#takeArray(length);
    return this.buf.subarray(at, at + length);
  }
  bytes(): Buffer {
    const n = this.int32();
    if (n < 0) throw new ProtocolError('null where bytes must be');
    return this.raw(n);
  }
  nullableBytes(): Buffer | null {
    const n = this.int32();
    return n < 0 ? null : this.raw(n);
  }
  compactBytes(): Buffer {
    const n = this.uvarint();
    if (n === 0) throw new ProtocolError('null where bytes must be');
    return this.raw(n - 1);
  }
  compactNullableBytes(): Buffer | null {
    const n = this.uvarint();
    return n === 0 ? null : this.raw(n - 1);
  }
  /** The length of an array, -1 for null. An element has at least one byte, so the length cannot exceed the remaining bytes. */
  count(compact: boolean): number {
    const n = compact ? this.uvarint() - 1 : this.int32();
    if (n < 0) return -1;
    if (n > this.remaining) throw new ProtocolError(`an array of ${n} elements in ${this.remaining} bytes`);
    this.elements -= n;
    if (this.elements < 0) throw new ProtocolError(`${-this.elements} elements of arrays too many`);
    return n;
  }
  /** Skips unknown tagged fields. */
  skipTags(): void {
    for (let n = this.uvarint(); n > 0; n--) {
      this.uvarint();
      this.take(this.uvarint());
    }
  }
}
