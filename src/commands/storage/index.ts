/** kafka-storage.sh. Mirrors core/StorageTool; `handover` is ours. */

import { randomUuid } from '../../broker/uuid.js';
import { CommandError } from '../../cli/errors.js';
import type { Command } from '../../cli/io.js';
import { type Arguments, parseArguments, type SubCommand } from './arguments.js';
import { format } from './format.js';
import { handover } from './handover.js';
import { info } from './info.js';
import { featureDependencies, versionMapping } from './versions.js';

/** What a sub-command prints, and its exit code. */
export interface Outcome {
  readonly lines: readonly string[];
  readonly code?: number;
}
type Run = (args: Arguments) => Outcome | Promise<Outcome>;

const CHOICES = ['info', 'format', 'version-mapping', 'feature-dependencies', 'random-uuid'];
const USAGE = `usage: kafka-storage [-h]
                     {${CHOICES.join(',')}}
                     ...
`;
const HELP = `
The Kafka storage tool.

positional arguments:
  {${CHOICES.join(',')}}
    info                 Say what the log directory holds.
    format               Make a log directory ready for its first start.
    version-mapping      Show the features that a release starts with.
    feature-dependencies
                         Show what a feature's level needs of others.
    random-uuid          Print a random UUID.

optional arguments:
  -h, --help             show this help message and exit

ts-kafka only:
    handover DIR         Check a log directory and write the
                         server.properties with which Apache Kafka goes on.
`;
const CONFIG = { name: 'config', short: 'c', kind: 'value', required: true } as const;
const CONFIG_HELP = `  --config CONFIG, -c CONFIG
                         The server.properties to use.
`;
const OPTIONAL = `
optional arguments:
  -h, --help             show this help message and exit
`;

const COMMANDS: Readonly<Record<string, SubCommand & { readonly run: Run }>> = {
  info: {
    usage: 'usage: kafka-storage info [-h] --config CONFIG\n',
    help: OPTIONAL + CONFIG_HELP,
    options: [CONFIG],
    run: info,
  },
  format: {
    usage: `usage: kafka-storage format [-h] --config CONFIG --cluster-id CLUSTER_ID
                     [--add-scram ADD_SCRAM] [--ignore-formatted]
                     [--release-version RELEASE_VERSION]
                     [--feature FEATURE] [--standalone |
                     --no-initial-controllers |
                     --initial-controllers INITIAL_CONTROLLERS]
`,
    help: `${OPTIONAL}${CONFIG_HELP}  --cluster-id CLUSTER_ID, -t CLUSTER_ID
                         The cluster's id: 'storage random-uuid' makes one.
  --add-scram ADD_SCRAM, -S ADD_SCRAM
                         A user for SASL/SCRAM, e.g.
                         'SCRAM-SHA-256=[name=alice,password=alice-secret]'
  --ignore-formatted, -g
                         Leave a formatted directory as it is.
  --release-version RELEASE_VERSION, -r RELEASE_VERSION
                         Start with this release's features. The lowest is
                         3.3-IV3; the default is 4.3-IV0
  --feature FEATURE, -f FEATURE
                         One feature's level, as feature=level.
  --standalone, -s       The one controller is this node.
  --no-initial-controllers, -N
                         Taken as it is: one node is its own controller.
  --initial-controllers INITIAL_CONTROLLERS, -I INITIAL_CONTROLLERS
                         Not for a single node.
`,
    options: [
      CONFIG,
      { name: 'cluster-id', short: 't', kind: 'value', required: true },
      { name: 'add-scram', short: 'S', kind: 'values' },
      { name: 'ignore-formatted', short: 'g', kind: 'switch' },
      { name: 'release-version', short: 'r', kind: 'value' },
      { name: 'feature', short: 'f', kind: 'values' },
      { name: 'standalone', short: 's', kind: 'switch', exclusive: true },
      { name: 'no-initial-controllers', short: 'N', kind: 'switch', exclusive: true },
      { name: 'initial-controllers', short: 'I', kind: 'value', exclusive: true },
    ],
    run: format,
  },
  'version-mapping': {
    usage: 'usage: kafka-storage version-mapping [-h] [--release-version RELEASE_VERSION]\n',
    help: `${OPTIONAL}  --release-version RELEASE_VERSION, -r RELEASE_VERSION
                         The release, 4.3-IV0 by default.
`,
    options: [{ name: 'release-version', short: 'r', kind: 'value' }],
    run: versionMapping,
  },
  'feature-dependencies': {
    usage: 'usage: kafka-storage feature-dependencies [-h] --feature FEATURE\n',
    help: `${OPTIONAL}  --feature FEATURE, -f FEATURE
                         feature=level, once or more.
`,
    options: [{ name: 'feature', short: 'f', kind: 'values', required: true }],
    run: featureDependencies,
  },
  handover: {
    usage: 'usage: kafka-storage handover [-h] [--config CONFIG] [--output FILE] DIR\n',
    help: `${OPTIONAL}  --config CONFIG, -c CONFIG
                         The server.properties that ts-kafka ran with: its
                         settings are carried over.
  --output FILE, -o FILE
                         Where the new one is written: DIR/server.properties
                         when left out.
`,
    options: [
      { name: 'config', short: 'c', kind: 'value' },
      { name: 'output', short: 'o', kind: 'value' },
    ],
    positional: ['DIR'],
    run: handover,
  },
  'random-uuid': {
    usage: 'usage: kafka-storage random-uuid [-h]\n',
    help: OPTIONAL,
    options: [],
    run: () => ({ lines: [randomUuid()] }),
  },
};

function subCommand(name: string | undefined): SubCommand & { readonly run: Run } {
  if (name === '-h' || name === '--help') throw new CommandError('help', { stdout: USAGE + HELP, code: 0 });
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return command;
  const choices = CHOICES.map((choice) => `'${choice}'`).join(', ');
  const why =
    name === undefined || name.startsWith('-')
      ? 'too few arguments'
      : `invalid choice: '${name}' (choose from ${choices})`;
  throw new CommandError(why, { stderr: `${USAGE}kafka-storage: error: ${why}\n` });
}

export const command: Command = {
  async run(argv, io) {
    const chosen = subCommand(argv[0]);
    const { lines, code = 0 } = await chosen.run(parseArguments(chosen, argv.slice(1)));
    if (lines.length > 0) io.stdout.write(`${lines.join('\n')}\n`);
    return code;
  },
};
