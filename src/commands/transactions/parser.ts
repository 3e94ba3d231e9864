import type { ArgumentSpec, ProgramSpec } from '../../cli/argparse/index.js';
import { COMMIT, VERSION } from '../../cli/flags.js';

const topic = (required: boolean, help = 'The topic.'): ArgumentSpec => ({ names: ['--topic'], required, help });
const partition = (required: boolean): ArgumentSpec => ({
  names: ['--partition'],
  type: 'int',
  required,
  help: "The partition's number.",
});

export const parser: ProgramSpec = {
  prog: 'kafka-transactions.sh',
  description: 'See what transactions producers have open, and end those that hang.',
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
          { names: ['--duration-filter'], type: 'long', help: 'Only those that run for longer, ms; all when below 0.' },
          { names: ['--transactional-id-pattern'], help: 'Only ids that match this regular expression.' },
        ],
      },
      describe: {
        description: 'Describe the transaction of a transactional id.',
        help: 'describe the transaction of a transactional id',
        arguments: [{ names: ['--transactional-id'], required: true, help: 'The id.' }],
      },
      'describe-producers': {
        help: 'describe the producers of a partition',
        arguments: [
          { names: ['--broker-id'], type: 'int', help: 'Ask this broker; the leader, when left out.' },
          topic(true),
          partition(true),
        ],
      },
      abort: {
        help: 'abort a transaction that hangs',
        arguments: [
          topic(true),
          partition(true),
          { names: ['--start-offset'], type: 'long', group: 'new', help: 'Where the transaction starts.' },
          { names: ['--producer-id'], type: 'long', group: 'old', help: "The producer's id." },
          { names: ['--producer-epoch'], type: 'short', group: 'old', help: "The producer's epoch." },
          { names: ['--coordinator-epoch'], type: 'int', group: 'old', help: "The coordinator's epoch." },
        ],
        groups: {
          new: { title: 'Brokers on versions 3.0 and above', description: 'They need the start offset alone.' },
          old: { title: 'Brokers on versions older than 3.0', description: 'They need all of these.' },
        },
      },
      'find-hanging': {
        help: 'find transactions that hang',
        arguments: [
          { names: ['--broker-id'], type: 'int', help: 'Look on this broker.' },
          {
            names: ['--max-transaction-timeout'],
            type: 'int',
            default: 15,
            help: 'Only those that are open for longer, minutes (15 by default).',
          },
          topic(false, 'Look in this topic only (needed with --partition).'),
          partition(false),
        ],
      },
      forceTerminateTransaction: {
        description: 'Abort the open transaction of a transactional id and fence its producer.',
        help: 'abort the open transaction of a transactional id and fence its producer',
        arguments: [{ names: ['--transactionalId'], required: true, help: 'The id.' }],
      },
    },
  },
};
