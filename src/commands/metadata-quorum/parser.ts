import type { ArgumentSpec, ProgramSpec } from '../../cli/argparse/index.js';
import { BOOTSTRAP, bootstrapArguments } from '../shared/admin-tool.js';

const DRY_RUN: ArgumentSpec = {
  names: ['--dry-run'],
  action: 'true',
  help: 'Show what would be done, without doing it.',
};

export const parser: ProgramSpec = {
  prog: 'kafka-metadata-quorum',
  description: 'Describe and change the KRaft metadata quorum.',
  defaultHelp: true,
  helpCode: 0,
  arguments: [
    ...bootstrapArguments(),
    {
      names: ['--command-config'],
      type: 'file',
      help: "File with the client's properties; for add-controller, the new controller's configuration file.",
    },
  ],
  groups: { [BOOTSTRAP]: { exclusive: true, required: true } },
  commands: {
    parsers: {
      describe: {
        help: 'Describe the metadata quorum.',
        arguments: [
          { names: ['--status'], action: 'true', group: 'status', help: 'A short summary of the quorum.' },
          {
            names: ['--replication'],
            action: 'true',
            group: 'replication',
            help: 'The replication state, one line per replica.',
          },
          {
            names: ['--human-readable'],
            action: 'true',
            group: 'replication',
            help: 'Print timestamps as the time elapsed since.',
          },
        ],
        groups: { status: { title: 'Status' }, replication: { title: 'Replication' } },
      },
      'add-controller': { help: 'Add a controller to the KRaft quorum.', arguments: [DRY_RUN] },
      'remove-controller': {
        help: 'Remove a controller from the KRaft quorum.',
        arguments: [
          {
            names: ['--controller-id', '-i'],
            type: 'int',
            required: true,
            help: 'The ID of the controller to remove.',
          },
          {
            names: ['--controller-directory-id', '-d'],
            required: true,
            help: 'The directory ID of the controller to remove.',
          },
          DRY_RUN,
          { names: ['--unregister'], action: 'true', help: 'Also unregister the controller from the cluster.' },
        ],
      },
    },
  },
};
