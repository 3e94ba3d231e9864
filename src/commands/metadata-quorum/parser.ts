import type { ArgumentSpec, ProgramSpec } from '../../cli/argparse/index.js';
import { BOOTSTRAP, bootstrapArguments } from '../shared/admin-tool.js';

const DRY_RUN: ArgumentSpec = { names: ['--dry-run'], action: 'true', help: 'Say what would be done, and do nothing.' };

export const parser: ProgramSpec = {
  prog: 'kafka-metadata-quorum',
  description: 'Describe and change the KRaft quorum that keeps the metadata.',
  defaultHelp: true,
  helpCode: 0,
  arguments: [
    ...bootstrapArguments(),
    {
      names: ['--command-config'],
      type: 'file',
      help: "File with the client's properties; for add-controller, the new controller's own.",
    },
  ],
  groups: { [BOOTSTRAP]: { exclusive: true, required: true } },
  commands: {
    parsers: {
      describe: {
        help: 'Describe the quorum.',
        arguments: [
          { names: ['--status'], action: 'true', group: 'status', help: 'The quorum in a few lines.' },
          { names: ['--replication'], action: 'true', group: 'replication', help: 'A line for each replica.' },
          { names: ['--human-readable'], action: 'true', group: 'replication', help: 'Times as how long ago.' },
        ],
        groups: { status: { title: 'Status' }, replication: { title: 'Replication' } },
      },
      'add-controller': { help: 'Add a controller to the quorum.', arguments: [DRY_RUN] },
      'remove-controller': {
        help: 'Remove a controller from the quorum.',
        arguments: [
          { names: ['--controller-id', '-i'], type: 'int', required: true, help: "The controller's id." },
          { names: ['--controller-directory-id', '-d'], required: true, help: "Its directory's id." },
          DRY_RUN,
          { names: ['--unregister'], action: 'true', help: 'Then remove the controller from the metadata too.' },
        ],
      },
    },
  },
};
