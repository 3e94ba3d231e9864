/** Adds a group's offsets to a transaction. Mirrors KafkaApis.handleAddOffsetsToTxnRequest. */
import { addOffsetsToTxn } from '../../protocol/apis/25-add-offsets-to-txn.js';
import { Errors } from '../../protocol/errors.js';
import { operationError } from '../groups/classic/rebalance.js';
import { groupCoordinator, OFFSETS_TOPIC } from '../groups/coordinator.js';
import { handler } from '../handler.js';
import { transactionCoordinator } from '../txns/coordinator.js';

/** Older clients know only INVALID_PRODUCER_EPOCH. */
const FENCED_VERSION = 2;

export default handler({
  api: addOffsetsToTxn,
  async handle(request, { apiVersion }, broker) {
    const { log } = broker.component(groupCoordinator);
    try {
      await log.ready(request.groupId);
    } catch (error) {
      return { throttleTimeMs: 0, errorCode: operationError(error) };
    }
    const partitions: [string, number][] = [[OFFSETS_TOPIC, log.partition(request.groupId) as number]];
    const txns = broker.component(transactionCoordinator);
    const code = await txns.addPartitions(request.transactionalId, request, partitions, 0);
    const old = apiVersion < FENCED_VERSION && code === Errors.PRODUCER_FENCED;
    return { throttleTimeMs: 0, errorCode: old ? Errors.INVALID_PRODUCER_EPOCH : code };
  },
});
