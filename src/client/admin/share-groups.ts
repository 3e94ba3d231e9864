/** Share groups (KIP-932): describing, offsets. Mirrors clients/admin's handlers of share groups. */

import { JavaError } from '../../java/exceptions.js';
import { byTopic, partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import { shareGroupDescribe } from '../../protocol/apis/77-share-group-describe.js';
import { describeShareGroupOffsets } from '../../protocol/apis/90-describe-share-group-offsets.js';
import { alterShareGroupOffsets as alterApi } from '../../protocol/apis/91-alter-share-group-offsets.js';
import { deleteShareGroupOffsets as deleteApi } from '../../protocol/apis/92-delete-share-group-offsets.js';
import { check, Errors, KafkaError } from '../../protocol/errors.js';
import type { ResponseOf } from '../../protocol/wire/schema.js';
import type { Cluster, Node } from '../cluster/types.js';
import { byCoordinator } from './describe-groups.js';
import { retriableCoordinatorError } from './groups.js';

export interface ShareMember {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
  readonly memberEpoch: number;
  readonly assignment: readonly TopicPartition[];
}

export interface ShareGroupDescription {
  readonly groupId: string;
  /** "Stable", "Empty" or "Dead" */
  readonly state: string;
  readonly coordinator: Node;
  readonly groupEpoch: number;
  readonly assignmentEpoch: number;
  readonly members: readonly ShareMember[];
}

type Described = ResponseOf<typeof shareGroupDescribe>['groups'][number];

/** Describes groups; a group that cannot be described has its error in the map. */
export function describeShareGroups(
  cluster: Cluster,
  groupIds: readonly string[],
  timeoutMs: number,
): Promise<Map<string, ShareGroupDescription | Error>> {
  const call = 'describeShareGroups(api=FIND_COORDINATOR)';
  return byCoordinator<ShareGroupDescription>(cluster, groupIds, timeoutMs, call, async (node, ids) => {
    const group = ids[0] as string;
    const moved = (r: { groups: readonly Described[] }) =>
      r.groups.map(({ errorCode }) => retriableCoordinatorError(errorCode)).find((code) => code !== 0) ?? 0;
    const body = { groupIds: ids, includeAuthorizedOperations: false };
    try {
      const response = await cluster.send(shareGroupDescribe, body, { to: { group }, timeoutMs, call, errorOf: moved });
      return new Map(response.groups.map((answer) => [answer.groupId, described(answer, node)]));
    } catch (error) {
      return new Map(ids.map((groupId) => [groupId, error as Error]));
    }
  });
}

const described = (group: Described, coordinator: Node): ShareGroupDescription | Error =>
  group.errorCode !== 0
    ? new KafkaError(group.errorCode, group.errorMessage)
    : {
        groupId: group.groupId,
        state: group.groupState,
        coordinator,
        groupEpoch: group.groupEpoch,
        assignmentEpoch: group.assignmentEpoch,
        members: group.members.map((member) => ({
          memberId: member.memberId,
          clientId: member.clientId,
          host: member.clientHost,
          memberEpoch: member.memberEpoch,
          assignment: member.assignment.topicPartitions.flatMap(({ topicName: topic, partitions }) =>
            partitions.map((partition) => ({ topic, partition })),
          ),
        })),
      };

export interface SharePartitionOffset extends TopicPartition {
  /** share-partition start offset; undefined when not initialized yet */
  readonly startOffset: bigint | undefined;
  readonly leaderEpoch: number | undefined;
  readonly lag: bigint | undefined;
}

/** The share-partition start offsets of a group. Partitions with an error are left out, like in Java's admin client. */
export async function shareGroupOffsets(
  cluster: Cluster,
  groupId: string,
  timeoutMs: number,
): Promise<SharePartitionOffset[]> {
  const response = await cluster.send(
    describeShareGroupOffsets,
    { groups: [{ groupId, topics: null }] },
    {
      to: { group: groupId },
      timeoutMs,
      call: 'describeShareGroupOffsets(api=FIND_COORDINATOR)',
      errorOf: (r) => retriableCoordinatorError(r.groups[0]?.errorCode),
    },
  );
  const group = response.groups.find((answer) => answer.groupId === groupId);
  check(group?.errorCode ?? 0, group?.errorMessage);
  return (group?.topics ?? []).flatMap(({ topicName: topic, partitions }) =>
    partitions
      .filter((answer) => answer.errorCode === 0)
      .map(({ partitionIndex: partition, startOffset, leaderEpoch, lag }) => {
        if (startOffset < 0n)
          return { topic, partition, startOffset: undefined, leaderEpoch: undefined, lag: undefined };
        return {
          topic,
          partition,
          startOffset,
          leaderEpoch: leaderEpoch < 0 ? undefined : leaderEpoch,
          lag: lag < 0n ? undefined : lag,
        };
      }),
  );
}

/** Sets start offsets of a group, which must be empty. Throws the group's error, or the first partition's. */
export async function alterShareGroupOffsets(
  cluster: Cluster,
  groupId: string,
  offsets: readonly (TopicPartition & { readonly offset: bigint })[],
  timeoutMs: number,
): Promise<void> {
  const wanted = new Map(offsets.map((entry) => [partitionName(entry), entry.offset]));
  const topics = [...byTopic(offsets)].map(([topicName, partitions]) => ({
    topicName,
    partitions: partitions.map((partitionIndex) => ({
      partitionIndex,
      startOffset: wanted.get(partitionName({ topic: topicName, partition: partitionIndex })) as bigint,
    })),
  }));
  const response = await cluster.send(
    alterApi,
    { groupId, topics },
    {
      to: { group: groupId },
      timeoutMs,
      call: 'alterShareGroupOffsets(api=FIND_COORDINATOR)',
      errorOf: (r) => retriedOf(r.errorCode),
    },
  );
  const failed = response.responses.flatMap(({ topicName: topic, partitions }) =>
    partitions
      .filter((answer) => answer.errorCode !== 0)
      .map(({ partitionIndex: partition, errorCode }) => ({ topic, partition, errorCode })),
  );
  const code = response.errorCode || failed[0]?.errorCode;
  if (!code) return;
  const names = (response.errorCode ? offsets : failed).map(partitionName).join(', ');
  throw new KafkaError(code, `Failed altering group offsets for the following partitions: [${names}]`);
}

const retriedOf = (code: number): number =>
  retriableCoordinatorError(code) || (code === Errors.REBALANCE_IN_PROGRESS ? code : 0);

/** Deletes a group's offsets of topics; returns an outcome per topic. Throws the group's error. */
export async function deleteShareGroupOffsets(
  cluster: Cluster,
  groupId: string,
  topics: readonly string[],
  timeoutMs: number,
): Promise<Map<string, Error | undefined>> {
  const response = await cluster.send(
    deleteApi,
    { groupId, topics: topics.map((topicName) => ({ topicName })) },
    {
      to: { group: groupId },
      timeoutMs,
      call: 'deleteShareGroupOffsets(api=FIND_COORDINATOR)',
      errorOf: (r) => retriedOf(r.errorCode),
    },
  );
  check(response.errorCode, response.errorMessage);
  const answers = new Map(response.responses.map((answer) => [answer.topicName, answer]));
  return new Map<string, Error | undefined>(
    topics.map((topic) => {
      const answer = answers.get(topic);
      if (answer === undefined) {
        const missing = `Offset deletion result for topic "${topic}" was not included in the response`;
        return [topic, new JavaError('java.lang.IllegalArgumentException', missing)];
      }
      return [topic, answer.errorCode === 0 ? undefined : new KafkaError(answer.errorCode, answer.errorMessage)];
    }),
  );
}
