import type { ArgumentSpec, ProgramSpec } from '../../cli/argparse/index.js';
import { COMMIT, VERSION } from '../../cli/flags.js';

const topic = (required: boolean, help = 'The topic.'): ArgumentSpec => ({ names: ['--topic'], required, help });
const partition = (required: boolean): ArgumentSpec => ({
  names: ['--partition'],
  type: 'int',
  required,
  help: 'The partition number.',
});

export const parser: ProgramSpec = {
  prog: 'kafka-transactions.sh',
  description: 'Describe transactions, and find and abort hanging ones.',
  helpCode: 1,
  version: `${VERSION} (Commit:${COMMIT})`,
  arguments: [
    { names: ['-v', '--version'], action: 'version', help: 'Print the version.' },
    { names: ['--command-config'], type: 'file', metavar: 'FILE', help: "File with the client's properties." },
    {
      names: ['--bootstrap-server'],
      metavar: 'host:port',
      required: true,
      help: 'host:port of one or more brokers, comma-separated.',
    },
  ],
  commands: {
    title: 'commands',
    metavar: 'COMMAND',
    parsers: {
      list: {
        help: 'list transactions',
        arguments: [
          {
            names: ['--duration-filter'],
            type: 'long',
            help: 'Only transactions that have been running for longer than this, ms. Negative: all of them.',
          },
          { names: ['--transactional-id-pattern'], help: 'Only transactional ids that match this regular expression.' },
        ],
      },
      describe: {
        description: 'Describe the transaction of a transactional id.',
        help: 'describe the transaction of a transactional id',
        arguments: [{ names: ['--transactional-id'], required: true, help: 'The transactional id.' }],
      },
      'describe-producers': {
        help: 'describe the producers of a partition',
        arguments: [
          { names: ['--broker-id'], type: 'int', help: 'The broker to ask; default: the leader.' },
          topic(true),
          partition(true),
        ],
      },
      abort: {
        help: 'abort a hanging transaction',
        arguments: [
          topic(true),
          partition(true),
          { names: ['--start-offset'], type: 'long', group: 'new', help: 'The start offset of the transaction.' },
          { names: ['--producer-id'], type: 'long', group: 'old', help: 'The producer id.' },
          { names: ['--producer-epoch'], type: 'short', group: 'old', help: 'The producer epoch.' },
          { names: ['--coordinator-epoch'], type: 'int', group: 'old', help: 'The coordinator epoch.' },
        ],
        groups: {
          new: { title: 'Brokers on versions 3.0 and above', description: 'Only the start offset is required.' },
          old: { title: 'Brokers on versions older than 3.0', description: 'All of these are required.' },
        },
      },
      'find-hanging': {
        help: 'find hanging transactions',
        arguments: [
          { names: ['--broker-id'], type: 'int', help: 'The broker to search.' },
          {
            names: ['--max-transaction-timeout'],
            type: 'int',
            default: 15,
            help: 'Only transactions that have been open for longer than this, minutes (15 by default).',
          },
          topic(false, 'The topic to search (required with --partition).'),
          partition(false),
        ],
      },
      forceTerminateTransaction: {
        description: 'Abort the open transaction of a transactional id and fence its producer.',
        help: 'abort the open transaction of a transactional id and fence its producer',
        arguments: [{ names: ['--transactionalId'], required: true, help: 'The transactional id.' }],
      },
    },
  },
};
