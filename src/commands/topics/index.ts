import { CommandError, EXIT, errorLine } from '../../cli/errors.js';
import type { Command, Io } from '../../cli/io.js';
import { nearest } from '../../cli/nearest.js';
import type { Cluster } from '../../client/cluster.js';
import { ConfigError } from '../../client/config.js';
import { loadProperties, noClient, openAdmin } from '../connection.js';
import { alterTopics } from './alter.js';
import { createTopic } from './create.js';
import { removeTopics } from './delete.js';
import { describeTopics } from './describe.js';
import { type Action, checkInvalid, checkOptions, checkRequired, flags, type TopicOptions } from './flags.js';
import { listTopics } from './list.js';
import { NoSuchTopic } from './select.js';

export { flags };

/** ms */
const HINT_PATIENCE = 1000;

const RUN: Record<Action, (options: TopicOptions, cluster: Cluster, io: Io) => Promise<void>> = {
  create: createTopic,
  list: listTopics,
  describe: describeTopics,
  alter: alterTopics,
  delete: removeTopics,
};

/** kafka-topics.sh. Mirrors tools/TopicCommand: what goes wrong after the flags are read is said on stdout, exit code 1. */
export const command: Command = { interruptible: true, run };

async function run(argv: readonly string[], io: Io): Promise<number> {
  const options = flags.parse(argv);
  const action = checkOptions(options, io);
  const bootstrap = options.value('bootstrap-server');
  checkRequired(options, bootstrap, io);
  checkInvalid(options);
  const file = options.value('command-config');
  const cluster = openAdmin(io, bootstrap!, file === undefined ? new Map() : loadProperties(file));
  try {
    await RUN[action](options, cluster, io);
    return EXIT.ok;
  } catch (error) {
    // a host name that does not resolve: Java finds out before there is a client, we when it is needed
    if (error instanceof ConfigError) throw noClient(error);
    const stdout = `Error while executing topic command : ${errorLine(error)}\n`;
    throw new CommandError(errorLine(error), { stdout, hint: await hintFor(error, cluster, io) });
  } finally {
    void cluster.close();
  }
}

/** On a terminal, the topic that was probably meant; never a reason to fail or to wait. */
async function hintFor(error: unknown, cluster: Cluster, io: Io): Promise<string | undefined> {
  if (!io.isTTY.stderr || !(error instanceof NoSuchTopic)) return undefined;
  const { topics } = await cluster.metadata(null, { timeoutMs: HINT_PATIENCE }).catch(() => ({ topics: [] }));
  const name = nearest(
    error.include,
    topics.map((topic) => topic.name),
  );
  return name && `Did you mean ${name}?`;
}
