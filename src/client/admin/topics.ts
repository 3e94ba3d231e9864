/** Topics' partitions and leaders, for commands that work on partitions. */
import { check, Errors, KafkaError } from '../../protocol/errors.js';
import type { Cluster, TopicInfo } from '../cluster.js';

/** Java refuses such a name before it asks anybody. */
export const unrepresentable = (name: string): KafkaError =>
  new KafkaError(Errors.INVALID_TOPIC_EXCEPTION, `The given topic name '${name}' cannot be represented in a request.`);

/** Topics by name; throws the error of the first that does not exist or cannot be read. */
export async function describeTopics(
  cluster: Cluster,
  names: readonly string[],
  timeoutMs?: number,
): Promise<TopicInfo[]> {
  if (names.length === 0) return [];
  if (names.includes('')) throw unrepresentable('');
  const bound = timeoutMs === undefined ? {} : { timeoutMs };
  const { topics } = await cluster.metadata(names, { ...bound, call: 'listNodes' });
  for (const topic of topics) check(topic.errorCode);
  return [...topics];
}
