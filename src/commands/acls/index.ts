/** kafka-acls.sh. Mirrors tools/AclCommand. */
import { EXIT } from '../../cli/errors.js';
import type { Command, Io } from '../../cli/io.js';
import { bootstrapOf } from '../shared/controllers.js';
import { type AclOptions, checkOptions, flags } from './flags.js';

export { flags };

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    const options = flags.parse(argv);
    checkOptions(options);
    const { tracedFailure } = await import('../shared/stack-trace.js');
    try {
      await run(options, io);
      return EXIT.ok;
    } catch (error) {
      throw tracedFailure('Error while executing ACL command: ', error);
    }
  },
};

async function run(options: AclOptions, io: Io): Promise<void> {
  const [{ adminCluster, loadProperties }, { add, remove }, { list }] = await Promise.all([
    import('../shared/connection.js'),
    import('./change.js'),
    import('./list.js'),
  ]);
  const file = options.value('command-config');
  if (options.has('command-config') && file === undefined)
    io.stdout.write('Did not load any properties since the property file is not specified\n');
  const properties = file === undefined ? new Map<string, string>() : loadProperties(file);
  const cluster = adminCluster(io, bootstrapOf(options), properties);
  const action = options.has('add') ? add : options.has('remove') ? remove : list;
  try {
    await action(cluster, options, io);
  } finally {
    void cluster.close();
  }
}
