/** The single-node quorum of __cluster_metadata. Mirrors KafkaRaftClient.handleDescribeQuorumRequest. */

import { CLUSTER_METADATA_TOPIC } from '../../kafka/topic-names.js';
import { describeQuorum } from '../../protocol/apis/55-describe-quorum.js';
import { Errors } from '../../protocol/errors.js';
import { ZERO_UUID } from '../../protocol/wire/schema.js';
import { handler } from '../handler.js';

export default handler({
  api: describeQuorum,
  handle(request, _context, broker) {
    const [topic] = request.topics;
    const valid =
      request.topics.length === 1 &&
      topic?.topicName === CLUSTER_METADATA_TOPIC &&
      topic.partitions.length === 1 &&
      topic.partitions[0]?.partitionIndex === 0;
    const logEndOffset = BigInt(broker.metadata.lastOffset + 1);
    const now = BigInt(broker.now());
    const none = {
      errorMessage: null,
      leaderId: 0,
      leaderEpoch: 0,
      highWatermark: 0n,
      currentVoters: [],
      observers: [],
    };
    const voter = {
      replicaId: broker.nodeId,
      replicaDirectoryId: broker.metadata.kraftVersion > 0 ? broker.directoryId : ZERO_UUID,
      logEndOffset,
      lastFetchTimestamp: now,
      lastCaughtUpTimestamp: now,
    };
    return {
      errorCode: Errors.NONE,
      errorMessage: '',
      topics: request.topics.map(({ topicName, partitions }) => ({
        topicName,
        partitions: partitions.map(({ partitionIndex }) => ({
          ...none,
          partitionIndex,
          ...(valid
            ? {
                errorCode: Errors.NONE,
                errorMessage: '',
                leaderId: broker.nodeId,
                leaderEpoch: broker.metadata.epoch,
                highWatermark: logEndOffset,
                currentVoters: [voter],
              }
            : { errorCode: Errors.UNKNOWN_TOPIC_OR_PARTITION }),
        })),
      })),
      nodes: valid
        ? [
            {
              nodeId: broker.nodeId,
              listeners: broker.endpoints.map(({ listener, host, port }) => ({ name: listener, host, port })),
            },
          ]
        : [],
    };
  },
});
