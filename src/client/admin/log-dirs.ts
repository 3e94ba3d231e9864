/** Log directories and the replicas in them. Mirrors Admin.describeLogDirs, describeReplicaLogDirs and alterReplicaLogDirs. */

import { byTopic, type TopicPartition } from '../../kafka/topic-partition.js';
import { alterReplicaLogDirs as alterApi } from '../../protocol/apis/34-alter-replica-log-dirs.js';
import { describeLogDirs as describeApi } from '../../protocol/apis/35-describe-log-dirs.js';
import { check, Errors, KafkaError } from '../../protocol/errors.js';
import type { ResponseOf } from '../../protocol/wire/schema.js';
import type { Cluster } from '../cluster/types.js';

export interface Replica extends TopicPartition {
  readonly broker: number;
}

/** "topic-0-1": how Kafka prints a replica. */
export const replicaName = ({ topic, partition, broker }: Replica): string => `${topic}-${partition}-${broker}`;

export type LogDir = ResponseOf<typeof describeApi>['results'][number];

/** A broker's log directories with their replicas: of all topics, or of some partitions. */
export async function logDirsOf(
  cluster: Cluster,
  broker: number,
  partitions: readonly TopicPartition[] | null = null,
  call = 'describeLogDirs',
): Promise<readonly LogDir[]> {
  const topics = partitions && [...byTopic(partitions)].map(([topic, list]) => ({ topic, partitions: list }));
  const { errorCode, results } = await cluster.send(describeApi, { topics }, { to: { node: broker }, call });
  // versions without a top-level error code answer an unauthorized request with an empty list
  if (results.length === 0) check(errorCode || Errors.CLUSTER_AUTHORIZATION_FAILED);
  return results;
}

export interface ReplicaPlace {
  readonly current: string | undefined;
  /** the log directory it is moving to */
  readonly future: string | undefined;
}

/** The log directory of each replica, by replica name; undefined for replicas that are in no online directory. */
export async function replicaPlaces(
  cluster: Cluster,
  replicas: readonly Replica[],
): Promise<Map<string, ReplicaPlace>> {
  const places = new Map(replicas.map((r) => [replicaName(r), {} as { current?: string; future?: string }]));
  const brokers = [...new Set(replicas.map(({ broker }) => broker))];
  const asked = brokers.map(async (broker) => {
    const own = replicas.filter((replica) => replica.broker === broker);
    for (const { errorCode, logDir, topics } of await logDirsOf(cluster, broker, own, 'describeReplicaLogDirs')) {
      if (errorCode !== 0) continue;
      for (const { name: topic, partitions } of topics) {
        for (const { partitionIndex: partition, isFutureKey } of partitions) {
          const place = places.get(replicaName({ topic, partition, broker }));
          if (place) place[isFutureKey ? 'future' : 'current'] = logDir;
        }
      }
    }
  });
  await Promise.all(asked);
  return new Map([...places].map(([name, { current, future }]) => [name, { current, future }]));
}

export interface ReplicaMove extends Replica {
  readonly logDir: string;
}

/** Starts moving replicas between log directories of their broker; returns the error of each, if any, by replica name. */
export async function moveReplicas(
  cluster: Cluster,
  moves: readonly ReplicaMove[],
): Promise<Map<string, KafkaError | undefined>> {
  const outcomes = new Map<string, KafkaError | undefined>();
  for (const broker of new Set(moves.map((move) => move.broker))) {
    const own = moves.filter((move) => move.broker === broker);
    const dirs = [...new Set(own.map(({ logDir }) => logDir))].map((path) => ({
      path,
      topics: [...byTopic(own.filter(({ logDir }) => logDir === path))].map(([name, partitions]) => ({
        name,
        partitions,
      })),
    }));
    try {
      const { results } = await cluster.send(alterApi, { dirs }, { to: { node: broker }, call: 'alterReplicaLogDirs' });
      for (const { topicName: topic, partitions } of results)
        for (const { partitionIndex: partition, errorCode } of partitions)
          outcomes.set(replicaName({ topic, partition, broker }), errorCode ? new KafkaError(errorCode) : undefined);
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      for (const move of own) outcomes.set(replicaName(move), error);
    }
  }
  return outcomes;
}
