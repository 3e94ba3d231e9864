import { CommandError } from '../../cli/errors.js';
import { flag, flagTable, type Options } from '../../cli/flags.js';

const TYPES = ['PREFERRED', 'UNCLEAN'];

export const flags = flagTable({
  intro:
    'This tool attempts to elect a new leader for a set of topic partitions. The type of elections supported are preferred replicas and unclean replicas.',
  onParseError: 'message',
  flags: {
    'bootstrap-server': flag.string('host:port', 'REQUIRED: host:port of one or more brokers, separated by commas.'),
    'admin.config': flag.string(
      'config file',
      "(DEPRECATED) File with the client's properties. Use --command-config instead.",
      {
        completes: 'file',
      },
    ),
    'command-config': flag.string('Config file', "File with the client's properties.", { completes: 'file' }),
    'path-to-json-file': flag.string(
      'Path to JSON file',
      [
        'A JSON file with the partitions, in this form:',
        '{"partitions":',
        '\t[{"topic": "foo", "partition": 1},',
        '\t {"topic": "foobar", "partition": 2}]',
        '}',
        'Not with --all-topic-partitions or --topic.',
      ].join('\n'),
      { completes: 'file' },
    ),
    topic: flag.string(
      'topic name',
      'The topic of the partition to elect a leader for. Not with --path-to-json-file or --all-topic-partitions.',
      {
        completes: 'topic',
      },
    ),
    partition: flag.int('partition id', 'The partition to elect a leader for. REQUIRED with --topic.'),
    'all-topic-partitions': flag.switch(
      'Elect leaders for all eligible partitions. Not with --topic or --path-to-json-file.',
    ),
    'election-type': flag.string(
      'election type',
      'REQUIRED: "preferred" elects the preferred replica if it is not the leader; "unclean" elects an out-of-sync replica ' +
        'if there is no leader, and can lose records.',
      {
        typeName: `[${TYPES.join(',')}]`,
        check: (text) => {
          if (!TYPES.includes(text.toUpperCase())) throw new Error('not a type of election');
        },
        completes: TYPES.map((type) => type.toLowerCase()),
      },
    ),
  },
});

export type ElectionOptions = Options<(typeof flags)['flags']>;

const PLACES = ['topic', 'all-topic-partitions', 'path-to-json-file'] as const;

/** Throws the Java tool's error for flags that exclude or require each other. */
export function checkOptions(options: ElectionOptions): void {
  const missing = (['bootstrap-server', 'election-type'] as const).filter((name) => !options.has(name));
  if (missing.length > 0) throw new CommandError(`Missing required option(s): ${missing.join(', ')}`);
  options.forbidden('admin.config', 'command-config');
  if (PLACES.filter((name) => options.has(name)).length !== 1)
    throw new CommandError(`One and only one of the following options is required: ${PLACES.join(', ')}`);
  if (options.has('topic') && !options.has('partition'))
    throw new CommandError('Missing required option(s): partition');
  if (!options.has('topic') && options.has('partition'))
    throw new CommandError('Option partition is only allowed if topic is used');
}
