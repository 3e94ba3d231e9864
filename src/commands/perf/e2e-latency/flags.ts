import { CommandError } from '../../../cli/errors.js';
import { flag, flagTable, type Options } from '../../../cli/flags.js';
import { VERDICT_FLAGS } from '../shared/verdicts.js';

/** Flags of kafka-e2e-latency.sh. Mirrors EndToEndLatency.EndToEndLatencyCommandOptions. */
export const flags = flagTable({
  intro: 'This tool measures end-to-end latency in Kafka by sending messages and timing their reception.',
  onParseError: 'usage',
  flags: {
    'bootstrap-server': flag.string('bootstrap-server', 'REQUIRED: host:port of one or more brokers.'),
    topic: flag.string('topic-name', 'REQUIRED: The topic to send to and to read from.', { completes: 'topic' }),
    'num-records': flag.int('count', 'REQUIRED: Number of messages to send.'),
    'producer-acks': flag.string('producer-acks', "REQUIRED: the producer's acks, '1' or 'all'.", {
      completes: ['1', 'all'],
    }),
    'record-size': flag.int('bytes', "REQUIRED: Size of each message's value, in bytes."),
    'command-config': flag.string(
      'config-file',
      'File with the properties of the producer, consumer and admin client.',
      {
        argument: 'optional',
        completes: 'file',
      },
    ),
    'record-key-size': flag.int('bytes', 'Size of each key, in bytes. 0: no keys.', {
      argument: 'optional',
      default: 0,
    }),
    'record-header-key-size': flag.int('bytes', 'Size of each header key, in bytes.', {
      argument: 'optional',
      default: 0,
    }),
    'record-header-size': flag.int('bytes', 'Size of each header value, in bytes; -1: the value is null.', {
      argument: 'optional',
      default: 0,
    }),
    'num-headers': flag.int('count', 'How many headers each message has.', { argument: 'optional', default: 0 }),
    ...VERDICT_FLAGS,
  },
});
export type LatencyOptions = Options<(typeof flags)['flags']>;

const REQUIRED = ['bootstrap-server', 'topic', 'num-records', 'producer-acks', 'record-size'] as const;
const POSITIONAL =
  'WARNING: Positional argument usage is deprecated and will be removed in Apache Kafka 5.0. Please use named arguments instead: --bootstrap-server, --topic, --num-records, --producer-acks, --record-size, --command-config\n';

/** Converts the positional arguments of Kafka 4.1 and older to flags. `say` prints the deprecation warning. Throws CommandError. */
export function namedArguments(argv: readonly string[], say: (line: string) => void): readonly string[] {
  if (argv.length === 0 || argv.some((word) => REQUIRED.some((name) => word === `--${name}`))) return argv;
  if (argv.length !== 5 && argv.length !== 6) {
    throw new CommandError(
      `Invalid number of arguments. Expected 5 or 6 positional arguments, but got ${argv.length}. Usage: bootstrap-server topic num-records producer-acks record-size [optional] command-config`,
    );
  }
  say(POSITIONAL);
  return [...REQUIRED, 'command-config'].slice(0, argv.length).flatMap((name, i) => [`--${name}`, argv[i] as string]);
}

/** Throws UsageError, or FlagError for an invalid number. */
export function checkOptions(options: LatencyOptions): void {
  options.required(...REQUIRED);
  if (!['1', 'all'].includes(options.value('producer-acks') as string)) {
    throw options.usage(
      "Invalid value for --producer-acks. Latency testing requires synchronous acknowledgement. Please use '1' or 'all'.",
    );
  }
  if ((options.value('num-records') as number) <= 0)
    throw options.usage('Value for --num-records must be a positive integer.');
  const least = (name: 'record-size' | 'record-key-size' | 'record-header-key-size' | 'num-headers') => {
    if ((options.value(name) as number) < 0) throw options.usage(`Value for --${name} must be a non-negative integer.`);
  };
  least('record-size');
  least('record-key-size');
  least('record-header-key-size');
  if (options.value('record-header-size') < -1)
    throw options.usage('Value for --record-header-size must be a non-negative integer or -1 for null header value.');
  least('num-headers');
}
