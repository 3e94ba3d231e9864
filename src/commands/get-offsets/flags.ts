/** The flags of kafka-get-offsets.sh. Mirrors tools/GetOffsetShell. */
import { flag, flagTable, type Options } from '../../cli/flags.js';

export const RULE = '([^:,]*)(?::(?:([0-9]*)|(?:([0-9]*)-([0-9]*))))?';

export const flags = flagTable({
  intro: 'An interactive shell for getting topic-partition offsets.',
  onParseError: 'occurred',
  flags: {
    'bootstrap-server': flag.string(
      'HOST1:PORT1,...,HOST3:PORT3',
      'REQUIRED. One or more brokers, as HOST1:PORT1,HOST2:PORT2.',
    ),
    'broker-list': flag.string('HOST1:PORT1,...,HOST3:PORT3', 'The former name of --bootstrap-server, before 4.0.', {
      hidden: true,
    }),
    'topic-partitions': flag.string(
      'topic1:1,topic2:0-3,topic3,topic4:5-,topic5:-3',
      `Comma-separated list of topic-partition patterns of the form '${RULE}': a regular expression for the topic (empty: ` +
        "any topic), optionally followed by ':' and a partition number, a range 'NUMBER-NUMBER' (upper bound exclusive), " +
        "'NUMBER-', '-NUMBER', or nothing for all partitions.",
    ),
    topic: flag.string(
      'topic',
      'A topic, or a regular expression; default: every topic that the user is allowed to see. Not with --topic-partitions.',
      { completes: 'topic' },
    ),
    partitions: flag.string(
      'partition ids',
      'Partition ids, separated by commas; default: all of them. Not with --topic-partitions.',
    ),
    time: flag.string(
      '<timestamp> / -1 or latest / -2 or earliest / -3 or max-timestamp / -4 or earliest-local / -5 or latest-tiered / -6 or earliest-pending-upload',
      'Which offset: the first at or after a timestamp (ms), or one of the names. Partitions without a record at or after the timestamp are not printed.',
      { default: 'latest' },
    ),
    'command-config': flag.string('config file', "File with the client's properties.", { completes: 'file' }),
    'exclude-internal-topics': flag.switch('Exclude internal topics, which are included by default.'),
  },
});

export type GetOffsetsOptions = Options<(typeof flags)['flags']>;
