/**
 * The coordinator of a group or transaction, which is always this broker. Mirrors KafkaApis.getCoordinator, but waits
 * for the internal topic to be created, whereas Kafka answers COORDINATOR_NOT_AVAILABLE and lets the client retry.
 */
import { findCoordinator } from '../../protocol/apis/10-find-coordinator.js';
import { Errors, errorText } from '../../protocol/errors.js';
import type { Broker } from '../api.js';
import { OFFSETS_TOPIC } from '../groups/coordinator.js';
import { handler } from '../handler.js';

const BATCH_VERSION = 4;
const GROUP = 0;
const TRANSACTION = 1;
const SHARE = 2;
const NOBODY = { nodeId: -1, host: '', port: -1 };

export default handler({
  api: findCoordinator,
  async handle(request, { apiVersion, listener }, broker) {
    const { errorCode, ...node } = await find(request.keyType, listener, broker);
    if (apiVersion < BATCH_VERSION) {
      // Kafka sets the message to "NONE" if there is no error
      return { errorCode, errorMessage: errorCode === Errors.NONE ? 'NONE' : errorText(errorCode), ...node };
    }
    // Kafka sets a message only for a key type that no version defines
    const errorMessage = request.keyType > SHARE || request.keyType < GROUP ? errorText(errorCode) : '';
    return { coordinators: request.coordinatorKeys.map((key) => ({ key, errorCode, errorMessage, ...node })) };
  },
});

async function find(keyType: number, listener: string, broker: Broker) {
  if (keyType !== GROUP && keyType !== TRANSACTION) return { errorCode: Errors.INVALID_REQUEST, ...NOBODY };
  try {
    await broker.ensureTopic(keyType === GROUP ? OFFSETS_TOPIC : '__transaction_state');
  } catch {
    return { errorCode: Errors.COORDINATOR_NOT_AVAILABLE, ...NOBODY };
  }
  const endpoint = broker.endpoints.find((e) => e.listener === listener);
  if (!endpoint) return { errorCode: Errors.COORDINATOR_NOT_AVAILABLE, ...NOBODY };
  return { errorCode: Errors.NONE, nodeId: broker.nodeId, host: endpoint.host, port: endpoint.port };
}
