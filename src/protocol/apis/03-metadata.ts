import { api, array, bool, int16, int32, nullable, since, string, struct, uuid } from '../wire/schema.js';

export const metadata = api({
  key: 3,
  name: 'Metadata',
  versions: [0, 13],
  flexible: 9,
  request: {
    topics: nullable(
      array(
        struct({
          topicId: since('10+', uuid),
          name: nullable(string, '10+'),
        }),
      ),
      '1+',
    ),
    allowAutoTopicCreation: since('4+', bool, true),
    includeClusterAuthorizedOperations: since('8-10', bool),
    includeTopicAuthorizedOperations: since('8+', bool),
  },
  response: {
    throttleTimeMs: since('3+', int32),
    brokers: array(
      struct({
        nodeId: int32,
        host: string,
        port: int32,
        rack: since('1+', nullable(string), null),
      }),
    ),
    clusterId: since('2+', nullable(string), null),
    controllerId: since('1+', int32, -1),
    topics: array(
      struct({
        errorCode: int16,
        name: nullable(string, '12+'),
        topicId: since('10+', uuid),
        isInternal: since('1+', bool),
        partitions: array(
          struct({
            errorCode: int16,
            partitionIndex: int32,
            leaderId: int32,
            leaderEpoch: since('7+', int32, -1),
            replicaNodes: array(int32),
            isrNodes: array(int32),
            offlineReplicas: since('5+', array(int32)),
          }),
        ),
        topicAuthorizedOperations: since('8+', int32, -2147483648),
      }),
    ),
    clusterAuthorizedOperations: since('8-10', int32, -2147483648),
    errorCode: since('13+', int16),
  },
});
