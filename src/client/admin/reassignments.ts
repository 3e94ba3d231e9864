/** Partition reassignments. Mirrors Admin.listPartitionReassignments, alterPartitionReassignments. */

import { byTopic, partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import { alterPartitionReassignments as alterApi } from '../../protocol/apis/45-alter-partition-reassignments.js';
import { listPartitionReassignments as listApi } from '../../protocol/apis/46-list-partition-reassignments.js';
import { check, KafkaError } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';
import { onlyNotController } from './topics.js';

export interface Reassignment extends TopicPartition {
  /** includes the adding and removing replicas */
  readonly replicas: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly removingReplicas: readonly number[];
}

/** Ongoing reassignments by partition name: all, or those of some partitions. */
export async function listReassignments(
  cluster: Cluster,
  partitions: readonly TopicPartition[] | null = null,
): Promise<Map<string, Reassignment>> {
  const wanted = partitions && [...byTopic(partitions)].map(([name, list]) => ({ name, partitionIndexes: list }));
  const response = await cluster.send(
    listApi,
    { topics: wanted },
    {
      to: 'controller',
      controllers: true,
      call: 'listPartitionReassignments',
      errorOf: (r) => onlyNotController(r.errorCode),
    },
  );
  check(response.errorCode, response.errorMessage);
  const found = new Map<string, Reassignment>();
  for (const { name: topic, partitions: list } of response.topics)
    for (const { partitionIndex: partition, ...reassignment } of list)
      found.set(partitionName({ topic, partition }), { topic, partition, ...reassignment });
  return found;
}

/** A partition's requested replicas. */
export interface NewReplicas extends TopicPartition {
  /** null: cancels the reassignment */
  readonly replicas: readonly number[] | null;
}

/** Starts or cancels reassignments. Returns the errors by partition name. */
export async function alterReassignments(
  cluster: Cluster,
  wanted: readonly NewReplicas[],
  allowReplicationFactorChange = true,
): Promise<Map<string, KafkaError>> {
  const replicas = new Map(wanted.map((entry) => [partitionName(entry), entry.replicas]));
  const topics = [...byTopic(wanted)].map(([name, list]) => ({
    name,
    partitions: list.map((partition) => ({
      partitionIndex: partition,
      replicas: (replicas.get(partitionName({ topic: name, partition })) ?? null) as number[] | null,
    })),
  }));
  const failed = new Map<string, KafkaError>();
  try {
    const response = await cluster.send(
      alterApi,
      { topics, allowReplicationFactorChange },
      {
        to: 'controller',
        controllers: true,
        atLeast: allowReplicationFactorChange ? 0 : 1,
        call: 'alterPartitionReassignments',
        errorOf: (r) => onlyNotController(r.errorCode),
      },
    );
    check(response.errorCode, response.errorMessage);
    for (const { name: topic, partitions } of response.responses)
      for (const { partitionIndex: partition, errorCode, errorMessage } of partitions)
        if (errorCode !== 0) failed.set(partitionName({ topic, partition }), new KafkaError(errorCode, errorMessage));
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    for (const entry of wanted) failed.set(partitionName(entry), error);
  }
  return failed;
}
