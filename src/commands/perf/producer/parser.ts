import type { ProgramSpec } from '../../../cli/argparse/index.js';
import { VERDICT_ARGUMENTS } from '../shared/verdicts.js';

const PAYLOAD = 'payload';

export const parser: ProgramSpec = {
  prog: 'kafka-producer-perf-test',
  description: 'Measure how fast a producer is: so many records, of one size or out of a file.',
  defaultHelp: true,
  helpCode: 1,
  bootstrapElsewhere: true,
  arguments: [
    {
      names: ['--bootstrap-server'],
      metavar: 'BOOTSTRAP-SERVER',
      help: 'host:port of one or more brokers; goes before bootstrap.servers from elsewhere.',
    },
    { names: ['--topic'], metavar: 'TOPIC', required: true, help: 'The topic that is written to.' },
    {
      names: ['--num-records'],
      metavar: 'NUM-RECORDS',
      type: 'long',
      required: true,
      help: 'How many records are sent.',
    },
    {
      names: ['--payload-delimiter'],
      metavar: 'PAYLOAD-DELIMITER',
      default: '\\n',
      help: 'What stands between the payloads of --payload-file: a regular expression.',
    },
    {
      names: ['--throughput'],
      metavar: 'THROUGHPUT',
      type: 'double',
      required: true,
      help: 'How many records a second, about; -1: as many as go.',
    },
    {
      names: ['--producer-props'],
      metavar: 'PROP-NAME=PROP-VALUE',
      nargs: '+',
      help: '(DEPRECATED) As --command-property.',
    },
    {
      names: ['--command-property'],
      metavar: 'PROP-NAME=PROP-VALUE',
      nargs: '+',
      help: "The producer's properties, which go before those of a file.",
    },
    { names: ['--producer.config'], metavar: 'CONFIG-FILE', type: 'file', help: '(DEPRECATED) As --command-config.' },
    { names: ['--command-config'], metavar: 'CONFIG-FILE', type: 'file', help: "File with the producer's properties." },
    { names: ['--print-metrics'], action: 'true', help: 'Print the metrics that are counted here, in the end.' },
    {
      names: ['--transactional-id'],
      metavar: 'TRANSACTIONAL-ID',
      help: 'Send in transactions of this id; goes before transactional.id from elsewhere.',
    },
    {
      names: ['--transaction-duration-ms'],
      metavar: 'TRANSACTION-DURATION',
      type: 'long',
      help: 'How long each transaction is, ms: 3000 where only the id is given.',
    },
    {
      names: ['--warmup-records'],
      metavar: 'WARMUP-RECORDS',
      type: 'long',
      default: 0,
      help: 'So many of the first are not counted in the second summary, of the steady state.',
    },
    {
      names: ['--reporting-interval'],
      metavar: 'INTERVAL-MS',
      type: 'long',
      default: 5000,
      help: 'How often it is said how it goes, ms.',
    },
    {
      names: ['--record-key-range'],
      metavar: 'KEY-RANGE',
      type: 'int',
      help: "Keys are numbers below this; needed by the distributions 'range' and 'random'.",
    },
    {
      names: ['--key-distribution'],
      metavar: 'KEY-DISTRIBUTION',
      choices: ['none', 'range', 'random'],
      default: 'none',
      help: "'none': no keys; 'range': one number after the other; 'random': numbers at random.",
    },
    {
      names: ['--random-seed'],
      metavar: 'RANDOM-SEED',
      type: 'long',
      default: 0n,
      help: 'Seed of the random keys and payloads, which are the same in each run with the same seed.',
    },
    {
      names: ['--record-size'],
      metavar: 'RECORD-SIZE',
      type: 'int',
      group: PAYLOAD,
      help: 'Bytes of each record, at random.',
    },
    {
      names: ['--payload-file'],
      metavar: 'PAYLOAD-FILE',
      type: 'file',
      group: PAYLOAD,
      help: 'A file of payloads, of which each record has one at random.',
    },
    { names: ['--payload-monotonic'], action: 'true', group: PAYLOAD, help: "The record's number is its payload." },
    ...VERDICT_ARGUMENTS,
  ],
  groups: {
    [PAYLOAD]: {
      exclusive: true,
      required: true,
      description: 'Exactly one of --record-size, --payload-file and --payload-monotonic is needed.',
    },
  },
};
