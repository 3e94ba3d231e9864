/** A parser as data, in argparse4j's terms; half of Kafka's tools use argparse4j. */

/** `file` is a string that completes to file names. The numbers are Java's Integer, Long, Short and Double. */
export type ArgumentType = 'string' | 'file' | 'int' | 'long' | 'short' | 'double';

/** An option or a positional argument. */
export interface ArgumentSpec {
  /** `['--topic', '-t']` in the order of usage and errors; one name without dashes for a positional argument */
  readonly names: readonly string[];
  readonly help: string;
  /** `store` (the default): the last value wins; `append`: collects all; `true`: a switch; `help` and `version` end the command */
  readonly action?: 'store' | 'append' | 'true' | 'help' | 'version';
  readonly type?: ArgumentType;
  /** `+`: one or more values; `*`: any number; `?`: at most one */
  readonly nargs?: '+' | '*' | '?';
  readonly choices?: readonly (string | number)[];
  readonly required?: boolean;
  readonly metavar?: string;
  /** value of an absent argument; shown in the help if the parser shows defaults */
  readonly default?: string | number | bigint;
  /** its group's name in `groups` */
  readonly group?: string;
  /** ours: only its full name reaches it, and only the help lists it, after Java's */
  readonly hidden?: boolean;
}

/** An argument group, optionally mutually exclusive. */
export interface GroupSpec {
  /** at most one of its arguments can be given */
  readonly exclusive?: boolean;
  /** one argument of an exclusive group must be given */
  readonly required?: boolean;
  readonly title?: string;
  readonly description?: string;
}

/** The sub-commands of a parser. */
export interface CommandsSpec {
  readonly title?: string;
  readonly metavar?: string;
  readonly parsers: Readonly<Record<string, ParserSpec>>;
}

export interface ParserSpec {
  readonly description?: string;
  /** its description in the parent parser's help */
  readonly help?: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly groups?: Readonly<Record<string, GroupSpec>>;
  readonly commands?: CommandsSpec;
  /** the parser has no `-h` */
  readonly noHelp?: boolean;
  /** ours: appended to the help verbatim */
  readonly epilog?: string;
  /** ours: a sub-command that is not listed and cannot be abbreviated */
  readonly hidden?: boolean;
}

/** The outermost parser. */
export interface ProgramSpec extends ParserSpec {
  readonly prog: string;
  /** what `--version` prints */
  readonly version?: string;
  /** whether help texts end in "(default: x)" */
  readonly defaultHelp?: boolean;
  /** exit code of `--help` */
  readonly helpCode: 0 | 1;
  /** bootstrap servers can also come from properties, which take precedence over the profile's default */
  readonly bootstrapElsewhere?: boolean;
  /** renders an error for stderr, in place of argparse4j's usage and message */
  readonly renderError?: (message: string) => string;
}

const HELP: ArgumentSpec = { names: ['-h', '--help'], help: 'show this help message and exit', action: 'help' };

/** A parser and its parents. */
export class ParserLevel {
  readonly options: readonly ArgumentSpec[];
  readonly positionals: readonly ArgumentSpec[];
  readonly groups: Readonly<Record<string, GroupSpec>>;

  constructor(
    readonly program: ProgramSpec,
    readonly spec: ParserSpec,
    readonly command?: string,
    readonly parent?: ParserLevel,
  ) {
    this.options = [...(spec.noHelp ? [] : [HELP]), ...spec.arguments.filter(isOption)];
    this.positionals = spec.arguments.filter((argument) => !isOption(argument));
    this.groups = spec.groups ?? {};
  }

  membersOf(group: string): ArgumentSpec[] {
    return this.options.filter((argument) => argument.group === group && !argument.hidden);
  }

  isExclusive({ group }: ArgumentSpec): boolean {
    return group !== undefined && this.groups[group]?.exclusive === true;
  }

  find(flag: string): ArgumentSpec | undefined {
    return this.options.find(({ names }) => names.includes(flag));
  }
}

const isOption = ({ names }: ArgumentSpec): boolean => names[0]!.startsWith('-');

/** The sub-commands that are not hidden. */
export const listed = ({ parsers }: CommandsSpec): string[] =>
  Object.keys(parsers).filter((name) => !parsers[name]!.hidden);

/** Whether the argument takes a value. */
export const consumes = ({ action }: ArgumentSpec): boolean => !['true', 'help', 'version'].includes(action ?? 'store');

/** The key of a value (argparse4j's dest): the first long name without its dashes. */
export const destOf = ({ names }: ArgumentSpec): string =>
  (names.find((name) => name.startsWith('--')) ?? names[0]!).replace(/^-+/, '');

/** The argument's name in error messages. */
export const shown = ({ names }: ArgumentSpec): string => names.join('/');
