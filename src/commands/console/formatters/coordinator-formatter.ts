/** Records of Kafka's internal topics as JSON. Mirrors tools/consumer/CoordinatorRecordMessageFormatter. */
import { JavaError } from '../../../java/exceptions.js';
import * as groupRecords from '../../../protocol/messages/group-records.js';
import * as shareRecords from '../../../protocol/messages/share-records.js';
import { transactionLogKey, transactionLogValue } from '../../../protocol/messages/txn-records.js';
import type { RecordCursor } from '../../../protocol/records/cursor.js';
import { Reader } from '../../../protocol/wire/buffer.js';
import type { Message } from '../../../protocol/wire/schema.js';
import type { Output } from '../../shared/output.js';
import { messageJson, recordTypes, versionedJson } from '../../shared/record-json.js';
import type { Formatter, RecordSource } from './formatter.js';

export type CoordinatorKind = 'offsets' | 'groups' | 'shares' | 'shareState' | 'transactions';

interface Records {
  readonly module: Readonly<Record<string, unknown>>;
  readonly allowed: (key: Message) => boolean;
}

const RECORDS: Readonly<Record<CoordinatorKind, Records>> = {
  offsets: {
    module: groupRecords,
    allowed: ({ name }) => name === 'OffsetCommitKey' || name === 'LegacyOffsetCommitKey',
  },
  groups: { module: groupRecords, allowed: ({ name }) => name === 'GroupMetadataKey' },
  shares: { module: groupRecords, allowed: ({ name }) => name.startsWith('ShareGroup') },
  shareState: { module: shareRecords, allowed: () => true },
  transactions: { module: { transactionLogKey, transactionLogValue }, allowed: () => true },
};

export function coordinatorFormatter(kind: CoordinatorKind): Formatter {
  const { module, allowed } = RECORDS[kind];
  const types = recordTypes(module);
  return {
    write(cursor: RecordCursor, _fetched: RecordSource, out: Output): void {
      const key = cursor.key();
      if (key === null) return;
      try {
        const reader = new Reader(key);
        const type = reader.int16();
        const pair = types.get(type);
        if (!pair || !allowed(pair.key)) return;
        const data = messageJson(pair.key, 0, reader);
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
  const { version, data } = versionedJson(message, value);
  return `{"version":${version},"data":${data}}`;
}
