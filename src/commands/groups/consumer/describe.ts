import { CommandError } from '../../../cli/errors.js';
import { describeGroups, type GroupDescription, UnreadableGroup } from '../../../client/admin/describe-groups.js';
import { executionException, JavaError } from '../../../java/exceptions.js';
import { membersTable } from '../shared/describe-members.js';
import { collectOffsets, type OffsetRow, offsetsTable } from '../shared/describe-offsets.js';
import { chosenGroups, errorBlock, groupOrder, hintGroups, type Service } from '../shared/service.js';
import { stateTable } from './describe-state.js';
import { type GroupOptions, wantsJson } from './flags.js';
import { describeJson, type JsonView } from './json.js';
import { totalsOf, totalsTable } from './totals.js';

/** One group, ready to be printed. */
interface View extends JsonView {
  readonly rows: number;
  readonly text: string;
  /** print the table even if it has no rows */
  readonly always?: boolean;
}

export async function run(service: Service): Promise<void> {
  const { cluster, options, io, timeoutMs } = service;
  const described = await describeGroups(cluster, await chosenGroups(service), timeoutMs);
  const unreadable: UnreadableGroup[] = [];
  const groups = groupOrder(described, ([groupId]) => groupId).flatMap(([, outcome]) => {
    if (outcome instanceof UnreadableGroup) unreadable.push(outcome);
    else if (outcome instanceof Error) throw executionException(outcome);
    else return [outcome];
    return [];
  });
  const views = showsOffsets(options)
    ? await offsetViews(service, groups)
    : groups.map((group) => viewOf(group, options));
  views.sort((a, b) => (a.group.groupId < b.group.groupId ? -1 : 1));
  if (wantsJson(options)) io.stdout.write(describeJson(views));
  else printTables(views, io);
  if (unreadable.length > 0) throw new CommandError(unreadable.map((error) => `Error: ${error.message}`).join('\n'));
  if (wantsJson(options)) return;
  if (views.some(({ group }) => group.state === 'Dead')) await hintGroups(service);
}

function printTables(views: readonly View[], io: Service['io']): void {
  for (const { group, rows, text, always } of views) {
    const show = announce(group, rows, io);
    if (show || always) io.stdout.write(text);
  }
}

const showsOffsets = (options: GroupOptions): boolean => !options.has('state') && !options.has('members');

function viewOf(group: GroupDescription, options: GroupOptions): View {
  const verbose = options.has('verbose');
  if (options.has('state')) return { group, rows: 1, text: stateTable(group, verbose) };
  const { members } = group;
  return { group, members, rows: members.length, text: membersTable(group, verbose), always: true };
}

async function offsetViews(service: Service, groups: readonly GroupDescription[]): Promise<View[]> {
  const { options, cluster, timeoutMs } = service;
  let rows = await Promise.all(groups.map((group) => collectOffsets(service, group)));
  if (options.has('lag-time')) {
    const { withLagTimes } = await import('./lag-time.js');
    rows = await withLagTimes(cluster, rows, timeoutMs);
  }
  return groups.map((group, i) => offsetView(group, rows[i] ?? [], options));
}

function offsetView(group: GroupDescription, offsets: readonly OffsetRow[], options: GroupOptions): View {
  const text = offsetsTable(offsets, options.has('verbose'));
  if (!options.has('totals')) return { group, offsets, rows: offsets.length, text };
  const totals = totalsOf(offsets);
  return { group, offsets, totals, rows: offsets.length, text: text + totalsTable(group.groupId, totals) };
}

/** Reports a group that is dead, empty or rebalancing. Returns false when there is no table to print. */
function announce({ groupId, state }: GroupDescription, rows: number, io: Service['io']): boolean {
  switch (state) {
    case 'Dead':
      io.stdout.write(errorBlock(`Consumer group '${groupId}' does not exist.`));
      return false;
    case 'Empty':
      io.stderr.write(`\nConsumer group '${groupId}' has no active members.\n`);
      break;
    case 'PreparingRebalance':
    case 'CompletingRebalance':
    case 'Assigning':
    case 'Reconciling':
      io.stderr.write(`\nWarning: Consumer group '${groupId}' is rebalancing.\n`);
      break;
    case 'Stable':
      break;
    default:
      throw new JavaError(
        'org.apache.kafka.common.KafkaException',
        `Expected a valid consumer group state, but found '${state}'.`,
      );
  }
  return rows > 0;
}
