import { api, array, int16, int32, int64, nullable, optional, since, string, struct, uuid } from '../wire/schema.js';

export const describeShareGroupOffsets = api({
  key: 90,
  name: 'DescribeShareGroupOffsets',
  versions: [0, 1],
  flexible: 0,
  request: {
    groups: array(
      struct({
        groupId: string,
        topics: nullable(
          array(
            struct({
              topicName: string,
              partitions: array(int32),
            }),
          ),
        ),
      }),
    ),
  },
  response: {
    throttleTimeMs: int32,
    groups: array(
      struct({
        groupId: string,
        topics: array(
          struct({
            topicName: string,
            topicId: uuid,
            partitions: array(
              struct({
                partitionIndex: int32,
                startOffset: int64,
                leaderEpoch: int32,
                lag: since('1+', int64, -1n),
                errorCode: int16,
                errorMessage: optional(nullable(string), null),
              }),
            ),
          }),
        ),
        errorCode: int16,
        errorMessage: optional(nullable(string), null),
      }),
    ),
  },
});
