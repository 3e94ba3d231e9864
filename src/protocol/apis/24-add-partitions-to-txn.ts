import { api, array, bool, int16, int32, int64, optional, since, string, struct } from '../wire/schema.js';

export const addPartitionsToTxn = api({
  key: 24,
  name: 'AddPartitionsToTxn',
  versions: [0, 5],
  flexible: 3,
  request: {
    transactions: since(
      '4+',
      array(
        struct({
          transactionalId: string,
          producerId: int64,
          producerEpoch: int16,
          verifyOnly: optional(bool),
          topics: array(
            struct({
              name: string,
              partitions: array(int32),
            }),
          ),
        }),
      ),
    ),
    v3AndBelowTransactionalId: since('0-3', string),
    v3AndBelowProducerId: since('0-3', int64),
    v3AndBelowProducerEpoch: since('0-3', int16),
    v3AndBelowTopics: since(
      '0-3',
      array(
        struct({
          name: string,
          partitions: array(int32),
        }),
      ),
    ),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: since('4+', int16),
    resultsByTransaction: since(
      '4+',
      array(
        struct({
          transactionalId: string,
          topicResults: array(
            struct({
              name: string,
              resultsByPartition: array(
                struct({
                  partitionIndex: int32,
                  partitionErrorCode: int16,
                }),
              ),
            }),
          ),
        }),
      ),
    ),
    resultsByTopicV3AndBelow: since(
      '0-3',
      array(
        struct({
          name: string,
          resultsByPartition: array(
            struct({
              partitionIndex: int32,
              partitionErrorCode: int16,
            }),
          ),
        }),
      ),
    ),
  },
});
