import type { ProgramSpec } from '../../../cli/argparse/index.js';
import { connectionArgument, connectionGroups } from '../parser.js';

export const parser: ProgramSpec = {
  prog: 'verifiable-producer',
  description: 'Send the numbers from 0 on to a topic, and print a line of JSON for each that is there, or is lost.',
  defaultHelp: true,
  helpCode: 1,
  arguments: [
    { names: ['--topic'], metavar: 'TOPIC', required: true, help: 'The topic that is written to.' },
    {
      names: ['--max-messages'],
      metavar: 'MAX-MESSAGES',
      type: 'int',
      default: -1,
      help: 'How many; -1: until somebody ends it.',
    },
    {
      names: ['--throughput'],
      metavar: 'THROUGHPUT',
      type: 'int',
      default: -1,
      help: 'How many a second, about; -1: as many as go.',
    },
    {
      names: ['--acks'],
      metavar: 'ACKS',
      type: 'int',
      choices: [0, 1, -1],
      default: -1,
      help: 'Which brokers have to have a message before it counts.',
    },
    { names: ['--producer.config'], metavar: 'CONFIG-FILE', type: 'file', help: '(DEPRECATED) As --command-config.' },
    {
      names: ['--message-create-time'],
      metavar: 'CREATE-TIME',
      type: 'long',
      default: -1,
      help: 'The time of the first message, ms since 1970; those that follow are later.',
    },
    {
      names: ['--value-prefix'],
      metavar: 'VALUE-PREFIX',
      type: 'int',
      help: 'A number that stands before each value, with a dot between.',
    },
    {
      names: ['--repeating-keys'],
      metavar: 'REPEATING-KEYS',
      type: 'int',
      help: 'The keys go from 0 up to this one (which is not used), and begin again.',
    },
    {
      names: ['--command-config'],
      metavar: 'CONFIG-FILE',
      type: 'file',
      help: "File with the producer's properties, which go before the options.",
    },
    connectionArgument('REQUIRED: host:port of one or more brokers, comma-separated.'),
  ],
  groups: connectionGroups!,
};
