/** JoinGroup. The response is sent when the join phase completes. Mirrors GroupCoordinatorService.joinGroup. */
import { joinGroup } from '../../protocol/apis/11-join-group.js';
import { Errors } from '../../protocol/errors.js';
import { callerOf } from '../groups/caller.js';
import type { JoinResponse } from '../groups/classic/member.js';
import { operationError } from '../groups/classic/rebalance.js';
import { groupCoordinator } from '../groups/coordinator.js';
import { join } from '../groups/dispatch.js';
import { handler } from '../handler.js';

export default handler({
  api: joinGroup,
  async handle(request, context, broker) {
    const { memberId, sessionTimeoutMs } = request;
    const { apiVersion } = context;
    const answer = (r: JoinResponse) => ({
      leader: '',
      memberId: '',
      members: [],
      errorCode: Errors.NONE,
      ...r,
      protocolName: apiVersion < 7 ? (r.protocolName ?? '') : r.protocolName || null,
    });
    if (request.groupId === '') return answer({ memberId, errorCode: Errors.INVALID_GROUP_ID });
    const groups = broker.component(groupCoordinator);
    if (
      sessionTimeoutMs < groups.number('group.min.session.timeout.ms') ||
      sessionTimeoutMs > groups.number('group.max.session.timeout.ms')
    ) {
      return answer({ memberId, errorCode: Errors.INVALID_SESSION_TIMEOUT });
    }
    // version 0 has no separate rebalance timeout
    const requested = apiVersion === 0 ? { ...request, rebalanceTimeoutMs: sessionTimeoutMs } : request;
    try {
      await groups.log.ready(request.groupId);
      return answer(await new Promise<JoinResponse>((reply) => join(groups, callerOf(context), requested, reply)));
    } catch (error) {
      return answer({ errorCode: operationError(error) });
    }
  },
});
