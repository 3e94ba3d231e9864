/**
 * `bootstrap.checkpoint`: the first records of a formatted directory's metadata log. A snapshot of three batches
 * (header, records, footer), read only while the metadata log is empty. Mirrors BootstrapDirectory.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { snapshotFooterRecord, snapshotHeaderRecord } from '../../protocol/messages/control-records.js';
import { buildBatch } from '../../protocol/records/builder.js';
import { RecordCursor } from '../../protocol/records/cursor.js';
import { ControlType, isControl, isWholeBatch, nextBatch } from '../../protocol/records/layout.js';
import { ProtocolError } from '../../protocol/wire/buffer.js';
import { encodeMessage } from '../../protocol/wire/codec.js';
import type { MetadataRecord } from '../api.js';
import { writeWhole } from '../directory/meta-properties.js';
import { decodeMetadataRecord, encodeMetadataRecord } from './codec.js';

export const BOOTSTRAP_CHECKPOINT = 'bootstrap.checkpoint';

/** Writes the file atomically. */
export function writeBootstrapCheckpoint(dir: string, records: readonly MetadataRecord[], now: number): void {
  const control = (type: number, value: Buffer, baseOffset: number): Buffer => {
    const key = Buffer.alloc(4);
    key.writeInt16BE(type, 2);
    return buildBatch({ records: [{ key, value }], control: true, baseOffset, timestamp: now, leaderEpoch: 0 });
  };
  const header = encodeMessage(snapshotHeaderRecord, 0, { version: 0, lastContainedLogTimestamp: 0n });
  const footer = encodeMessage(snapshotFooterRecord, 0, { version: 0 });
  const data = records.map((record) => ({ value: encodeMetadataRecord(record) }));
  const batches = [
    control(ControlType.snapshotHeader, header, 0),
    buildBatch({ records: data, baseOffset: 1, timestamp: now, leaderEpoch: 0 }),
    control(ControlType.snapshotFooter, footer, 1 + records.length),
  ];
  writeWhole(join(dir, BOOTSTRAP_CHECKPOINT), Buffer.concat(batches));
}

/** Undefined if the file does not exist. Throws if it is incomplete: a feature level must not get lost. */
export function readBootstrapCheckpoint(dir: string): MetadataRecord[] | undefined {
  const file = join(dir, BOOTSTRAP_CHECKPOINT);
  if (!existsSync(file)) return undefined;
  const buf = readFileSync(file);
  const records: MetadataRecord[] = [];
  const cursor = new RecordCursor();
  for (let at = 0; at < buf.length; ) {
    if (!isWholeBatch(buf, at)) throw new ProtocolError(`${file} is damaged at byte ${at}`);
    if (!isControl(buf, at)) {
      cursor.open(buf, at);
      while (cursor.next()) {
        const value = cursor.value();
        const record = value && decodeMetadataRecord(value);
        if (record) records.push(record);
      }
    }
    const next = nextBatch(buf, at);
    at = next < 0 ? buf.length : next;
  }
  return records;
}
