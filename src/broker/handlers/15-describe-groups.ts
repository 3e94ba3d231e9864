/** Describes classic groups and their members. Mirrors KafkaApis.handleDescribeGroupsRequest. */
import { describeGroups } from '../../protocol/apis/15-describe-groups.js';
import { Errors } from '../../protocol/errors.js';
import { GROUP_OPERATIONS } from '../authorized-operations.js';
import { describe } from '../groups/admin.js';
import { groupCoordinator } from '../groups/coordinator.js';
import { handler } from '../handler.js';

export default handler({
  api: describeGroups,
  handle(request, { apiVersion }, broker) {
    const groups = broker.component(groupCoordinator);
    return {
      groups: request.groups.map((groupId) => {
        const described = describe(groups, groupId, apiVersion);
        const includeOperations = request.includeAuthorizedOperations && described.errorCode === Errors.NONE;
        return includeOperations ? { ...described, authorizedOperations: GROUP_OPERATIONS } : described;
      }),
    };
  },
});
