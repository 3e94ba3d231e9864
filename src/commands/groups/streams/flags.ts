import { flag, flagTable, type Options } from '../../../cli/flags.js';
import { CHECKED } from '../consumer/flags.js';

const DESCRIBE = { availableIf: ['describe'] };

/** Flags of kafka-streams-groups.sh. Mirrors tools/streams/StreamsGroupCommandOptions. */
export const flags = flagTable({
  intro: 'This tool helps to list, describe, delete and manage the offsets of streams groups.',
  onParseError: 'message',
  flags: {
    'bootstrap-server': flag.string('server to connect to', 'REQUIRED: host:port of one or more brokers.'),
    'command-config': flag.string('command config property file', "File with the client's properties.", {
      completes: 'file',
    }),
    group: flag.string('group id', 'The group to act on; may be repeated.', { completes: 'group' }),
    'all-groups': flag.switch('Act on every streams group.'),
    list: flag.switch('List the streams groups.'),
    describe: flag.switch('Describe streams groups: their lag, members, state or topology.'),
    delete: flag.switch('Delete groups without members, and all their offsets.'),
    'delete-offsets': flag.switch('Delete the offsets of one group for --input-topic or --all-input-topics.'),
    'reset-offsets': flag.switch(
      'Reset the offsets of groups without members. Where to: one of --to-datetime, --by-duration, --to-earliest, --to-latest, --shift-by, --from-file, --to-current or --to-offset. Which topics: --input-topic or --all-input-topics. --dry-run shows the plan, --execute carries it out.',
    ),
    state: flag.string(
      undefined,
      'With --describe: describe the state of groups. With --list: print states, or only list groups in the given ones: Empty, NotReady, Stable, Assigning, Reconciling, Dead.',
      { argument: 'optional', availableIf: ['list', 'describe'] },
    ),
    members: flag.switch('With --describe: list the members of groups.', DESCRIBE),
    offsets: flag.switch('With --describe: list partitions, offsets and lag (the default).', DESCRIBE),
    topology: flag.switch(
      "With --describe: describe the topology of groups, if the broker's topology description plugin stores it.",
      DESCRIBE,
    ),
    verbose: flag.switch('With --describe: print more, such as epochs and target assignments.', DESCRIBE),
    timeout: flag.long('timeout (ms)', 'How long to wait for each response, ms.', { default: 30_000n }),
    'input-topic': flag.string(
      'topic',
      'The input topic whose offsets are reset or deleted; `topic1:0,1` selects partitions. May be repeated.',
      { completes: 'topic' },
    ),
    'all-input-topics': flag.switch('Act on all input topics.'),
    'delete-internal-topic': flag.string(undefined, 'With --reset-offsets --execute: also delete this internal topic.'),
    'delete-all-internal-topics': flag.switch(
      'With --reset-offsets --execute or --delete: also delete all internal topics of the group.',
    ),
    'to-offset': flag.long('offset', 'Reset to this offset.'),
    'from-file': flag.string('path to CSV file', 'Reset to the offsets in a CSV file.', { completes: 'file' }),
    'to-datetime': flag.string('datetime', "Reset to a time: 'YYYY-MM-DDThh:mm:ss.sss'."),
    'by-duration': flag.string('duration', "Reset to the time a duration ago: 'PnDTnHnMnS'."),
    'to-earliest': flag.switch('Reset to the start of the log.'),
    'to-latest': flag.switch('Reset to the end of the log.'),
    'to-current': flag.switch("Reset to the group's current offset."),
    'shift-by': flag.long('number-of-offsets', 'Shift the current offset by n: forward, or backward if n is negative.'),
    'dry-run': flag.switch('Show what --reset-offsets would do, without doing it.'),
    execute: flag.switch('Carry out --reset-offsets.'),
    export: flag.switch('Print the plan of --reset-offsets as CSV.'),
  },
});
export type StreamsOptions = Options<(typeof flags)['flags']>;

export const ACTIONS = ['list', 'describe', 'delete', 'reset-offsets', 'delete-offsets'] as const;
export type Action = (typeof ACTIONS)[number];

const GROUPS = 'takes one of these options: [all-groups], [group]';

/** Checks the flags against each other, in Java's order, and returns the one action. Throws UsageError. */
export function checkFlags(options: StreamsOptions): Action {
  options.required('bootstrap-server');
  const grouped = options.has('group') || options.has('all-groups');
  const refuse = (name: string, what: string) => options.usage(`Option [${name}] ${what}`);
  if (options.has('describe')) checkDescribe(options, grouped);
  if (options.has('delete') && !grouped) throw refuse('delete', GROUPS);
  if (options.has('delete') && (options.has('input-topic') || options.has('all-input-topics')))
    throw options.usage('Kafka Streams does not support topic-specific offset deletion from a streams group.');
  const scoped = options.has('input-topic') || options.has('all-input-topics');
  if (options.has('delete-offsets') && !(options.has('group') && scoped)) {
    throw refuse('delete-offsets', 'takes the [group] and one of these options: [all-input-topics], [input-topic]');
  }
  const groups = options.values('group');
  if (options.has('delete-offsets') && groups.length > 1) {
    throw refuse('delete-offsets', `supports only one [group] at a time, but found: [${groups.join(', ')}]`);
  }
  if (options.has('reset-offsets')) checkReset(options, grouped);
  checkInternalTopics(options);
  if (!options.has('reset-offsets') && (options.has('dry-run') || options.has('execute')))
    throw options.usage('Only Option [reset-offsets] accepts [execute] or [dry-run]');
  options.forbidden('list', 'members', 'offsets', 'topology');
  options.forbidden('group', 'all-groups', 'list');
  options.forbidden('input-topic', 'list', 'describe', 'delete');
  const actions = ACTIONS.filter((name) => options.has(name));
  if (actions.length === 1) return actions[0] as Action;
  throw options.usage(
    'Command must include exactly one action: --list, --describe, --delete, --reset-offsets, or --delete-offsets.',
  );
}

function checkDescribe(options: StreamsOptions, grouped: boolean): void {
  const refuse = (what: string) => options.usage(`Option [describe] ${what}`);
  if (!grouped) throw refuse(GROUPS);
  const views = (['members', 'offsets', 'state', 'topology'] as const).filter((name) => options.has(name));
  if (views.length > 1) throw refuse('takes at most one of these options: [members], [offsets], [state], [topology]');
  if (options.value('state') !== undefined) throw refuse('does not take a value for [state]');
}

function checkInternalTopics(options: StreamsOptions): void {
  const [reset, execute] = [options.has('reset-offsets'), options.has('execute')];
  if (options.has('delete-all-internal-topics')) {
    const refuse = (what: string) => options.usage(`Option [delete-all-internal-topics] takes ${what}`);
    if (!reset && !options.has('delete')) throw refuse('one of these options: [delete], [reset-offsets]');
    if (reset && !execute) throw refuse('[execute] when [reset-offsets] is used.');
  } else if (options.has('delete-internal-topic') && !(reset && execute)) {
    throw options.usage('Option [delete-internal-topic] takes [reset-offsets] when [execute] is used.');
  }
}

function checkReset(options: StreamsOptions, grouped: boolean): void {
  const refuse = (what: string) => options.usage(`Option [reset-offsets] ${what}`);
  const [dry, execute] = [options.has('dry-run'), options.has('execute')];
  if (dry && execute) throw refuse('only accepts one of [execute] and [dry-run]');
  if (!dry && !execute) throw refuse('takes the option: [execute] or [dry-run]');
  if (!grouped) throw refuse(GROUPS);
  for (const name of CHECKED) options.forbidden(name, ...CHECKED.filter((other) => other !== name));
}
