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
}
