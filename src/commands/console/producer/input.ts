/** Standard input into a given buffer: a file is read ahead in large pieces, anything else as it comes. */
import { fstatSync, read, type Stats } from 'node:fs';
import type { Readable } from 'node:stream';
import { ReaderError } from './reader-config.js';

export interface Input {
  /** Reads up to `max` bytes to `at`; 0 at the end. One read at a time. */
  read(buf: Buffer, at: number, max: number): Promise<number>;
  /** whether it may pause for as long as it likes: a terminal, a pipe */
  readonly mayPause: boolean;
  /** bytes of a file; undefined where nobody knows */
  readonly size: number | undefined;
}

/** The same input, counting what is read of it. */
export function counted(input: Input): Input & { readonly bytes: number } {
  let bytes = 0;
  return {
    mayPause: input.mayPause,
    size: input.size,
    get bytes() {
      return bytes;
    },
    async read(buf, at, max) {
      const read = await input.read(buf, at, max);
      bytes += read;
      return read;
    },
  };
}

export function openInput(stdin: Readable): Input {
  const { fd } = stdin as { fd?: unknown };
  const is = typeof fd === 'number' && fd >= 0 ? stats(fd) : undefined;
  // Node makes of a directory a stream that ends at once
  if (is?.isDirectory()) throw new ReaderError('java.io.IOException: Is a directory');
  return is?.isFile() ? new FileInput(fd as number, is.size) : new StreamInput(stdin);
}

function stats(fd: number): Stats | undefined {
  try {
    return fstatSync(fd);
  } catch {
    return undefined;
  }
}

class FileInput implements Input {
  readonly mayPause = false;
  readonly #fd: number;

  constructor(
    fd: number,
    readonly size: number,
  ) {
    this.#fd = fd;
  }

  read(buf: Buffer, at: number, max: number): Promise<number> {
    return new Promise((resolve, reject) => {
      // null: at the file's own position, which others may share
      read(this.#fd, buf, at, max, null, (error, bytes) => (error ? reject(error) : resolve(bytes)));
    });
  }
}

/** What the stream is let to hold before it is paused. */
const AHEAD = 1024 * 1024;

class StreamInput implements Input {
  readonly mayPause = true;
  readonly size = undefined;
  readonly #stdin: Readable;
  readonly #chunks: Buffer[] = [];
  #held = 0;
  #ended = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(stdin: Readable) {
    this.#stdin = stdin;
    stdin.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#held += chunk.length;
      if (this.#held >= AHEAD) stdin.pause();
      this.#wake?.();
    });
    const end = () => {
      this.#ended = true;
      this.#wake?.();
    };
    stdin.on('end', end);
    stdin.on('close', end);
    stdin.on('error', (error) => {
      this.#failure = error;
      end();
    });
  }

  async read(buf: Buffer, at: number, max: number): Promise<number> {
    while (this.#chunks.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    let bytes = 0;
    while (bytes < max) {
      const chunk = this.#chunks[0];
      if (!chunk) break;
      const taken = chunk.copy(buf, at + bytes, 0, Math.min(chunk.length, max - bytes));
      bytes += taken;
      if (taken < chunk.length) this.#chunks[0] = chunk.subarray(taken);
      else this.#chunks.shift();
    }
    this.#held -= bytes;
    if (this.#held < AHEAD && this.#stdin.isPaused()) this.#stdin.resume();
    if (bytes === 0 && this.#failure) throw this.#failure;
    return bytes;
  }
}
