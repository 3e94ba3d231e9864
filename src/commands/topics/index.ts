import { CommandError, EXIT, errorLine } from '../../cli/errors.js';
import type { Command, Io } from '../../cli/io.js';
import type { Cluster } from '../../client/cluster.js';
import { loadProperties, openAdmin } from '../connection.js';
import { alterTopics } from './alter.js';
import { createTopic } from './create.js';
import { removeTopics } from './delete.js';
import { describeTopics } from './describe.js';
import { type Action, checkInvalid, checkOptions, checkRequired, flags, type TopicOptions } from './flags.js';
import { listTopics } from './list.js';

export { flags };

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
    throw new CommandError(errorLine(error), { stdout: `Error while executing topic command : ${errorLine(error)}\n` });
  } finally {
    void cluster.close();
  }
}
