import { onlyNotController } from '../../client/admin/topics.js';
import type { Cluster } from '../../client/cluster/types.js';
import { createPartitions } from '../../protocol/apis/37-create-partitions.js';
import { KafkaError } from '../../protocol/errors.js';
import { parseAssignment } from './assignment.js';
import { parseConfigs } from './configs.js';
import type { TopicOptions } from './flags.js';
import { ensureExists, selectionOf, selectTopics } from './select.js';

/** `--alter --partitions N` for every topic that matches. Prints nothing. */
export async function alterTopics(options: TopicOptions, cluster: Cluster): Promise<void> {
  const selection = selectionOf(options);
  const count = options.value('partitions')!;
  options.value('replication-factor');
  const assignment = parseAssignment(options.value('replica-assignment') ?? '');
  parseConfigs(options.values('config'));
  const topics = await selectTopics(cluster, selection);
  ensureExists(topics, selection.include, options.has('if-exists'));
  if (topics.size === 0) return;
  // the assignment includes the existing partitions; send only those after them
  const additions = [...topics.values()].map(({ name, partitions }) => ({
    name,
    count,
    assignments:
      assignment.length === 0 ? null : assignment.slice(partitions.length).map((brokerIds) => ({ brokerIds })),
  }));
  const answer = await cluster.send(
    createPartitions,
    { topics: additions, timeoutMs: 30_000, validateOnly: false },
    { to: 'controller', call: 'createPartitions', errorOf: ({ results }) => onlyNotController(results[0]?.errorCode) },
  );
  const failed = answer.results.find(({ errorCode }) => errorCode !== 0);
  if (failed) throw new KafkaError(failed.errorCode, failed.errorMessage);
}
