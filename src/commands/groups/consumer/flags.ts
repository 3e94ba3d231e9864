/** kafka-consumer-groups.sh's flags and the rules between them. Mirrors tools/consumer/group/ConsumerGroupCommandOptions. */
import { flag, flagTable, type Options } from '../../../cli/flags.js';

export const flags = flagTable({
  intro: 'This tool helps to list, describe, delete and manage the offsets of consumer groups.',
  onParseError: 'uncaught',
  flags: {
    'bootstrap-server': flag.string(
      'server to connect to',
      'host:port of one or more brokers. REQUIRED except with --validate-regex.',
    ),
    group: flag.string('group id', 'The consumer group to act on. May be repeated.', { completes: 'group' }),
    topic: flag.string(
      'topic',
      'The topic whose offsets are reset or deleted; `topic1:0,1,2` selects partitions. May be repeated.',
      { completes: 'topic' },
    ),
    'all-topics': flag.switch('Reset the offsets of every topic that the group has committed offsets for.'),
    list: flag.switch('List the consumer groups.'),
    describe: flag.switch('Describe consumer groups and list their lag.'),
    'all-groups': flag.switch('Act on every consumer group.'),
    delete: flag.switch('Delete groups and all their offsets: --group g1 --group g2'),
    timeout: flag.long(
      'timeout (ms)',
      'How long to wait for each response, ms, for example while a group is rebalancing.',
      {
        default: 30000n,
      },
    ),
    'command-config': flag.string('command config property file', "File with the client's properties.", {
      completes: 'file',
    }),
    'reset-offsets': flag.switch(
      'Move the offsets of an inactive group: --dry-run (the default) shows the plan, --execute carries it out, --export prints it as CSV. ' +
        'Where to: one of --to-datetime, --by-duration, --to-earliest, --to-latest, --shift-by, --from-file, --to-current or --to-offset. ' +
        'Which topics: --all-topics or --topic, unless --from-file names them.',
    ),
    'delete-offsets': flag.switch('Delete the offsets that a group has committed for topics.'),
    'dry-run': flag.switch('Show what --reset-offsets would do, without doing it.'),
    execute: flag.switch('Carry out --reset-offsets.'),
    export: flag.switch('Print the plan of --reset-offsets as CSV.'),
    'to-offset': flag.long('offset', 'Reset to this offset.'),
    'from-file': flag.string('path to CSV file', 'Reset to the offsets in a CSV file.', { completes: 'file' }),
    'to-datetime': flag.string('datetime', "Reset to the first record at or after 'YYYY-MM-DDThh:mm:ss.sss'."),
    'by-duration': flag.string('duration', "Reset to the first record at or after this duration ago: 'PnDTnHnMnS'."),
    'to-earliest': flag.switch('Reset to the earliest offset.'),
    'to-latest': flag.switch('Reset to the latest offset.'),
    'to-current': flag.switch("Reset to the group's current offset."),
    'shift-by': flag.long('number-of-offsets', 'Shift the current offset by n: forward, or backward if n is negative.'),
    members: flag.switch('With --describe: list the members of the group.', { availableIf: ['describe'] }),
    verbose: flag.switch('With --describe: print additional columns.', { availableIf: ['describe'] }),
    offsets: flag.switch('With --describe: list partitions, offsets and lag (the default).', {
      availableIf: ['describe'],
    }),
    state: flag.string(
      undefined,
      'With --describe: describe the state of the group. With --list: print states, or only list groups in the given ones: --list --state stable,empty',
      { argument: 'optional', availableIf: ['describe', 'list'] },
    ),
    type: flag.string(
      undefined,
      'With --list: print types, or only list groups of the given ones: --list --type classic,consumer',
      {
        argument: 'optional',
        availableIf: ['list'],
      },
    ),
    'validate-regex': flag.string('regex', 'Check whether a regular expression is valid RE2 syntax.'),
    output: flag.string('format', 'json: one JSON document instead of tables, for --list and --describe.', {
      own: true,
      completes: ['json'],
    }),
    'lag-time': flag.switch('With --describe: adds the age of the oldest unread record of each partition.', {
      own: true,
      availableIf: ['describe'],
    }),
    totals: flag.switch('With --describe: adds the lag of each topic and of the group.', {
      own: true,
      availableIf: ['describe'],
    }),
  },
});

export type GroupOptions = Options<typeof flags.flags>;

const ACTIONS = ['list', 'describe', 'delete', 'reset-offsets', 'delete-offsets', 'validate-regex'] as const;
export type Action = (typeof ACTIONS)[number];

/** Whether to print one JSON document. */
export const wantsJson = (options: GroupOptions): boolean => options.value('output') === 'json';

/** Flags that only the view of offsets has a place for. */
const LAG_FLAGS = ['totals', 'lag-time'] as const;

/** The scenarios of --reset-offsets, in the order in which errors list them. */
export const SCENARIOS = [
  'to-offset',
  'shift-by',
  'to-datetime',
  'by-duration',
  'to-earliest',
  'to-latest',
  'to-current',
  'from-file',
] as const;

/** The scenarios in the order in which Java checks that they exclude each other. */
export const CHECKED = [
  ...SCENARIOS.filter((name) => name !== 'shift-by' && name !== 'from-file'),
  'shift-by',
  'from-file',
] as const;

const UNSAID =
  'WARN: No action will be performed as the --execute option is missing. In version 5.0, this command will require either --dry-run or --execute to be specified. You should add the --dry-run option explicitly if you are scripting this command and want to keep the current default behavior without prompting.\n';

/** Checks the flags against each other and returns the one action. `warn` receives warnings for stderr. */
export function checkFlags(options: GroupOptions, warn: (text: string) => void): Action {
  if (!options.has('validate-regex')) options.required('bootstrap-server');
  if (options.has('describe')) checkDescribe(options);
  if (options.has('delete')) checkDelete(options);
  if (options.has('delete-offsets') && !(options.has('group') && options.has('topic'))) {
    throw options.usage('Option [delete-offsets] takes the following options: [group], [topic]');
  }
  if (options.has('reset-offsets')) checkReset(options, warn);
  options.forbidden('group', 'all-groups');
  options.forbidden('group', 'list');
  options.forbidden('topic', 'list', 'describe');
  const actions = ACTIONS.filter((action) => options.has(action));
  const [action] = actions;
  if (action === undefined || actions.length > 1) {
    throw options.usage(`Command must include exactly one action: ${ACTIONS.map((name) => `--${name}`).join(', ')}`);
  }
  checkOutput(options, action);
  return action;
}

function checkOutput(options: GroupOptions, action: Action): void {
  const format = options.value('output');
  if (format === undefined) return;
  if (format !== 'json') throw options.usage(`Option [output] takes json, not ${format}`);
  if (action !== 'list' && action !== 'describe') throw options.usage('Option [output] goes with [list] or [describe]');
}

function needsGroups(options: GroupOptions, action: Action): void {
  if (options.has('group') || options.has('all-groups')) return;
  throw options.usage(`Option [${action}] takes one of these options: [group], [all-groups]`);
}

function checkDescribe(options: GroupOptions): void {
  needsGroups(options, 'describe');
  const views = (['members', 'offsets', 'state'] as const).filter((name) => options.has(name));
  if (views.length > 1) {
    throw options.usage('Option [describe] takes at most one of these options: [members], [offsets], [state]');
  }
  for (const view of ['members', 'state'] as const) options.forbidden(view, ...LAG_FLAGS);
  if (options.has('state') && options.value('state') !== undefined) {
    throw options.usage('Option [describe] does not take a value for [state]');
  }
}

function checkDelete(options: GroupOptions): void {
  needsGroups(options, 'delete');
  if (options.has('topic')) {
    throw options.usage('The consumer does not support topic-specific offset deletion from a consumer group.');
  }
}

function checkReset(options: GroupOptions, warn: (text: string) => void): void {
  if (options.has('dry-run') && options.has('execute')) {
    throw options.usage('Option [reset-offsets] only accepts one of [execute] and [dry-run]');
  }
  if (!options.has('dry-run') && !options.has('execute')) warn(UNSAID);
  needsGroups(options, 'reset-offsets');
  for (const scenario of CHECKED) options.forbidden(scenario, ...CHECKED.filter((other) => other !== scenario));
}
