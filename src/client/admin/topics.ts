/** Topics' partitions and leaders, for commands that work on partitions. */
import { check } from '../../protocol/errors.js';
import type { Cluster, TopicInfo } from '../cluster.js';

/** Topics by name; throws the error of the first that does not exist or cannot be read. */
export async function describeTopics(
  cluster: Cluster,
  names: readonly string[],
  timeoutMs?: number,
): Promise<TopicInfo[]> {
  if (names.length === 0) return [];
  const bound = timeoutMs === undefined ? {} : { timeoutMs };
  const { topics } = await cluster.metadata(names, { ...bound, call: 'describeTopics' });
  for (const topic of topics) check(topic.errorCode);
  return [...topics];
}
