/** A JSON line as `--output json` of the consumers prints it (schemas/record.json), as the bytes of a record. */
import { isUtf8 } from 'node:buffer';
import { putVarint } from '../../../protocol/records/varint.js';
import { ReaderError } from './reader-config.js';

/** A line is no record. */
export class JsonRecordError extends ReaderError {}

const RECORD = new Set([
  'topic',
  'partition',
  'offset',
  'timestamp',
  'timestampType',
  'deliveryCount',
  'headers',
  'key',
  'keyBase64',
  'value',
  'valueBase64',
]);
const HEADER = new Set(['key', 'keyBase64', 'value', 'valueBase64']);
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export interface JsonRecord {
  /** undefined: none is named */
  readonly partition: number | undefined;
  /** ms; undefined: none is named */
  readonly timestamp: number | undefined;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** as a record carries them, count first; empty where there are none */
  readonly headers: Buffer;
}

const NO_HEADERS = Buffer.alloc(0);

/** Reads buf[start, end). Throws JsonRecordError, whose message says what is wrong with it. */
export function jsonRecord(buf: Buffer, start: number, end: number): JsonRecord {
  const line = object(parsed(buf, start, end), RECORD, 'a record');
  if (!('value' in line) && !('valueBase64' in line)) {
    throw new JsonRecordError('it has neither "value" nor "valueBase64"; a tombstone has "value":null');
  }
  return {
    partition: integer(line, 'partition', 0, 2147483647),
    timestamp: integer(line, 'timestamp', -1, Number.MAX_SAFE_INTEGER),
    key: bytes(line, 'key'),
    value: bytes(line, 'value'),
    headers: headers(line.headers),
  };
}

type Json = Readonly<Record<string, unknown>>;

function parsed(buf: Buffer, start: number, end: number): unknown {
  const bytes = buf.subarray(start, end);
  if (!isUtf8(bytes)) throw new JsonRecordError('it is not UTF-8');
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new JsonRecordError(`it is no JSON: ${(error as Error).message}`);
  }
}

/** A name that nobody reads would be a field that is lost. */
function object(value: unknown, names: ReadonlySet<string>, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new JsonRecordError(`${what} is a JSON object`);
  }
  for (const name in value) {
    if (!names.has(name)) throw new JsonRecordError(`${what} has no field ${JSON.stringify(name)}`);
  }
  return value as Json;
}

function integer(line: Json, name: string, least: number, most: number): number | undefined {
  const value = line[name];
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return value as number;
  throw new JsonRecordError(`"${name}" is not an integer from ${least} to ${most}`);
}

/** NAME is text, NAMEBase64 bytes; null where there is neither. */
function bytes(of: Json, name: 'key' | 'value'): Buffer | null {
  const text = of[name];
  const base64 = of[`${name}Base64`];
  if (text !== undefined && base64 !== undefined) {
    throw new JsonRecordError(`"${name}" and "${name}Base64" cannot both be given`);
  }
  if (base64 === undefined) {
    if (text === undefined || text === null) return null;
    if (typeof text !== 'string') throw new JsonRecordError(`"${name}" is neither a string nor null`);
    if (/\p{Surrogate}/u.test(text)) {
      throw new JsonRecordError(`"${name}" has half a surrogate pair, which no UTF-8 can hold: "${name}Base64" can`);
    }
    return Buffer.from(text);
  }
  if (typeof base64 !== 'string' || !BASE64.test(base64)) throw new JsonRecordError(`"${name}Base64" is not Base64`);
  return Buffer.from(base64, 'base64');
}

function headers(list: unknown): Buffer {
  if (list === undefined) return NO_HEADERS;
  if (!Array.isArray(list)) throw new JsonRecordError('"headers" is not an array');
  if (list.length === 0) return NO_HEADERS;
  const pairs = list.map((each): [key: Buffer, value: Buffer | null] => {
    const header = object(each, HEADER, 'a header');
    const key = bytes(header, 'key');
    if (key === null) throw new JsonRecordError('a header has no "key"');
    return [key, bytes(header, 'value')];
  });
  const out = Buffer.allocUnsafe(pairs.reduce((sum, [key, value]) => sum + key.length + (value?.length ?? 0) + 10, 5));
  let at = putVarint(out, 0, pairs.length);
  for (const [key, value] of pairs) {
    at = putVarint(out, at, key.length);
    at += key.copy(out, at);
    at = putVarint(out, at, value === null ? -1 : value.length);
    if (value) at += value.copy(out, at);
  }
  return out.subarray(0, at);
}
