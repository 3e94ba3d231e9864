/**
 * Describes Kafka Streams groups. None exist, as StreamsGroupHeartbeat (88) is not served. Mirrors
 * KafkaApis.handleStreamsGroupDescribe.
 */
import { streamsGroupDescribe } from '../../protocol/apis/89-streams-group-describe.js';
import { Errors } from '../../protocol/errors.js';
import { groupCoordinator } from '../groups/coordinator.js';
import { handler } from '../handler.js';

const EMPTY_DESCRIPTION = { groupState: '', groupEpoch: 0, assignmentEpoch: 0, members: [] };

export default handler({
  api: streamsGroupDescribe,
  versions: [0, 0],
  handle({ groupIds }, _context, broker) {
    const { groups } = broker.component(groupCoordinator);
    const described = groupIds.map((groupId) => {
      if (groupId === '') return { ...EMPTY_DESCRIPTION, groupId, errorCode: Errors.INVALID_GROUP_ID };
      const errorMessage = groups.has(groupId)
        ? `Group ${groupId} is not a streams group.`
        : `Group ${groupId} not found.`;
      return { ...EMPTY_DESCRIPTION, groupId, errorCode: Errors.GROUP_ID_NOT_FOUND, errorMessage };
    });
    return { throttleTimeMs: 0, groups: described };
  },
});
