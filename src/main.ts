/** argv -> command -> exit code. The only place that touches `process`, its signals and its exit. */
import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';
import { CommandError, EXIT, renderError } from './cli/errors.js';
import type { Io } from './cli/io.js';
import { load } from './commands/index.js';

/** A command that was asked to stop and does not is left behind after this long, ms. */
const STOP_LIMIT = 30_000;

/** Runs the command that `argv[0]` names and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<never> {
  const stop = new AbortController();
  const io = processIo(stop.signal);
  const code = await run(argv, io, stop);
  await Promise.all([flushed(io.stdout), flushed(io.stderr)]);
  process.exit(stop.signal.aborted && code === EXIT.ok ? signalCode(stop.signal.reason) : code);
}

async function run(argv: readonly string[], io: Io, stop: AbortController): Promise<number> {
  try {
    const { command, args } = await load(argv, io.env);
    const stopped = onSignals(stop, command.interruptible === true);
    return await Promise.race([command.run(args, io), stopped]);
  } catch (error) {
    // what breaks off because the user asked to stop is no error
    if (stop.signal.aborted && !(error instanceof CommandError)) return signalCode(stop.signal.reason);
    return await renderError(error, io);
  }
}

function processIo(signal: AbortSignal): Io {
  const { stdout, stderr } = process;
  // Java's PrintStream swallows a closed pipe; a command sees it as a write that returns false (cli/io.ts) and ends.
  stdout.on('error', ignoreClosedPipe);
  stderr.on('error', ignoreClosedPipe);
  return {
    // opening stdin costs start-up time and keeps a process alive: only for a command that reads it
    get stdin() {
      return process.stdin;
    },
    stdout,
    stderr,
    env: process.env,
    isTTY: { stdin: isatty(0), stdout: isatty(1), stderr: isatty(2) },
    signal,
  };
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') process.exit(EXIT.failure);
}

/** The first signal asks the command to close, a second one ends the process. Resolves when the patience is over. */
function onSignals(stop: AbortController, interruptible: boolean): Promise<number> {
  return new Promise((resolve) => {
    const on = (name: NodeJS.Signals) => {
      if (stop.signal.aborted || interruptible) process.exit(signalCode(name));
      stop.abort(name);
      setTimeout(() => resolve(signalCode(name)), STOP_LIMIT).unref();
    };
    process.on('SIGINT', on);
    process.on('SIGTERM', on);
  });
}

function signalCode(name: unknown): number {
  return name === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
}

/** Resolves when what was written has left the process; at once when nobody reads it. */
function flushed(out: Writable): Promise<void> | undefined {
  if (out.writableLength === 0 || out.destroyed) return undefined;
  return new Promise((resolve) => {
    out.once('close', resolve);
    out.write('', () => resolve());
  });
}
