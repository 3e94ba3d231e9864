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
  help: 'Format a log directory.',
  arguments: [
    config,
    {
      names: ['--cluster-id', '-t'],
      required: true,
      help: "The cluster ID; 'storage random-uuid' generates one.",
    },
    {
      names: ['--add-scram', '-S'],
      action: 'append',
      help: "A SCRAM user to create, e.g. 'SCRAM-SHA-256=[name=alice,password=alice-secret]'",
    },
    { names: ['--ignore-formatted', '-g'], action: 'true', help: 'Skip a directory that is already formatted.' },
    releaseVersion('The release whose default feature levels to use.'),
    {
      names: ['--feature', '-f'],
      action: 'append',
      help: 'A feature and its level, as feature=level. May be repeated.',
    },
    {
      names: ['--standalone', '-s'],
      action: 'true',
      group: 'controllers',
      help: 'Use a quorum with this node as its only controller.',
    },
    {
      names: ['--no-initial-controllers', '-N'],
      action: 'true',
      group: 'controllers',
      help: 'Accepted for compatibility: a single node is its own controller.',
    },
    {
      names: ['--initial-controllers', '-I'],
      group: 'controllers',
      help: 'Not supported: a single node is its own controller.',
    },
  ],
  groups: { controllers: { exclusive: true } },
};

const handover_: ParserSpec = {
  hidden: true,
  arguments: [
    {
      ...config,
      required: false,
      help: 'The server.properties of ts-kafka, whose settings are copied.',
    },
    {
      names: ['--output', '-o'],
      metavar: 'FILE',
      help: 'The server.properties to write; default: DIR/server.properties.',
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
      info: { help: 'Print information about the log directory.', arguments: [config] },
      format: format_,
      'version-mapping': {
        help: 'Show the default feature levels of a release.',
        arguments: [releaseVersion('The release.')],
      },
      'feature-dependencies': {
        help: "Show which levels of other features a feature's level depends on.",
        arguments: [
          {
            names: ['--feature', '-f'],
            action: 'append',
            required: true,
            help: 'A feature and its level, as feature=level. May be repeated.',
          },
        ],
      },
      'random-uuid': { help: 'Print a random UUID.', arguments: [] },
      handover: handover_,
    },
  },
  epilog: `ts-kafka only:
    handover DIR         Check a log directory and write a server.properties
                         for Apache Kafka to continue with.
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
