/** The flags of kafka-topics.sh and the rules between them. Mirrors TopicCommand.TopicCommandOptions. */
import { UsageError } from '../../cli/errors.js';
import { flag, flagTable, type Options } from '../../cli/flags.js';
import type { Io } from '../../cli/io.js';
import { CONFIG_NAMES } from './configs.js';

const CONFIGS_TOOL = ' (To alter topic configurations, the kafka-configs tool can be used.)';

export const flags = flagTable({
  intro: 'This tool helps to create, delete, describe, or change a topic.',
  noArguments: 'Create, delete, describe, or change a topic.',
  onParseError: 'message',
  flags: {
    'bootstrap-server': flag.string('server to connect to', 'REQUIRED: host:port of one or more brokers.'),
    'command-config': flag.string('command config property file', "File with the client's properties.", {
      completes: 'file',
    }),
    list: flag.switch('List all topics.'),
    create: flag.switch('Create a topic.'),
    delete: flag.switch('Delete a topic and its records.'),
    alter: flag.switch(`Add partitions to a topic.${CONFIGS_TOOL}`),
    describe: flag.switch('Describe topics: their partitions, replicas and configs.'),
    topic: flag.string(
      'topic',
      'The topic to act on. For all actions except --create, it can be a regular expression.',
      {
        completes: 'topic',
      },
    ),
    'topic-id': flag.string('topic-id', 'The id of the topic to describe.'),
    config: flag.string('name=value', configHelp(), { completes: CONFIG_NAMES.map((name) => `${name}=`) }),
    'delete-config': flag.string('name', 'No longer has any effect; accepted for compatibility with old scripts.'),
    partitions: flag.int(
      '# of partitions',
      "The number of partitions for the topic; default for --create: the cluster's num.partitions. " +
        '(WARNING: adding partitions changes which partition the records of a key go to.)',
    ),
    'replication-factor': flag.int(
      'replication factor',
      "The number of replicas of each partition; default: the cluster's.",
    ),
    'replica-assignment': flag.string(
      'broker_id_for_part1_replica1 : broker_id_for_part1_replica2 , broker_id_for_part2_replica1 : broker_id_for_part2_replica2 , ...',
      'The brokers of each partition, instead of --partitions and --replication-factor.',
    ),
    'under-replicated-partitions': flag.switch('With --describe: only partitions that have out-of-sync replicas.'),
    'unavailable-partitions': flag.switch('With --describe: only partitions without a live leader.'),
    'under-min-isr-partitions': flag.switch('With --describe: only partitions below min.insync.replicas.'),
    'at-min-isr-partitions': flag.switch('With --describe: only partitions at min.insync.replicas exactly.'),
    'topics-with-overrides': flag.switch('With --describe: only topics with overridden configs.'),
    'if-exists': flag.switch('With --alter, --delete or --describe: do nothing if the topic does not exist.'),
    'if-not-exists': flag.switch('With --create: do nothing if the topic already exists.'),
    'exclude-internal': flag.switch('With --list or --describe: exclude internal topics.'),
    'partition-size-limit-per-response': flag.int(
      'maximum number of partitions per response',
      'The maximum number of partitions in one DescribeTopicPartitions response.',
    ),
    output: flag.string('format', 'With --list or --describe: "json" prints one JSON document.', {
      own: true,
      completes: ['json'],
    }),
  },
});

export type TopicOptions = Options<(typeof flags)['flags']>;
export const ACTIONS = ['create', 'list', 'alter', 'describe', 'delete'] as const;
export type Action = (typeof ACTIONS)[number];

function configHelp(): string {
  return [
    'A config of the topic to create, one of:',
    ...CONFIG_NAMES.map((name) => `\t${name}`),
    `See the documentation of Apache Kafka for what they do. Only with --create.${CONFIGS_TOOL}`,
  ].join('\n');
}

/** Returns the one action. Throws the Java tool's usage error for flags that exclude or require each other. */
export function checkOptions(options: TopicOptions, io: Io): Action {
  const actions = ACTIONS.filter((action) => options.has(action));
  const [action] = actions;
  if (action === undefined || actions.length > 1) {
    throw options.usage('Command must include exactly one action: --list, --describe, --create, --alter or --delete');
  }
  if (options.has('delete-config')) {
    io.stderr.write(
      'delete-config option is no longer supported and deprecated since version 4.0. The config will be fully removed in future releases.\n',
    );
  }
  return action;
}

/** Checks required flags. `bootstrap`: the cluster's address, from the flag or the user's defaults. */
export function checkRequired(options: TopicOptions, bootstrap: string | undefined, io: Io): void {
  if (bootstrap === undefined) throw new UsageError('--bootstrap-server must be specified');
  if (options.has('describe') && options.has('if-exists')) {
    if (!options.has('topic') && !options.has('topic-id'))
      throw options.usage('--topic or --topic-id is required to describe a topic');
    if (options.has('topic') && options.has('topic-id')) {
      io.stdout.write(
        'Only topic id will be used when both --topic and --topic-id are specified and topicId is not Uuid.ZERO_UUID\n',
      );
    }
  }
  if (!options.has('list') && !options.has('describe')) options.required('topic');
  if (!options.has('alter')) return;
  if (options.has('config'))
    throw options.usage(
      `Option combination "[[config], [bootstrap-server]]" can't be used with option "[alter]"${CONFIGS_TOOL}`,
    );
  options.required('partitions');
}

const REPORTS = [
  'under-replicated-partitions',
  'under-min-isr-partitions',
  'at-min-isr-partitions',
  'unavailable-partitions',
] as const;

/** Checks which flags are allowed with which actions. */
export function checkInvalid(options: TopicOptions): void {
  const onlyWith = (name: keyof (typeof flags)['flags'], ...allowed: Action[]) =>
    options.forbidden(name, ...ACTIONS.filter((action) => !allowed.includes(action)));
  onlyWith('config', 'alter', 'create');
  onlyWith('partitions', 'alter', 'create');
  onlyWith('replication-factor', 'create');
  onlyWith('replica-assignment', 'alter', 'create');
  if (options.has('create')) options.forbidden('replica-assignment', 'partitions', 'replication-factor');
  for (const report of REPORTS) {
    onlyWith(report, 'describe');
    options.forbidden(report, 'topics-with-overrides');
  }
  onlyWith('topics-with-overrides', 'describe');
  options.forbidden('topics-with-overrides', ...REPORTS);
  onlyWith('if-exists', 'alter', 'delete', 'describe');
  onlyWith('if-not-exists', 'create');
  onlyWith('exclude-internal', 'list', 'describe');
  onlyWith('output', 'list', 'describe');
  const format = options.value('output');
  if (format !== undefined && format !== 'json') throw options.usage(`Option [output] takes json, not ${format}`);
}
