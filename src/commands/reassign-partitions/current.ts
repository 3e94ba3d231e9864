/** The current state of the cluster: topics, replicas and their log directories. */

import { describeCluster } from '../../client/admin/cluster.js';
import { type Replica, replicaName, replicaPlaces } from '../../client/admin/log-dirs.js';
import { unrepresentable } from '../../client/admin/topics.js';
import type { Cluster, TopicInfo } from '../../client/cluster/types.js';
import { hashOrder } from '../../java/hash-order.js';
import { partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import { check, Errors, KafkaError } from '../../protocol/errors.js';
import { partitionCopyOrder, partitionOrder } from '../shared/partition-order.js';
import type { Assignment } from './plan.js';

/** Topics by name; each can have an error. */
export async function lookUp(cluster: Cluster, names: Iterable<string>): Promise<Map<string, TopicInfo>> {
  const wanted = [...new Set(names)];
  if (wanted.includes('')) throw unrepresentable('');
  if (wanted.length === 0) return new Map();
  const { topics } = await cluster.metadata(wanted, { call: 'describeTopics' });
  return new Map(topics.map((topic) => [topic.name, topic]));
}

/** Every partition of the topics. Throws the first topic's error, in the order of Java's map. */
export async function assignmentsOf(cluster: Cluster, names: Iterable<string>): Promise<Assignment[]> {
  const topics = await lookUp(cluster, names);
  const order = hashOrder(hashOrder([...topics.keys()]), topics.size);
  return order.flatMap((topic) => {
    const { errorCode, partitions } = topics.get(topic) as TopicInfo;
    if (errorCode === Errors.UNKNOWN_TOPIC_OR_PARTITION) throw new KafkaError(errorCode, `Topic ${topic} not found.`);
    check(errorCode);
    return partitions.map(({ partition, replicas }) => ({ topic, partition, replicas }));
  });
}

/** The assignments of the given partitions. Throws if one does not exist. */
export async function assignmentsOfPartitions(
  cluster: Cluster,
  wanted: readonly TopicPartition[],
): Promise<Assignment[]> {
  const all = await assignmentsOf(
    cluster,
    wanted.map(({ topic }) => topic),
  );
  const names = new Set(wanted.map(partitionName));
  const found = all.filter((entry) => names.delete(partitionName(entry)));
  if (names.size === 0) return found;
  const missing = partitionCopyOrder(partitionOrder(wanted)).map(partitionName);
  throw new KafkaError(
    Errors.UNKNOWN_TOPIC_OR_PARTITION,
    `Unable to find partition: ${missing.filter((name) => names.has(name)).join(', ')}`,
  );
}

/** The log directory of each replica whose broker exists. */
export async function logDirs(
  cluster: Cluster,
  assignments: readonly Assignment[],
): Promise<(replica: Replica) => string | undefined> {
  const alive = new Set(await brokerIds(cluster));
  const replicas = assignments.flatMap(({ topic, partition, replicas: ids }) =>
    ids.filter((id) => alive.has(id)).map((broker) => ({ topic, partition, broker })),
  );
  const places = await replicaPlaces(cluster, replicas);
  return (replica) => places.get(replicaName(replica))?.current;
}

export async function brokerIds(cluster: Cluster): Promise<number[]> {
  return (await describeCluster(cluster)).nodes.map(({ id }) => id);
}
