import { flag, flagTable, type Options } from '../../../cli/flags.js';

/** Flags of kafka-streams-application-reset.sh. Mirrors StreamsResetter.StreamsResetterOptions. */
export const flags = flagTable({
  intro:
    'This tool resets a Kafka Streams application so that it processes its input again: it resets the offsets of the ' +
    'input topics and deletes the internal topics that Kafka Streams created for the application. ' +
    'It does not touch output topics, nor the local state of the instances (call KafkaStreams#cleanUp() to delete ' +
    'that). Stop the application first, and use --dry-run to see what would be done.\n',
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
      'Input topics, comma-separated. Reset to the start of the log, unless another option says where to.',
      { separator: ',', completes: 'topic' },
    ),
    'intermediate-topics': flag.string(
      'list',
      '[deprecated] Intermediate topics, which the application both writes and reads, comma-separated. Reset to the end of the log.',
      { separator: ',', completes: 'topic' },
    ),
    'internal-topics': flag.string(
      'list',
      'The internal topics to delete, comma-separated; default: all of them, as listed by --dry-run.',
      { separator: ',', completes: 'topic' },
    ),
    'to-offset': flag.long(undefined, 'Reset to this offset.'),
    'to-datetime': flag.string(undefined, "Reset to a time: 'YYYY-MM-DDThh:mm:ss.sss'."),
    'by-duration': flag.string(undefined, "Reset to the time a duration ago: 'PnDTnHnMnS'."),
    'to-earliest': flag.switch('Reset to the start of the log.'),
    'to-latest': flag.switch('Reset to the end of the log.'),
    'from-file': flag.string(undefined, 'Reset to the offsets in a CSV file.', { completes: 'file' }),
    'shift-by': flag.long('number-of-offsets', 'Shift the current offset by n: forward, or backward if n is negative.'),
    'config-file': flag.string('file name', '(DEPRECATED) Use --command-config instead.', {
      completes: 'file',
    }),
    'command-config': flag.string('file name', "File with the client's properties.", { completes: 'file' }),
    force: flag.switch(
      'Remove members that are still in the group, such as stopped ones whose long session timeout has not expired.',
    ),
    'dry-run': flag.switch('Show what would be done, without doing it.'),
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

/** Checks the flags against each other, in Java's order. Throws UsageError. */
export function checkFlags(options: ResetOptions): void {
  for (const name of SCENARIOS) options.forbidden(name, ...SCENARIOS.filter((other) => other !== name));
  options.forbidden('config-file', 'command-config');
}
