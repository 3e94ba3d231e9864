/** Carries the leader's assignments, or waits for them. Mirrors GroupCoordinatorService.syncGroup. */
import { syncGroup } from '../../protocol/apis/14-sync-group.js';
import { Errors } from '../../protocol/errors.js';
import { NO_ASSIGNMENT, type SyncResponse } from '../groups/classic/member.js';
import { operationError } from '../groups/classic/rebalance.js';
import { groupCoordinator } from '../groups/coordinator.js';
import { sync } from '../groups/dispatch.js';
import { handler } from '../handler.js';

/** The first version that contains protocol type and name. */
const PROTOCOL_VERSION = 5;

export default handler({
  api: syncGroup,
  async handle(request, { apiVersion }, broker) {
    const answer = (r: SyncResponse) => ({ assignment: NO_ASSIGNMENT, errorCode: Errors.NONE, ...r });
    if (apiVersion >= PROTOCOL_VERSION && (request.protocolType === null || request.protocolName === null)) {
      return answer({ errorCode: Errors.INCONSISTENT_GROUP_PROTOCOL });
    }
    if (request.groupId === '') return answer({ errorCode: Errors.INVALID_GROUP_ID });
    try {
      return answer(
        await new Promise<SyncResponse>((reply) => sync(broker.component(groupCoordinator), request, reply)),
      );
    } catch (error) {
      return answer({ errorCode: operationError(error) });
    }
  },
});
