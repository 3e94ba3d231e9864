import {
  api,
  array,
  bool,
  int8,
  int16,
  int32,
  int64,
  nullable,
  optional,
  since,
  string,
  struct,
  uint16,
} from '../wire/schema.js';

export const streamsGroupHeartbeat = api({
  key: 88,
  name: 'StreamsGroupHeartbeat',
  versions: [0, 1],
  flexible: 0,
  request: {
    groupId: string,
    memberId: string,
    memberEpoch: int32,
    endpointInformationEpoch: int32,
    instanceId: optional(nullable(string), null),
    rackId: optional(nullable(string), null),
    rebalanceTimeoutMs: optional(int32, -1),
    topology: optional(
      nullable(
        struct({
          epoch: int32,
          subtopologies: array(
            struct({
              subtopologyId: string,
              sourceTopics: array(string),
              sourceTopicRegex: array(string),
              stateChangelogTopics: array(
                struct({
                  name: string,
                  partitions: int32,
                  replicationFactor: int16,
                  topicConfigs: array(
                    struct({
                      key: string,
                      value: string,
                    }),
                  ),
                }),
              ),
              repartitionSinkTopics: array(string),
              repartitionSourceTopics: array(
                struct({
                  name: string,
                  partitions: int32,
                  replicationFactor: int16,
                  topicConfigs: array(
                    struct({
                      key: string,
                      value: string,
                    }),
                  ),
                }),
              ),
              copartitionGroups: array(
                struct({
                  sourceTopics: array(int16),
                  sourceTopicRegex: array(int16),
                  repartitionSourceTopics: array(int16),
                }),
              ),
            }),
          ),
        }),
      ),
      null,
    ),
    activeTasks: optional(
      nullable(
        array(
          struct({
            subtopologyId: string,
            partitions: array(int32),
          }),
        ),
      ),
      null,
    ),
    standbyTasks: optional(
      nullable(
        array(
          struct({
            subtopologyId: string,
            partitions: array(int32),
          }),
        ),
      ),
      null,
    ),
    warmupTasks: optional(
      nullable(
        array(
          struct({
            subtopologyId: string,
            partitions: array(int32),
          }),
        ),
      ),
      null,
    ),
    processId: optional(nullable(string), null),
    userEndpoint: optional(
      nullable(
        struct({
          host: string,
          port: uint16,
        }),
      ),
      null,
    ),
    clientTags: optional(
      nullable(
        array(
          struct({
            key: string,
            value: string,
          }),
        ),
      ),
      null,
    ),
    taskOffsets: optional(
      nullable(
        array(
          struct({
            subtopologyId: string,
            partition: int32,
            offset: int64,
          }),
        ),
      ),
      null,
    ),
    taskEndOffsets: optional(
      nullable(
        array(
          struct({
            subtopologyId: string,
            partition: int32,
            offset: int64,
          }),
        ),
      ),
      null,
    ),
    shutdownApplication: optional(bool),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: optional(nullable(string), null),
    memberId: string,
    memberEpoch: int32,
    heartbeatIntervalMs: int32,
    acceptableRecoveryLagLegacy: since('0', int32),
    taskOffsetIntervalMs: int32,
    acceptableRecoveryLag: since('1+', int64, -1n),
    status: nullable(
      array(
        struct({
          statusCode: int8,
          statusDetail: string,
        }),
      ),
    ),
    activeTasks: optional(
      nullable(
        array(
          struct({
            subtopologyId: string,
            partitions: array(int32),
          }),
        ),
      ),
      null,
    ),
    standbyTasks: optional(
      nullable(
        array(
          struct({
            subtopologyId: string,
            partitions: array(int32),
          }),
        ),
      ),
      null,
    ),
    warmupTasks: optional(
      nullable(
        array(
          struct({
            subtopologyId: string,
            partitions: array(int32),
          }),
        ),
      ),
      null,
    ),
    topologyDescriptionRequired: since('1+', bool),
    endpointInformationEpoch: int32,
    partitionsByUserEndpoint: optional(
      nullable(
        array(
          struct({
            userEndpoint: struct({
              host: string,
              port: uint16,
            }),
            activePartitions: array(
              struct({
                topic: string,
                partitions: array(int32),
              }),
            ),
            standbyPartitions: array(
              struct({
                topic: string,
                partitions: array(int32),
              }),
            ),
          }),
        ),
      ),
      null,
    ),
  },
});
