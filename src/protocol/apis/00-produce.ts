import {
  api,
  array,
  int16,
  int32,
  int64,
  nullable,
  optional,
  records,
  since,
  string,
  struct,
  tagged,
  uuid,
} from '../wire/schema.js';

export const produce = api({
  key: 0,
  name: 'Produce',
  versions: [3, 13],
  flexible: 9,
  request: {
    transactionalId: optional(nullable(string), null),
    acks: int16,
    timeoutMs: int32,
    topicData: array(
      struct({
        name: since('0-12', string),
        topicId: since('13+', uuid),
        partitionData: array(
          struct({
            index: int32,
            records: nullable(records),
          }),
        ),
      }),
    ),
  },
  response: {
    responses: array(
      struct({
        name: since('0-12', string),
        topicId: since('13+', uuid),
        partitionResponses: array(
          struct({
            index: int32,
            errorCode: int16,
            baseOffset: int64,
            logAppendTimeMs: optional(int64, -1n),
            logStartOffset: since('5+', int64, -1n),
            recordErrors: since(
              '8+',
              array(
                struct({
                  batchIndex: int32,
                  batchIndexErrorMessage: optional(nullable(string), null),
                }),
              ),
            ),
            errorMessage: since('8+', nullable(string), null),
            currentLeader: tagged(
              0,
              '10+',
              struct({
                leaderId: optional(int32, -1),
                leaderEpoch: optional(int32, -1),
              }),
            ),
          }),
        ),
      }),
    ),
    throttleTimeMs: optional(int32),
    nodeEndpoints: tagged(
      0,
      '10+',
      array(
        struct({
          nodeId: int32,
          host: string,
          port: int32,
          rack: optional(nullable(string), null),
        }),
      ),
    ),
  },
});
