import { type Io, writeLines } from '../../cli/io.js';
import type { Cluster } from '../../client/cluster/types.js';
import type { TopicOptions } from './flags.js';
import { selectionOf, selectTopics } from './select.js';

/** `--list`: the names, sorted. Prints an empty line if there are none, as Java does. */
export async function listTopics(options: TopicOptions, cluster: Cluster, io: Io): Promise<void> {
  const topics = await selectTopics(cluster, selectionOf(options));
  if (options.value('output') === 'json') {
    const list = [...topics.values()].map(({ name, topicId, isInternal }) => ({ name, topicId, internal: isInternal }));
    await writeLines(io.stdout, [JSON.stringify(list, null, 2)]);
    return;
  }
  await writeLines(io.stdout, topics.size === 0 ? [''] : topics.keys());
}
