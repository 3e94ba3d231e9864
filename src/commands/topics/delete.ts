import { deleteTopics } from '../../client/admin/topics.js';
import type { Cluster } from '../../client/cluster/types.js';
import type { TopicOptions } from './flags.js';
import { ensureExists, selectionOf, selectTopics } from './select.js';

/** `--delete` for every topic that matches. Prints nothing. */
export async function removeTopics(options: TopicOptions, cluster: Cluster): Promise<void> {
  const selection = selectionOf(options);
  const topics = await selectTopics(cluster, selection);
  ensureExists(topics, selection.include, options.has('if-exists'));
  if (topics.size === 0) return;
  const outcomes = await deleteTopics(cluster, [...topics.keys()]);
  const failed = [...outcomes.values()].find((outcome) => outcome !== undefined);
  if (failed) throw failed;
}
