/** Heartbeat of a classic member. Mirrors GroupCoordinatorService.heartbeat. */
import { heartbeat } from '../../protocol/apis/12-heartbeat.js';
import { Errors } from '../../protocol/errors.js';
import { operationError } from '../groups/classic/rebalance.js';
import { groupCoordinator } from '../groups/coordinator.js';
import { heartbeatOf } from '../groups/dispatch.js';
import { handler } from '../handler.js';

export default handler({
  api: heartbeat,
  handle(request, _context, broker) {
    if (request.groupId === '') return { errorCode: Errors.INVALID_GROUP_ID };
    try {
      return { errorCode: heartbeatOf(broker.component(groupCoordinator), request) };
    } catch (error) {
      return { errorCode: operationError(error) };
    }
  },
});
