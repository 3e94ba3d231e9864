import type { Cluster } from '../../client/cluster.js';
import { deleteTopics } from '../../protocol/apis/20-delete-topics.js';
import { KafkaError } from '../../protocol/errors.js';
import { ZERO_UUID } from '../../protocol/schema.js';
import { retryable } from './create.js';
import type { TopicOptions } from './flags.js';
import { ensureExists, selectionOf, selectTopics } from './select.js';

/** `--delete`: every topic that matches; prints nothing. */
export async function removeTopics(options: TopicOptions, cluster: Cluster): Promise<void> {
  const selection = selectionOf(options);
  const topics = await selectTopics(cluster, selection);
  ensureExists(topics, selection.include, options.has('if-exists'));
  if (topics.size === 0) return;
  const topicNames = [...topics.keys()];
  const answer = await cluster.send(
    deleteTopics,
    { topics: topicNames.map((name) => ({ name, topicId: ZERO_UUID })), topicNames, timeoutMs: 30_000 },
    { to: 'controller', call: 'deleteTopics', errorOf: ({ responses }) => retryable(responses[0]?.errorCode) },
  );
  const failed = answer.responses.find(({ errorCode }) => errorCode !== 0);
  if (failed) throw new KafkaError(failed.errorCode, failed.errorMessage);
}
