/** Describing streams groups (KIP-1071). Mirrors clients/admin/internals/DescribeStreamsGroupsHandler. */

import type { TopicPartition } from '../../kafka/topic-partition.js';
import { streamsGroupDescribe } from '../../protocol/apis/89-streams-group-describe.js';
import { KafkaError } from '../../protocol/errors.js';
import type { ResponseOf } from '../../protocol/wire/schema.js';
import type { Cluster, Node } from '../cluster/types.js';
import { retriableCoordinatorError } from './groups.js';

type Group = ResponseOf<typeof streamsGroupDescribe>['groups'][number];
export type StreamsMember = Group['members'][number];
export type StreamsGroup = Group & { readonly coordinator: Node };

const CALL = 'describeStreamsGroups(api=FIND_COORDINATOR)';

export interface DescribeOptions {
  /** include the topology description (brokers since 4.4) */
  readonly topology?: boolean;
}

/** Describes a group; returns the error if it cannot be described. */
export const describeStreamsGroup = (
  cluster: Cluster,
  groupId: string,
  timeoutMs: number,
  options: DescribeOptions = {},
) =>
  describe(cluster, groupId, timeoutMs, options).catch((error: unknown) => {
    if (error instanceof KafkaError) return error;
    throw error;
  });

async function describe(
  cluster: Cluster,
  groupId: string,
  timeoutMs: number,
  { topology = false }: DescribeOptions,
): Promise<StreamsGroup | KafkaError> {
  const coordinator = await cluster.coordinator(groupId, 'group', { timeoutMs, call: CALL });
  const { groups } = await cluster.send(
    streamsGroupDescribe,
    { groupIds: [groupId], includeAuthorizedOperations: false, includeTopologyDescription: topology },
    {
      to: { group: groupId },
      atLeast: topology ? 1 : 0,
      timeoutMs,
      call: CALL,
      errorOf: (r) => retriableCoordinatorError(r.groups[0]?.errorCode),
    },
  );
  const group = groups[0] as Group;
  return group.errorCode === 0 ? { ...group, coordinator } : new KafkaError(group.errorCode, group.errorMessage);
}

/** The input partitions of a group's active tasks: of source topics and repartition topics. */
export function taskPartitions({ topology, members }: StreamsGroup): TopicPartition[] {
  const topics = new Map(
    (topology?.subtopologies ?? []).map(({ subtopologyId, sourceTopics, repartitionSourceTopics }) => [
      subtopologyId,
      [...sourceTopics, ...repartitionSourceTopics.map(({ name }) => name)],
    ]),
  );
  return members
    .flatMap(({ assignment }) => assignment.activeTasks)
    .flatMap(({ subtopologyId, partitions }) =>
      (topics.get(subtopologyId) ?? []).flatMap((topic) => partitions.map((partition) => ({ topic, partition }))),
    );
}
