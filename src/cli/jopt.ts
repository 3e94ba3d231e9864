/** Parses argv like JOpt Simple 5.0.4 without abbreviations, as all Kafka tools use it. */

import { parseDouble } from '../java/double.js';
import { hashOrder, hashOrderBy, javaHash } from '../java/hash-order.js';
import { integerValue } from '../java/integer.js';
import { FlagError } from './errors.js';
import type { AnyFlag } from './flag.js';

/** flag name -> its arguments as typed, in order; empty for a flag without an argument */
export type Detected = ReadonlyMap<string, readonly string[]>;

type Flags = Readonly<Record<string, AnyFlag>>;

/** Throws `fail(first error)`. Non-option arguments are ignored, as in the tools. */
export function parseFlags(flags: Flags, argv: readonly string[], fail: (error: FlagError) => Error): Detected {
  try {
    const parser = new Parser(flags, argv);
    parser.run();
    checkAvailability(flags, parser.detected);
    return parser.detected;
  } catch (error) {
    throw error instanceof FlagError ? fail(error) : error;
  }
}

class Parser {
  readonly detected = new Map<string, string[]>();
  private readonly names = new Map<string, string>();
  private at = 0;

  constructor(
    private readonly flags: Flags,
    private readonly argv: readonly string[],
  ) {
    for (const [name, flag] of Object.entries(flags)) {
      for (const alias of [name, ...(flag.aliases ?? [])]) this.names.set(alias, name);
    }
  }

  run(): void {
    while (this.at < this.argv.length) {
      const word = this.argv[this.at++]!;
      if (word === '--') return;
      if (word.startsWith('--')) this.long(word.slice(2));
      else if (isOption(word)) this.short(word.slice(1));
    }
  }

  private long(text: string): void {
    const [key, value] = split(text);
    if (!this.names.has(key)) throw unrecognized(key);
    this.take(key, value);
  }

  /** `-topic` is `--topic`; else every letter is a flag, and the first one that takes an argument gets the rest. */
  private short(text: string): void {
    const [key, value] = split(text);
    if (this.names.has(key)) return this.take(key, value);
    const letters = [...text];
    for (const letter of letters) {
      if (!this.names.has(letter)) throw unrecognized(letter);
      if (this.flag(letter).argument !== 'none') break;
    }
    for (const [i, letter] of letters.entries()) {
      const rest = letters.slice(i + 1).join('');
      if (this.flag(letter).argument !== 'none' && rest !== '') return this.take(letter, rest);
      this.take(letter, null);
    }
  }

  private flag(alias: string): AnyFlag {
    return this.flags[this.names.get(alias)!]!;
  }

  private take(alias: string, attached: string | null): void {
    const flag = this.flag(alias);
    const values = this.record(alias);
    if (flag.argument === 'none') return;
    if (attached !== null) values.push(...separate(flag, attached));
    else if (flag.argument === 'required') this.takeNext(alias, flag, values);
    else this.takeOptional(flag, values);
  }

  private record(alias: string): string[] {
    const name = this.names.get(alias)!;
    const values = this.detected.get(name) ?? [];
    this.detected.set(name, values);
    return values;
  }

  /** The next word is the argument, even if it looks like a flag. */
  private takeNext(alias: string, flag: AnyFlag, values: string[]): void {
    if (this.at >= this.argv.length) throw missingArgument(this.names.get(alias)!, flag);
    values.push(...separate(flag, this.argv[this.at++]!));
  }

  private takeOptional(flag: AnyFlag, values: string[]): void {
    const next = this.argv[this.at];
    if (next === undefined) return;
    const numeric = flag.type === 'int' || flag.type === 'long' || flag.type === 'double';
    if (((isOption(next) || next === '--') && !numeric) || !canConvert(flag, next)) return;
    this.at++;
    values.push(...separate(flag, next));
  }
}

function isOption(word: string): boolean {
  return word.length > 1 && word.startsWith('-') && word !== '--';
}

function split(text: string): [key: string, value: string | null] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, null] : [text.slice(0, equals), text.slice(equals + 1)];
}

function separate(flag: AnyFlag, text: string): string[] {
  if (flag.separator === undefined) return [text];
  const parts = text.split(flag.separator).filter((part) => part !== '');
  return parts.length > 0 ? parts : [text];
}

function unrecognized(name: string): FlagError {
  return new FlagError(`${name} is not a recognized option`, 'joptsimple.UnrecognizedOptionException', name);
}

/** All names of a flag as error messages list them: one-letter names first. */
function spelled(name: string, flag: AnyFlag): string {
  const names = [name, ...(flag.aliases ?? [])];
  return names.sort((a, b) => Number(a.length > 1) - Number(b.length > 1) || (a < b ? -1 : 1)).join('/');
}

function missingArgument(name: string, flag: AnyFlag): FlagError {
  return new FlagError(
    `Option ${spelled(name, flag)} requires an argument`,
    'joptsimple.OptionMissingRequiredArgumentException',
  );
}

function checkAvailability(flags: Flags, detected: Detected): void {
  if (detected.has('help') || detected.has('version')) return;
  const missing = inMessageOrder(flags, ([name, flag]) => flag.required === true && !detected.has(name));
  if (missing !== '') {
    throw new FlagError(`Missing required option(s) [${missing}]`, 'joptsimple.MissingRequiredOptionsException');
  }
  const unavailable = unavailableFlags(flags, detected);
  if (unavailable !== '') {
    throw new FlagError(
      `Option(s) [${unavailable}] are unavailable given other options on the command line`,
      'joptsimple.UnavailableOptionException',
    );
  }
}

/** Flags whose `availableIf` is not met, in the order of JOpt Simple's HashMap, whose keys are lists of names. */
function unavailableFlags(flags: Flags, detected: Detected): string {
  const dependent = Object.entries(flags).filter(([, flag]) => flag.availableIf !== undefined);
  return hashOrderBy(dependent, ([name]) => (31 + javaHash(name)) | 0)
    .filter(([name, flag]) => detected.has(name) && !flag.availableIf!.some((other) => detected.has(other)))
    .map(([name, flag]) => spelled(name, flag))
    .join(', ');
}

/** The flags that `accept` selects, in the order of JOpt Simple's HashMap of names. */
function inMessageOrder(flags: Flags, accept: (entry: [string, AnyFlag]) => boolean): string {
  const spellings = new Map<string, string>();
  const all: string[] = ['[arguments]'];
  for (const entry of Object.entries(flags)) {
    const names = [entry[0], ...(entry[1].aliases ?? [])];
    all.push(...names);
    if (accept(entry)) for (const name of names) spellings.set(name, spelled(...entry));
  }
  const accepted = hashOrder(all).filter((name) => spellings.has(name));
  return [...new Set(accepted.map((name) => spellings.get(name)))].join(', ');
}

function converted(flag: AnyFlag, text: string): unknown {
  if (flag.type === 'int') {
    const value = integerValue(text, 32);
    return value === undefined ? undefined : Number(value);
  }
  if (flag.type === 'long') return integerValue(text, 64);
  if (flag.type === 'double') return parseDouble(text);
  if (flag.type === 'boolean') return text.toLowerCase() === 'true';
  return text;
}

function canConvert(flag: AnyFlag, text: string): boolean {
  return converted(flag, text) !== undefined;
}

function conversionError(name: string, flag: AnyFlag, text: string): FlagError {
  return new FlagError(
    `Cannot parse argument '${text}' of option ${spelled(name, flag)}`,
    'joptsimple.OptionArgumentConversionException',
  );
}

/** Converts arguments to values; errors occur when a value is read, as in Java. */
export const convert = {
  all(name: string, flag: AnyFlag, texts: readonly string[] | undefined): unknown[] {
    if (flag.type === 'switch') return [];
    if (!texts?.length) return flag.default === undefined ? [] : [flag.default].flat();
    return texts.map((text) => {
      const value = converted(flag, text);
      if (value === undefined) throw conversionError(name, flag, text);
      try {
        flag.check?.(text);
      } catch {
        throw conversionError(name, flag, text);
      }
      return value;
    });
  },

  one(name: string, flag: AnyFlag, texts: readonly string[] | undefined): unknown {
    const values = convert.all(name, flag, texts);
    if (values.length <= 1) return values[0];
    throw new FlagError(
      `Found multiple arguments for option ${spelled(name, flag)}, but you asked for only one`,
      'joptsimple.MultipleArgumentsForOptionException',
    );
  },
};
