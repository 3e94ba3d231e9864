/**
 * Argument parsing for the tools that use argparse4j 0.7: a parser is data (spec.ts), the parsed command line is an
 * `Arguments`, and errors are CommandErrors with argparse4j's messages and layout.
 */
import { CommandError, EXIT } from '../errors.js';
import type { Io } from '../io.js';
import type { Value } from './convert.js';
import { helpText, ownOptionsText, usageText } from './help.js';
import { ArgumentError, EarlyEnd, parse } from './parse.js';
import { type ArgumentSpec, destOf, ParserLevel, type ParserSpec, type ProgramSpec } from './spec.js';
import { didYouMean } from './suggest.js';
import { justify } from './text.js';

export type { ArgumentSpec, GroupSpec, ParserSpec, ProgramSpec } from './spec.js';

/** The parsed arguments by first long name; absent ones have their default. */
export class Arguments {
  constructor(
    /** the sub-command */
    readonly command: string | undefined,
    private readonly given: ReadonlyMap<string, readonly Value[]>,
    private readonly defaults: ReadonlyMap<string, Value>,
  ) {}

  /** Whether it was given on the command line. */
  has(name: string): boolean {
    return this.given.has(name);
  }

  text(name: string): string | undefined {
    return this.one(name) as string | undefined;
  }

  /** An int, short or double. */
  number(name: string): number | undefined {
    return this.one(name) as number | undefined;
  }

  long(name: string): bigint | undefined {
    return this.one(name) as bigint | undefined;
  }

  /** The values of an argument that is repeatable or takes several; empty if not given. */
  texts(name: string): readonly string[] {
    return (this.given.get(name) ?? []) as string[];
  }

  private one(name: string): Value | undefined {
    return this.given.get(name)?.at(-1) ?? this.defaults.get(name);
  }
}

/** Parses argv. Throws CommandError: for help and version with their output, for errors with usage and message on stderr. */
export function parseArguments(program: ProgramSpec, argv: readonly string[], io: Io): Arguments {
  try {
    const { command, values } = parse(program, argv);
    return new Arguments(command, values, defaultsOf(program, command));
  } catch (error) {
    if (error instanceof EarlyEnd) throw early(error, program, widthOf(io));
    throw error instanceof ArgumentError ? failed(error, program, widthOf(io)) : error;
  }
}

/** The error for arguments that are each valid but not in combination. */
export const refused = (program: ProgramSpec, message: string, io: Io): CommandError =>
  failed(new ArgumentError(message, new ParserLevel(program, program)), program, widthOf(io));

/** The output of `--help`. */
export const programHelp = (program: ProgramSpec, io: Io): string =>
  helpText(new ParserLevel(program, program), widthOf(io));

function early({ wanted, level }: EarlyEnd, program: ProgramSpec, width: number): CommandError {
  if (wanted === 'help') {
    // a hint is for terminals: a script that reads --help finds Java's options alone
    const hint = ownOptionsText(level, width);
    return new CommandError('help', { stdout: helpText(level, width), code: program.helpCode, hint });
  }
  return new CommandError('version', { stdout: `${program.version}\n`, code: EXIT.ok });
}

function failed(error: ArgumentError, program: ProgramSpec, width: number): CommandError {
  const { message, level, unknown } = error;
  if (program.renderError) return new CommandError(message, { stderr: program.renderError(message) });
  const text = justify(`${program.prog}: error: ${message}\n`, width);
  const meant = unknown ? didYouMean(unknown.word, unknown.among) : '';
  return new CommandError(message, { stderr: usageText(level, width) + text + meant });
}

function defaultsOf(program: ProgramSpec, command: string | undefined): Map<string, Value> {
  const parsers: ParserSpec[] = [program, ...(command === undefined ? [] : [program.commands!.parsers[command]!])];
  const all: readonly ArgumentSpec[] = parsers.flatMap((parser) => parser.arguments);
  return new Map(all.flatMap((a) => (a.default === undefined ? [] : [[destOf(a), a.default] as const])));
}

const DEFAULT_WIDTH = 75;
const MARGIN = 5;

/** COLUMNS, else the terminal's width, minus a margin. */
function widthOf({ env, isTTY, stdout }: Io): number {
  const { columns } = stdout as { columns?: number };
  const total = env.COLUMNS === undefined ? (isTTY.stdout ? columns : undefined) : Number(env.COLUMNS);
  return total !== undefined && Number.isInteger(total) && total > MARGIN ? total - MARGIN : DEFAULT_WIDTH;
}
