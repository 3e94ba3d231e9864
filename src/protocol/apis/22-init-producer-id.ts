import { api, int16, int32, int64, nullable, optional, since, string } from '../wire/schema.js';

export const initProducerId = api({
  key: 22,
  name: 'InitProducerId',
  versions: [0, 5],
  flexible: 2,
  request: {
    transactionalId: nullable(string),
    transactionTimeoutMs: int32,
    producerId: since('3+', int64, -1n),
    producerEpoch: since('3+', int16, -1),
  },
  response: {
    throttleTimeMs: optional(int32),
    errorCode: int16,
    producerId: optional(int64, -1n),
    producerEpoch: int16,
  },
});
