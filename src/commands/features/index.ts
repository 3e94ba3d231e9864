/** kafka-features.sh. Mirrors tools/FeatureCommand. */
import { type Arguments, parseArguments } from '../../cli/argparse/index.js';
import { CommandError, EXIT } from '../../cli/errors.js';
import { type Command, type Io, writeLines } from '../../cli/io.js';
import { describeFeatures } from '../../client/admin/features.js';
import type { Cluster } from '../../client/cluster/types.js';
import { metadataVersionName } from '../../kafka/metadata-versions.js';
import { openTool, withTool } from '../shared/admin-tool.js';
import { loadProperties } from '../shared/connection.js';
import { dependencyLines, mappingLines, parseFeatureLevel } from '../shared/feature-versions.js';
import { parser } from './parser.js';
import { parseUpdates, update } from './update.js';

export { parser };

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    const args = parseArguments(parser, argv, io);
    const local = LOCAL[args.command!];
    if (local) await writeLines(io.stdout, local(args));
    else await withTool(open(io, args), (cluster) => inCluster(cluster, args, io));
    return EXIT.ok;
  },
};

const LOCAL: Readonly<Record<string, (args: Arguments) => string[]>> = {
  'version-mapping': (args) => mappingLines(args.text('release-version')),
  'feature-dependencies': (args) =>
    args.texts('feature').flatMap((feature) => dependencyLines(...parseFeatureLevel(feature))),
};

function open(io: Io, args: Arguments): Cluster {
  const file = args.text('command-config');
  const properties = file === undefined ? new Map() : loaded(file);
  if (args.has('bootstrap-server') || args.has('bootstrap-controller')) return openTool(io, args, properties);
  const why = 'You must specify either --bootstrap-controller or --bootstrap-server.';
  throw new CommandError(why, { stderr: parser.renderError!(why) });
}

/** Loads a properties file; for one that cannot be read, this tool prints only the exception's message. */
function loaded(file: string): Map<string, string> {
  try {
    return loadProperties(file);
  } catch (error) {
    throw new CommandError((error as Error).message.split('\n', 1)[0]!);
  }
}

async function inCluster(cluster: Cluster, args: Arguments, io: Io): Promise<void> {
  if (args.command === 'describe') await writeLines(io.stdout, await describe(cluster, args.number('node-id')));
  else await update(cluster, parseUpdates(args, io), io);
}

async function describe(cluster: Cluster, node: number | undefined): Promise<string[]> {
  if (node !== undefined && node < 0) throw new CommandError(`Invalid node id ${node}: must be non-negative.`);
  const { supported, finalized, epoch } = await describeFeatures(cluster, node);
  const names = [...supported.keys()].sort((a, b) => (a < b ? -1 : 1));
  return names.map((name) => {
    const { min, max } = supported.get(name)!;
    const level = (value: number) => levelText(name, value).padEnd(15);
    return [
      `Feature: ${name.padEnd(40)}`,
      `SupportedMinVersion: ${level(min)}`,
      `SupportedMaxVersion: ${level(max)}`,
      `FinalizedVersionLevel: ${level(finalized.get(name) ?? 0)}`,
      `Epoch: ${epoch ?? '-'}`,
    ].join('  ');
  });
}

function levelText(feature: string, level: number): string {
  if (feature !== 'metadata.version') return String(level);
  return metadataVersionName(level) ?? `UNKNOWN ${level}`;
}
