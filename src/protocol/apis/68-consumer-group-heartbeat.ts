import { api, array, int16, int32, nullable, optional, since, string, struct, uuid } from '../wire/schema.js';

export const consumerGroupHeartbeat = api({
  key: 68,
  name: 'ConsumerGroupHeartbeat',
  versions: [0, 1],
  flexible: 0,
  request: {
    groupId: string,
    memberId: string,
    memberEpoch: int32,
    instanceId: optional(nullable(string), null),
    rackId: optional(nullable(string), null),
    rebalanceTimeoutMs: optional(int32, -1),
    subscribedTopicNames: optional(nullable(array(string)), null),
    subscribedTopicRegex: since('1+', nullable(string), null),
    serverAssignor: optional(nullable(string), null),
    topicPartitions: optional(
      nullable(
        array(
          struct({
            topicId: uuid,
            partitions: array(int32),
          }),
        ),
      ),
      null,
    ),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: optional(nullable(string), null),
    memberId: optional(nullable(string), null),
    memberEpoch: int32,
    heartbeatIntervalMs: int32,
    assignment: optional(
      nullable(
        struct({
          topicPartitions: array(
            struct({
              topicId: uuid,
              partitions: array(int32),
            }),
          ),
        }),
      ),
      null,
    ),
  },
});
