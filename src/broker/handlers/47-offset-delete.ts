/** Deletes a group's offsets of topics that it is not subscribed to. Mirrors KafkaApis.handleOffsetDeleteRequest. */
import { offsetDelete } from '../../protocol/apis/47-offset-delete.js';
import { Errors } from '../../protocol/errors.js';
import { ZERO_UUID } from '../../protocol/wire/schema.js';
import { operationError } from '../groups/classic/rebalance.js';
import { groupCoordinator } from '../groups/coordinator.js';
import { deleteOffsets } from '../groups/offset-commit.js';
import { existing, merged } from '../groups/topic-checks.js';
import { handler } from '../handler.js';

export default handler({
  api: offsetDelete,
  async handle(request, _context, broker) {
    const { groupId } = request;
    if (groupId === '') return { errorCode: Errors.INVALID_GROUP_ID, topics: [] };
    const requested = request.topics.map((t) => ({ ...t, topicId: ZERO_UUID }));
    const { found, errors } = existing(broker, requested, false);
    const groups = broker.component(groupCoordinator);
    try {
      const deleted = await deleteOffsets(groups, groupId, found);
      const results = deleted.map((t) => ({ ...t, topicId: ZERO_UUID }));
      const failed = errors.map((t) => ({ ...t, topicId: ZERO_UUID }));
      return { errorCode: Errors.NONE, topics: merged(failed, results) };
    } catch (error) {
      return { errorCode: operationError(error), topics: [] };
    }
  },
});
