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

/** ms */
const HINT_PATIENCE = 1000;

const RUN: Record<Action, (options: TopicOptions, cluster: Cluster, io: Io) => Promise<void>> = {
  create: createTopic,
  list: listTopics,
  describe: describeTopics,
  alter: alterTopics,
  delete: removeTopics,
};

/** What goes wrong from here on is said on stdout, with exit code 1. */
export async function runAction(action: Action, options: TopicOptions, bootstrap: string, io: Io): Promise<number> {
  const file = options.value('command-config');
  const cluster = openAdmin(io, bootstrap, file === undefined ? new Map() : loadProperties(file));
  try {
    await RUN[action](options, cluster, io);
    return EXIT.ok;
  } catch (error) {
    // a host name that does not resolve: Java finds out before there is a client, we when it is needed
    if (error instanceof ConfigError) throw noClient(error);
    const said = `Error while executing topic command : ${errorLine(error)}\n`;
    // a document or nothing: stdout goes to jq
    const where = options.value('output') === 'json' ? { stderr: said } : { stdout: said };
    throw new CommandError(errorLine(error), { ...where, hint: await hintFor(error, cluster, io) });
  } finally {
    void cluster.close();
  }
}

/** On a terminal, the topic that was probably meant; never a reason to fail or to wait. */
async function hintFor(error: unknown, cluster: Cluster, io: Io): Promise<string | undefined> {
  if (!io.isTTY.stderr || !(error instanceof NoSuchTopic)) return undefined;
  const { topics } = await cluster.metadata(null, { timeoutMs: HINT_PATIENCE }).catch(() => ({ topics: [] }));
  const known = topics.map((topic) => topic.name);
  const name = nearest(error.include, known);
  return name && `Did you mean ${name}?`;
}
