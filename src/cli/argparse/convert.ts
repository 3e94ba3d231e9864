/** Converts words to values like Java's valueOf, with argparse4j's error messages. */
import { parseDouble } from '../../java/double.js';
import { decimalValue, fits } from '../../java/integer.js';
import { choicesText } from './help.js';
import type { ArgumentSpec } from './spec.js';

export type Value = string | number | bigint | boolean;

const CLASSES = { int: 'Integer', long: 'Long', short: 'Short', double: 'Double' } as const;
const BITS = { int: 32, long: 64, short: 16 } as const;

/** Converts a word; throws Error with the message that follows "argument X: ". */
export function convert(argument: ArgumentSpec, word: string): Value {
  const value = typed(argument.type ?? 'string', word);
  if (argument.choices && !argument.choices.includes(value as never)) {
    throw new Error(`invalid choice: '${word}' (choose from ${choicesText(argument.choices)})`);
  }
  return value;
}

function typed(type: NonNullable<ArgumentSpec['type']>, word: string): Value {
  if (type === 'string' || type === 'file') return word;
  const fail = (why: string) => new Error(`could not convert '${word}' to ${CLASSES[type]} (${why})`);
  if (type === 'double') {
    const value = parseDouble(word);
    if (value === undefined) throw fail(word.trim() === '' ? 'empty String' : `For input string: "${word}"`);
    return value;
  }
  const none = `For input string: "${word}"`;
  const value = decimalValue(word);
  if (value === undefined) throw fail(none);
  if (!fits(value, BITS[type])) {
    const fitsInt = type === 'short' && fits(value, 32);
    throw fail(fitsInt ? `Value out of range. Value:"${word}" Radix:10` : none);
  }
  return type === 'long' ? value : Number(value);
}
