/** kafka-get-offsets.sh. Mirrors tools/GetOffsetShell. */
import { CommandError, errorLine, FlagError } from '../../cli/errors.js';
import { type Command, type Io, writeLines } from '../../cli/io.js';
import { javaText } from '../../java/exceptions.js';
import { KafkaError } from '../../protocol/errors.js';
import { checkHostPorts } from '../shared/host-ports.js';
import { flags, type GetOffsetsOptions } from './flags.js';

export { flags };

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    const options = flags.parse(argv);
    const bootstrap = options.value('bootstrap-server') ?? options.value('broker-list');
    if (bootstrap === undefined) options.required('bootstrap-server');
    checkHostPorts(bootstrap as string, (message) => options.usage(message));
    try {
      return await print(bootstrap as string, options, io);
    } catch (error) {
      if (error instanceof CommandError) throw error;
      if (error instanceof FlagError) throw new CommandError(`Error occurred: ${error.message}`);
      throw new CommandError(`Error occurred: ${error instanceof KafkaError ? javaText(error) : errorLine(error)}`);
    }
  },
};

async function print(bootstrap: string, options: GetOffsetsOptions, io: Io): Promise<number> {
  const [{ byRules, byTopic, matching, occurred }, { timeOf }, { listOffsets }, { loadProperties, openAdmin }] =
    await Promise.all([
      import('./filter.js'),
      import('./time.js'),
      import('../../client/admin/list-offsets.js'),
      import('../shared/connection.js'),
    ]);
  const rules = options.value('topic-partitions');
  if (rules !== undefined && (options.has('topic') || options.has('partitions')))
    throw occurred('--topic-partitions cannot be used with --topic or --partitions');
  const filter = rules === undefined ? byTopic(options.value('topic'), options.value('partitions')) : byRules(rules);
  const time = timeOf(options.value('time'));
  const open = () => {
    try {
      const file = options.value('command-config');
      return openAdmin(io, bootstrap, file === undefined ? new Map() : loadProperties(file));
    } catch (error) {
      throw occurred((error as Error).message);
    }
  };
  const cluster = open();
  try {
    const { topics } = await cluster.metadata(null, { autoCreate: false, call: 'listTopics' });
    const partitions = matching(topics, filter, options.has('exclude-internal-topics'));
    if (partitions.length === 0) throw occurred('Could not match any topic-partitions with the specified filters');
    const offsets = await listOffsets(cluster, partitions, time);
    const lines: string[] = [];
    for (const { topic, partition } of partitions) {
      const found = offsets.get(`${topic}-${partition}`);
      if (found instanceof Error)
        io.stderr.write(
          `Skip getting offsets for topic-partition ${topic}-${partition} due to error: ${javaText(found)}\n`,
        );
      else if (found && found.offset >= 0n) lines.push(`${topic}:${partition}:${found.offset}`);
    }
    await writeLines(io.stdout, lines);
    return 0;
  } finally {
    void cluster.close();
  }
}
