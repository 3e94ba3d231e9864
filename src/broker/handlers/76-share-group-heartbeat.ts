/** A member of a share group joins, stays or leaves. Mirrors GroupCoordinatorService.shareGroupHeartbeat. */
import { shareGroupHeartbeat } from '../../protocol/apis/76-share-group-heartbeat.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { callerOf } from '../groups/caller.js';
import { operationError } from '../groups/classic/rebalance.js';
import { groupCoordinator } from '../groups/coordinator.js';
import { heartbeatShare, validateShare } from '../groups/share/heartbeat.js';
import { handler } from '../handler.js';
import { shareGroupsEnabled } from '../share/enabled.js';

const EMPTY_RESPONSE = { throttleTimeMs: 0, errorCode: Errors.NONE, memberEpoch: 0, heartbeatIntervalMs: 0 };

export default handler({
  api: shareGroupHeartbeat,
  async handle(request, context, broker) {
    if (!shareGroupsEnabled(broker)) return { ...EMPTY_RESPONSE, errorCode: Errors.UNSUPPORTED_VERSION };
    const groups = broker.component(groupCoordinator);
    try {
      validateShare(request);
      await groups.log.ready(request.groupId);
      return { ...EMPTY_RESPONSE, ...(await heartbeatShare(groups, callerOf(context), request)) };
    } catch (error) {
      const errorCode = operationError(error);
      // if the error was mapped to another code, its message no longer applies
      const own = error instanceof KafkaError && error.code === errorCode;
      return { ...EMPTY_RESPONSE, errorCode, errorMessage: own ? error.message : null };
    }
  },
});
