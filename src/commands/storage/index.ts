/** kafka-storage.sh. Mirrors core/StorageTool; `handover` is ours. */

import { randomUuid } from '../../broker/uuid.js';
import {
  type ArgumentSpec,
  type Arguments,
  type ParserSpec,
  type ProgramSpec,
  parseArguments,
} from '../../cli/argparse/index.js';
import type { Command } from '../../cli/io.js';
import { format } from './format.js';
import { handover } from './handover.js';
import { info } from './info.js';
import type { Outcome } from './outcome.js';
import { featureDependencies, versionMapping } from './versions.js';

type Run = (args: Arguments) => Outcome | Promise<Outcome>;

const config: ArgumentSpec = {
  names: ['--config', '-c'],
  required: true,
  type: 'file',
  help: 'The server.properties to use.',
};
const releaseVersion = (what: string): ArgumentSpec => ({
  names: ['--release-version', '-r'],
  help: `${what} The lowest is 3.3-IV3; the default is 4.3-IV0`,
});

const format_: ParserSpec = {
  help: 'Make a log directory ready for its first start.',
  arguments: [
    config,
    {
      names: ['--cluster-id', '-t'],
      required: true,
      help: "The cluster's id: 'storage random-uuid' makes one.",
    },
    {
      names: ['--add-scram', '-S'],
      action: 'append',
      help: "A user for SASL/SCRAM, e.g. 'SCRAM-SHA-256=[name=alice,password=alice-secret]'",
    },
    { names: ['--ignore-formatted', '-g'], action: 'true', help: 'Leave a formatted directory as it is.' },
    releaseVersion("Start with this release's features."),
    { names: ['--feature', '-f'], action: 'append', help: "One feature's level, as feature=level." },
    {
      names: ['--standalone', '-s'],
      action: 'true',
      group: 'controllers',
      help: 'The one controller is this node.',
    },
    {
      names: ['--no-initial-controllers', '-N'],
      action: 'true',
      group: 'controllers',
      help: 'Taken as it is: one node is its own controller.',
    },
    { names: ['--initial-controllers', '-I'], group: 'controllers', help: 'Not for a single node.' },
  ],
  groups: { controllers: { exclusive: true } },
};

const handover_: ParserSpec = {
  hidden: true,
  arguments: [
    {
      ...config,
      required: false,
      help: 'The server.properties that ts-kafka ran with: its settings are carried over.',
    },
    {
      names: ['--output', '-o'],
      metavar: 'FILE',
      help: 'Where the new one is written: DIR/server.properties when left out.',
    },
    { names: ['DIR'], help: 'The log directory.' },
  ],
};

export const parser: ProgramSpec = {
  prog: 'kafka-storage',
  description: 'The Kafka storage tool.',
  helpCode: 0,
  arguments: [],
  commands: {
    parsers: {
      info: { help: 'Say what the log directory holds.', arguments: [config] },
      format: format_,
      'version-mapping': {
        help: 'Show the features that a release starts with.',
        arguments: [releaseVersion('The release.')],
      },
      'feature-dependencies': {
        help: "Show what a feature's level needs of others.",
        arguments: [
          { names: ['--feature', '-f'], action: 'append', required: true, help: 'feature=level, once or more.' },
        ],
      },
      'random-uuid': { help: 'Print a random UUID.', arguments: [] },
      handover: handover_,
    },
  },
  epilog: `ts-kafka only:
    handover DIR         Check a log directory and write the
                         server.properties with which Apache Kafka goes on.
`,
};

const RUN: Readonly<Record<string, Run>> = {
  info,
  format,
  'version-mapping': versionMapping,
  'feature-dependencies': featureDependencies,
  'random-uuid': () => ({ lines: [randomUuid()] }),
  handover,
};

export const command: Command = {
  async run(argv, io) {
    const args = parseArguments(parser, argv, io);
    const { lines, code = 0 } = await RUN[args.command!]!(args);
    if (lines.length > 0) io.stdout.write(`${lines.join('\n')}\n`);
    return code;
  },
};
