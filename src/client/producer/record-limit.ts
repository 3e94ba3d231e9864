/** The record size limits of max.request.size and buffer.memory. Mirrors KafkaProducer.ensureValidRecordSize. */
import { Errors, KafkaError } from '../../protocol/errors.js';
import { BATCH_HEADER } from '../../protocol/records/layout.js';
import { varintSize } from '../../protocol/records/varint.js';
import { MAX_RECORD_OVERHEAD } from './batch.js';
import type { ProducerConfig } from './config.js';

/** Lengths of a record's key, value and headers, bytes; -1 for null. */
export interface RecordSize {
  readonly keySize: number;
  readonly valueSize: number;
  readonly headersEnd: number;
}

/** Java's upper bound of the size of a batch with only this record. */
function estimate({ keySize, valueSize, headersEnd }: RecordSize): number {
  const part = (length: number) => (length < 0 ? 1 : varintSize(length) + length);
  return BATCH_HEADER + MAX_RECORD_OVERHEAD + part(keySize) + part(valueSize) + headersEnd + 1;
}

/** The error if the record is too large to be sent; undefined if not. */
export function recordTooLarge(
  { maxRequestSize, bufferMemory }: Pick<ProducerConfig, 'maxRequestSize' | 'bufferMemory'>,
  record: RecordSize,
): KafkaError | undefined {
  const size = estimate(record);
  if (size <= maxRequestSize && size <= bufferMemory) return undefined;
  const than =
    size > maxRequestSize
      ? `${maxRequestSize}, which is the value of the max.request.size configuration.`
      : 'the total memory buffer you have configured with the buffer.memory configuration.';
  return new KafkaError(
    Errors.MESSAGE_TOO_LARGE,
    `The message is ${size} bytes when serialized which is larger than ${than}`,
  );
}
