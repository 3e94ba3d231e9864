/** What the actions of kafka-streams-groups.sh need. */
import type { Io } from '../../../cli/io.js';
import { groupOffsets } from '../../../client/admin/group-offsets.js';
import { type GroupListing, listGroups } from '../../../client/admin/groups.js';
import type { Cluster } from '../../../client/cluster/types.js';
import { isInternalTopic } from '../../../kafka/streams-topics.js';
import type { TopicPartition } from '../../../kafka/topic-partition.js';
import type { GroupOptions } from '../consumer/flags.js';
import { groupOrder, type Service, wrapErrors } from '../shared/service.js';
import type { StreamsOptions } from './flags.js';

export interface Streams {
  readonly cluster: Cluster;
  readonly options: StreamsOptions;
  readonly io: Io;
  /** timeout of each admin call, ms */
  readonly timeoutMs: number;
}

/** Streams groups in any of the given states (empty: all states). */
export const streamsGroups = async ({ cluster, timeoutMs }: Streams, states: readonly string[] = []) =>
  groupOrder<GroupListing>(
    await wrapErrors(listGroups(cluster, { types: ['Streams'], states }, timeoutMs)),
    ({ groupId }) => groupId,
  );

export const chosenGroups = async (streams: Streams): Promise<string[]> =>
  streams.options.has('all-groups')
    ? (await streamsGroups(streams)).map(({ groupId }) => groupId)
    : [...new Set(streams.options.values('group'))];

/** For code of kafka-consumer-groups that only uses flags both tools have. */
export const asConsumerGroups = (streams: Streams): Service => ({
  ...streams,
  options: streams.options as unknown as GroupOptions,
});

/** Partitions of input topics for which the group has committed offsets. */
export async function inputPartitions({ cluster, timeoutMs }: Streams, group: string): Promise<TopicPartition[]> {
  const committed = await wrapErrors(groupOffsets(cluster, group, timeoutMs));
  return [...committed.values()].filter(({ topic }) => !isInternalTopic(group, topic));
}
