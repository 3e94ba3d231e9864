import { api, array, int8, int16, int32, int64, optional, since, string, struct } from '../wire/schema.js';

export const listOffsets = api({
  key: 2,
  name: 'ListOffsets',
  versions: [1, 11],
  flexible: 6,
  request: {
    replicaId: int32,
    isolationLevel: since('2+', int8),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            currentLeaderEpoch: since('4+', int32, -1),
            timestamp: int64,
          }),
        ),
      }),
    ),
    timeoutMs: since('10+', int32),
  },
  response: {
    throttleTimeMs: since('2+', int32),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
            timestamp: optional(int64, -1n),
            offset: optional(int64, -1n),
            leaderEpoch: since('4+', int32, -1),
          }),
        ),
      }),
    ),
  },
});
