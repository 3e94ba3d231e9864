/**
 * Flags as data. A command declares its flags once; the table drives the parser (`jopt.ts`, exactly like JOpt Simple),
 * `--help` in Java's layout (`help.ts`), the usage errors, and shell completion.
 *
 *   export const flags = flagTable({
 *     intro: 'This tool helps to create, delete, describe, or change a topic.',   // first line of --help
 *     onParseError: 'message',             // how an unknown flag is reported: see ParseErrorStyle
 *     flags: {
 *       'bootstrap-server': flag.string('server to connect to', 'REQUIRED: The Kafka server to connect to.'),
 *       topic: flag.string('topic', 'The topic …'),
 *       partitions: flag.int('# of partitions', 'How many …'),
 *       timeout: flag.long('timeout (ms)', 'How long …', { default: 30000n }),
 *       state: flag.string(undefined, 'The state …', { argument: 'optional', availableIf: ['describe', 'list'] }),
 *       list: flag.switch('List …'),
 *       output: flag.string('format', 'Not a flag of the Java tool', { own: true }),
 *     },
 *   });
 *
 *   const options = flags.parse(argv);     // throws: bad argv, --help, --version, and no arguments at all
 *   options.has('list')                    // whether it was given (a default does not count)
 *   options.value('topic')                 // string | undefined; with a default: string. Throws FlagError if it was
 *                                          // given twice or is not a number: Java converts values lazily
 *   options.values('config')               // string[], for repeatable flags
 *   options.required('topic')              // Missing required argument "[topic]" + the table
 *   options.forbidden('partitions', 'list', 'delete')   // Option "[partitions]" can't be used with option "[list]" + the table
 *   options.exactlyOne('topic', 'include') // Exactly one of the following arguments is required: [topic], [include]
 *   throw options.usage('any message')     // message + table on stderr, exit code 1
 */

import { nearest } from '../java/nearest.js';
import { CommandError, type FlagError, UsageError } from './errors.js';
import { type AnyFlag, type Flag, flag } from './flag.js';
import { optionTable, ownOptionTable } from './help.js';
import { convert, type Detected, parseFlags } from './jopt.js';

export { type AnyFlag, type Flag, flag } from './flag.js';

export const VERSION = '4.4.0';
/** That release's commit, abbreviated like in Kafka's tools. */
export const COMMIT = '1156b2752aaa28ea';

type ValueOf<F> = F extends Flag<infer T, infer D> ? T | D : never;
type ElementOf<F> = F extends Flag<infer T, infer _> ? T : never;
/**
 * How a parse error is reported. `message`: the message only. `usage`: message and option table. `uncaught`: like an
 * uncaught exception, with its class. `occurred`: the message after "Error occurred: ".
 */
export type ParseErrorStyle = 'message' | 'usage' | 'uncaught' | 'occurred';

export interface TableSpec<F> {
  readonly intro: string;
  /** replaces the intro when there are no arguments at all */
  readonly noArguments?: string;
  readonly onParseError: ParseErrorStyle;
  readonly flags: F;
}

const STANDARD = {
  help: flag.switch('Print usage information.'),
  version: flag.switch('Display Kafka version.'),
};
type Standard = typeof STANDARD;

/** Creates the flag table of a command; adds the standard flags `--help` and `--version`. */
export function flagTable<F extends Record<string, AnyFlag>>(spec: TableSpec<F>): FlagTable<F & Standard> {
  return new FlagTable({ ...spec, flags: { ...spec.flags, ...STANDARD } });
}

/** The flags of a command: parsing, help and usage errors. */
export class FlagTable<F extends Record<string, AnyFlag>> {
  readonly flags: F;

  constructor(private readonly spec: TableSpec<F>) {
    this.flags = spec.flags;
  }

  /** Parses argv; `--help`, `--version` and an empty argv end the command here. */
  parse(argv: readonly string[]): Options<F> {
    const options = new Options<F>(
      this,
      parseFlags(this.flags, argv, (error) => this.parseError(error)),
    );
    if (argv.length === 0) throw this.usage(this.spec.noArguments ?? this.spec.intro);
    if (options.has('help')) throw this.help();
    if (options.has('version')) throw new CommandError('version', { stdout: `${VERSION}\n`, code: 0 });
    return options;
  }

  /** The message, then the table, on stderr; exit code 1. */
  usage(message: string): UsageError {
    return new UsageError(message, optionTable(this.flags));
  }

  private help(): UsageError {
    const own = ownOptionTable(this.flags);
    // a script that reads --help finds Java's options alone
    return new UsageError(this.spec.intro, optionTable(this.flags), own === '' ? {} : { hint: own });
  }

  private parseError(error: FlagError): UsageError {
    const hint = error.unknown === undefined ? undefined : this.meant(error.unknown);
    if (this.spec.onParseError === 'usage') return new UsageError(error.message, optionTable(this.flags), { hint });
    if (this.spec.onParseError === 'occurred') return new UsageError(`Error occurred: ${error.message}`, '', { hint });
    if (this.spec.onParseError === 'message') return new UsageError(error.message, '', { hint });
    return new UsageError(`Exception in thread "main" ${error.javaClass}: ${error.message}`, '', { hint });
  }

  private meant(unknown: string): string | undefined {
    const name = nearest(unknown, Object.keys(this.flags));
    return name && `Did you mean --${name}?`;
  }
}

type Name<F> = keyof F & string;

/** The flags that were given, with their values. */
export class Options<F extends Record<string, AnyFlag>> {
  constructor(
    private readonly table: FlagTable<F>,
    private readonly detected: Detected,
  ) {}

  has(name: Name<F>): boolean {
    return this.detected.has(name);
  }

  /** The given flags, in order of first occurrence. */
  given(): Name<F>[] {
    return [...this.detected.keys()] as Name<F>[];
  }

  /** Whether `one` was given before the first occurrence of `other`. */
  isBefore(one: Name<F>, other: Name<F>): boolean {
    const order = [...this.detected.keys()];
    return this.has(one) && (!this.has(other) || order.indexOf(one) < order.indexOf(other));
  }

  /** The value; the default, or undefined, if the flag was not given. */
  value<N extends Name<F>>(name: N): ValueOf<F[N]> {
    return convert.one(name, this.table.flags[name]!, this.detected.get(name)) as ValueOf<F[N]>;
  }

  values<N extends Name<F>>(name: N): ElementOf<F[N]>[] {
    return convert.all(name, this.table.flags[name]!, this.detected.get(name)) as ElementOf<F[N]>[];
  }

  usage(message: string): UsageError {
    return this.table.usage(message);
  }

  required(...names: Name<F>[]): void {
    const missing = names.find((name) => !this.has(name));
    if (missing) throw this.usage(`Missing required argument "[${missing}]"`);
  }

  /** If `used` is given, none of `others` is allowed. */
  forbidden(used: Name<F>, ...others: Name<F>[]): void {
    if (!this.has(used)) return;
    const clash = others.find((name) => this.has(name));
    if (clash) throw this.usage(`Option "[${used}]" can't be used with option "[${clash}]"`);
  }

  exactlyOne(...names: Name<F>[]): void {
    if (names.filter((name) => this.has(name)).length === 1) return;
    const list = names.map((name) => `[${name}]`).join(', ');
    throw this.usage(`Exactly one of the following arguments is required: ${list}`);
  }
}
