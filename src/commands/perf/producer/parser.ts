import type { ProgramSpec } from '../../../cli/argparse/index.js';
import { VERDICT_ARGUMENTS } from '../shared/verdicts.js';

const PAYLOAD = 'payload';

export const parser: ProgramSpec = {
  prog: 'kafka-producer-perf-test',
  description: 'Measure producer performance with records of a fixed size or from a file.',
  defaultHelp: true,
  helpCode: 1,
  bootstrapElsewhere: true,
  arguments: [
    {
      names: ['--bootstrap-server'],
      metavar: 'BOOTSTRAP-SERVER',
      help: 'host:port of one or more brokers; overrides bootstrap.servers from other options.',
    },
    { names: ['--topic'], metavar: 'TOPIC', required: true, help: 'The topic to produce to.' },
    {
      names: ['--num-records'],
      metavar: 'NUM-RECORDS',
      type: 'long',
      required: true,
      help: 'Number of records to send.',
    },
    {
      names: ['--payload-delimiter'],
      metavar: 'PAYLOAD-DELIMITER',
      default: '\\n',
      help: 'The regular expression that separates the payloads in --payload-file.',
    },
    {
      names: ['--throughput'],
      metavar: 'THROUGHPUT',
      type: 'double',
      required: true,
      help: 'Approximate limit of records per second. -1: no limit.',
    },
    {
      names: ['--producer-props'],
      metavar: 'PROP-NAME=PROP-VALUE',
      nargs: '+',
      help: '(DEPRECATED) Use --command-property instead.',
    },
    {
      names: ['--command-property'],
      metavar: 'PROP-NAME=PROP-VALUE',
      nargs: '+',
      help: 'Producer properties; they override those of --command-config.',
    },
    {
      names: ['--producer.config'],
      metavar: 'CONFIG-FILE',
      type: 'file',
      help: '(DEPRECATED) Use --command-config instead.',
    },
    { names: ['--command-config'], metavar: 'CONFIG-FILE', type: 'file', help: "File with the producer's properties." },
    { names: ['--print-metrics'], action: 'true', help: 'Print the metrics that are counted here, in the end.' },
    {
      names: ['--transactional-id'],
      metavar: 'TRANSACTIONAL-ID',
      help: 'Send in transactions with this transactional id; overrides transactional.id from other options.',
    },
    {
      names: ['--transaction-duration-ms'],
      metavar: 'TRANSACTION-DURATION',
      type: 'long',
      help: 'Duration of each transaction, ms; default with a transactional id: 3000.',
    },
    {
      names: ['--warmup-records'],
      metavar: 'WARMUP-RECORDS',
      type: 'long',
      default: 0,
      help: 'Number of initial records to exclude from the additional steady-state summary.',
    },
    {
      names: ['--reporting-interval'],
      metavar: 'INTERVAL-MS',
      type: 'long',
      default: 5000,
      help: 'Interval between progress lines, ms.',
    },
    {
      names: ['--record-key-range'],
      metavar: 'KEY-RANGE',
      type: 'int',
      help: "Keys are numbers from 0 to below this. Required by the distributions 'range' and 'random'.",
    },
    {
      names: ['--key-distribution'],
      metavar: 'KEY-DISTRIBUTION',
      choices: ['none', 'range', 'random'],
      default: 'none',
      help: "'none': no keys; 'range': consecutive numbers; 'random': random numbers.",
    },
    {
      names: ['--random-seed'],
      metavar: 'RANDOM-SEED',
      type: 'long',
      default: 0n,
      help: 'Seed for random keys and payloads: the same seed gives the same records.',
    },
    {
      names: ['--record-size'],
      metavar: 'RECORD-SIZE',
      type: 'int',
      group: PAYLOAD,
      help: 'Size of each record, in bytes; the content is random.',
    },
    {
      names: ['--payload-file'],
      metavar: 'PAYLOAD-FILE',
      type: 'file',
      group: PAYLOAD,
      help: 'A file of payloads; each record gets a random one.',
    },
    {
      names: ['--payload-monotonic'],
      action: 'true',
      group: PAYLOAD,
      help: 'The payload of each record is its sequence number.',
    },
    { names: ['--payload-monotonic'], action: 'true', group: PAYLOAD, help: "The record's number is its payload." },
    ...VERDICT_ARGUMENTS,
  ],
  groups: {
    [PAYLOAD]: {
      exclusive: true,
      required: true,
      description: 'Exactly one of --record-size, --payload-file and --payload-monotonic is required.',
    },
  },
};
