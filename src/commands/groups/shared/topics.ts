/** Parses `--topic`: `orders` means all of its partitions, `orders:0,2` those two. Mirrors tools/OffsetsUtils. */

import { describeTopics } from '../../../client/admin/topics.js';
import type { Cluster } from '../../../client/cluster/types.js';
import { executionException, JavaError, runtimeException } from '../../../java/exceptions.js';
import { isInteger } from '../../../java/integer.js';
import { partitionName, type TopicPartition } from '../../../kafka/topic-partition.js';
import { Errors, KafkaError } from '../../../protocol/errors.js';

const illegal = (message: string): JavaError => new JavaError('java.lang.IllegalArgumentException', message);

/** The partitions of `topic:0,1,2`. */
export function namedPartitions(argument: string): TopicPartition[] {
  const [topic, partitions, ...more] = argument.replace(/:+$/, '').split(':');
  if (topic === undefined || partitions === undefined || more.length > 0) {
    throw illegal(`Invalid topic arg '${argument}', expected topic name and partitions`);
  }
  return partitions
    .replace(/,+$/, '')
    .split(',')
    .map((text) => {
      if (!isInteger(text)) throw illegal(`Invalid partition '${text}' specified in topic arg '${argument}''`);
      return { topic, partition: Number(text) };
    });
}

/** Every partition of a topic. */
export async function partitionsOfTopic(cluster: Cluster, topic: string, timeoutMs: number): Promise<TopicPartition[]> {
  const topics = await describeTopics(cluster, [topic], timeoutMs);
  return topics.flatMap(({ partitions }) => partitions.map(({ partition }) => ({ topic, partition })));
}

/** The partitions of all `--topic` arguments. */
export async function chosenPartitions(
  cluster: Cluster,
  topics: readonly string[],
  timeoutMs: number,
): Promise<TopicPartition[]> {
  const named = topics.filter((topic) => topic.includes(':')).flatMap(namedPartitions);
  const whole = topics.filter((topic) => !topic.includes(':'));
  const described = await Promise.all(whole.map((topic) => partitionsOfTopic(cluster, topic, timeoutMs)));
  return [...named, ...described.flat()];
}

/** Throws KafkaError if a partition does not exist or has no leader. */
export async function checkPartitions(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  timeoutMs: number,
): Promise<void> {
  const leaders = await leadersOf(cluster, partitions, timeoutMs);
  const list = (wrong: readonly TopicPartition[]) => `The partitions "${wrong.map(partitionName).join(',')}"`;
  const missing = partitions.filter((partition) => !leaders.has(partitionName(partition)));
  if (missing.length > 0) {
    throw new KafkaError(Errors.UNKNOWN_TOPIC_OR_PARTITION, `${list(missing)} do not exist`);
  }
  const leaderless = partitions.filter((partition) => leaders.get(partitionName(partition)) === -1);
  if (leaderless.length > 0) throw new KafkaError(Errors.LEADER_NOT_AVAILABLE, `${list(leaderless)} have no leader`);
}

/** The leader of every partition of these topics, by partition name; -1 without a leader. */
export async function leadersOf(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  timeoutMs: number,
): Promise<Map<string, number>> {
  const names = [...new Set(partitions.map(({ topic }) => topic))];
  const topics = await describeTopics(cluster, names, timeoutMs).catch((error) => {
    throw runtimeException(executionException(error));
  });
  return new Map(
    topics.flatMap(({ name: topic, partitions: all }) =>
      all.map(({ partition, leader }) => [partitionName({ topic, partition }), leader]),
    ),
  );
}
