/**
 * Lines of the input as records of the producer. Mirrors tools/LineMessageReader and Java's BufferedReader: a line ends at
 * \n, \r\n or a lone \r; a last line without an end counts; the bytes between go through untouched.
 *
 * How it is fast: line ends are found with `indexOf` (memchr) in the buffer that stdin was read into, which is part of the
 * producer's slab; key, value and headers are positions there. No string, view or object is made for a line.
 */
import type { Producer } from '../../../client/producer/producer.js';
import { RecordSlice } from '../../../client/producer/record-slice.js';
import { equals, find, HeaderEncoder } from './headers.js';
import { type ReaderConfig, ReaderError } from './reader-config.js';

/** Takes buf[start, end) as the line of this number; false when there is no room for it yet. */
export type TakeLine = (buf: Buffer, start: number, end: number, line: number) => boolean;

const LF = 10;
const CR = 13;

export class LineReader {
  /** why `scan` stopped before the end: no room in the producer, or one line was sent (`stepwise`) */
  stopped: 'no-room' | 'line' | undefined;
  lines = 0;
  readonly #producer: Producer;
  readonly #config: ReaderConfig;
  /** `scan` stops after each line */
  readonly stepwise: boolean;
  readonly #headers: HeaderEncoder;
  readonly #plain: boolean;
  /** the line at hand */
  readonly #slice: RecordSlice;
  readonly #takeLine: TakeLine | undefined;
  #skipLf = false;

  /** `take` is what makes records of lines that are not as Kafka's script reads them. */
  constructor(producer: Producer, config: ReaderConfig, stepwise: boolean, take?: TakeLine) {
    this.#takeLine = take;
    this.#producer = producer;
    this.#slice = new RecordSlice(producer.buffer);
    this.#config = config;
    this.stepwise = stepwise;
    this.#headers = new HeaderEncoder(config);
    this.#plain = !config.parseKey && !config.parseHeaders && config.nullMarker === null;
  }

  /**
   * Takes the whole lines of buf[start, end) and returns where the rest begins. `buf` is the producer's memory. Throws
   * ReaderError for a line that is not as the reader's properties say, and what the producer throws.
   */
  scan(buf: Buffer, start: number, end: number): number {
    this.stopped = undefined;
    let pos = start;
    if (this.#skipLf && pos < end) {
      this.#skipLf = false;
      if (buf[pos] === LF) pos++;
    }
    const view = buf.subarray(0, end);
    let cr = view.indexOf(CR, pos);
    while (pos < end) {
      let eol = view.indexOf(LF, pos);
      if (cr >= 0 && (eol < 0 || cr < eol)) eol = cr;
      if (eol < 0) break;
      if (!this.#take(buf, pos, eol)) {
        this.stopped = 'no-room';
        break;
      }
      pos = eol + 1;
      if (eol === cr) {
        if (pos < end && buf[pos] === LF) pos++;
        else this.#skipLf = pos === end;
        cr = view.indexOf(CR, pos);
      }
      if (this.stepwise) {
        this.stopped = 'line';
        break;
      }
    }
    return pos;
  }

  /** The last line, which has no end. False when the producer has no room yet. */
  last(buf: Buffer, start: number, end: number): boolean {
    return this.#take(buf, start, end);
  }

  /** A line too long to be sent or kept: its length in bytes. */
  refuse(length: number): void {
    this.lines++;
    this.#producer.refuse({ keySize: -1, valueSize: length, headersEnd: 0 });
  }

  #take(buf: Buffer, start: number, end: number): boolean {
    const taken = this.#takeLine ? this.#takeLine(buf, start, end, this.lines + 1) : this.#append(buf, start, end);
    if (taken) this.lines++;
    return taken;
  }

  #append(buf: Buffer, start: number, end: number): boolean {
    const slice = this.#slice;
    slice.src = buf;
    slice.valueStart = start;
    slice.valueEnd = end;
    if (!this.#plain) this.#parse(buf, start, end);
    return this.#producer.append(slice);
  }

  /** Fills in the record's key, value and headers. */
  #parse(buf: Buffer, start: number, end: number): void {
    const { parseHeaders, headersDelimiter, parseKey, keySeparator, nullMarker } = this.#config;
    let at = start;
    let headersStop = -1;
    if (parseHeaders) {
      headersStop = this.#find(buf, headersDelimiter, at, end, start, 'headers delimiter');
      if (headersStop >= 0) at = headersStop + headersDelimiter.length;
    }
    let keyStart = -1;
    let keyEnd = -1;
    if (parseKey) {
      const stop = this.#find(buf, keySeparator, at, end, start, 'key separator');
      if (stop >= 0) {
        if (!nullMarker || !equals(buf, at, stop, nullMarker)) {
          keyStart = at;
          keyEnd = stop;
        }
        at = stop + keySeparator.length;
      }
    }
    // headers are looked into last: of two errors in a line the key's is the one that is said
    const headed = headersStop >= 0 && !(nullMarker && equals(buf, start, headersStop, nullMarker));
    const slice = this.#slice;
    slice.headersEnd = headed ? this.#headers.encode(buf, start, headersStop, this.lines + 1) : 0;
    slice.headers = this.#headers.out;
    slice.keyStart = keyStart;
    slice.keyEnd = keyEnd;
    slice.valueStart = nullMarker && equals(buf, at, end, nullMarker) ? -1 : at;
  }

  #find(buf: Buffer, needle: Buffer, at: number, end: number, lineStart: number, what: string): number {
    const found = find(buf, needle, at, end);
    if (found < 0 && !this.#config.ignoreError) {
      const line = buf.toString('utf8', lineStart, end);
      throw new ReaderError(`No ${what} found on line number ${this.lines + 1}: '${line}'`);
    }
    return found;
  }
}
