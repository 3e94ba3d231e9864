/** A member of a KIP-848 group joins, stays or leaves. Mirrors GroupCoordinatorService.consumerGroupHeartbeat. */
import { consumerGroupHeartbeat } from '../../protocol/apis/68-consumer-group-heartbeat.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { callerOf } from '../groups/caller.js';
import { operationError } from '../groups/classic/rebalance.js';
import { assignorNames } from '../groups/consumer/describe.js';
import { heartbeat, validate } from '../groups/consumer/heartbeat.js';
import { groupCoordinator } from '../groups/coordinator.js';
import { consumerProtocolEnabled } from '../groups/enabled.js';
import { handler } from '../handler.js';

const EMPTY_RESPONSE = { throttleTimeMs: 0, errorCode: Errors.NONE, memberEpoch: 0, heartbeatIntervalMs: 0 };

export default handler({
  api: consumerGroupHeartbeat,
  async handle(request, context, broker) {
    if (!consumerProtocolEnabled(broker)) return { ...EMPTY_RESPONSE, errorCode: Errors.UNSUPPORTED_VERSION };
    const groups = broker.component(groupCoordinator);
    try {
      validate(request, context.apiVersion, assignorNames(groups));
      await groups.log.ready(request.groupId);
      return { ...EMPTY_RESPONSE, ...(await heartbeat(groups, callerOf(context), request)) };
    } catch (error) {
      const errorCode = operationError(error);
      // if the error was mapped to another code, its message no longer applies
      const own = error instanceof KafkaError && error.code === errorCode;
      return { ...EMPTY_RESPONSE, errorCode, errorMessage: own ? error.message : null };
    }
  },
});
