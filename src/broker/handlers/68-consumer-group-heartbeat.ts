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

const NOTHING = { throttleTimeMs: 0, errorCode: Errors.NONE, memberEpoch: 0, heartbeatIntervalMs: 0 };

export default handler({
  api: consumerGroupHeartbeat,
  async handle(request, context, broker) {
    if (!consumerProtocolEnabled(broker)) return { ...NOTHING, errorCode: Errors.UNSUPPORTED_VERSION };
    const groups = broker.part(groupCoordinator);
    try {
      validate(request, context.apiVersion, assignorNames(groups));
      await groups.log.ready(request.groupId);
      return { ...NOTHING, ...(await heartbeat(groups, callerOf(context), request)) };
    } catch (error) {
      const errorCode = operationError(error);
      // if the error was mapped to another code, its message no longer applies
      const own = error instanceof KafkaError && error.code === errorCode;
      return { ...NOTHING, errorCode, errorMessage: own ? error.message : null };
    }
  },
});
