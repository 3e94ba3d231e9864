import { CommandError } from '../../../cli/errors.js';
import { describeGroups, type GroupDescription, UnreadableGroup } from '../../../client/admin/describe-groups.js';
import { executionException, JavaError } from '../../../java/exceptions.js';
import { membersTable } from '../shared/describe-members.js';
import { collectOffsets, offsetsTable } from '../shared/describe-offsets.js';
import { chosenGroups, errorText, groupOrder, hintGroups, type Service } from '../shared/service.js';
import { stateTable } from './describe-state.js';
import { wantsJson } from './flags.js';
import { describeJson, type JsonView } from './json.js';
import { totalsOf, totalsTable } from './totals.js';

/** One group, ready to be shown: `rows` says how much there is besides the state. */
interface View extends JsonView {
  readonly rows: number;
  readonly text: string;
  /** the table is shown even when there is nothing in it */
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
  const views = await Promise.all(groups.map((group) => viewOf(service, group)));
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

async function viewOf(service: Service, group: GroupDescription): Promise<View> {
  const { options } = service;
  const verbose = options.has('verbose');
  if (options.has('state')) return { group, rows: 1, text: stateTable(group, verbose) };
  if (options.has('members')) {
    const { members } = group;
    return { group, members, rows: members.length, text: membersTable(group, verbose), always: true };
  }
  const offsets = await collectOffsets(service, group);
  const table = offsetsTable(offsets, verbose);
  if (!options.has('totals')) return { group, offsets, rows: offsets.length, text: table };
  const totals = totalsOf(offsets);
  return { group, offsets, totals, rows: offsets.length, text: table + totalsTable(group.groupId, totals) };
}

/** Says what is special about a group's state; false when there is no table to show. */
function announce({ groupId, state }: GroupDescription, rows: number, io: Service['io']): boolean {
  switch (state) {
    case 'Dead':
      io.stdout.write(errorText(`Consumer group '${groupId}' does not exist.`));
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
