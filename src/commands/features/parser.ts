import type { ArgumentSpec, ProgramSpec } from '../../cli/argparse/index.js';
import { BOOTSTRAP, bootstrapArguments } from '../shared/admin-tool.js';

const UNSAFE: ArgumentSpec = {
  names: ['--unsafe'],
  action: 'true',
  help: 'Do it although metadata may be lost for good.',
};
const DRY_RUN: ArgumentSpec = { names: ['--dry-run'], action: 'true', help: 'Check it, and change nothing.' };
const levels = (more: readonly ArgumentSpec[]): ArgumentSpec[] => [
  { names: ['--metadata'], help: 'DEPRECATED: the metadata.version, as a release, e.g. 3.3-IV3.' },
  {
    names: ['--release-version'],
    help: "The release whose features all are to have: 'version-mapping' shows which these are.",
  },
  { names: ['--feature'], action: 'append', help: 'One feature, as feature=level, e.g. metadata.version=33.' },
  ...more,
];

export const parser: ProgramSpec = {
  prog: 'kafka-features',
  description: 'Describe and change the feature levels of a cluster.',
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
        help: 'Describe the features.',
        arguments: [{ names: ['--node-id'], type: 'int', help: 'Ask this node; any, when left out.' }],
      },
      upgrade: { help: 'Raise the levels of features.', arguments: levels([DRY_RUN]) },
      downgrade: { help: 'Lower the levels of features.', arguments: levels([UNSAFE, DRY_RUN]) },
      disable: {
        help: 'Lower the levels of features to 0.',
        arguments: [{ names: ['--feature'], action: 'append', help: 'The feature.' }, UNSAFE, DRY_RUN],
      },
      'version-mapping': {
        help: 'Show the features that a release starts with.',
        arguments: [
          {
            names: ['--release-version'],
            help: 'The release. The lowest is 3.3-IV3; the default is 4.4-IV2',
          },
        ],
      },
      'feature-dependencies': {
        help: "Show what a feature's level needs of others.",
        arguments: [{ names: ['--feature'], action: 'append', required: true, help: 'feature=level, once or more.' }],
      },
    },
  },
};
