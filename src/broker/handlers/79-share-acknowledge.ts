/** Acknowledges records that a member has acquired. Mirrors KafkaApis.handleShareAcknowledgeRequest. */
import { shareAcknowledge } from '../../protocol/apis/79-share-acknowledge.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { ResponseInput } from '../../protocol/wire/schema.js';
import { handler } from '../handler.js';
import { acknowledgeAll } from '../share/acknowledge.js';
import { shareCoordinator } from '../share/coordinator.js';
import { shareGroupsEnabled } from '../share/enabled.js';
import { FINAL } from '../share/sessions.js';

type Partition = ResponseInput<typeof shareAcknowledge>['responses'][number]['partitions'][number];

const EMPTY_RESPONSE = { throttleTimeMs: 0, acquisitionLockTimeoutMs: 0, responses: [], nodeEndpoints: [] };
const NO_LEADER = { leaderId: 0, leaderEpoch: 0 };

export default handler({
  api: shareAcknowledge,
  async handle(request, context, broker) {
    if (!shareGroupsEnabled(broker)) return { ...EMPTY_RESPONSE, errorCode: Errors.UNSUPPORTED_VERSION };
    const { groupId, memberId, shareSessionEpoch: epoch, isRenewAck = false, topics } = request;
    if (!groupId || !memberId) return { ...EMPTY_RESPONSE, errorCode: Errors.INVALID_REQUEST };
    const shares = broker.component(shareCoordinator);
    try {
      const session = shares.sessions.acknowledge(groupId, memberId, epoch);
      const outcomes = await acknowledgeAll(context, broker, groupId, memberId, topics, isRenewAck);
      if (epoch === FINAL) {
        shares.sessions.remove(groupId, memberId);
        await shares.release(groupId, memberId, session.partitions.values());
      }
      const byTopic = new Map<string, { topicId: string; partitions: Partition[] }>();
      for (const { topicId, partition, errorCode, errorMessage } of outcomes.values()) {
        const topic = byTopic.get(topicId) ?? { topicId, partitions: [] };
        byTopic.set(topicId, topic);
        topic.partitions.push({ partitionIndex: partition, errorCode, errorMessage, currentLeader: NO_LEADER });
      }
      return {
        ...EMPTY_RESPONSE,
        errorCode: Errors.NONE,
        acquisitionLockTimeoutMs: shares.lockMs(groupId),
        responses: [...byTopic.values()],
      };
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      return { ...EMPTY_RESPONSE, errorCode: error.code };
    }
  },
});
