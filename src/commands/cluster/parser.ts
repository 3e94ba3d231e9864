import type { ArgumentSpec, ParserSpec, ProgramSpec } from '../../cli/argparse/index.js';
import { BOOTSTRAP, bootstrapArguments } from '../shared/admin-tool.js';

const CONNECTION: readonly ArgumentSpec[] = [
  ...bootstrapArguments(['-b', '-C']),
  { names: ['--config'], type: 'file', help: '(DEPRECATED) Use --command-config instead.' },
  { names: ['--command-config', '-c'], type: 'file', help: "File with the client's properties." },
];
const GROUPS = { [BOOTSTRAP]: { exclusive: true, required: true } };

const subCommand = (help: string, ...more: ArgumentSpec[]): ParserSpec => ({
  help,
  arguments: [...CONNECTION, ...more],
  groups: GROUPS,
});

export const parser: ProgramSpec = {
  prog: 'kafka-cluster',
  description: 'The Kafka cluster tool.',
  helpCode: 1,
  arguments: [],
  commands: {
    parsers: {
      'cluster-id': subCommand('Print the cluster ID.'),
      unregister: subCommand('Unregister a broker that has been permanently removed from the cluster.', {
        names: ['--id', '-i'],
        type: 'int',
        required: true,
        help: 'The ID of the broker to unregister.',
      }),
      'unregister-controller': subCommand(
        'Unregister a controller that has been permanently removed from the cluster.',
        {
          names: ['--id', '-i'],
          type: 'int',
          required: true,
          help: 'The ID of the controller to unregister.',
        },
      ),
      'list-endpoints': subCommand('List the endpoints of the brokers or controllers.', {
        names: ['--include-fenced-brokers'],
        action: 'true',
        help: 'Include fenced brokers.',
      }),
      'api-versions': subCommand('Print the API versions that the brokers or controllers support.'),
    },
  },
};
