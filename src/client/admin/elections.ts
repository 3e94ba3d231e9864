/** Electing leaders. Mirrors Admin.electLeaders. */

import { byTopic, type TopicPartition } from '../../kafka/topic-partition.js';
import { electLeaders as electApi } from '../../protocol/apis/43-elect-leaders.js';
import { check, Errors, KafkaError } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';

export const ElectionType = { PREFERRED: 0, UNCLEAN: 1 } as const;

export interface ElectionResult extends TopicPartition {
  readonly error: KafkaError | undefined;
}

/** Elects leaders of these partitions, or of all that need one; results are in the controller's order. */
export async function electLeaders(
  cluster: Cluster,
  electionType: number,
  partitions: readonly TopicPartition[] | null,
): Promise<ElectionResult[]> {
  const deadline = cluster.deadline('electLeaders');
  const topicPartitions = partitions && [...byTopic(partitions)].map(([topic, list]) => ({ topic, partitions: list }));
  const response = await cluster.send(
    electApi,
    { electionType, topicPartitions, timeoutMs: deadline.left },
    {
      to: 'controller',
      call: 'electLeaders',
      atLeast: electionType === ElectionType.UNCLEAN ? 1 : 0,
      errorOf: (r) => (r.errorCode === Errors.NOT_CONTROLLER ? r.errorCode : 0),
    },
  );
  check(response.errorCode);
  return response.replicaElectionResults.flatMap(({ topic, partitionResult }) =>
    partitionResult.map(({ partitionId: partition, errorCode, errorMessage }) => ({
      topic,
      partition,
      error: errorCode === 0 ? undefined : new KafkaError(errorCode, errorMessage),
    })),
  );
}
