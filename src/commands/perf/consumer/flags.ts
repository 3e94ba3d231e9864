import { flag, flagTable, type Options } from '../../../cli/flags.js';
import { VERDICT_FLAGS } from '../shared/verdicts.js';

/** What the share consumer's test has as well. */
export const MEASURE_FLAGS = {
  'bootstrap-server': flag.string('server to connect to', 'REQUIRED: host:port of one or more brokers.'),
  'socket-buffer-size': flag.int('size', 'Size of the TCP receive buffer.', { default: 2097152 }),
  'consumer.config': flag.string('config file', '(DEPRECATED) As --command-config, which to use instead.', {
    completes: 'file',
  }),
  'command-config': flag.string('config file', 'File of consumer settings.', { completes: 'file' }),
  'command-property': flag.string(
    'prop1=val1',
    'A consumer setting; it goes before those of --command-config and --consumer.config.',
  ),
  'print-metrics': flag.switch('Print what was counted when all is read.'),
  timeout: flag.long('milliseconds', 'How long nothing may come before the test is over.', {
    argument: 'optional',
    default: 10_000n,
  }),
  messages: flag.long('count', '(DEPRECATED) As --num-records, which to use instead.'),
  'num-records': flag.long('count', 'REQUIRED: How many records to read.'),
  'reporting-interval': flag.long('interval_ms', 'Milliseconds between two lines of progress.', { default: 5000n }),
  'date-format': flag.string('date format', 'How times are printed, as java.text.SimpleDateFormat has it.', {
    default: 'yyyy-MM-dd HH:mm:ss:SSS',
  }),
  'hide-header': flag.switch('Print no line of headings.'),
  ...VERDICT_FLAGS,
};

/** Flags of kafka-consumer-perf-test.sh. Mirrors ConsumerPerformance.ConsumerPerfOptions. */
export const flags = flagTable({
  intro: 'This tool is used to verify the consumer performance.',
  onParseError: 'usage',
  flags: {
    ...MEASURE_FLAGS,
    topic: flag.string('topic', 'The topic to read.', { completes: 'topic' }),
    include: flag.string('Java regex (String)', 'Reads every topic whose whole name this expression matches.'),
    group: flag.string('gid', 'The group to read in.', {
      default: `perf-consumer-${Math.floor(Math.random() * 100_000)}`,
      completes: 'group',
    }),
    'fetch-size': flag.int('size', 'Bytes to fetch of one partition at a time, at most.', { default: 1048576 }),
    'from-latest': flag.switch('Where the group has no offset, begin at the end of the log and not at its start.'),
    'show-detailed-stats': flag.switch('Print a line each --reporting-interval instead of one at the end.'),
  },
});
export type PerfOptions = Options<(typeof flags)['flags']>;
