import type { Readable, Writable } from 'node:stream';

/** A command's view of the process: passed in, so that nothing below `main` uses `process`. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTTY: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Aborted by the first SIGINT or SIGTERM; `reason` is the signal's name. A command then shuts down cleanly and returns. */
  readonly signal: AbortSignal;
}

/** One of Kafka's scripts. Resolves to the exit code. */
export interface Command {
  run(argv: readonly string[], io: Io): Promise<number>;
  /** Nothing to clean up: a signal ends the process at once, without waiting for `run`. */
  readonly interruptible?: boolean;
}

/**
 * Writes with backpressure. False once the reader has closed the pipe (`| head -1`): `main` swallows EPIPE, so this is how
 * a command learns that it can stop.
 */
export function write(out: Writable, chunk: string | Buffer): Promise<boolean> | boolean {
  if (out.destroyed || out.errored) return false;
  if (out.write(chunk)) return true;
  return new Promise((resolve) => {
    const settle = () => {
      out.off('drain', settle);
      out.off('close', settle);
      resolve(!out.destroyed && !out.errored);
    };
    out.on('drain', settle);
    out.on('close', settle);
  });
}

/** Writes any number of lines in chunks of at least 64 KiB, which bounds both memory and the number of system calls. */
export async function writeLines(out: Writable, lines: Iterable<string>): Promise<boolean> {
  let piece = '';
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < 65536) continue;
    if (!(await write(out, piece))) return false;
    piece = '';
  }
  return piece === '' || write(out, piece);
}
