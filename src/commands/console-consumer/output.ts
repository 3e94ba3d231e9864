/** What is to be printed, as bytes: grows as needed, goes out in large pieces. */
import type { Writable } from 'node:stream';
import { write } from '../../cli/io.js';

/** from this size on what is held should be written */
const ENOUGH = 512 * 1024;

export class Output {
  /** nobody reads any more */
  closed = false;
  #buf = Buffer.allocUnsafe(64 * 1024);
  #pos = 0;
  readonly #out: Writable;

  constructor(out: Writable) {
    this.#out = out;
  }

  get full(): boolean {
    return this.#pos >= ENOUGH;
  }

  #room(bytes: number): void {
    const need = this.#pos + bytes;
    if (need <= this.#buf.length) return;
    const grown = Buffer.allocUnsafe(Math.max(need, this.#buf.length * 2));
    this.#buf.copy(grown, 0, 0, this.#pos);
    this.#buf = grown;
  }

  /** src[start, end) */
  bytes(src: Buffer, start: number, end: number): void {
    this.#room(end - start);
    const { length } = src;
    if (end - start < 64 && end <= length) {
      let pos = this.#pos;
      for (let i = start; i < end; i++) this.#buf[pos++] = src[i] as number;
      this.#pos = pos;
      return;
    }
    this.#pos += src.copy(this.#buf, this.#pos, start, end);
  }

  all(src: Buffer): void {
    this.bytes(src, 0, src.length);
  }

  text(text: string): void {
    this.#room(text.length * 3);
    this.#pos += this.#buf.write(text, this.#pos, 'utf8');
  }

  /** An integer of up to 53 bits in decimal. */
  number(value: number): void {
    this.#room(24);
    const buf = this.#buf;
    if (value < 0) return this.text(String(value));
    let digits = 1;
    for (let limit = 10; value >= limit; limit *= 10) digits++;
    let rest = value;
    let pos = this.#pos + digits;
    this.#pos = pos;
    while (rest >= 0x40000000) {
      const next = Math.floor(rest / 10);
      buf[--pos] = 48 + (rest - next * 10);
      rest = next;
    }
    let small = rest | 0;
    do {
      const next = (small / 10) | 0;
      buf[--pos] = 48 + (small - next * 10);
      small = next;
    } while (small > 0);
  }

  /** Writes what is held; false when nobody reads any more. Bytes handed over are not touched again. */
  flush(): Promise<boolean> | boolean {
    if (this.#pos === 0) return !this.closed;
    const piece = this.#buf.subarray(0, this.#pos);
    this.#buf = this.#buf.subarray(this.#pos);
    if (this.#buf.length < 4096)
      this.#buf = Buffer.allocUnsafe(Math.min(1024 * 1024, Math.max(64 * 1024, this.#pos * 2)));
    this.#pos = 0;
    return this.direct(piece);
  }

  /** Writes bytes that are nobody else's; what is held must be flushed before. */
  async direct(piece: Buffer): Promise<boolean> {
    if (!(await write(this.#out, piece))) this.closed = true;
    return !this.closed;
  }
}
