/** Removes members from a group. Mirrors GroupCoordinatorService.leaveGroup. */
import { leaveGroup } from '../../protocol/apis/13-leave-group.js';
import { Errors } from '../../protocol/errors.js';
import { operationError } from '../groups/classic/rebalance.js';
import { groupCoordinator } from '../groups/coordinator.js';
import { leave } from '../groups/dispatch.js';
import { handler } from '../handler.js';

const BATCH_VERSION = 3;

export default handler({
  api: leaveGroup,
  async handle(request, { apiVersion }, broker) {
    if (request.groupId === '') return { errorCode: Errors.INVALID_GROUP_ID };
    const batch = apiVersion >= BATCH_VERSION;
    const leaving = batch ? request.members : [{ memberId: request.memberId, groupInstanceId: null }];
    try {
      const members = await leave(broker.component(groupCoordinator), request.groupId, leaving);
      return batch ? { errorCode: Errors.NONE, members } : { errorCode: members[0]?.errorCode ?? Errors.NONE };
    } catch (error) {
      const errorCode = operationError(error);
      if (!batch || errorCode !== Errors.UNKNOWN_MEMBER_ID) return { errorCode };
      const members = leaving.map(({ memberId, groupInstanceId }) => ({ memberId, groupInstanceId, errorCode }));
      return { errorCode: Errors.NONE, members };
    }
  },
});
