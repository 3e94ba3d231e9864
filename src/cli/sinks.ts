/**
 * Output in units (lines, records) of which it is known at any time how many the system has taken, and which can be stopped
 * between two of them. Node's streams cannot: what they were given and the reader has not taken stays in their queue.
 */
import { fstatSync, write as fsWrite, type Stats, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';

/** Units of output that lie together: `ends[i]` is where the i-th ends in the data. */
export interface Units {
  readonly count: number;
  readonly ends: Int32Array;
}

export interface Writing {
  /** looked at between two units */
  stopped(): boolean;
  /** how many units the system has taken so far */
  taken(count: number): void;
}

export interface Sink {
  /** nobody sees it pass */
  readonly toFile: boolean;
  /** what is begun is soon through, while something else is done */
  readonly background: boolean;
  /** Writes units from data[start] on, until all are written or it is stopped. Rejects with the system's error. */
  write(data: Buffer, start: number, units: Units, writing: Writing): Promise<void>;
}

/** What a pipe takes whole or not at all (PIPE_BUF). */
const ATOMIC = 4096;
/** more than pipes and sockets hold: the reader reads */
const FLOWING = 512 * 1024;
/** units that go out at once in the end to a reader that may want a few only */
const PACED = 16_384;
/** attempts without a pause */
const SPINS = 20;
/** to a stream at once */
const PIECE = 64 * 1024;
/** how long a reader that takes nothing is waited for when the process was asked to end, ms */
const CLOSING_LIMIT = 1000;

export interface SinkOptions {
  /** the process was asked to end */
  readonly closing: AbortSignal;
  /**
   * What a pipe has taken counts as read: one unit goes out first, and a millisecond later twice as many, and so on, so that
   * not much more is taken than a reader wants that wants a few (head -5).
   */
  readonly paced: boolean;
}

export function sinkFor(out: Writable, options: SinkOptions): Sink {
  const fd = 'fd' in out && typeof out.fd === 'number' ? out.fd : -1;
  const stats = statsOf(fd);
  if (stats?.isFIFO() || stats?.isSocket()) return new PipeSink(fd, out, options);
  if (stats && !('isTTY' in out && out.isTTY)) return new FileSink(fd, stats.isFile());
  return new StreamSink(out);
}

function statsOf(fd: number): Stats | undefined {
  try {
    return fd < 0 ? undefined : fstatSync(fd);
  } catch {
    return undefined;
  }
}

/** How many units, from the `from`-th on, end at or before this place. */
function endedAt({ count, ends }: Units, from: number, at: number): number {
  let i = from;
  while (i < count && (ends[i] as number) <= at) i++;
  return i;
}

/** The end of as many whole units as fit into so many bytes; of one at least. */
function pieceEnd({ count, ends }: Units, from: number, at: number, bytes: number): number {
  let i = from;
  while (i + 1 < count && (ends[i + 1] as number) - at <= bytes) i++;
  return ends[i] as number;
}

/**
 * Pipes and sockets. Node has set them not to block, so what they take is known at once and nothing waits in a queue. Units
 * of up to ATOMIC bytes are out whole or not at all; only to a reader that keeps up more is written at once, of which the
 * last one may be torn. Nothing in Node says when there is room again, so it is tried: at once for a reader as fast as we
 * are, then after 1 to 20 ms.
 */
class PipeSink implements Sink {
  readonly toFile = false;
  readonly background = false;
  /** attempts since something was taken */
  #tries = 0;
  /** bytes that were taken without a pause */
  #flowed = 0;
  /** units that may go out before the next pause */
  #pace = Number.POSITIVE_INFINITY;
  #left = Number.POSITIVE_INFINITY;

  constructor(
    private readonly fd: number,
    private readonly out: Writable,
    private readonly options: SinkOptions,
  ) {
    if (options.paced) this.#pace = this.#left = 1;
  }

  async write(data: Buffer, start: number, units: Units, { stopped, taken }: Writing): Promise<void> {
    let at = start;
    let done = endedAt(units, 0, at);
    let until = Number.POSITIVE_INFINITY;
    try {
      while (done < units.count) {
        const whole = at === (done === 0 ? start : units.ends[done - 1]);
        if (whole && stopped()) return;
        if (this.#left <= 0) await this.#pause();
        const bytes = this.#pieceEnd(units, done, at) - at;
        const written = this.#try(data, at, bytes);
        at += written;
        const before = done;
        done = endedAt(units, done, at);
        this.#left -= done - before;
        if (written === bytes) continue;
        taken(done);
        if (Date.now() > until) return;
        if (this.options.closing.aborted) until = Math.min(until, Date.now() + CLOSING_LIMIT);
        await this.#room();
      }
    } finally {
      taken(done);
    }
  }

  #pieceEnd({ count, ends }: Units, from: number, at: number): number {
    const units = { count: Math.min(count, from + this.#left), ends };
    return pieceEnd(units, from, at, this.#flowed < FLOWING ? ATOMIC : PIECE);
  }

  async #pause(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 1));
    this.#pace = this.#pace >= PACED ? Number.POSITIVE_INFINITY : this.#pace * 2;
    this.#left = this.#pace;
  }

  /** Bytes that were taken: none while it is full, or while what was written to the stream is not through. */
  #try(data: Buffer, at: number, bytes: number): number {
    if (this.out.writableLength > 0) return 0;
    try {
      const written = writeSync(this.fd, data, at, bytes);
      this.#tries = 0;
      this.#flowed += written;
      return written;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      throw error;
    }
  }

  #room(): Promise<void> {
    const tries = this.#tries++;
    if (tries < SPINS) return new Promise((resolve) => setImmediate(resolve));
    this.#flowed = 0;
    return new Promise((resolve) => setTimeout(resolve, Math.min(20, 2 ** Math.min(5, (tries - SPINS) >> 2))));
  }
}

/** Files and devices, in the background, unlike process.stdout's own way with files. What is begun is soon through. */
class FileSink implements Sink {
  readonly background = true;

  constructor(
    private readonly fd: number,
    readonly toFile: boolean,
  ) {}

  async write(data: Buffer, start: number, units: Units, { stopped, taken }: Writing): Promise<void> {
    let at = start;
    let done = endedAt(units, 0, at);
    const end = units.count === 0 ? start : (units.ends[units.count - 1] as number);
    try {
      if (!stopped()) while (at < end) at += await writeFile(this.fd, data, at, end);
    } finally {
      done = endedAt(units, done, at);
      taken(done);
    }
  }
}

function writeFile(fd: number, data: Buffer, at: number, end: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fsWrite(fd, data, at, end - at, null, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}

/** Terminals, and what else is a stream: what it has called back for is written. */
class StreamSink implements Sink {
  readonly toFile = false;
  readonly background = false;

  constructor(private readonly out: Writable) {}

  async write(data: Buffer, start: number, units: Units, { stopped, taken }: Writing): Promise<void> {
    let at = start;
    let done = endedAt(units, 0, at);
    try {
      while (done < units.count && !stopped()) {
        const end = pieceEnd(units, done, at, PIECE);
        await this.#put(data.subarray(at, end));
        at = end;
        done = endedAt(units, done, at);
      }
    } finally {
      taken(done);
    }
  }

  #put(piece: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.out.write(piece, (error) => (error ? reject(error) : resolve()));
    });
  }
}
