/** Parses argv like argparse4j 0.7: abbreviated options, combined short options, sub-commands, mutually exclusive groups. */
import { convert, type Value } from './convert.js';
import { type ArgumentSpec, consumes, destOf, listed, ParserLevel, type ProgramSpec, shown } from './spec.js';

/** A usage error and the parser it occurred in. `word`: the unrecognized argument. */
export class ArgumentError extends Error {
  constructor(
    message: string,
    readonly level: ParserLevel,
    readonly unknown?: { readonly word: string; readonly among: readonly string[] },
  ) {
    super(message);
    this.name = 'ArgumentError';
  }
}

/** `--help` or `--version` was given; the arguments after it are not parsed. */
export class EarlyEnd extends Error {
  constructor(
    readonly wanted: 'help' | 'version',
    readonly level: ParserLevel,
  ) {
    super(wanted);
    this.name = 'EarlyEnd';
  }
}

/** A parsed command line. */
export interface Parsed {
  /** the sub-command's name */
  readonly command: string | undefined;
  readonly values: ReadonlyMap<string, readonly Value[]>;
}

/** Throws ArgumentError and EarlyEnd. */
export function parse(program: ProgramSpec, argv: readonly string[]): Parsed {
  const reader = new ArgvReader(argv);
  reader.read(new ParserLevel(program, program));
  if (reader.missing) throw reader.missing;
  return { command: reader.command, values: reader.values };
}

/** maximum number of words of a positional argument */
const SEVERAL = { '+': Infinity, '*': Infinity, '?': 1 } as const;
const NEGATIVE_NUMBER = /^-\d+$/;

class ArgvReader {
  command: string | undefined;
  readonly values = new Map<string, Value[]>();
  /** a missing required argument: reported only if the rest has no other error */
  missing: ArgumentError | undefined;
  private at = 0;
  /** after "--" everything is positional */
  private onlyWords = false;

  constructor(private readonly argv: readonly string[]) {}

  read(level: ParserLevel): void {
    const state = new ParserState(level, this.values);
    const words: (readonly string[])[] = [];
    while (this.at < this.argv.length) {
      const word = this.argv[this.at]!;
      if (this.isFlag() && word !== '--') this.option(level, state);
      else if (word === '--' && !this.onlyWords) {
        this.onlyWords = true;
        this.at++;
      } else if (words.length < level.positionals.length) {
        const { nargs } = level.positionals[words.length]!;
        words.push(this.following(nargs === undefined ? 1 : SEVERAL[nargs]));
      } else if (takesMore(level)) words.push([...words.pop()!, ...this.following(Infinity)]);
      else if (!this.onlyWords && level.spec.commands) return this.subCommand(level, state, words);
      else throw unrecognized(this.argv.slice(this.at).join(' '), level);
    }
    if (level.spec.commands) throw new ArgumentError('too few arguments', level);
    this.finish(level, state, words);
  }

  private subCommand(level: ParserLevel, state: ParserState, words: readonly (readonly string[])[]): void {
    this.finish(level, state, words);
    const word = this.argv[this.at++]!;
    const { parsers } = level.spec.commands!;
    const names = listed(level.spec.commands!);
    const name = Object.hasOwn(parsers, word) ? word : abbreviated(word, names, level);
    if (name === undefined) {
      const choices = names.map((choice) => `'${choice}'`).join(', ');
      const known = { word, among: names };
      throw new ArgumentError(`invalid choice: '${word}' (choose from ${choices})`, level, known);
    }
    this.read(new ParserLevel(level.program, parsers[name]!, name, level));
    this.command = name;
  }

  private finish(level: ParserLevel, state: ParserState, words: readonly (readonly string[])[]): void {
    const rest = level.positionals.slice(words.length);
    if (rest.some(({ nargs }) => nargs === undefined || nargs === '+'))
      throw new ArgumentError('too few arguments', level);
    for (const [i, given] of words.entries()) state.store(level.positionals[i]!, given);
    this.missing ??= state.missing();
  }

  private isFlag(): boolean {
    const word = this.argv[this.at]!;
    if (this.onlyWords) return false;
    return word === '--' || (/^-+[^-]/.test(word) && !NEGATIVE_NUMBER.test(word));
  }

  private option(level: ParserLevel, state: ParserState): void {
    const term = this.argv[this.at]!;
    const equals = term.indexOf('=');
    const flag = equals < 0 ? term : term.slice(0, equals);
    const found = resolve(level, flag);
    if (found) {
      this.at++;
      this.take(found, equals < 0 ? undefined : term.slice(equals + 1), level, state);
    } else this.joined(term, level, state);
  }

  /** `-gt ID` and `-tID`: combined switches; the first option that takes a value gets the rest. */
  private joined(term: string, level: ParserLevel, state: ParserState): void {
    if (term.startsWith('--')) throw unrecognized(term, level, term);
    for (let i = 1; i < term.length; i++) {
      const argument = level.find(`-${term[i]}`);
      if (!argument) throw unrecognized(term, level, term);
      if (consumes(argument)) {
        this.at++;
        return this.take(argument, i + 1 < term.length ? term.slice(i + 1) : undefined, level, state);
      }
      state.use(argument);
      state.store(argument, undefined);
    }
    this.at++;
  }

  private take(argument: ArgumentSpec, attached: string | undefined, level: ParserLevel, state: ParserState): void {
    state.use(argument);
    if (!consumes(argument)) {
      if (attached !== undefined) throw wrong(argument, `ignore implicit argument '${attached}'`, level);
      return state.store(argument, undefined);
    }
    const words = attached === undefined ? this.following(argument.nargs === '+' ? Infinity : 1) : [attached];
    if (words.length === 0 && argument.nargs === undefined) throw wrong(argument, 'expected one argument', level);
    if (words.length === 0 && argument.nargs === '+') throw wrong(argument, 'expected 1 argument(s)', level);
    state.store(argument, words);
  }

  private following(most: number): string[] {
    const from = this.at;
    while (this.at < this.argv.length && this.at - from < most && !this.isFlag()) this.at++;
    return this.argv.slice(from, this.at);
  }
}

/** The arguments that one parser has seen. */
class ParserState {
  private readonly used = new Set<ArgumentSpec>();
  private readonly chosen = new Map<string, ArgumentSpec>();

  constructor(
    private readonly level: ParserLevel,
    private readonly values: Map<string, Value[]>,
  ) {}

  /** Records the argument; throws if another one of its exclusive group was given. */
  use(argument: ArgumentSpec): void {
    this.used.add(argument);
    if (!this.level.isExclusive(argument)) return;
    const other = this.chosen.get(argument.group!);
    if (other && other !== argument) throw wrong(argument, `not allowed with argument ${shown(other)}`, this.level);
    this.chosen.set(argument.group!, argument);
  }

  store(argument: ArgumentSpec, words: readonly string[] | undefined): void {
    const { action } = argument;
    if (action === 'help' || action === 'version') throw new EarlyEnd(action, this.level);
    const dest = destOf(argument);
    const values = words === undefined ? [true] : words.map((word) => this.convert(argument, word));
    this.values.set(dest, action === 'append' ? [...(this.values.get(dest) ?? []), ...values] : values);
  }

  private convert(argument: ArgumentSpec, word: string): Value {
    try {
      return convert(argument, word);
    } catch (error) {
      throw wrong(argument, (error as Error).message, this.level);
    }
  }

  /** The error for a missing argument; for the last one if several are missing. */
  missing(): ArgumentError | undefined {
    const { options, groups } = this.level;
    const absent = options.filter((argument) => argument.required && !this.used.has(argument)).at(-1);
    if (absent) return new ArgumentError(`argument ${shown(absent)} is required`, this.level);
    const [group] = Object.entries(groups)
      .filter(([name, { exclusive, required }]) => exclusive && required && !this.chosen.has(name))
      .at(-1) ?? [undefined];
    if (group === undefined) return undefined;
    const members = this.level.membersOf(group).map((member) => `${shown(member)} `);
    return new ArgumentError(`one of the arguments ${members.join('')}is required`, this.level);
  }
}

/** Whether the last positional argument accepts more words after an option. */
function takesMore({ positionals, spec }: ParserLevel): boolean {
  const nargs = positionals.at(-1)?.nargs;
  return !spec.commands && (nargs === '*' || nargs === '+');
}

const wrong = (argument: ArgumentSpec, why: string, level: ParserLevel): ArgumentError =>
  new ArgumentError(`argument ${shown(argument)}: ${why}`, level);

function unrecognized(words: string, level: ParserLevel, flag?: string): ArgumentError {
  const body = flag?.replace(/^-+/, '') ?? '';
  const among = level.options.filter(({ hidden }) => !hidden).flatMap(({ names }) => names);
  const long = among.filter((name) => name.replace(/^-+/, '').length > 1);
  const known = body.length >= 2 ? { word: body, among: long } : undefined;
  return new ArgumentError(`unrecognized arguments: '${words}'`, level, known);
}

/** The option that `flag` names or abbreviates; throws if it is ambiguous. */
function resolve(level: ParserLevel, flag: string): ArgumentSpec | undefined {
  const exact = level.find(flag);
  if (exact) return exact;
  // what abbreviates an option is what argparse4j would find: ours are not among them
  const known = level.options.filter(({ hidden }) => !hidden);
  const names = known.flatMap((argument) => argument.names).filter((name) => name.startsWith(flag));
  if (names.length === 0) return undefined;
  if (names.length === 1) return level.find(names[0]!);
  throw new ArgumentError(`ambiguous option: ${flag} could match ${names.sort().join(', ')}`, level);
}

function abbreviated(word: string, names: readonly string[], level: ParserLevel): string | undefined {
  const matching = word === '' ? [] : names.filter((name) => name.startsWith(word));
  if (matching.length <= 1) return matching[0];
  throw new ArgumentError(`ambiguous command: ${word} could match ${[...matching].sort().join(', ')}`, level);
}
