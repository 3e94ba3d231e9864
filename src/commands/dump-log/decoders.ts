/** Decode a record's key and value to text. Mirrors DumpLogSegments' message parsers. */
import { JavaError } from '../../java/exceptions.js';
import { consumerProtocolAssignment, consumerProtocolSubscription } from '../../protocol/messages/consumer-protocol.js';
import * as groupRecords from '../../protocol/messages/group-records.js';
import * as metadataRecords from '../../protocol/messages/metadata-records.js';
import * as shareRecords from '../../protocol/messages/share-records.js';
import { transactionLogKey, transactionLogValue } from '../../protocol/messages/txn-records.js';
import type { RecordCursor } from '../../protocol/records/cursor.js';
import { Reader } from '../../protocol/wire/buffer.js';
import { decodeMessage } from '../../protocol/wire/codec.js';
import type { Message } from '../../protocol/wire/schema.js';
import { type KeyAndValue, messageJson, type ReadBytes, recordTypes, versionedJson } from '../shared/record-json.js';

/** undefined: not printed */
export interface Decoded {
  readonly key?: string | undefined;
  readonly value?: string | undefined;
}
export type Decoder = (cursor: RecordCursor) => Decoded;

/** One of Kafka's decoder classes, for keys or values. Throws JavaError for an unknown class. */
export function decoderClass(name: string): (bytes: Buffer) => string {
  if (name === 'org.apache.kafka.tools.api.StringDecoder') return (bytes) => bytes.toString('utf8');
  if (name === 'org.apache.kafka.tools.api.IntegerDecoder') return (bytes) => `${fixed(bytes, 4).readInt32BE(0)}`;
  if (name === 'org.apache.kafka.tools.api.LongDecoder') return (bytes) => `${fixed(bytes, 8).readBigInt64BE(0)}`;
  // Java prints the array's identity hash ("[B@…"); print the bytes, which are more useful
  if (name === 'org.apache.kafka.tools.api.DefaultDecoder') return (bytes) => bytes.toString('latin1');
  if (name.startsWith('java.lang.')) throw new JavaError('java.lang.ClassCastException', `class ${name}`);
  throw new JavaError('java.lang.RuntimeException', 'Failed to load decoder class');
}

function fixed(bytes: Buffer, size: number): Buffer {
  if (bytes.length < size) throw new JavaError('java.nio.BufferUnderflowException', '');
  return bytes;
}

export function classDecoder(keyClass: string, valueClass: string): Decoder {
  const [value, key] = [decoderClass(valueClass), decoderClass(keyClass)];
  return (cursor) => {
    const [k, v] = [cursor.key(), cursor.value()];
    return { key: k === null ? undefined : key(k), value: v === null ? undefined : value(v) };
  };
}

const skipping = (where: string, error: unknown): string => `Error at ${where}, skipping. ${(error as Error).message}`;

/** Returns the reader for bytes fields nested in a value; undefined to leave them as bytes. */
type Read = (pair: KeyAndValue, value: Buffer) => ReadBytes | undefined;

/** Decodes records of an internal topic whose keys start with the record type. */
function coordinatorDecoder(module: Readonly<Record<string, unknown>>, read?: Read): Decoder {
  const types = recordTypes(module);
  return (cursor) => {
    const key = cursor.key();
    if (key === null) throw missingKey(cursor.offset);
    try {
      const type = versionOf(key, 'key');
      const pair = types.get(type);
      if (!pair) return { key: `Unknown record type ${type} at offset ${cursor.offset}, skipping.` };
      const data = reading('key', type, () => messageJson(pair.key, 0, new Reader(key, 2)));
      return { key: `{"type":"${type}","data":${data}}`, value: valueText(pair, cursor.value(), read) };
    } catch (error) {
      return { key: skipping(`offset ${cursor.offset}`, error) };
    }
  };
}

/** The int16 version at the start of keys and values. */
function versionOf(bytes: Buffer, what: string): number {
  if (bytes.length < 2) throw new Error(`Could not read version from ${what}'s buffer.`);
  return bytes.readInt16BE(0);
}

/**
 * Rewords truncation errors as Kafka's CoordinatorRecordSerde does: a string or array that is cut off is reported with
 * its length, a number without detail.
 */
function reading(what: string, version: number, read: () => string): string {
  try {
    return read();
  } catch (error) {
    const { message } = error as Error;
    const reason = message.startsWith('Error reading byte array') ? message : 'null';
    throw new Error(`Could not read record with version ${version} from ${what}'s buffer due to: ${reason}.`);
  }
}

const missingKey = (offset: number): JavaError =>
  new JavaError(
    'java.lang.RuntimeException',
    `Failed to decode message at offset ${offset} using the specified decoder (message had a missing key)`,
  );

function valueText(pair: KeyAndValue, value: Buffer | null, read?: Read): string {
  if (value === null) return '<DELETE>';
  const version = versionOf(value, 'value');
  const data = reading('value', version, () => versionedJson(pair.value, value, read?.(pair, value)).data);
  return `{"version":"${version}","data":${data}}`;
}

/** Decodes subscriptions and assignments of a classic group's members if its protocol type is "consumer". */
const readMembers: Read = ({ value: message }, value) => {
  if (message !== groupRecords.groupMetadataValue) return undefined;
  const reader = new Reader(value);
  const { protocolType } = decodeMessage(groupRecords.groupMetadataValue, reader.int16(), reader);
  return protocolType === 'consumer' ? readMember : undefined;
};

const readMember: ReadBytes = (field, bytes) => {
  const message: Message | undefined =
    field === 'subscription'
      ? consumerProtocolSubscription
      : field === 'assignment'
        ? consumerProtocolAssignment
        : undefined;
  try {
    return message && versionedJson(message, bytes).data;
  } catch {
    // not a consumer protocol payload: leave it as bytes
    return undefined;
  }
};

const metadataTypes = new Map(
  (Object.values(metadataRecords) as Message[]).map((message) => [message.key as number, message]),
);

/** "UserScramCredentialRecord" -> "USER_SCRAM_CREDENTIAL_RECORD" */
const typeName = (message: Message): string => message.name.replace(/(?<!^)([A-Z])/g, '_$1').toUpperCase();

const ONLY_FRAME_1 = '(only frame version 1 is supported)';

/** A reader positioned after a metadata record's frame version, which must be 1. */
function framed(value: Buffer): Reader {
  const reader = new Reader(value);
  const frame = reader.uvarint();
  if (frame === 1) return reader;
  throw new Error(`Could not deserialize metadata record due to unknown frame version ${frame}${ONLY_FRAME_1}`);
}

const unknownId = (id: number): Error =>
  new Error(`org.apache.kafka.common.errors.UnsupportedVersionException: Unknown metadata id ${id}`);

const PREVIEW =
  'Could not deserialize metadata record with frame version 0. Note that upgrades from the preview release of KRaft in 2.8 to newer versions are not supported.';

function metadataText(value: Buffer | null): string {
  if (!value?.length) throw new Error('Error while reading frame version');
  if (value[0] === 0) throw new Error(PREVIEW);
  const reader = framed(value);
  const key = reader.uvarint();
  const version = reader.uvarint();
  const message = metadataTypes.get(key);
  if (!message) throw unknownId(key);
  const data = messageJson(message, version, reader);
  return `{"type":"${typeName(message)}","version":${version},"data":${data}}`;
}

/** Record types of tiered storage. ts-kafka does not write them, so only their names are printed, not their fields. */
const REMOTE = ['RemoteLogSegmentMetadata', 'RemoteLogSegmentMetadataUpdate', 'RemotePartitionDeleteMetadata'];

function remoteText(value: Buffer | null): string {
  const id = framed(value ?? Buffer.alloc(0)).uvarint();
  const name = REMOTE[id];
  if (name === undefined) throw unknownId(id);
  return `${name}{}`;
}

/** Decodes the whole value to one text, or to the error message if that fails. */
const valueDecoder =
  (text: (value: Buffer | null) => string, where: string): Decoder =>
  (cursor) => {
    try {
      return { value: text(cursor.value()) };
    } catch (error) {
      return { value: skipping(`${where}${cursor.offset}`, error) };
    }
  };

export const DECODERS = {
  offsets: (): Decoder => coordinatorDecoder(groupRecords, readMembers),
  transactions: (): Decoder => coordinatorDecoder({ transactionLogKey, transactionLogValue }),
  shareState: (): Decoder => coordinatorDecoder(shareRecords),
  metadata: (): Decoder => valueDecoder(metadataText, ''),
  remote: (): Decoder => valueDecoder(remoteText, 'offset '),
} as const;
