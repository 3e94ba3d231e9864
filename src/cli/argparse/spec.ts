/** A parser as data, in argparse4j's terms: what half of Kafka's tools read their arguments with. */

/** `file` is taken as it is; completion knows it. The others are Java's Integer, Long, Short and Double. */
export type ArgumentType = 'string' | 'file' | 'int' | 'long' | 'short' | 'double';

export interface ArgumentSpec {
  /** `['--topic', '-t']` in the order of usage and errors; one name without dashes for a positional argument */
  readonly names: readonly string[];
  readonly help: string;
  /** `store` (the default): the last value counts; `append`: all do; `true`: a switch; `help` and `version` end the command */
  readonly action?: 'store' | 'append' | 'true' | 'help' | 'version';
  readonly type?: ArgumentType;
  /** `+`: one or more values; `*`: any number of them; `?`: perhaps one */
  readonly nargs?: '+' | '*' | '?';
  readonly choices?: readonly (string | number)[];
  readonly required?: boolean;
  readonly metavar?: string;
  /** what an absent argument is worth; shown where the parser shows defaults */
  readonly default?: string | number | bigint;
  /** of `groups`, by its name there */
  readonly group?: string;
  /** ours: only its full name reaches it, and only the help lists it, after Java's */
  readonly hidden?: boolean;
}

export interface GroupSpec {
  /** at most one of its arguments may be given */
  readonly exclusive?: boolean;
  /** one of an exclusive group's has to be */
  readonly required?: boolean;
  readonly title?: string;
  readonly description?: string;
}

export interface CommandsSpec {
  readonly title?: string;
  readonly metavar?: string;
  readonly parsers: Readonly<Record<string, ParserSpec>>;
}

export interface ParserSpec {
  readonly description?: string;
  /** what the parser above says of this one */
  readonly help?: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly groups?: Readonly<Record<string, GroupSpec>>;
  readonly commands?: CommandsSpec;
  /** it has no `-h` */
  readonly noHelp?: boolean;
  /** ours: below everything else in the help, as it is written */
  readonly epilog?: string;
  /** ours: a sub-command that only its full name reaches, and that no list shows */
  readonly hidden?: boolean;
}

/** The outermost parser. */
export interface ProgramSpec extends ParserSpec {
  readonly prog: string;
  /** what `--version` prints */
  readonly version?: string;
  /** whether help texts end in "(default: x)" */
  readonly defaultHelp?: boolean;
  /** the exit code of `--help` */
  readonly helpCode: 0 | 1;
  /** brokers may be named by properties too, before which no default may go */
  readonly bootstrapElsewhere?: boolean;
  /** what an error looks like where it is not usage and error; goes to stderr as it is */
  readonly renderError?: (message: string) => string;
}

const HELP: ArgumentSpec = { names: ['-h', '--help'], help: 'show this help message and exit', action: 'help' };

/** A parser with the ones above it. */
export class Level {
  readonly options: readonly ArgumentSpec[];
  readonly positionals: readonly ArgumentSpec[];
  readonly groups: Readonly<Record<string, GroupSpec>>;

  constructor(
    readonly program: ProgramSpec,
    readonly spec: ParserSpec,
    readonly command?: string,
    readonly parent?: Level,
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

/** The sub-commands that are listed. */
export const listed = ({ parsers }: CommandsSpec): string[] =>
  Object.keys(parsers).filter((name) => !parsers[name]!.hidden);

/** Whether the argument takes a value. */
export const consumes = ({ action }: ArgumentSpec): boolean => !['true', 'help', 'version'].includes(action ?? 'store');

/** What a value is kept under: the first long name without its dashes. */
export const destOf = ({ names }: ArgumentSpec): string =>
  (names.find((name) => name.startsWith('--')) ?? names[0]!).replace(/^-+/, '');

/** As errors name it. */
export const shown = ({ names }: ArgumentSpec): string => names.join('/');
