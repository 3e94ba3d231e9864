import type { ArgumentSpec, ParserSpec, ProgramSpec } from '../../cli/argparse/index.js';
import { BOOTSTRAP, bootstrapArguments } from '../shared/admin-tool.js';

const CONNECTION: readonly ArgumentSpec[] = [
  ...bootstrapArguments(['-b', '-C']),
  { names: ['--config'], type: 'file', help: '(DEPRECATED) As --command-config.' },
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
      'cluster-id': subCommand("Print the cluster's id."),
      unregister: subCommand('Remove a broker that is gone for good from the metadata.', {
        names: ['--id', '-i'],
        type: 'int',
        required: true,
        help: 'The id of that broker.',
      }),
      'unregister-controller': subCommand('Remove a controller that is gone for good from the metadata.', {
        names: ['--id', '-i'],
        type: 'int',
        required: true,
        help: 'The id of that controller.',
      }),
      'list-endpoints': subCommand('List where brokers, or controllers, listen.', {
        names: ['--include-fenced-brokers'],
        action: 'true',
        help: 'List fenced brokers too.',
      }),
      'api-versions': subCommand('Print the versions of requests that the brokers, or controllers, take.'),
    },
  },
};
