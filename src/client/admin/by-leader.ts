/** Requests that go to partition leaders. Mirrors clients/admin/internals/PartitionLeaderStrategy. */

import { byTopic, partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { Deadline } from '../cluster/retry.js';
import type { Cluster, TopicInfo } from '../cluster/types.js';

export type Outcomes<T> = Map<string, T | KafkaError>;

/** One leader's outcomes for its partitions; partitions to retry (retriable error, leader moved) are left out. */
type Ask<T> = (node: number, partitions: TopicPartition[]) => Promise<Outcomes<T>>;

/** Options of `byLeader`. */
export interface ByLeaderOptions {
  /** retries an unknown topic until the deadline, instead of failing its partitions */
  readonly awaitTopics?: boolean;
}

/**
 * Asks the leaders until every partition has an outcome: a value or an error, by partition name. Waits for missing leaders
 * until the call times out.
 */
export async function byLeader<T>(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  deadline: Deadline,
  ask: Ask<T>,
  { awaitTopics = false }: ByLeaderOptions = {},
): Promise<Outcomes<T>> {
  const outcomes: Outcomes<T> = new Map();
  const failure = (topic: TopicInfo, place: TopicPartition): KafkaError | undefined =>
    awaitTopics && topic.errorCode === Errors.UNKNOWN_TOPIC_OR_PARTITION ? undefined : topicFailure(topic, place);
  let waiting = new Map(partitions.map((partition) => [partitionName(partition), partition]));
  while (waiting.size > 0) {
    const { leaders, failed } = await findLeaders(cluster, [...waiting.values()], deadline, failure);
    for (const [name, error] of failed) outcomes.set(name, error);
    const asked = [...leaders].map(([node, list]) => ask(node, list));
    for (const answers of await Promise.all(asked)) for (const [name, outcome] of answers) outcomes.set(name, outcome);
    waiting = new Map([...waiting].filter(([name]) => !outcomes.has(name)));
    if (waiting.size > 0) await pause(deadline, waiting.keys(), outcomes);
    waiting = new Map([...waiting].filter(([name]) => !outcomes.has(name)));
  }
  return outcomes;
}

/** Waits before the next attempt; once the call times out, the remaining partitions fail. */
async function pause(deadline: Deadline, waiting: Iterable<string>, outcomes: Outcomes<unknown>): Promise<void> {
  try {
    await deadline.backoff();
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    for (const name of waiting) outcomes.set(name, error);
  }
}

/** The leader of each partition; partitions without one are in neither map. */
async function findLeaders(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  deadline: Deadline,
  failure: (topic: TopicInfo, place: TopicPartition) => KafkaError | undefined,
) {
  const wanted = byTopic(partitions);
  const { topics } = await cluster.metadata([...wanted.keys()], { timeoutMs: deadline.left, call: deadline.call });
  deadline.tries++;
  const leaders = new Map<number, TopicPartition[]>();
  const failed = new Map<string, KafkaError>();
  for (const topic of topics) {
    for (const partition of wanted.get(topic.name) ?? []) {
      const place = { topic: topic.name, partition };
      const error = failure(topic, place);
      const leader = topic.partitions.find((p) => p.partition === partition)?.leader ?? -1;
      if (error) failed.set(partitionName(place), error);
      else if (leader >= 0) leaders.set(leader, [...(leaders.get(leader) ?? []), place]);
    }
  }
  return { leaders, failed };
}

function topicFailure({ name, errorCode }: TopicInfo, place: TopicPartition): KafkaError | undefined {
  if (errorCode === 0 || errorCode === Errors.LEADER_NOT_AVAILABLE || errorCode === Errors.BROKER_NOT_AVAILABLE) {
    return undefined;
  }
  const partition = partitionName(place);
  const because: Record<number, string> = {
    [Errors.UNKNOWN_TOPIC_OR_PARTITION]: `because metadata for topic \`${name}\` could not be found`,
    [Errors.TOPIC_AUTHORIZATION_FAILED]: 'due to topic authorization failure',
    [Errors.INVALID_TOPIC_EXCEPTION]: `due to invalid topic \`${name}\``,
  };
  const reason = because[errorCode] ?? `due to unexpected error for topic \`${name}\``;
  return new KafkaError(errorCode, `Failed to fetch metadata for partition ${partition} ${reason}`);
}
