/** The size of a record that max.request.size and buffer.memory allow. Mirrors KafkaProducer.ensureValidRecordSize. */
import { Errors, KafkaError } from '../../protocol/errors.js';
import { BATCH_HEADER } from '../../protocol/records/layout.js';
import { varintSize } from '../../protocol/records/varint.js';
import { MAX_RECORD_OVERHEAD } from './batch.js';
import type { ProducerConfig } from './config.js';

/** The lengths of a record's parts in bytes, -1 for null. */
export interface RecordSize {
  readonly keySize: number;
  readonly valueSize: number;
  readonly headersEnd: number;
}

/** Bytes of the record with a batch of its own, as Java estimates them. */
function estimate({ keySize, valueSize, headersEnd }: RecordSize): number {
  const part = (length: number) => (length < 0 ? 1 : varintSize(length) + length);
  return BATCH_HEADER + MAX_RECORD_OVERHEAD + part(keySize) + part(valueSize) + headersEnd + 1;
}

/** Why the record cannot be sent at all; undefined when it can. */
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
