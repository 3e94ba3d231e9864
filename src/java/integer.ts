import { JavaError } from './exceptions.js';

/** Short, Integer and Long. */
export type IntegerBits = 16 | 32 | 64;

/** Decimal digits with an optional sign, of any length; undefined for any other text. */
export const decimalValue = (text: string): bigint | undefined =>
  /^[+-]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : undefined;

/** Whether the value fits the type. */
export const fits = (value: bigint, bits: IntegerBits): boolean => value === BigInt.asIntN(bits, value);

/**
 * Parses `text` like Short.valueOf, Integer.valueOf or Long.valueOf; undefined if Java throws NumberFormatException.
 * Unlike Java, accepts ASCII digits only.
 */
export function integerValue(text: string, bits: IntegerBits): bigint | undefined {
  const value = decimalValue(text);
  return value !== undefined && fits(value, bits) ? value : undefined;
}

/** Whether Integer.valueOf accepts the text. */
export const isInteger = (text: string): boolean => integerValue(text, 32) !== undefined;

/** Integer.parseInt. Throws NumberFormatException as a JavaError. */
export function parseInteger(text: string): number {
  const value = integerValue(text, 32);
  if (value === undefined) throw new JavaError('java.lang.NumberFormatException', `For input string: "${text}"`);
  return Number(value);
}
