import { flag, flagTable, type Options } from '../../../cli/flags.js';

/** Flags of kafka-streams-application-reset.sh. Mirrors StreamsResetter.StreamsResetterOptions. */
export const flags = flagTable({
  intro:
    'This tool sets a Kafka Streams application back to its start, so that it reads its input once more: it moves the ' +
    'offsets of input topics and deletes the topics that Kafka Streams made for the application. ' +
    'It leaves output topics alone, and the state that instances keep on their disks (KafkaStreams#cleanUp() removes ' +
    'that). Stop the application first, and look with --dry-run at what would be done.\n',
  onParseError: 'usage',
  flags: {
    'application-id': flag.string('id', "REQUIRED: The application's id (application.id).", {
      required: true,
      completes: 'group',
    }),
    'bootstrap-server': flag.string(
      'server to connect to',
      'host:port of one or more brokers, comma-separated. (default: localhost:9092)',
    ),
    'input-topics': flag.string(
      'list',
      'Topics that come in, comma-separated: read from their start again, or from where another option says.',
      { separator: ',', completes: 'topic' },
    ),
    'intermediate-topics': flag.string(
      'list',
      '[deprecated] Topics that the application both writes and reads, comma-separated: skipped to their end.',
      { separator: ',', completes: 'topic' },
    ),
    'internal-topics': flag.string(
      'list',
      'Which of the internal topics are deleted, comma-separated; without it all those that a --dry-run shows.',
      { separator: ',', completes: 'topic' },
    ),
    'to-offset': flag.long(undefined, 'Reset to this offset.'),
    'to-datetime': flag.string(undefined, "Reset to a time: 'YYYY-MM-DDThh:mm:ss.sss'."),
    'by-duration': flag.string(undefined, "Reset to a time that long ago: 'PnDTnHnMnS'."),
    'to-earliest': flag.switch('Reset to the start of the log.'),
    'to-latest': flag.switch('Reset to the end of the log.'),
    'from-file': flag.string(undefined, 'Reset to the offsets of a CSV file.', { completes: 'file' }),
    'shift-by': flag.long('number-of-offsets', 'Move the offset by n, forward or (negative) back.'),
    'config-file': flag.string('file name', '(DEPRECATED) As --command-config, which to use instead.', {
      completes: 'file',
    }),
    'command-config': flag.string('file name', 'File of client properties.', { completes: 'file' }),
    force: flag.switch(
      'Send away the members that the group still has, such as those that were stopped and have a long session timeout.',
    ),
    'dry-run': flag.switch('Show what would be done, and do nothing.'),
  },
});
export type ResetOptions = Options<(typeof flags)['flags']>;

const SCENARIOS = [
  'to-offset',
  'to-datetime',
  'by-duration',
  'to-earliest',
  'to-latest',
  'from-file',
  'shift-by',
] as const;

/** What goes together, in Java's order. Throws UsageError. */
export function checkFlags(options: ResetOptions): void {
  for (const name of SCENARIOS) options.forbidden(name, ...SCENARIOS.filter((other) => other !== name));
  options.forbidden('config-file', 'command-config');
}
