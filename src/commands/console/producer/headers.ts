/** Headers of a line ("h1:v1,h2:v2") into the bytes a record carries: count, then length and bytes of each key and value. */
import { javaSplit } from '../../../java/regex.js';
import { putVarint } from '../../../protocol/records/varint.js';
import { type ReaderConfig, ReaderError } from './reader-config.js';

/** numbers below this are varints of one byte */
const ONE_BYTE = 64;

export class HeaderEncoder {
  /** encoded headers lie here, from 0 on */
  out = Buffer.allocUnsafe(4096);
  readonly #config: ReaderConfig;
  /** separators are a byte each, and nothing stands for null */
  readonly #simple: boolean;

  constructor(config: ReaderConfig) {
    this.#config = config;
    const { headersSeparator, headersKeySeparator, nullMarker } = config;
    const short = Buffer.isBuffer(headersSeparator) && headersSeparator.length === 1;
    this.#simple = short && headersKeySeparator.length === 1 && nullMarker === null;
  }

  /** Encodes src[start, end) and returns where it ends in `out`. Throws ReaderError, naming the line. */
  encode(src: Buffer, start: number, end: number, line: number): number {
    const { headersSeparator } = this.#config;
    if (!Buffer.isBuffer(headersSeparator))
      return this.#byPattern(src.toString('utf8', start, end), headersSeparator, line);
    const room = (end - start + 1) * 10 + 8;
    if (this.out.length < room) this.out = Buffer.allocUnsafe(room);
    const width = headersSeparator.length;
    // Java's split leaves out what is empty at the end, unless there is nothing else
    let last = end;
    while (last - start >= width && matches(src, last - width, headersSeparator)) last -= width;
    if (last === start && end > start) return putVarint(this.out, 0, 0);
    const simple = this.#simple ? this.#encodeSimple(src, start, last, headersSeparator[0] as number) : -1;
    if (simple >= 0) return simple;
    let count = 1;
    for (let at = find(src, headersSeparator, start, last); at >= 0; at = find(src, headersSeparator, at + width, last))
      count++;
    let pos = putVarint(this.out, 0, count);
    let from = start;
    for (let i = 0; i < count; i++) {
      const at = i === count - 1 ? last : find(src, headersSeparator, from, last);
      pos = this.#pair(src, from, at, pos, line);
      from = at + width;
    }
    return pos;
  }

  /**
   * The usual case in one pass: bytes are copied as separators are looked for. -1, with nothing said, for what it does
   * not know: a pair without a separator, anything that takes a length of more than one byte.
   */
  #encodeSimple(src: Buffer, start: number, last: number, separator: number): number {
    const { out } = this;
    const keySeparator = this.#config.headersKeySeparator[0] as number;
    let pos = 1;
    let count = 0;
    for (let at = start; ; at++) {
      let first = pos++;
      let byte = separator;
      while (at < last && (byte = src[at] as number) !== keySeparator && byte !== separator) {
        out[pos++] = byte;
        at++;
      }
      if (at === last || byte === separator || pos - first > ONE_BYTE) return -1;
      out[first] = (pos - first - 1) << 1;
      first = pos++;
      for (at++; at < last && (byte = src[at] as number) !== separator; at++) out[pos++] = byte;
      if (pos - first > ONE_BYTE) return -1;
      out[first] = (pos - first - 1) << 1;
      count++;
      if (at >= last) break;
    }
    if (count >= ONE_BYTE) return -1;
    out[0] = count << 1;
    return pos;
  }

  #byPattern(text: string, pattern: RegExp, line: number): number {
    const pairs = javaSplit(text, pattern);
    const bytes = pairs.map((pair) => Buffer.from(pair));
    const room = bytes.reduce((sum, pair) => sum + pair.length + 10, 8);
    if (this.out.length < room) this.out = Buffer.allocUnsafe(room);
    let pos = putVarint(this.out, 0, bytes.length);
    for (const pair of bytes) pos = this.#pair(pair, 0, pair.length, pos, line);
    return pos;
  }

  #pair(src: Buffer, start: number, end: number, at: number, line: number): number {
    const { headersKeySeparator, nullMarker, ignoreError } = this.#config;
    const split = find(src, headersKeySeparator, start, end);
    if (split < 0) {
      if (!ignoreError) {
        const pair = src.toString('utf8', start, end);
        throw new ReaderError(`No header key separator found in pair '${pair}' on line number ${line}`);
      }
      return putVarint(this.out, this.#bytes(src, start, end, at), -1);
    }
    if (nullMarker && equals(src, start, split, nullMarker)) {
      throw new ReaderError(`Header keys should not be equal to the null marker '${nullMarker}' as they can't be null`);
    }
    const pos = this.#bytes(src, start, split, at);
    const value = split + headersKeySeparator.length;
    if (nullMarker && equals(src, value, end, nullMarker)) return putVarint(this.out, pos, -1);
    return this.#bytes(src, value, end, pos);
  }

  #bytes(src: Buffer, start: number, end: number, at: number): number {
    const pos = putVarint(this.out, at, end - start);
    for (let i = start; i < end; i++) this.out[pos + i - start] = src[i] as number;
    return pos + end - start;
  }
}

function matches(src: Buffer, at: number, needle: Buffer): boolean {
  for (let i = 0; i < needle.length; i++) if (src[at + i] !== needle[i]) return false;
  return true;
}

/** Whether src[start, end) is exactly `text`. */
export const equals = (src: Buffer, start: number, end: number, text: Buffer): boolean =>
  end - start === text.length && matches(src, start, text);

/** Where `needle` first is in src[start, end), -1 when it is not. For short ranges: headers, keys. */
export function find(src: Buffer, needle: Buffer, start: number, end: number): number {
  const first = needle[0];
  const stop = end - needle.length;
  // mostly one byte, so that one is compared before anything is called
  for (let at = start; at <= stop; at++) {
    if (src[at] === first && (needle.length === 1 || matches(src, at, needle))) return at;
  }
  return needle.length === 0 && start <= stop ? start : -1;
}
