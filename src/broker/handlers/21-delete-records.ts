/** Advances log start offsets. Mirrors ReplicaManager.deleteRecords. */

import { isInternal } from '../../kafka/topic-names.js';
import { deleteRecords } from '../../protocol/apis/21-delete-records.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { Broker } from '../api.js';
import { handler } from '../handler.js';

/** Deletes everything below the high watermark. */
const HIGH_WATERMARK = -1;

export default handler({
  api: deleteRecords,
  async handle(request, _context, broker) {
    const topics = request.topics.map(async ({ name, partitions }) => ({
      name,
      partitions: await Promise.all(
        partitions.map(async ({ partitionIndex, offset }) => {
          try {
            const lowWatermark = BigInt(await deleteBefore(broker, name, partitionIndex, Number(offset)));
            return { partitionIndex, lowWatermark, errorCode: Errors.NONE };
          } catch (error) {
            if (!(error instanceof KafkaError)) throw error;
            return { partitionIndex, lowWatermark: -1n, errorCode: error.code };
          }
        }),
      ),
    }));
    return { throttleTimeMs: 0, topics: await Promise.all(topics) };
  },
});

async function deleteBefore(broker: Broker, topic: string, partition: number, requested: number): Promise<number> {
  const log = await broker.log(topic, partition);
  if (!log) throw new KafkaError(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  if (isInternal(topic)) throw new KafkaError(Errors.INVALID_TOPIC_EXCEPTION);
  // as in Kafka, DeleteRecords requires a cleanup.policy that includes delete
  if (!log.config.cleanupPolicy.includes('delete')) throw new KafkaError(Errors.POLICY_VIOLATION);
  const offset = requested === HIGH_WATERMARK ? log.logEndOffset : requested;
  if (offset < 0 || offset > log.logEndOffset) throw new KafkaError(Errors.OFFSET_OUT_OF_RANGE);
  if (offset > log.logStartOffset) await log.deleteRecordsBefore(offset);
  return log.logStartOffset;
}
