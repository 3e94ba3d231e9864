/** Lists groups, filtered by state and type. Mirrors GroupCoordinatorService.listGroups. */
import { listGroups } from '../../protocol/apis/16-list-groups.js';
import { Errors } from '../../protocol/errors.js';
import { list } from '../groups/admin.js';
import { groupCoordinator } from '../groups/coordinator.js';
import { handler } from '../handler.js';

export default handler({
  api: listGroups,
  handle: (request, _context, broker) => ({
    errorCode: Errors.NONE,
    groups: list(broker.component(groupCoordinator), request.statesFilter, request.typesFilter),
  }),
});
