import type { ProgramSpec } from '../../../cli/argparse/index.js';
import { connectionArgument, connectionGroups } from '../parser.js';

export const parser: ProgramSpec = {
  prog: 'verifiable-share-consumer',
  description: 'Read a topic in a share group, and print a line of JSON for what happens: messages, acknowledgements.',
  defaultHelp: true,
  helpCode: 1,
  // what is missing is named from the end
  arguments: [
    connectionArgument('host:port of one or more brokers, comma-separated.', true),
    { names: ['--topic'], metavar: 'TOPIC', required: true, help: 'The topic that is read.' },
    { names: ['--group-id'], metavar: 'GROUP-ID', required: true, help: 'The share group.' },
    {
      names: ['--max-messages'],
      metavar: 'MAX-MESSAGES',
      type: 'int',
      default: -1,
      help: 'How many are acknowledged; -1: until somebody ends it.',
    },
    { names: ['--verbose'], action: 'true', help: 'Print each message too.' },
    {
      names: ['--acknowledgement-mode'],
      metavar: 'ACKNOWLEDGEMENT-MODE',
      default: 'auto',
      help: "'auto', 'sync' or 'async'.",
    },
    {
      names: ['--ack-pattern'],
      metavar: 'ACK-PATTERN',
      default: '',
      help: 'How records are acknowledged in turn, comma-separated: accept, release, reject.',
    },
    {
      names: ['--offset-reset-strategy'],
      metavar: 'OFFSET-RESET-STRATEGY',
      default: '',
      help: "Where the group begins, which is set first: 'earliest' or 'latest'.",
    },
    {
      names: ['--command-config'],
      metavar: 'CONFIG-FILE',
      type: 'file',
      help: "File with the consumer's properties; the options go before them.",
    },
  ],
  groups: connectionGroups!,
};
