import type { Io } from './io.js';

/** Exit codes of the Java tools and of shells (128 + signal). */
export const EXIT = { ok: 0, failure: 1, interrupted: 130, terminated: 143 } as const;

interface Outcome {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** Each command's bundle has classes of its own: what one of them throws, another one's `main` knows by this. */
const COMMAND_ERROR = Symbol.for('ts-kafka.CommandError');
const isCommandError = (error: unknown): error is CommandError => error instanceof Error && COMMAND_ERROR in error;

/**
 * Ends a command early: the text to print, on which stream, and the exit code. Thrown anywhere below `main`, which prints
 * it (`renderError`) and exits. The default is one line on stderr and exit code 1.
 */
export class CommandError extends Error {
  readonly [COMMAND_ERROR] = true;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  /** one more line on a terminal: the probable correction */
  readonly hint: string | undefined;

  constructor(message: string, options: Outcome = {}) {
    super(message, { cause: options.cause });
    this.name = 'CommandError';
    this.stdout = options.stdout ?? '';
    this.stderr = options.stderr ?? (options.stdout === undefined ? `${message}\n` : '');
    this.code = options.code ?? EXIT.failure;
    this.hint = options.hint;
  }
}

/** An invalid command line: the message, then (`table`) the available options. */
export class UsageError extends CommandError {
  constructor(message: string, table = '', options: Outcome = {}) {
    super(message, { ...options, stderr: `${message}\n${table}` });
    this.name = 'UsageError';
  }
}

/**
 * A single option is invalid. `javaClass` is the exception that Java tools without an error handler print. Thrown while
 * parsing, or by `Options.value()`: Java converts values lazily.
 */
export class FlagError extends Error {
  constructor(
    message: string,
    readonly javaClass: string,
    /** the unknown flag's name */
    readonly unknown?: string,
  ) {
    super(message);
    this.name = 'FlagError';
  }
}

/** An error in one line: its message, or its name if that is empty. */
export function errorLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return (error as NodeJS.ErrnoException).code ?? error.name;
}

/** The only place that prints an error, never with a stack trace. Returns the exit code. */
export async function renderError(error: unknown, io: Io): Promise<number> {
  const end = isCommandError(error) ? error : new CommandError(errorLine(error));
  if (end.stdout !== '') io.stdout.write(end.stdout);
  if (end.stderr === '' && end.hint === undefined) return end.code;
  if (!io.isTTY.stderr) io.stderr.write(end.stderr);
  else io.stderr.write((await import('./ui.js')).errorText(end.stderr, end.hint, io.env));
  return end.code;
}
