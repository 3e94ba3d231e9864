/** Describes KIP-848 groups and their members. Mirrors KafkaApis.handleConsumerGroupDescribe. */
import { consumerGroupDescribe } from '../../protocol/apis/69-consumer-group-describe.js';
import { Errors } from '../../protocol/errors.js';
import { GROUP_OPERATIONS } from '../authorized-operations.js';
import { describeConsumer, EMPTY_DESCRIPTION } from '../groups/consumer/describe.js';
import { groupCoordinator } from '../groups/coordinator.js';
import { consumerProtocolEnabled } from '../groups/enabled.js';
import { handler } from '../handler.js';

export default handler({
  api: consumerGroupDescribe,
  handle(request, _context, broker) {
    const enabled = consumerProtocolEnabled(broker);
    const groups = request.groupIds.map((groupId) => {
      if (!enabled) return { ...EMPTY_DESCRIPTION, groupId, errorCode: Errors.UNSUPPORTED_VERSION };
      const described = describeConsumer(broker.component(groupCoordinator), groupId);
      const includeOperations = request.includeAuthorizedOperations && described.errorCode === Errors.NONE;
      return includeOperations ? { ...described, authorizedOperations: GROUP_OPERATIONS } : described;
    });
    return { throttleTimeMs: 0, groups };
  },
});
