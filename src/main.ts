/** argv -> command -> exit code. The only place that uses `process`: its signals, streams and exit. */
import { fstatSync, statSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { CommandError, EXIT, renderError } from './cli/errors.js';
import type { Io } from './cli/io.js';
import { load } from './commands/index.js';

/** How long a command can take to stop after a signal before the process exits anyway, ms. */
const STOP_LIMIT = 30_000;
/** What a reader has then to take the last of the output, ms. */
const FLUSH_LIMIT = 1000;

/** Runs the command that `argv[0]` names and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<never> {
  const stop = new AbortController();
  const io = processIo(stop.signal);
  process.on('uncaughtException', (error) => void renderError(error, io).then(() => process.exit(EXIT.failure)));
  const code = await run(argv, io, stop);
  await Promise.race([Promise.all([...opened].map(flushed)), impatient(stop.signal)]);
  process.exit(stop.signal.aborted && code === EXIT.ok ? signalCode(stop.signal.reason) : code);
}

async function run(argv: readonly string[], io: Io, stop: AbortController): Promise<number> {
  try {
    const { command, args } = await load(argv, io.env);
    const stopped = onSignals(stop, command.interruptible === true);
    return await Promise.race([command.run(args, io), stopped]);
  } catch (error) {
    // failures caused by the interruption are not errors
    if (stop.signal.aborted && !(error instanceof CommandError)) return signalCode(stop.signal.reason);
    return await renderError(error, io);
  }
}

/** Streams are opened on first use: each one adds a millisecond or two to the startup time. */
function processIo(signal: AbortSignal): Io {
  return {
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return guarded(process.stdout);
    },
    get stderr() {
      return guarded(process.stderr);
    },
    env: process.env,
    isTTY: { stdin: isTerminal(0), stdout: isTerminal(1), stderr: isTerminal(2) },
    signal,
  };
}

const opened = new Set<Writable>();

/** Java's PrintStream swallows a closed pipe; a command sees it as a write that returns false (cli/io.ts) and ends. */
function guarded(out: Writable): Writable {
  if (!opened.has(out)) out.on('error', ignoreClosedPipe);
  opened.add(out);
  return out;
}

/** tty.isatty, without loading node:tty (and with it node:net) if the descriptor cannot be a terminal. */
function isTerminal(fd: number): boolean {
  try {
    const device = fstatSync(fd);
    if (!device.isCharacterDevice() || device.rdev === statSync('/dev/null').rdev) return false;
  } catch {
    // closed, or a system without /dev/null
  }
  return process.getBuiltinModule('node:tty').isatty(fd);
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return;
  try {
    writeSync(2, `ts-kafka: the output cannot be written: ${error.message}\n`);
  } catch {
    // stderr is closed: there is nowhere to report to
  }
  process.exit(EXIT.failure);
}

/** The first signal asks the command to stop, a second one ends the process. Resolves after STOP_LIMIT. */
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

/** Resolves when a reader has had its time after a signal. */
function impatient(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wait = () => setTimeout(resolve, FLUSH_LIMIT);
    if (signal.aborted) wait();
    else signal.addEventListener('abort', wait);
  });
}

/** Resolves when what was written has left the process; at once when nobody reads it. */
function flushed(out: Writable): Promise<void> | undefined {
  if (out.writableLength === 0 || out.destroyed) return undefined;
  return new Promise((resolve) => {
    out.once('close', resolve);
    out.write('', () => resolve());
  });
}
