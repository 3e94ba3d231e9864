import { flag, flagTable, type Options } from '../../../cli/flags.js';
import { MEASURE_FLAGS } from '../consumer/flags.js';

/** Flags of kafka-share-consumer-perf-test.sh. Mirrors ShareConsumerPerformance.ShareConsumerPerfOptions. */
export const flags = flagTable({
  intro: 'This tool is used to verify the share consumer performance.',
  onParseError: 'usage',
  flags: {
    ...MEASURE_FLAGS,
    topic: flag.string('topic', 'REQUIRED: The topic to read.', { completes: 'topic' }),
    group: flag.string('gid', 'The share group to read in.', { default: 'perf-share-consumer', completes: 'group' }),
    'fetch-size': flag.int('size', 'Bytes of one fetch, at most.', { default: 1048576 }),
    'show-detailed-stats': flag.switch('Print a line each --reporting-interval too.'),
    threads: flag.int('count', 'How many share consumers read side by side.', { default: 1 }),
    'show-consumer-stats': flag.switch('Print a line for each share consumer at the end too.'),
  },
});
export type SharePerfOptions = Options<(typeof flags)['flags']>;
