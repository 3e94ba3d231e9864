import type { ArgumentSpec, ProgramSpec } from '../../cli/argparse/index.js';
import { BOOTSTRAP, bootstrapArguments } from '../shared/admin-tool.js';

const UNSAFE: ArgumentSpec = {
  names: ['--unsafe'],
  action: 'true',
  help: 'Downgrade even if metadata is permanently lost.',
};
const DRY_RUN: ArgumentSpec = { names: ['--dry-run'], action: 'true', help: 'Validate the change without making it.' };
const levels = (more: readonly ArgumentSpec[]): ArgumentSpec[] => [
  { names: ['--metadata'], help: 'DEPRECATED: the metadata.version as a release version, e.g. 3.3-IV3.' },
  {
    names: ['--release-version'],
    help: "Set all features to the levels of this release; 'version-mapping' shows them.",
  },
  {
    names: ['--feature'],
    action: 'append',
    help: 'A feature and its level, as feature=level, e.g. metadata.version=33.',
  },
  ...more,
];

export const parser: ProgramSpec = {
  prog: 'kafka-features',
  description: 'Describe and change the feature levels of a Kafka cluster.',
  defaultHelp: true,
  helpCode: 0,
  renderError: (message) => `Command line error: ${message}. Type --help for help.`,
  arguments: [
    ...bootstrapArguments(),
    { names: ['--command-config'], type: 'file', help: "File with the client's properties." },
  ],
  groups: { [BOOTSTRAP]: { exclusive: true } },
  commands: {
    parsers: {
      describe: {
        help: 'Describe the supported and finalized features.',
        arguments: [{ names: ['--node-id'], type: 'int', help: 'The node to ask; any node when omitted.' }],
      },
      upgrade: { help: 'Upgrade feature levels.', arguments: levels([DRY_RUN]) },
      downgrade: { help: 'Downgrade feature levels.', arguments: levels([UNSAFE, DRY_RUN]) },
      disable: {
        help: 'Disable features: the same as a downgrade to level 0.',
        arguments: [
          { names: ['--feature'], action: 'append', help: 'The feature to disable. May be repeated.' },
          UNSAFE,
          DRY_RUN,
        ],
      },
      'version-mapping': {
        help: 'Show the default feature levels of a release.',
        arguments: [
          {
            names: ['--release-version'],
            help: 'The release. The lowest is 3.3-IV3; the default is 4.4-IV2',
          },
        ],
      },
      'feature-dependencies': {
        help: "Show which levels of other features a feature's level depends on.",
        arguments: [
          {
            names: ['--feature'],
            action: 'append',
            required: true,
            help: 'A feature and its level, as feature=level. May be repeated.',
          },
        ],
      },
    },
  },
};
