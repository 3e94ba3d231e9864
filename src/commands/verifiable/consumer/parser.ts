import type { ProgramSpec } from '../../../cli/argparse/index.js';
import { connectionArgument, connectionGroups } from '../parser.js';

export const parser: ProgramSpec = {
  prog: 'verifiable-consumer',
  description: 'Read a topic in a group, and print a line of JSON for what happens: rebalances, messages, commits.',
  defaultHelp: true,
  helpCode: 1,
  // what is missing is named from the end
  arguments: [
    connectionArgument('host:port of one or more brokers, comma-separated.', true),
    { names: ['--topic'], metavar: 'TOPIC', required: true, help: 'The topic that is read.' },
    {
      names: ['--group-protocol'],
      metavar: 'GROUP-PROTOCOL',
      default: 'classic',
      help: 'CLASSIC or CONSUMER.',
    },
    {
      names: ['--group-remote-assignor'],
      metavar: 'GROUP-REMOTE-ASSIGNOR',
      help: "The group's assignor; only with protocol CONSUMER.",
    },
    { names: ['--group-id'], metavar: 'GROUP-ID', required: true, help: 'The group.' },
    { names: ['--group-instance-id'], metavar: 'GROUP-INSTANCE-ID', help: 'The id of a static member.' },
    {
      names: ['--max-messages'],
      metavar: 'MAX-MESSAGES',
      type: 'int',
      default: -1,
      help: 'How many are read; -1: until somebody ends it.',
    },
    {
      names: ['--session-timeout'],
      metavar: 'TIMEOUT-MS',
      type: 'int',
      help: "The member's session timeout, ms; not with protocol CONSUMER.",
    },
    { names: ['--verbose'], action: 'true', help: 'Print each message too.' },
    { names: ['--enable-autocommit'], action: 'true', help: 'Commit from time to time, instead of behind each poll.' },
    {
      names: ['--close-timeout'],
      metavar: 'CLOSE-TIMEOUT-MS',
      type: 'int',
      default: 30000,
      help: 'How long leaving the group may take, ms.',
    },
    {
      names: ['--reset-policy'],
      metavar: 'RESET-POLICY',
      default: 'earliest',
      help: "Where to begin without a committed offset: 'earliest', 'latest' or 'none'.",
    },
    {
      names: ['--assignment-strategy'],
      metavar: 'ASSIGNMENT-STRATEGY',
      default: 'org.apache.kafka.clients.consumer.RangeAssignor',
      help: "The assignor's class; only with protocol CLASSIC.",
    },
    { names: ['--consumer.config'], metavar: 'CONFIG-FILE', type: 'file', help: '(DEPRECATED) As --command-config.' },
    {
      names: ['--command-config'],
      metavar: 'CONFIG-FILE',
      type: 'file',
      help: "File with the consumer's properties; the options go before them.",
    },
  ],
  groups: connectionGroups!,
};
