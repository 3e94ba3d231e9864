/** Formats decoded records like the Java tools' generated JSON converters and Jackson. */
import { formatDouble } from '../../java/double.js';
import { Reader } from '../../protocol/wire/buffer.js';
import { decodeMessage } from '../../protocol/wire/codec.js';
import { type Field, type Fields, holds, type Message, type Schema } from '../../protocol/wire/schema.js';

/** Returns the JSON for a bytes field; undefined for the default, base64. */
export type ReadBytes = (field: string, bytes: Buffer) => string | undefined;

function json(type: Schema, value: unknown, version: number, name: string, read?: ReadBytes): string {
  if (value === null || value === undefined) return 'null';
  switch (type.kind) {
    case 'string':
    case 'uuid':
      return JSON.stringify(value);
    case 'bytes':
    case 'records':
      return read?.(name, value as Buffer) ?? `"${(value as Buffer).toString('base64')}"`;
    case 'array':
      return `[${(value as unknown[]).map((item) => json(type.item as Schema, item, version, name, read)).join(',')}]`;
    case 'struct':
      return object(type.fields as Fields, value as Record<string, unknown>, version, read);
    case 'float64':
      return formatDouble(value as number);
    default:
      return String(value);
  }
}

/** The one field whose number is shown as a name: of TransactionLogValue, as TransactionState calls it. */
const STATUS = 'transactionStatus';
const STATES = [
  ...['Empty', 'Ongoing', 'PrepareCommit', 'PrepareAbort', 'CompleteCommit', 'CompleteAbort', 'Dead'],
  'PrepareEpochFence',
];
const statusText = (id: number): string => JSON.stringify(STATES[id] ?? String(id));

/** Fields in schema order, without those of other versions and tagged fields with their default value. */
function object(fields: Fields, value: Record<string, unknown>, version: number, read?: ReadBytes): string {
  const parts: string[] = [];
  for (const [name, raw] of Object.entries(fields)) {
    const field: Field = 'kind' in raw ? { type: raw, versions: '0+', default: undefined } : raw;
    if (!holds(field.versions, version)) continue;
    const text =
      name === STATUS ? statusText(value[name] as number) : json(field.type, value[name], version, name, read);
    if (field.tag !== undefined && text === json(field.type, field.default, version, name)) continue;
    parts.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${parts.join(',')}}`;
}

/** Decodes the message at the reader's position to JSON. Throws ProtocolError. */
export const messageJson = (message: Message, version: number, reader: Reader, read?: ReadBytes): string =>
  object(message.fields, decodeMessage(message, version, reader), version, read);

/** Decodes an int16 version and a message: the format of values in Kafka's internal topics. */
export function versionedJson(
  message: Message,
  bytes: Buffer,
  read?: ReadBytes,
): { readonly version: number; readonly data: string } {
  const reader = new Reader(bytes);
  const version = reader.int16();
  return { version, data: messageJson(message, version, reader, read) };
}

export interface KeyAndValue {
  readonly key: Message;
  readonly value: Message;
}

/** The record types among a module's messages, by the type number at the start of a record's key. */
export function recordTypes(module: Readonly<Record<string, unknown>>): Map<number, KeyAndValue> {
  const messages = Object.values(module).filter((v): v is Message => typeof v === 'object' && v !== null);
  const byName = new Map(messages.map((message) => [message.name, message]));
  const keys = messages.filter((message) => message.name.endsWith('Key'));
  return new Map(
    keys.map((key) => [key.key as number, { key, value: byName.get(key.name.replace(/Key$/, 'Value')) as Message }]),
  );
}
