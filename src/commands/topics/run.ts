import { CommandError, EXIT, errorLine } from '../../cli/errors.js';
import type { Io } from '../../cli/io.js';
import type { Cluster } from '../../client/cluster/types.js';
import { ConfigError } from '../../java/config-def.js';
import { nearest } from '../../java/nearest.js';
import { loadProperties, noClient, openAdmin } from '../shared/connection.js';
import { alterTopics } from './alter.js';
import { createTopic } from './create.js';
import { removeTopics } from './delete.js';
import { describeTopics } from './describe.js';
import type { Action, TopicOptions } from './flags.js';
import { listTopics } from './list.js';
import { NoSuchTopic } from './select.js';

/** how long to look for a suggestion after an error, ms */
const HINT_PATIENCE = 1000;

const RUN: Record<Action, (options: TopicOptions, cluster: Cluster, io: Io) => Promise<void>> = {
  create: createTopic,
  list: listTopics,
  describe: describeTopics,
  alter: alterTopics,
  delete: removeTopics,
};

/** From here on, errors are printed to stdout, as in Java, with exit code 1. */
export async function runAction(action: Action, options: TopicOptions, bootstrap: string, io: Io): Promise<number> {
  const file = options.value('command-config');
  const cluster = openAdmin(io, bootstrap, file === undefined ? new Map() : loadProperties(file));
  try {
    await RUN[action](options, cluster, io);
    return EXIT.ok;
  } catch (error) {
    // such as an unresolvable host name: Java fails when it creates the client, ours on first use
    if (error instanceof ConfigError) throw noClient(error);
    const text = `Error while executing topic command : ${errorLine(error)}\n`;
    // with --output json, stdout is a JSON document or nothing, so that it can be piped to jq
    const where = options.value('output') === 'json' ? { stderr: text } : { stdout: text };
    throw new CommandError(errorLine(error), { ...where, hint: await hintFor(error, cluster, io) });
  } finally {
    void cluster.close();
  }
}

/** On a terminal, suggests an existing topic for a misspelled one. Never throws, and gives up after HINT_PATIENCE. */
async function hintFor(error: unknown, cluster: Cluster, io: Io): Promise<string | undefined> {
  if (!io.isTTY.stderr || !(error instanceof NoSuchTopic)) return undefined;
  const { topics } = await cluster.metadata(null, { timeoutMs: HINT_PATIENCE }).catch(() => ({ topics: [] }));
  const known = topics.map((topic) => topic.name);
  const name = nearest(error.include, known);
  return name && `Did you mean ${name}?`;
}
