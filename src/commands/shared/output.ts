/**
 * What is to be printed, as bytes with marks where records end: grows as needed, goes out in large pieces, and tells the
 * readers of the records how far it got. A record is consumed when the system has taken its bytes.
 */
import type { Writable } from 'node:stream';
import { type Sink, sinkFor } from '../../cli/sinks.js';
import { Marks } from './marks.js';

/** Where records come from that are printed (Fetched, ShareFetched). */
export interface Reading {
  /** no more of it is to be printed */
  readonly stopped: boolean;
  /** the records before this offset are out; `kind`: of the last one, as it was marked */
  reached(offset: number, kind: number): void;
  /** all that was read is out */
  done(): void;
  /** what is not out will not be */
  release(): void;
  /** nobody looks at its memory any more */
  free(): void;
}

/** from this size on what is held should be written */
const ENOUGH = 512 * 1024;

export class Output {
  readonly #gone = new AbortController();
  /** aborted once nobody reads any more */
  readonly gone = this.#gone.signal;
  #buf = Buffer.allocUnsafe(64 * 1024);
  #pos = 0;
  #last: Promise<void> = Promise.resolve();
  /** of the piece that is being put together; the other is of the one that is written */
  marks = new Marks();
  #spare = new Marks();
  /** records that are out */
  count = 0;
  /** why it ended, unless its reader went away */
  failure: Error | undefined;
  readonly #sink: Sink;
  readonly #closing: AbortSignal;

  /** Once `closing` is aborted nothing more is written, but for the rest of a record. `paced`: see SinkOptions. */
  constructor(out: Writable, closing: AbortSignal, paced = false) {
    this.#closing = closing;
    this.#sink = sinkFor(out, { closing, paced });
  }

  get closed(): boolean {
    return this.gone.aborted;
  }

  /** nobody sees it pass */
  get toFile(): boolean {
    return this.#sink.toFile;
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

  /** What was put so far is the output of this record. */
  mark(offset: number, kind: number): void {
    this.marks.add(this.#pos, offset, kind);
  }

  /** Writes what was put, as `direct` does. */
  flush(reading: Reading): Promise<boolean> {
    const piece = this.#buf;
    this.#buf = this.#buf.subarray(this.#pos);
    if (this.#buf.length < 4096)
      this.#buf = Buffer.allocUnsafe(Math.min(1024 * 1024, Math.max(64 * 1024, this.#pos * 2)));
    this.#pos = 0;
    return this.direct(piece, 0, reading);
  }

  /**
   * Writes the marked records, which lie in `data` from `start` on and which nobody touches any more. Comes back when that
   * is through; where it goes on in the background, when the write before is, so that printing and decoding go on
   * together. No more is read while a reader of ours is slow: it could not be given up at once. False when there is no more to do:
   * nobody reads the output any more, or the records are another's now.
   */
  async direct(data: Buffer, start: number, reading: Reading): Promise<boolean> {
    const { marks } = this;
    this.marks = this.#spare;
    this.#spare = marks;
    const before = this.#last;
    this.#last = before.then(() => this.#write(data, start, marks, reading));
    await (this.#sink.background ? before : this.#last);
    return !this.closed && !reading.stopped;
  }

  /** A line that belongs to no record, after all that came before it. */
  line(text: string): void {
    const bytes = Buffer.from(text);
    const unit = { count: 1, ends: Int32Array.of(bytes.length) };
    const writing = { stopped: () => this.closed, taken: () => {} };
    this.#last = this.#last.then(() => this.#sink.write(bytes, 0, unit, writing).catch((error) => this.#fail(error)));
  }

  async #write(data: Buffer, start: number, marks: Marks, reading: Reading): Promise<void> {
    let out = 0;
    try {
      if (marks.count === 0 || this.closed) return;
      await this.#sink.write(data, start, marks, {
        stopped: () => this.#closing.aborted || reading.stopped,
        taken: (count) => {
          if (count === out) return;
          this.count += count - out;
          out = count;
          reading.reached((marks.offsets[count - 1] as number) + 1, marks.kinds[count - 1] as number);
        },
      });
    } catch (error) {
      this.#fail(error as NodeJS.ErrnoException);
    } finally {
      marks.count = 0;
    }
  }

  #fail(error: NodeJS.ErrnoException): void {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') this.failure = error;
    this.#gone.abort();
  }

  /** The reader is through with these records: they are ended once what was written of them is out. */
  end(reading: Reading): void {
    this.#last = this.#last.then(() => {
      if (this.closed || this.#closing.aborted || reading.stopped) reading.release();
      else reading.done();
      reading.free();
    });
  }

  /** Waits for the last write; false when it failed. */
  async settled(): Promise<boolean> {
    await this.#last;
    return !this.closed;
  }
}
