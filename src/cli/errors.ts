import type { Writable } from 'node:stream';

/** Exit codes, as the Java tools and a shell use them. */
export const EXIT = { ok: 0, failure: 1, interrupted: 130, terminated: 143 } as const;

/**
 * A command's end that is not its normal one: what is printed, on which stream, and the exit code. Thrown anywhere below
 * `main`, which prints it (`renderError`) and exits. The default is one line on stderr and exit code 1.
 */
export class CommandError extends Error {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;

  constructor(message: string, options: { stdout?: string; stderr?: string; code?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'CommandError';
    this.stdout = options.stdout ?? '';
    this.stderr = options.stderr ?? (options.stdout === undefined ? `${message}\n` : '');
    this.code = options.code ?? EXIT.failure;
  }
}

/** What was typed makes no sense: the message, then (`table`) the options that exist. */
export class UsageError extends CommandError {
  constructor(message: string, table = '', options: { stdout?: string; code?: number } = {}) {
    super(message, { ...options, stderr: `${message}\n${table}` });
    this.name = 'UsageError';
  }
}

/**
 * One option is wrong in itself. `javaClass` is the exception the Java tool shows with it, for tools that let it reach the
 * terminal. Thrown while parsing, or by `Options.value()`: Java converts values when they are asked for.
 */
export class FlagError extends Error {
  constructor(
    message: string,
    readonly javaClass: string,
  ) {
    super(message);
    this.name = 'FlagError';
  }
}

/**
 * The one place that says an error: never a stack trace. Errors that carry a Java class (FlagError, KafkaError) and get
 * this far were not expected by their command, so the class is shown as Java shows it.
 */
export function errorOutcome(error: unknown): { stdout: string; stderr: string; code: number } {
  if (error instanceof CommandError) return error;
  return { stdout: '', stderr: `${errorLine(error)}\n`, code: EXIT.failure };
}

/** An error in one line: its message, or its name when it has none. */
export function errorLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return (error as NodeJS.ErrnoException).code ?? error.name;
}

export function renderError(error: unknown, io: { stdout: Writable; stderr: Writable }): number {
  const { stdout, stderr, code } = errorOutcome(error);
  if (stdout !== '') io.stdout.write(stdout);
  if (stderr !== '') io.stderr.write(stderr);
  return code;
}
