/** What is to be printed, as bytes: grows as needed, goes out in large pieces. */
import { fstatSync, write as fsWrite } from 'node:fs';
import type { Writable } from 'node:stream';

/** from this size on what is held should be written */
const ENOUGH = 512 * 1024;
const EMPTY = Buffer.alloc(0);

export class Output {
  readonly #gone = new AbortController();
  /** aborted once nobody reads any more */
  readonly gone = this.#gone.signal;
  #buf = Buffer.allocUnsafe(64 * 1024);
  #pos = 0;
  #last: Promise<void> | undefined;
  readonly #out: Writable;
  readonly #file: number;

  constructor(out: Writable) {
    this.#out = out;
    this.#file = fileOf(out);
  }

  get closed(): boolean {
    return this.gone.aborted;
  }

  /** nobody sees it pass */
  get toFile(): boolean {
    return this.#file >= 0;
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

  /** Writes what is held, as `direct` does. */
  flush(done?: () => void): Promise<boolean> {
    if (this.#pos === 0) return this.direct(EMPTY, done);
    const piece = this.#buf.subarray(0, this.#pos);
    this.#buf = this.#buf.subarray(this.#pos);
    if (this.#buf.length < 4096)
      this.#buf = Buffer.allocUnsafe(Math.min(1024 * 1024, Math.max(64 * 1024, this.#pos * 2)));
    this.#pos = 0;
    return this.direct(piece, done);
  }

  /**
   * Writes bytes that nobody touches any more. Comes back when the write before this one is through, so that printing and
   * decoding go on together; `done` is called when this one is. False once nobody reads any more.
   */
  async direct(piece: Buffer, done?: () => void): Promise<boolean> {
    await this.#last;
    if (this.closed) return false;
    this.#last = Promise.resolve(piece.length === 0 || this.#write(piece)).then((written) => {
      if (written) done?.();
      else this.#gone.abort();
    });
    return true;
  }

  /** Waits for the last write; false when it failed. */
  async settled(): Promise<boolean> {
    await this.#last;
    return !this.closed;
  }

  #write(piece: Buffer): Promise<boolean> {
    if (this.#file >= 0) return writeFile(this.#file, piece);
    return new Promise((resolve) => this.#out.write(piece, (error) => resolve(!error)));
  }
}

/** In the background, unlike process.stdout's own way with files. */
function writeFile(fd: number, piece: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    fsWrite(fd, piece, 0, piece.length, null, (error, bytes) => {
      if (error) resolve(false);
      else if (bytes < piece.length) resolve(writeFile(fd, piece.subarray(bytes)));
      else resolve(true);
    });
  });
}

function fileOf(out: Writable): number {
  const { fd } = out as { fd?: unknown };
  try {
    return typeof fd === 'number' && fstatSync(fd).isFile() ? fd : -1;
  } catch {
    return -1;
  }
}
