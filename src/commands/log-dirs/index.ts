/** kafka-log-dirs.sh. Mirrors tools/LogDirsCommand. */
import { CommandError, EXIT } from '../../cli/errors.js';
import { flag, flagTable, type Options } from '../../cli/flags.js';
import type { Command, Io } from '../../cli/io.js';
import { logDirsOf } from '../../client/admin/log-dirs.js';
import type { Cluster } from '../../client/cluster/types.js';
import { hashOrderBy } from '../../java/hash-order.js';
import { parseInteger } from '../../java/integer.js';
import { adminCluster, loadProperties } from '../shared/connection.js';
import { numberOrder } from '../shared/partition-order.js';
import { plainFailure } from '../shared/stack-trace.js';
import { logDirsText } from './text.js';

export const flags = flagTable({
  intro: 'This tool helps to query log directory usage on the specified brokers.',
  onParseError: 'message',
  flags: {
    'bootstrap-server': flag.string(
      'The server(s) to use for bootstrapping',
      'REQUIRED: host:port of one or more brokers.',
    ),
    'command-config': flag.string('Admin client property file', "File with the client's properties.", {
      completes: 'file',
    }),
    describe: flag.switch('Describe the log directories.'),
    'topic-list': flag.string('Topic list', 'The topics to describe, "topic1,topic2"; default: all topics.', {
      default: '',
      completes: 'topic',
    }),
    'broker-list': flag.string('Broker list', 'The brokers to describe, "0,1,2"; default: all brokers.', {
      default: '',
    }),
  },
});
type LogDirsOptions = Options<(typeof flags)['flags']>;

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    const options = flags.parse(argv);
    options.required('bootstrap-server', 'describe');
    let cluster: Cluster | undefined;
    try {
      const file = options.value('command-config');
      const properties = file === undefined ? new Map<string, string>() : loadProperties(file);
      cluster = adminCluster(io, options.value('bootstrap-server') as string, properties);
      await describe(cluster, options, io);
      return EXIT.ok;
    } catch (error) {
      throw plainFailure(error);
    } finally {
      void cluster?.close();
    }
  },
};

const split = (list: string): string[] => list.split(',').filter((part) => part !== '');

async function describe(cluster: Cluster, options: LogDirsOptions, io: Io): Promise<void> {
  const topics = new Set(split(options.value('topic-list')));
  const { brokers } = await cluster.metadata([], { call: 'listNodes' });
  const known = numberOrder(brokers.map(({ id }) => id));
  const typed = numberOrder(split(options.value('broker-list')).map(parseInteger));
  const unknown = typed.filter((id) => !known.includes(id));
  if (unknown.length > 0)
    throw new CommandError(
      `ERROR: The given brokers do not exist from --broker-list: ${unknown.join(',')}. Current existent brokers: ${known.join(',')}`,
    );
  const asked = typed.length === 0 ? known : typed;
  io.stdout.write('Querying brokers for log directories information\n');
  const found = await Promise.all(asked.map(async (broker) => ({ broker, dirs: await logDirsOf(cluster, broker) })));
  io.stdout.write(`Received log directory information from brokers ${asked.join(',')}\n`);
  const ordered = hashOrderBy(found, ({ broker }) => broker, found.length);
  io.stdout.write(`${logDirsText(ordered, topics)}\n`);
}
