/** The active producers of a partition. Mirrors KafkaApis.handleDescribeProducersRequest. */

import { invalidTopicName } from '../../kafka/topic-names.js';
import { describeProducers } from '../../protocol/apis/61-describe-producers.js';
import { Errors, errorText } from '../../protocol/errors.js';
import type { Broker } from '../api.js';
import { handler } from '../handler.js';

export default handler({
  api: describeProducers,
  async handle(request, _context, broker) {
    const topics = request.topics.map(async ({ name, partitionIndexes }) => ({
      name,
      partitions: await Promise.all(partitionIndexes.map((index) => describe(broker, name, index))),
    }));
    return { throttleTimeMs: 0, topics: await Promise.all(topics) };
  },
});

async function describe(broker: Broker, topic: string, partitionIndex: number) {
  const failed = (errorCode: number, errorMessage: string | null) => ({
    partitionIndex,
    errorCode,
    errorMessage,
    activeProducers: [],
  });
  const unknown = Errors.UNKNOWN_TOPIC_OR_PARTITION;
  const wrong = invalidTopicName(topic);
  if (wrong !== null) return failed(Errors.INVALID_TOPIC_EXCEPTION, wrong);
  if (!broker.metadata.topic(topic)) return failed(unknown, errorText(unknown));
  const log = await broker.log(topic, partitionIndex);
  if (!log) return failed(unknown, null);
  return {
    partitionIndex,
    errorCode: Errors.NONE,
    activeProducers: log.activeProducers().map((p) => ({
      ...p,
      lastTimestamp: BigInt(p.lastTimestamp),
      currentTxnStartOffset: BigInt(p.currentTxnStartOffset),
    })),
  };
}
