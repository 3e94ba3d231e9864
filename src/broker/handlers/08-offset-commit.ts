/** Commits a group's offsets. Mirrors KafkaApis.handleOffsetCommitRequest. */
import { offsetCommit } from '../../protocol/apis/08-offset-commit.js';
import { callerOf } from '../groups/caller.js';
import { operationError } from '../groups/classic/rebalance.js';
import { groupCoordinator } from '../groups/coordinator.js';
import { commitOffsets } from '../groups/offset-commit.js';
import { existing, type Failed, merged } from '../groups/topic-checks.js';
import { handler } from '../handler.js';

const TOPIC_ID_VERSION = 10;

export default handler({
  api: offsetCommit,
  async handle(request, context, broker) {
    const groups = broker.component(groupCoordinator);
    const { groupId } = request;
    const { found, errors } = existing(broker, request.topics, context.apiVersion >= TOPIC_ID_VERSION);
    if (found.length === 0) return { topics: errors };
    let results: Failed[];
    try {
      await groups.log.ready(groupId);
      results = await commitOffsets(groups, callerOf(context), {
        groupId,
        memberId: request.memberId,
        groupInstanceId: request.groupInstanceId,
        generation: request.generationIdOrMemberEpoch,
        retentionTimeMs: request.retentionTimeMs,
        topics: found,
      });
    } catch (error) {
      const errorCode = operationError(error);
      results = found.map((t) => ({
        ...t,
        partitions: t.partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
      }));
    }
    return { topics: merged(errors, results) };
  },
});
