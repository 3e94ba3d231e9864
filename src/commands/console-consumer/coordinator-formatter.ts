/** Records of __consumer_offsets, __transaction_state and __share_group_state as JSON. Mirrors tools/consumer/CoordinatorRecordMessageFormatter. */
import { JavaError } from '../../client/java-names.js';
import { Reader } from '../../protocol/buffer.js';
import { decodeMessage } from '../../protocol/codec.js';
import * as groupRecords from '../../protocol/group-records.js';
import type { RecordCursor } from '../../protocol/records.js';
import { type Field, type Fields, holds, type Message, type Schema } from '../../protocol/schema.js';
import * as shareRecords from '../../protocol/share-records.js';
import { transactionLogKey, transactionLogValue } from '../../protocol/txn-records.js';
import type { Formatter, RecordSource } from './formatter.js';
import type { Output } from './output.js';

type Kind = 'offsets' | 'groups' | 'shares' | 'share-states' | 'transactions';

const pairs = (records: Readonly<Record<string, unknown>>): Map<number, { key: Message; value: Message }> => {
  const messages = Object.values(records).filter(
    (v): v is Message => typeof v === 'object' && v !== null && 'fields' in v,
  );
  return new Map(
    messages
      .filter((message) => message.name.endsWith('Key'))
      .map((key) => {
        const value = messages.find((message) => message.name === key.name.replace(/Key$/, 'Value')) as Message;
        return [key.key as number, { key, value }];
      }),
  );
};

/** of those kinds that are no group's */
const RECORDS: { readonly [kind in Kind]?: Readonly<Record<string, unknown>> } = {
  'share-states': shareRecords,
  transactions: { transactionLogKey, transactionLogValue },
};

const isShare = (name: string) => name.startsWith('ShareGroup');

const ALLOWED: Readonly<Record<Kind, (key: Message) => boolean>> = {
  offsets: ({ name }) => name === 'OffsetCommitKey' || name === 'LegacyOffsetCommitKey',
  groups: ({ name }) => name === 'GroupMetadataKey',
  shares: ({ name }) => isShare(name),
  'share-states': () => true,
  transactions: () => true,
};

/** A decoded value as Jackson writes it, fields in the schema's order, those of other versions left out. */
function json(type: Schema, value: unknown, version: number): string {
  if (value === null || value === undefined) return 'null';
  switch (type.kind) {
    case 'string':
    case 'uuid':
      return JSON.stringify(value);
    case 'bytes':
    case 'records':
      return `"${(value as Buffer).toString('base64')}"`;
    case 'array':
      return `[${(value as unknown[]).map((item) => json(type.item as Schema, item, version)).join(',')}]`;
    case 'struct':
      return object(type.fields as Fields, value as Record<string, unknown>, version);
    default:
      return String(value);
  }
}

function object(fields: Fields, value: Record<string, unknown>, version: number): string {
  const parts: string[] = [];
  for (const [name, raw] of Object.entries(fields)) {
    const field: Field = 'kind' in raw ? { type: raw, versions: '0+', default: undefined } : raw;
    if (!holds(field.versions, version)) continue;
    const text = json(field.type, value[name], version);
    if (field.tag !== undefined && text === json(field.type, field.default, version)) continue;
    parts.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${parts.join(',')}}`;
}

export function coordinatorFormatter(kind: Kind): Formatter {
  const types = pairs(RECORDS[kind] ?? groupRecords);
  const allowed = ALLOWED[kind];
  return {
    write(cursor: RecordCursor, _fetched: RecordSource, out: Output): void {
      const key = cursor.key();
      if (key === null) return;
      try {
        const reader = new Reader(key);
        const type = reader.int16();
        const pair = types.get(type);
        if (!pair || !allowed(pair.key)) return;
        const data = object(pair.key.fields, decodeMessage(pair.key, 0, reader), 0);
        out.text(`{"key":{"type":${type},"data":${data}},"value":${valueJson(pair.value, cursor.value())}}`);
      } catch (error) {
        throw new JavaError(
          'java.lang.RuntimeException',
          `Could not read record at offset ${cursor.offset} due to: ${(error as Error).message}`,
        );
      }
    },
  };
}

function valueJson(message: Message, value: Buffer | null): string {
  if (value === null) return 'null';
  const reader = new Reader(value);
  const version = reader.int16();
  return `{"version":${version},"data":${object(message.fields, decodeMessage(message, version, reader), version)}}`;
}
