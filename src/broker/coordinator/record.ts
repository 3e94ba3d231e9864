/** Records of a coordinator's topic. Key: int16 type and body; value: int16 version and body, null for a tombstone. */
import { Reader, Writer } from '../../protocol/wire/buffer.js';
import { codec, decodeMessage } from '../../protocol/wire/codec.js';
import type { Fields, Message, MessageInput, MessageOf } from '../../protocol/wire/schema.js';

/** A record type: the schemas of its key and value, and the value version to write. */
// biome-ignore lint/suspicious/noExplicitAny: RecordType is invariant in its fields, so no narrower type takes every type
export interface RecordType<K extends Fields = any, V extends Fields = any> {
  readonly key: Message<K>;
  readonly value: Message<V>;
  readonly version: number;
}

/** Defines a record type; the value version defaults to the highest one. */
export const recordType = <K extends Fields, V extends Fields>(
  key: Message<K>,
  value: Message<V>,
  version = value.versions[1],
): RecordType<K, V> => ({ key, value, version });

/** A record of a coordinator's topic, decoded. */
export interface CoordinatorRecord<T extends RecordType = RecordType> {
  readonly type: T;
  readonly key: T extends RecordType<infer K, Fields> ? MessageOf<Message<K>> : never;
  /** null: a tombstone */
  readonly value: (T extends RecordType<Fields, infer V> ? MessageOf<Message<V>> : never) | null;
  /** of the value, if it differs from the type's */
  readonly version?: number;
}

/** Builds a record; fields with a default can be left out of the value. */
export function record<K extends Fields, V extends Fields>(
  type: RecordType<K, V>,
  key: MessageInput<Message<K>>,
  value: MessageInput<Message<V>> | null,
  version?: number,
): CoordinatorRecord {
  return { type, key: key as never, value: value as never, ...(version === undefined ? {} : { version }) };
}

function withNumber(number: number, message: Message, version: number, body: unknown): Buffer {
  const writer = new Writer(64);
  writer.int16(number);
  codec(message.fields, version, version >= message.flexible).encode(body as never, writer);
  return writer.toBuffer();
}

/** The record's key, with its type as prefix. */
export const encodeKey = (r: CoordinatorRecord): Buffer => withNumber(r.type.key.key as number, r.type.key, 0, r.key);

/** The record's value, with its version as prefix; null for a tombstone. */
export function encodeValue(r: CoordinatorRecord): Buffer | null {
  if (r.value === null) return null;
  const version = r.version ?? r.type.version;
  return withNumber(version, r.type.value, version, r.value);
}

/**
 * Decodes a record; undefined if its key type is not in `types`, because it belongs to a newer Kafka or to a feature
 * that ts-kafka does not have.
 */
export function decodeRecord(
  types: ReadonlyMap<number, RecordType>,
  key: Buffer,
  value: Buffer | null,
): CoordinatorRecord | undefined {
  const keyReader = new Reader(key);
  const type = types.get(keyReader.int16());
  if (!type) return undefined;
  const decodedKey = decodeMessage(type.key, 0, keyReader) as never;
  if (value === null) return { type, key: decodedKey, value: null };
  const reader = new Reader(value);
  const version = reader.int16();
  return { type, key: decodedKey, value: decodeMessage(type.value, version, reader) as never, version };
}
