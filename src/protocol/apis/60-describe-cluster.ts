import { api, array, bool, int8, int16, int32, nullable, optional, since, string, struct } from '../wire/schema.js';

export const describeCluster = api({
  key: 60,
  name: 'DescribeCluster',
  versions: [0, 2],
  flexible: 0,
  request: {
    includeClusterAuthorizedOperations: bool,
    endpointType: since('1+', int8, 1),
    includeFencedBrokers: since('2+', bool),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: optional(nullable(string), null),
    endpointType: since('1+', int8, 1),
    clusterId: string,
    controllerId: optional(int32, -1),
    brokers: array(
      struct({
        brokerId: int32,
        host: string,
        port: int32,
        rack: optional(nullable(string), null),
        isFenced: since('2+', bool),
      }),
    ),
    clusterAuthorizedOperations: optional(int32, -2147483648),
  },
});
