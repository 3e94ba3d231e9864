/** Moves the start offsets of a share group. Mirrors KafkaApis.handleAlterShareGroupOffsetsRequest. */
import { alterShareGroupOffsets } from '../../protocol/apis/91-alter-share-group-offsets.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { operationError } from '../groups/classic-rebalance.js';
import { groupCoordinator } from '../groups/coordinator.js';
import { alterShareOffsets } from '../groups/share-offsets.js';
import { handler } from '../handler.js';
import { shareGroupsEnabled } from '../share/enabled.js';

export default handler({
  api: alterShareGroupOffsets,
  async handle(request, _context, broker) {
    const nothing = { throttleTimeMs: 0, responses: [] };
    if (!shareGroupsEnabled(broker)) return { ...nothing, errorCode: Errors.UNSUPPORTED_VERSION };
    if (request.groupId === '') return { ...nothing, errorCode: Errors.INVALID_GROUP_ID };
    const groups = broker.part(groupCoordinator);
    try {
      await groups.log.ready(request.groupId);
      const responses = await alterShareOffsets(groups, request);
      return { ...nothing, errorCode: Errors.NONE, responses };
    } catch (error) {
      const errorMessage = error instanceof KafkaError ? error.message : null;
      return { ...nothing, errorCode: operationError(error), errorMessage };
    }
  },
});
