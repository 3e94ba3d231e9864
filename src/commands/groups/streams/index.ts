/** kafka-streams-groups.sh: the groups of Kafka Streams applications. Mirrors tools/streams/StreamsGroupCommand. */
import { CommandError, EXIT, errorLine } from '../../../cli/errors.js';
import type { Command } from '../../../cli/io.js';
import { JavaError } from '../../../java/exceptions.js';
import { ClientCreationError } from '../../../kafka/client-settings.js';
import { adminCluster, loadProperties } from '../../shared/connection.js';
import { errorBlock } from '../shared/service.js';
import { type Action, checkFlags, flags } from './flags.js';
import type { Streams } from './service.js';

export { flags };

const ACTIONS: Readonly<Record<Action, () => Promise<{ run(streams: Streams): Promise<number | undefined> }>>> = {
  list: () => import('./list.js'),
  describe: () => import('./describe.js'),
  delete: () => import('./delete.js'),
  'reset-offsets': () => import('./reset-offsets.js'),
  'delete-offsets': () => import('./delete-offsets.js'),
};

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    const options = flags.parse(argv);
    const action = checkFlags(options);
    const file = options.value('command-config');
    const properties = file === undefined ? new Map<string, string>() : loadProperties(file);
    const { run } = await ACTIONS[action]();
    let streams: Streams | undefined;
    try {
      const cluster = adminCluster(io, options.value('bootstrap-server') as string, properties);
      streams = { cluster, options, io, timeoutMs: Number(options.value('timeout')) };
      return (await run(streams)) ?? EXIT.ok;
    } catch (error) {
      if (error instanceof CommandError) throw error;
      if (error instanceof JavaError && error.javaClass === 'java.lang.IllegalArgumentException')
        throw options.usage(error.message);
      const text = error instanceof ClientCreationError ? 'Failed to create new KafkaAdminClient' : errorLine(error);
      io.stdout.write(errorBlock(`Executing streams group command failed due to ${text}`));
      return EXIT.failure;
    } finally {
      await streams?.cluster.close();
    }
  },
};
