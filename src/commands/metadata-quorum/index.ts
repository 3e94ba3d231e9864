/** kafka-metadata-quorum.sh. Mirrors tools/MetadataQuorumCommand. */
import { existsSync } from 'node:fs';
import { type Arguments, parseArguments } from '../../cli/argparse/index.js';
import { CommandError, EXIT } from '../../cli/errors.js';
import { type Command, writeLines } from '../../cli/io.js';
import type { Cluster } from '../../client/cluster/types.js';
import type { Properties } from '../../java/properties.js';
import { openTool, withTool } from '../shared/admin-tool.js';
import { loadProperties } from '../shared/connection.js';
import { addController, removeController } from './change.js';
import { replication, status } from './describe.js';
import { parser } from './parser.js';

export { parser };

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    const args = parseArguments(parser, argv, io);
    const file = args.text('command-config');
    if (file !== undefined && !existsSync(file)) throw new CommandError(`Properties file ${file} does not exist.`);
    const properties = file === undefined ? undefined : loadProperties(file);
    // add-controller takes a controller's properties: do not warn about those that clients do not know
    const quiet = args.command === 'add-controller';
    const cluster = openTool(io, args, properties ?? new Map(), { quiet });
    await writeLines(io.stdout, await withTool(cluster, (open) => run(open, args, properties)));
    return EXIT.ok;
  },
};

async function run(cluster: Cluster, args: Arguments, properties: Properties | undefined): Promise<string[]> {
  if (args.command === 'remove-controller') return removeController(cluster, args);
  if (args.command === 'describe') return describe(cluster, args);
  if (properties === undefined) {
    throw new CommandError(
      'You must supply the configuration file of the controller you are adding when using add-controller.',
    );
  }
  return [await addController(cluster, properties, args.has('dry-run'))];
}

function describe(cluster: Cluster, args: Arguments): Promise<string[]> {
  const [short, long, human] = ['status', 'replication', 'human-readable'].map((name) => args.has(name));
  if (short && long) {
    throw new CommandError('Only one of --status or --replication should be specified with describe sub-command');
  }
  if (long) return replication(cluster, human!);
  if (!short) throw new CommandError('One of --status or --replication must be specified with describe sub-command');
  if (human) throw new CommandError('The option --human-readable is only supported along with --replication');
  return status(cluster);
}
