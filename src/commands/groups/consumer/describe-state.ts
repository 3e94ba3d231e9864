import type { GroupDescription } from '../../../client/admin/describe-groups.js';

/** The `--state` table of one group. */
export function stateTable(group: GroupDescription, verbose: boolean): string {
  const { host, port, id } = group.coordinator;
  const coordinator = `${host}:${port}  (${id})`;
  const groupWidth = Math.max(15, group.groupId.length);
  const coordinatorWidth = Math.max(25, coordinator.length);
  const line = (cells: readonly [string, string, string, string, string, string, string]) => {
    const [name, where, strategy, state, epoch, target, members] = cells;
    const first = `\n${name.padEnd(groupWidth)} ${where.padEnd(coordinatorWidth)} ${strategy.padEnd(20)} ${state.padEnd(20)}`;
    return verbose ? `${first} ${epoch.padEnd(15)} ${target.padEnd(25)} ${members}` : `${first} ${members}`;
  };
  const heading = line([
    'GROUP',
    'COORDINATOR (ID)',
    'ASSIGNMENT-STRATEGY',
    'STATE',
    'GROUP-EPOCH',
    'TARGET-ASSIGNMENT-EPOCH',
    '#MEMBERS',
  ]);
  const row = line([
    group.groupId,
    coordinator,
    group.assignor || '-',
    group.state,
    String(group.groupEpoch ?? '-'),
    String(group.targetAssignmentEpoch ?? '-'),
    String(group.members.length),
  ]);
  return `${heading}${row}\n`;
}
