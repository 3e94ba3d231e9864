import { api, array, int16, int32, int64, nullable, since, string, struct, uuid } from '../wire/schema.js';

export const txnOffsetCommit = api({
  key: 28,
  name: 'TxnOffsetCommit',
  versions: [0, 6],
  flexible: 3,
  request: {
    transactionalId: string,
    groupId: string,
    producerId: int64,
    producerEpoch: int16,
    generationIdOrMemberEpoch: since('3+', int32, -1),
    memberId: since('3+', string),
    groupInstanceId: since('3+', nullable(string), null),
    topics: array(
      struct({
        name: since('0-5', string),
        topicId: since('6+', uuid),
        partitions: array(
          struct({
            partitionIndex: int32,
            committedOffset: int64,
            committedLeaderEpoch: since('2+', int32, -1),
            committedMetadata: nullable(string),
          }),
        ),
      }),
    ),
  },
  response: {
    throttleTimeMs: int32,
    topics: array(
      struct({
        name: since('0-5', string),
        topicId: since('6+', uuid),
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
          }),
        ),
      }),
    ),
  },
});
