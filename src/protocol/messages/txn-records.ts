/** The records of __transaction_state, and the value of a transaction marker. */
import { array, int8, int16, int32, int64, message, nullable, string, struct, tagged } from '../wire/schema.js';

export const transactionLogKey = message({
  key: 0,
  name: 'TransactionLogKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    transactionalId: string,
  },
});

export const transactionLogValue = message({
  key: 0,
  name: 'TransactionLogValue',
  versions: [0, 1],
  flexible: 1,
  fields: {
    producerId: int64,
    previousProducerId: tagged(0, '1+', int64, -1n),
    nextProducerId: tagged(1, '1+', int64, -1n),
    producerEpoch: int16,
    nextProducerEpoch: tagged(3, '1+', int16, -1),
    transactionTimeoutMs: int32,
    transactionStatus: int8,
    transactionPartitions: nullable(
      array(
        struct({
          topic: string,
          partitionIds: array(int32),
        }),
      ),
    ),
    transactionLastUpdateTimestampMs: int64,
    transactionStartTimestampMs: int64,
    clientTransactionVersion: tagged(2, '1+', int16),
  },
});

export const endTxnMarker = message({
  name: 'EndTxnMarker',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    coordinatorEpoch: int32,
  },
});
