import { topologyDescription } from '../topology-description.js';
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

export const streamsGroupDescribe = api({
  key: 89,
  name: 'StreamsGroupDescribe',
  versions: [0, 1],
  flexible: 0,
  request: {
    groupIds: array(string),
    includeAuthorizedOperations: bool,
    includeTopologyDescription: since('1+', bool),
  },
  response: {
    throttleTimeMs: int32,
    groups: array(
      struct({
        errorCode: int16,
        errorMessage: optional(nullable(string), null),
        groupId: string,
        groupState: string,
        groupEpoch: int32,
        assignmentEpoch: int32,
        topology: optional(
          nullable(
            struct({
              epoch: int32,
              subtopologies: optional(
                nullable(
                  array(
                    struct({
                      subtopologyId: string,
                      sourceTopics: array(string),
                      repartitionSinkTopics: array(string),
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
                    }),
                  ),
                ),
                null,
              ),
            }),
          ),
          null,
        ),
        members: array(
          struct({
            memberId: string,
            memberEpoch: int32,
            instanceId: optional(nullable(string), null),
            rackId: optional(nullable(string), null),
            clientId: string,
            clientHost: string,
            topologyEpoch: int32,
            processId: string,
            userEndpoint: optional(
              nullable(
                struct({
                  host: string,
                  port: uint16,
                }),
              ),
              null,
            ),
            clientTags: array(
              struct({
                key: string,
                value: string,
              }),
            ),
            taskOffsets: array(
              struct({
                subtopologyId: string,
                partition: int32,
                offset: int64,
              }),
            ),
            taskEndOffsets: array(
              struct({
                subtopologyId: string,
                partition: int32,
                offset: int64,
              }),
            ),
            assignment: struct({
              activeTasks: array(
                struct({
                  subtopologyId: string,
                  partitions: array(int32),
                }),
              ),
              standbyTasks: array(
                struct({
                  subtopologyId: string,
                  partitions: array(int32),
                }),
              ),
              warmupTasks: array(
                struct({
                  subtopologyId: string,
                  partitions: array(int32),
                }),
              ),
            }),
            targetAssignment: struct({
              activeTasks: array(
                struct({
                  subtopologyId: string,
                  partitions: array(int32),
                }),
              ),
              standbyTasks: array(
                struct({
                  subtopologyId: string,
                  partitions: array(int32),
                }),
              ),
              warmupTasks: array(
                struct({
                  subtopologyId: string,
                  partitions: array(int32),
                }),
              ),
            }),
            isClassic: bool,
          }),
        ),
        authorizedOperations: optional(int32, -2147483648),
        topologyDescription: since('1+', nullable(topologyDescription), null),
        topologyDescriptionStatus: since('1+', int8),
        assignorName: since('1+', nullable(string), null),
      }),
    ),
  },
});
