/** Describes share groups and their members. Mirrors KafkaApis.handleShareGroupDescribe. */
import { shareGroupDescribe } from '../../protocol/apis/77-share-group-describe.js';
import { Errors } from '../../protocol/errors.js';
import { GROUP_OPERATIONS } from '../authorized-operations.js';
import { EMPTY_DESCRIPTION } from '../groups/consumer/describe.js';
import { groupCoordinator } from '../groups/coordinator.js';
import { describeShare } from '../groups/share/describe.js';
import { handler } from '../handler.js';
import { shareGroupsEnabled } from '../share/enabled.js';

export default handler({
  api: shareGroupDescribe,
  handle(request, _context, broker) {
    const enabled = shareGroupsEnabled(broker);
    const groups = request.groupIds.map((groupId) => {
      if (!enabled) return { ...EMPTY_DESCRIPTION, groupId, errorCode: Errors.UNSUPPORTED_VERSION };
      const described = describeShare(broker.component(groupCoordinator), groupId);
      const includeOperations = request.includeAuthorizedOperations && described.errorCode === Errors.NONE;
      return includeOperations ? { ...described, authorizedOperations: GROUP_OPERATIONS } : described;
    });
    return { throttleTimeMs: 0, groups };
  },
});
