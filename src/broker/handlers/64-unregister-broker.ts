/**
 * The only registered broker is this one, which cannot be unregistered while it runs. Mirrors
 * ClusterControlManager.unregisterBroker.
 */
import { unregisterBroker } from '../../protocol/apis/64-unregister-broker.js';
import { Errors } from '../../protocol/errors.js';
import { handler } from '../handler.js';

export default handler({
  api: unregisterBroker,
  handle({ brokerId }, _context, broker) {
    const own = brokerId === broker.nodeId;
    return {
      throttleTimeMs: 0,
      errorCode: own ? Errors.INVALID_REQUEST : Errors.BROKER_ID_NOT_REGISTERED,
      errorMessage: own
        ? `Broker ID ${brokerId} is the one that answers: it cannot be unregistered`
        : `Broker ID ${brokerId} is not currently registered`,
    };
  },
});
