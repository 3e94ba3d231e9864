/**
 * The only node leads all partitions, so no election is ever needed. Mirrors ReplicationControlManager.electLeaders.
 */
import { electLeaders } from '../../protocol/apis/43-elect-leaders.js';
import { Errors, errorText } from '../../protocol/errors.js';
import type { Broker } from '../api.js';
import { handler } from '../handler.js';

export default handler({
  api: electLeaders,
  handle(request, _context, broker) {
    // if all partitions are requested, only those that elected a leader are returned, so none
    if (request.topicPartitions === null)
      return { throttleTimeMs: 0, errorCode: Errors.NONE, replicaElectionResults: [] };
    return {
      throttleTimeMs: 0,
      errorCode: Errors.NONE,
      replicaElectionResults: request.topicPartitions.map(({ topic, partitions }) => ({
        topic,
        partitionResult: partitions.map((partitionId) => ({ partitionId, ...elect(broker, topic, partitionId) })),
      })),
    };
  },
});

function elect(broker: Broker, topic: string, partition: number): { errorCode: number; errorMessage: string } {
  const unknown = Errors.UNKNOWN_TOPIC_OR_PARTITION;
  const state = broker.metadata.topic(topic);
  if (!state) return { errorCode: unknown, errorMessage: `No such topic as ${topic}` };
  if (!state.partitions[partition]) {
    return { errorCode: unknown, errorMessage: `No such partition as ${topic}-${partition}` };
  }
  return { errorCode: Errors.ELECTION_NOT_NEEDED, errorMessage: errorText(Errors.ELECTION_NOT_NEEDED) };
}
