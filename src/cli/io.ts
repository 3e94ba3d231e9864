import type { Readable, Writable } from 'node:stream';

/** What a command sees of the process: handed in, so that nothing below `main` touches `process`. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTTY: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Aborted by the first SIGINT or SIGTERM; `reason` is the signal's name. A command then closes cleanly and returns. */
  readonly signal: AbortSignal;
}

/** One of Kafka's scripts. Resolves to the exit code. */
export interface Command {
  run(argv: readonly string[], io: Io): Promise<number>;
  /** Nothing to close: a signal ends the process at once, without waiting for `run`. */
  readonly interruptible?: boolean;
}

/**
 * Writes, and waits while the reader is slower than we are. False once nobody reads any more (`| head -1`): `main`
 * swallows EPIPE, so this is how a command learns that it may stop.
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

/** Lines of any number, written in pieces of at least 64 KiB so that neither memory nor system calls grow with them. */
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
