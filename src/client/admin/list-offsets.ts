/** ListOffsets, sent to each partition's leader. Mirrors clients/admin/internals/ListOffsetsHandler. */

import { byTopic, partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import { listOffsets as listOffsetsApi } from '../../protocol/apis/02-list-offsets.js';
import { KafkaError } from '../../protocol/errors.js';
import type { Deadline } from '../cluster/retry.js';
import type { Cluster } from '../cluster/types.js';
import { byLeader } from './by-leader.js';

/** Special timestamps of ListOffsets. */
export const LATEST = -1n;
export const EARLIEST = -2n;
export const MAX_TIMESTAMP = -3n;
export const EARLIEST_LOCAL = -4n;
export const LATEST_TIERED = -5n;
export const EARLIEST_PENDING_UPLOAD = -6n;

export interface ListedOffset extends TopicPartition {
  /** -1n: no record at or after this timestamp */
  readonly offset: bigint;
  readonly timestamp: bigint;
  readonly leaderEpoch: number | undefined;
}

/** The lowest ListOffsets version that supports a special timestamp. */
const LOWEST = new Map([
  [MAX_TIMESTAMP, 7],
  [EARLIEST_LOCAL, 8],
  [LATEST_TIERED, 9],
  [EARLIEST_PENDING_UPLOAD, 11],
]);

type Outcome = ListedOffset | KafkaError;

export interface ListOffsetsOptions {
  readonly timeoutMs?: number;
  readonly isolationLevel?: 'read_uncommitted' | 'read_committed';
}

/**
 * The offset of each partition for a timestamp, or an error, by partition name. Waits for missing leaders until the call
 * times out.
 */
export async function listOffsets(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  time: bigint | ((partition: TopicPartition) => bigint),
  options: ListOffsetsOptions = {},
): Promise<Map<string, Outcome>> {
  const timeOf = typeof time === 'bigint' ? () => time : time;
  const deadline = cluster.deadline('listOffsets(api=METADATA)', options.timeoutMs);
  return byLeader<ListedOffset>(cluster, partitions, deadline, (node, list) =>
    askLeader(cluster, node, list, timeOf, options, deadline),
  );
}

/** One leader's outcomes; partitions to retry (retriable error, leader moved) are left out. */
async function askLeader(
  cluster: Cluster,
  node: number,
  partitions: readonly TopicPartition[],
  timeOf: (partition: TopicPartition) => bigint,
  options: ListOffsetsOptions,
  deadline: Deadline,
): Promise<Map<string, Outcome>> {
  const topics = [...byTopic(partitions)].map(([name, list]) => ({
    name,
    partitions: list.map((partition) => ({
      partitionIndex: partition,
      timestamp: timeOf({ topic: name, partition }),
    })),
  }));
  const committed = options.isolationLevel === 'read_committed';
  const special = partitions.map((partition) => LOWEST.get(timeOf(partition)) ?? 0);
  const outcomes = new Map<string, Outcome>();
  const asked = cluster.send(
    listOffsetsApi,
    { replicaId: -1, isolationLevel: committed ? 1 : 0, topics, timeoutMs: deadline.left },
    {
      to: { node },
      retry: false,
      timeoutMs: deadline.left,
      atLeast: Math.max(committed ? 2 : 1, ...special),
      call: deadline.call,
    },
  );
  const response = await asked.catch((error) => {
    if (error instanceof KafkaError && error.retriable) return { topics: [] };
    throw error;
  });
  for (const { name: topic, partitions: answers } of response.topics) {
    for (const { partitionIndex: partition, errorCode, offset, timestamp, leaderEpoch } of answers) {
      const error = errorCode === 0 ? undefined : new KafkaError(errorCode);
      if (error?.retriable) continue;
      const epoch = leaderEpoch < 0 ? undefined : leaderEpoch;
      const found = { topic, partition, offset, timestamp, leaderEpoch: epoch };
      outcomes.set(partitionName(found), error ?? found);
    }
  }
  return outcomes;
}
