/** kafka-share-groups.sh's flags and the rules between them. Mirrors tools/consumer/group/ShareGroupCommandOptions. */
import { flag, flagTable, type Options } from '../../../cli/flags.js';

export const flags = flagTable({
  intro: 'This tool helps to list, describe, delete and manage the offsets of share groups.',
  onParseError: 'uncaught',
  flags: {
    'bootstrap-server': flag.string('server to connect to', 'REQUIRED: host:port of one or more brokers.'),
    group: flag.string('group id', 'The share group to act on.', { completes: 'group' }),
    topic: flag.string(
      'topic',
      'The topic whose offsets are reset or deleted; for a reset, `topic1:0,1,2` selects partitions.',
      { completes: 'topic' },
    ),
    'all-topics': flag.switch('Reset the offsets of every topic that the group has offsets for.'),
    list: flag.switch('List the share groups.'),
    describe: flag.switch('Describe share groups: offsets, members or state.'),
    'all-groups': flag.switch('Act on every share group.'),
    delete: flag.switch('Delete a share group.'),
    timeout: flag.long('timeout (ms)', 'How long to wait for each response, ms.', { default: 30000n }),
    'command-config': flag.string('command config property file', "File with the client's properties.", {
      completes: 'file',
    }),
    'reset-offsets': flag.switch(
      'Move the start offsets of an inactive group: --dry-run shows the plan, --execute carries it out; one of them is needed. ' +
        'Where to: one of --to-datetime, --to-earliest, --to-latest, --to-current, --to-offset or --from-file. Which topics: ' +
        '--all-topics or --topic, unless --from-file names them.',
    ),
    'delete-offsets': flag.switch('Delete the offsets that a group has for topics.'),
    'dry-run': flag.switch('Show what --reset-offsets would do, without doing it.'),
    execute: flag.switch('Carry out --reset-offsets.'),
    export: flag.switch('Print the plan of --reset-offsets as CSV.'),
    'to-offset': flag.long('offset', 'Reset to this offset.'),
    'from-file': flag.string('path to CSV file', 'Reset to the offsets in a CSV file.', { completes: 'file' }),
    'to-datetime': flag.string('datetime', "Reset to the first record at or after 'YYYY-MM-DDThh:mm:ss.sss'."),
    'to-earliest': flag.switch('Reset to the earliest offset.'),
    'to-latest': flag.switch('Reset to the latest offset.'),
    'to-current': flag.switch("Reset to the group's current offset."),
    members: flag.switch('With --describe: list the members of the group.', { availableIf: ['describe'] }),
    offsets: flag.switch('With --describe: list partitions, start offsets and lag (the default).', {
      availableIf: ['describe'],
    }),
    state: flag.string(
      undefined,
      'With --describe: describe the state of the group. With --list: print states, or only list groups in the given ones: Empty, Stable, Dead.',
      { argument: 'optional', availableIf: ['describe', 'list'] },
    ),
    verbose: flag.switch('With --describe: print additional columns.', { availableIf: ['describe'] }),
  },
});

export type ShareGroupOptions = Options<typeof flags.flags>;

const ACTIONS = ['list', 'describe', 'delete', 'reset-offsets', 'delete-offsets'] as const;
export type Action = (typeof ACTIONS)[number];

/** sorted, as in error messages */
const SCOPES = ['all-topics', 'from-file', 'topic'] as const;
const SCENARIOS = ['from-file', 'to-current', 'to-datetime', 'to-earliest', 'to-latest', 'to-offset'] as const;

/** in the order in which Java checks that they exclude each other */
const CHECKED = ['to-offset', 'to-datetime', 'to-earliest', 'to-latest', 'to-current', 'from-file'] as const;

/** Checks the flags against each other and returns the one action. */
export function checkFlags(options: ShareGroupOptions): Action {
  options.required('bootstrap-server');
  if (options.has('describe')) checkDescribe(options);
  if (options.has('delete')) checkDelete(options);
  if (options.has('delete-offsets') && !(options.has('group') && options.has('topic'))) {
    throw options.usage('Option [delete-offsets] takes the following options: [group], [topic]');
  }
  if (options.has('reset-offsets')) checkReset(options);
  options.forbidden('group', 'all-groups', 'list');
  options.forbidden('topic', 'all-groups', 'list', 'describe', 'delete');
  const [action, ...more] = ACTIONS.filter((name) => options.has(name));
  if (action === undefined || more.length > 0) {
    const all = ACTIONS.map((name) => `--${name}`).join(', ');
    throw options.usage(`Command must include exactly one action: ${all}.`);
  }
  return action;
}

function checkDescribe(options: ShareGroupOptions): void {
  if (!options.has('group') && !options.has('all-groups')) {
    throw options.usage('Option [describe] takes one of these options: [all-groups], [group]');
  }
  if ((['members', 'offsets', 'state'] as const).filter((name) => options.has(name)).length > 1) {
    throw options.usage('Option [describe] takes at most one of these options: [members], [offsets], [state]');
  }
  if (options.has('state') && options.value('state') !== undefined) {
    throw options.usage('Option [describe] does not take a value for [state]');
  }
}

function checkDelete(options: ShareGroupOptions): void {
  if (!options.has('group') && !options.has('all-groups')) {
    throw options.usage('Option [delete] takes the options [group] or [all-groups].');
  }
  if (options.has('group') && options.has('all-groups')) {
    throw options.usage('Option [delete] takes either [all-groups] or [group], not both.');
  }
  if (options.has('topic') || options.has('all-topics')) {
    throw options.usage('Option [delete] does not take the options [topic] or [all-topics].');
  }
}

function checkReset(options: ShareGroupOptions): void {
  const takes = (what: string) => options.usage(`Option [reset-offsets] takes ${what}`);
  if (options.has('dry-run') && options.has('execute')) {
    throw options.usage('Option [reset-offsets] only accepts one of [execute] and [dry-run]');
  }
  if (!options.has('dry-run') && !options.has('execute')) throw takes('the option: [execute] or [dry-run]');
  if (!options.has('group')) throw takes('the option: [group]');
  const list = (names: readonly string[]) => `one of these options: ${names.map((name) => `[${name}]`).join(', ')}`;
  if (!SCOPES.some((name) => options.has(name))) throw takes(list(SCOPES));
  for (const scope of ['topic', 'all-topics', 'from-file'] as const) {
    options.forbidden(scope, ...SCOPES.filter((other) => other !== scope));
  }
  if (!SCENARIOS.some((name) => options.has(name))) throw takes(list(SCENARIOS));
  for (const scenario of CHECKED) options.forbidden(scenario, ...SCENARIOS.filter((other) => other !== scenario));
}
