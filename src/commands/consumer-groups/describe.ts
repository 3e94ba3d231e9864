import { describeGroups, type GroupDescription } from '../../client/admin/describe-groups.js';
import { executionException, JavaError } from '../../client/java-names.js';
import { membersTable } from './describe-members.js';
import { collectOffsets, offsetsTable } from './describe-offsets.js';
import { stateTable } from './describe-state.js';
import { chosenGroups, errorText, groupOrder, type Service } from './service.js';

/** One group's tables: `rows` says whether there is anything to show besides the state. */
interface View {
  readonly rows: number;
  readonly text: string;
  /** the table is shown even when there is nothing in it */
  readonly always?: boolean;
}

export async function run(service: Service): Promise<void> {
  const { cluster, options, io, timeoutMs } = service;
  const described = await describeGroups(cluster, await chosenGroups(service), timeoutMs);
  const groups = groupOrder(described, ([groupId]) => groupId).map(([, outcome]) => {
    if (outcome instanceof Error) throw executionException(outcome);
    return outcome;
  });
  const view = await viewer(service);
  const views = await Promise.all(groups.map(async (group) => ({ group, ...(await view(group)) })));
  views.sort((a, b) => (a.group.groupId < b.group.groupId ? -1 : 1));
  for (const { group, rows, text, always } of views) {
    const show = announce(group, rows, io);
    if (show || always) io.stdout.write(text);
  }
  void options;
}

async function viewer(service: Service): Promise<(group: GroupDescription) => Promise<View> | View> {
  const { options } = service;
  const verbose = options.has('verbose');
  if (options.has('members')) {
    return (group) => ({ rows: group.members.length, text: membersTable(group, verbose), always: true });
  }
  if (options.has('state')) return (group) => ({ rows: 1, text: stateTable(group, verbose) });
  return async (group) => {
    const rows = await collectOffsets(service, group);
    return { rows: rows.length, text: offsetsTable(rows, verbose) };
  };
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
