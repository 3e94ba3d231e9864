import {
  api,
  array,
  int8,
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

export const fetch = api({
  key: 1,
  name: 'Fetch',
  versions: [4, 18],
  flexible: 12,
  request: {
    clusterId: tagged(0, '12+', nullable(string), null),
    replicaId: since('0-14', int32, -1),
    replicaState: tagged(
      1,
      '15+',
      struct({
        replicaId: optional(int32, -1),
        replicaEpoch: optional(int64, -1n),
      }),
    ),
    maxWaitMs: int32,
    minBytes: int32,
    maxBytes: optional(int32, 2147483647),
    isolationLevel: optional(int8),
    sessionId: since('7+', int32),
    sessionEpoch: since('7+', int32, -1),
    topics: array(
      struct({
        topic: since('0-12', string),
        topicId: since('13+', uuid),
        partitions: array(
          struct({
            partition: int32,
            currentLeaderEpoch: since('9+', int32, -1),
            fetchOffset: int64,
            lastFetchedEpoch: since('12+', int32, -1),
            logStartOffset: since('5+', int64, -1n),
            partitionMaxBytes: int32,
            replicaDirectoryId: tagged(0, '17+', uuid),
            highWatermark: tagged(1, '18+', int64, 9223372036854775807n),
          }),
        ),
      }),
    ),
    forgottenTopicsData: since(
      '7+',
      array(
        struct({
          topic: since('7-12', string),
          topicId: since('13+', uuid),
          partitions: array(int32),
        }),
      ),
    ),
    rackId: since('11+', string),
  },
  response: {
    throttleTimeMs: optional(int32),
    errorCode: since('7+', int16),
    sessionId: since('7+', int32),
    responses: array(
      struct({
        topic: since('0-12', string),
        topicId: since('13+', uuid),
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
            highWatermark: int64,
            lastStableOffset: optional(int64, -1n),
            logStartOffset: since('5+', int64, -1n),
            divergingEpoch: tagged(
              0,
              '12+',
              struct({
                epoch: optional(int32, -1),
                endOffset: optional(int64, -1n),
              }),
            ),
            currentLeader: tagged(
              1,
              '12+',
              struct({
                leaderId: optional(int32, -1),
                leaderEpoch: optional(int32, -1),
              }),
            ),
            snapshotId: tagged(
              2,
              '12+',
              struct({
                endOffset: optional(int64, -1n),
                epoch: optional(int32, -1),
              }),
            ),
            abortedTransactions: optional(
              nullable(
                array(
                  struct({
                    producerId: int64,
                    firstOffset: int64,
                  }),
                ),
              ),
            ),
            preferredReadReplica: since('11+', int32, -1),
            records: nullable(records),
          }),
        ),
      }),
    ),
    nodeEndpoints: tagged(
      0,
      '16+',
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
