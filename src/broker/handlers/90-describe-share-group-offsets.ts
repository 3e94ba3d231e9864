/** The start offsets of share groups. Mirrors KafkaApis.handleDescribeShareGroupOffsetsRequest. */
import { describeShareGroupOffsets } from '../../protocol/apis/90-describe-share-group-offsets.js';
import { Errors } from '../../protocol/errors.js';
import { type RequestOf, type ResponseInput, ZERO_UUID } from '../../protocol/wire/schema.js';
import type { Broker } from '../api.js';
import { groupCoordinator } from '../groups/coordinator.js';
import { handler } from '../handler.js';
import { shareCoordinator } from '../share/coordinator.js';
import { shareGroupsEnabled } from '../share/enabled.js';

type Asked = RequestOf<typeof describeShareGroupOffsets>['groups'][number];
type Topic = ResponseInput<typeof describeShareGroupOffsets>['groups'][number]['topics'][number];
type Answer = Topic['partitions'][number];

export default handler({
  api: describeShareGroupOffsets,
  async handle(request, _context, broker) {
    const enabled = shareGroupsEnabled(broker);
    const groups = request.groups.map(async (group) => {
      const { groupId } = group;
      if (!enabled) return { groupId, topics: [], errorCode: Errors.UNSUPPORTED_VERSION };
      return { groupId, topics: await topicsOf(group, broker), errorCode: Errors.NONE };
    });
    return { throttleTimeMs: 0, groups: await Promise.all(groups) };
  },
});

/** The requested topics, or all topics for which the group has state. */
function topicsOf({ groupId, topics }: Asked, broker: Broker): Promise<Topic[]> {
  if (topics) {
    return Promise.all(topics.map((topic) => described(groupId, topic.topicName, topic.partitions, broker)));
  }
  const group = broker.component(groupCoordinator).groups.get(groupId);
  const known = group?.type === 'share' ? [...group.initialized] : [];
  const existing = known.flatMap(([topicId, { partitions }]) => {
    const topic = broker.metadata.topicById(topicId);
    return topic ? [described(groupId, topic.name, partitions, broker)] : [];
  });
  return Promise.all(existing);
}

const NOT_KNOWN = { startOffset: -1n, leaderEpoch: 0, lag: -1n, errorCode: Errors.NONE };

async function described(
  groupId: string,
  topicName: string,
  partitions: Iterable<number>,
  broker: Broker,
): Promise<Topic> {
  const topicId = broker.metadata.topic(topicName)?.id ?? ZERO_UUID;
  const answers = [...partitions].map(async (partitionIndex): Promise<Answer> => {
    const state = broker.component(shareCoordinator).state(groupId, topicId, partitionIndex);
    if (!state) return { partitionIndex, ...NOT_KNOWN };
    const { startOffset, leaderEpoch, completeCount } = state;
    const log = await broker.log(topicName, partitionIndex);
    const lag = startOffset < 0 || completeCount < 0 || !log ? -1 : log.logEndOffset - startOffset - completeCount;
    return { ...NOT_KNOWN, partitionIndex, startOffset: BigInt(startOffset), leaderEpoch, lag: BigInt(lag) };
  });
  return { topicName, topicId, partitions: await Promise.all(answers) };
}
