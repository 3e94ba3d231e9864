/** Allocates producer ids for idempotent producers; with a transactional id, the transaction coordinator does. */
import { initProducerId } from '../../protocol/apis/22-init-producer-id.js';
import { Errors } from '../../protocol/errors.js';
import { handler } from '../handler.js';

const failed = (errorCode: number) => ({ errorCode, producerId: -1n, producerEpoch: -1 });

export default handler({
  api: initProducerId,
  async handle(request, context, broker) {
    const known = [request.producerId !== -1n, request.producerEpoch !== -1];
    if (known[0] !== known[1]) return failed(Errors.INVALID_REQUEST);
    if (request.transactionalId === null) {
      return { errorCode: Errors.NONE, producerId: await broker.nextProducerId(), producerEpoch: 0 };
    }
    if (request.transactionalId === '') return failed(Errors.INVALID_REQUEST);
    if (!broker.transactions) return failed(Errors.COORDINATOR_NOT_AVAILABLE);
    return broker.transactions.initProducerId(request, context);
  },
});
