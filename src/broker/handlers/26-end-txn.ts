/** Commits or aborts a transaction. Mirrors KafkaApis.handleEndTxnRequest. */
import { endTxn } from '../../protocol/apis/26-end-txn.js';
import { Errors } from '../../protocol/errors.js';
import { handler } from '../handler.js';
import { transactionCoordinator } from '../txns/coordinator.js';

/** From this version on the epoch is bumped with each transaction. */
const EPOCH_BUMP_VERSION = 5;
/** Older clients know only INVALID_PRODUCER_EPOCH. */
const FENCED_VERSION = 2;

export default handler({
  api: endTxn,
  async handle(request, { apiVersion }, broker) {
    const clientVersion = apiVersion >= EPOCH_BUMP_VERSION ? 2 : 0;
    const txns = broker.component(transactionCoordinator);
    const { errorCode, ...next } = await txns.end(request.transactionalId, request, request.committed, clientVersion);
    const old = apiVersion < FENCED_VERSION && errorCode === Errors.PRODUCER_FENCED;
    return { throttleTimeMs: 0, errorCode: old ? Errors.INVALID_PRODUCER_EPOCH : errorCode, ...next };
  },
});
