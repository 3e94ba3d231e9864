/** Deletes empty groups and their offsets. Mirrors KafkaApis.handleDeleteGroupsRequest. */
import { deleteGroups } from '../../protocol/apis/42-delete-groups.js';
import { deleteGroup } from '../groups/admin.js';
import { groupCoordinator } from '../groups/coordinator.js';
import { handler } from '../handler.js';

export default handler({
  api: deleteGroups,
  versions: [0, 2],
  async handle(request, _context, broker) {
    const groups = broker.component(groupCoordinator);
    const results = [...new Set(request.groupsNames)].map(async (groupId) => ({
      groupId,
      errorCode: await deleteGroup(groups, groupId),
    }));
    return { throttleTimeMs: 0, results: await Promise.all(results) };
  },
});
