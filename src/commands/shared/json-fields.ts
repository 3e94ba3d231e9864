/** Parses JSON documents with the errors of Java's tools. Mirrors server-common's util/Json and util/json. */
import { readFileSync } from 'node:fs';
import { errorLine } from '../../cli/errors.js';
import { JavaError } from '../../java/exceptions.js';
import { fileException } from './properties-file.js';

const expected = (type: string, value: unknown): JavaError =>
  mapping(`Expected ${type}, received ${JSON.stringify(value)}`);
const mapping = (message: string): JavaError =>
  new JavaError('com.fasterxml.jackson.databind.JsonMappingException', message);

/** Mirrors common/utils/Utils.readFileAsString. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new JavaError('java.io.IOException', `Unable to read file ${file}`, fileException(file, error));
  }
}

/** Throws a JavaError of Jackson's JsonParseException, but with the message of JSON.parse. */
export function parseJson(text: string): unknown {
  if (text === '') throw new JavaError(PARSE_ERROR, "The input string shouldn't be empty");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new JavaError(PARSE_ERROR, errorLine(error));
  }
}
const PARSE_ERROR = 'com.fasterxml.jackson.core.JsonParseException';

export interface Fields {
  get(name: string): unknown;
  /** Throws JsonMappingException for a missing field. */
  apply(name: string): unknown;
}

export const json = {
  object(value: unknown): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw expected('JSON object', value);
    const get = (name: string) => (Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined);
    return {
      get,
      apply(name) {
        const field = get(name);
        if (field === undefined) throw mapping(`No such field exists: \`${name}\``);
        return field;
      },
    };
  },

  array(value: unknown): unknown[] {
    if (!Array.isArray(value)) throw expected('JSON array', value);
    return value;
  },

  /** An array whose elements are converted by `read`. */
  list<T>(value: unknown, read: (element: unknown) => T): T[] {
    if (!Array.isArray(value)) throw expected('`JSON array` value', value);
    return value.map(read);
  },

  int(value: unknown): number {
    if (typeof value === 'number' && value === Math.trunc(value) && Math.abs(value) <= 2147483648) return value;
    throw expected('`Integer` value', value);
  },

  /** A 64-bit integer; only safe integers are supported. */
  long(value: unknown): bigint {
    if (Number.isSafeInteger(value)) return BigInt(value as number);
    throw expected('`Long` value', value);
  },

  string(value: unknown): string {
    if (typeof value === 'string') return value;
    throw expected('`String` value', value);
  },
};
