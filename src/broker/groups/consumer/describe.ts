/** ConsumerGroupDescribe. Mirrors ConsumerGroup.asDescribedGroup. */
import type { consumerGroupDescribe } from '../../../protocol/apis/69-consumer-group-describe.js';
import { Errors } from '../../../protocol/errors.js';
import type { ResponseInput } from '../../../protocol/wire/schema.js';
import type { GroupContext } from '../context.js';
import type { ConsumerGroup, ConsumerMember } from './group.js';

export type DescribedConsumerGroup = ResponseInput<typeof consumerGroupDescribe>['groups'][number];
type Described = DescribedConsumerGroup['members'][number];

/** The fields of a group for which only an error is reported. */
export const EMPTY_DESCRIPTION = { groupState: '', groupEpoch: 0, assignmentEpoch: 0, assignorName: '', members: [] };

/** Describes one group; if there is no such group, with an error code. */
export function describeConsumer(c: GroupContext, groupId: string): DescribedConsumerGroup {
  const group = c.groups.get(groupId);
  if (group?.type === 'consumer') return describe(c, group);
  const errorMessage = group ? `Group ${groupId} is not a consumer group.` : `Group ${groupId} not found.`;
  if (groupId === '') return { ...EMPTY_DESCRIPTION, groupId, errorCode: Errors.INVALID_GROUP_ID };
  return { ...EMPTY_DESCRIPTION, groupId, errorCode: Errors.GROUP_ID_NOT_FOUND, errorMessage };
}

const describe = (c: GroupContext, group: ConsumerGroup): DescribedConsumerGroup => ({
  errorCode: Errors.NONE,
  groupId: group.groupId,
  groupState: group.state,
  groupEpoch: group.groupEpoch,
  assignmentEpoch: group.assignmentEpoch,
  assignorName: group.preferredAssignor() ?? defaultAssignor(c),
  members: [...group.members.values()].map((m) => describeMember(c, group, m)),
});

/** The enabled assignors: group.consumer.assignors. */
export const assignorNames = (c: GroupContext): string[] =>
  String(c.setting('group.consumer.assignors'))
    .split(',')
    .map((name) => name.trim());
/** The assignor used if the members do not choose one. */
export const defaultAssignor = (c: GroupContext): string => assignorNames(c)[0] ?? 'uniform';

const describeMember = (c: GroupContext, group: ConsumerGroup, m: ConsumerMember): Described => ({
  memberId: m.memberId,
  instanceId: m.instanceId,
  rackId: m.rackId,
  memberEpoch: m.memberEpoch,
  clientId: m.clientId,
  clientHost: m.clientHost,
  subscribedTopicNames: m.topics,
  subscribedTopicRegex: m.regex,
  // partitions being revoked are still assigned to it
  assignment: { topicPartitions: named(c, [...entries(m.assigned), ...entries(m.revoking)]) },
  targetAssignment: { topicPartitions: named(c, [...entries(group.target(m.memberId))]) },
  memberType: m.classic ? 0 : 1,
});

function* entries(
  map: ReadonlyMap<string, ReadonlySet<number> | ReadonlyMap<number, number>>,
): Generator<[topicId: string, partition: number]> {
  for (const [topicId, partitions] of map) for (const p of partitions.keys()) yield [topicId, p];
}

function named(c: GroupContext, all: readonly [topicId: string, partition: number][]) {
  const topics = new Map<string, { topicId: string; topicName: string; partitions: number[] }>();
  for (const [topicId, partition] of all) {
    const topicName = c.topicById(topicId)?.name;
    if (topicName === undefined) continue;
    const topic = topics.get(topicId) ?? { topicId, topicName, partitions: [] };
    topic.partitions.push(partition);
    topics.set(topicId, topic);
  }
  for (const { partitions } of topics.values()) partitions.sort((a, b) => a - b);
  return [...topics.values()];
}
