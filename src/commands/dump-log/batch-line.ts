/** The lines for a batch and for the metadata of its records. Mirrors tools/DumpLogSegments. */
import { JavaError } from '../../java/exceptions.js';
import { lastSequenceOf } from '../../log/producers.js';
import { CODECS } from '../../protocol/records/compression.js';
import type { RecordCursor } from '../../protocol/records/cursor.js';
import { At, Attribute, isWholeBatch, readBatchHeader, storedCrc } from '../../protocol/records/layout.js';

export const sequenceAt = (baseSequence: number, delta: number): number =>
  baseSequence < 0 ? -1 : lastSequenceOf(baseSequence, delta);

export const timestampType = (attributes: number): string =>
  attributes & Attribute.logAppendTime ? 'LogAppendTime' : 'CreateTime';

export function batchLine(buf: Buffer, position: number): string {
  const batch = readBatchHeader(buf);
  const codec = CODECS[batch.codec];
  if (codec === undefined) throw unknownCodec(batch.codec);
  const lastDelta = buf.readInt32BE(At.lastOffsetDelta);
  const horizon = batch.attributes & Attribute.deleteHorizon ? `[${batch.baseTimestamp}]` : '.empty';
  return (
    `baseOffset: ${batch.baseOffset} lastOffset: ${batch.lastOffset} count: ${batch.recordCount}` +
    ` baseSequence: ${batch.baseSequence} lastSequence: ${sequenceAt(batch.baseSequence, lastDelta)}` +
    ` producerId: ${batch.producerId} producerEpoch: ${batch.producerEpoch}` +
    ` partitionLeaderEpoch: ${batch.leaderEpoch} isTransactional: ${batch.transactional}` +
    ` isControl: ${batch.control} deleteHorizonMs: OptionalLong${horizon}` +
    ` position: ${position} ${timestampType(batch.attributes)}: ${batch.maxTimestamp} size: ${batch.size} magic: 2` +
    ` compresscodec: ${codec} crc: ${storedCrc(buf, 0)} isvalid: ${isWholeBatch(buf, 0)}`
  );
}

const unknownCodec = (id: number): JavaError =>
  new JavaError('java.lang.IllegalArgumentException', `Unknown compression type id: ${id}`);

export function recordLine(cursor: RecordCursor, type: string, baseSequence: number): string {
  return (
    `| offset: ${cursor.offset} ${type}: ${cursor.timestamp}` +
    ` keySize: ${cursor.keyLength} valueSize: ${cursor.valueLength}` +
    ` sequence: ${sequenceAt(baseSequence, cursor.offsetDelta)} headerKeys: [${headerKeys(cursor)}]`
  );
}

function headerKeys(cursor: RecordCursor): string {
  if (cursor.headerCount === 0) return '';
  const keys: string[] = [];
  while (cursor.nextHeader()) {
    const start = cursor.headerKeyStart;
    keys.push(cursor.data.toString('utf8', start, start + cursor.headerKeyLength));
  }
  return keys.join(',');
}
