import { api, array, bool, int16, int32, nullable, optional, string, struct, uuid } from '../wire/schema.js';

export const describeTopicPartitions = api({
  key: 75,
  name: 'DescribeTopicPartitions',
  versions: [0, 0],
  flexible: 0,
  request: {
    topics: array(
      struct({
        name: string,
      }),
    ),
    responsePartitionLimit: optional(int32, 2000),
    cursor: optional(
      nullable(
        struct({
          topicName: string,
          partitionIndex: int32,
        }),
      ),
      null,
    ),
  },
  response: {
    throttleTimeMs: optional(int32),
    topics: array(
      struct({
        errorCode: int16,
        name: nullable(string),
        topicId: optional(uuid),
        isInternal: optional(bool),
        partitions: array(
          struct({
            errorCode: int16,
            partitionIndex: int32,
            leaderId: int32,
            leaderEpoch: optional(int32, -1),
            replicaNodes: array(int32),
            isrNodes: array(int32),
            eligibleLeaderReplicas: optional(nullable(array(int32)), null),
            lastKnownElr: optional(nullable(array(int32)), null),
            offlineReplicas: optional(array(int32)),
          }),
        ),
        topicAuthorizedOperations: optional(int32, -2147483648),
      }),
    ),
    nextCursor: optional(
      nullable(
        struct({
          topicName: string,
          partitionIndex: int32,
        }),
      ),
      null,
    ),
  },
});
