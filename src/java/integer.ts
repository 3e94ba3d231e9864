import { JavaError } from './exceptions.js';

/** Java's Integer.parseInt. Throws NumberFormatException. */
export function parseInteger(text: string): number {
  if (/^[+-]?\d+$/.test(text) && Number(text) === (Number(text) | 0)) return Number(text);
  throw new JavaError('java.lang.NumberFormatException', `For input string: "${text}"`);
}
