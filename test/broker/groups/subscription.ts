import { consumerProtocolSubscription } from '../../../src/protocol/messages/consumer-protocol.js';
import { Writer } from '../../../src/protocol/wire/buffer.js';
import { codec } from '../../../src/protocol/wire/codec.js';

/** A consumer's protocol metadata. */
export function writeSubscription(
  topics: readonly string[],
  ownedPartitions: readonly { topic: string; partitions: number[] }[] = [],
  version = 1,
): Buffer {
  const writer = new Writer();
  writer.int16(version);
  codec(consumerProtocolSubscription.fields, version, false).encode(
    { topics, userData: null, ownedPartitions },
    writer,
  );
  return writer.toBuffer();
}
