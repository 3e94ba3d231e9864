import {
  describeShareGroups,
  type ShareGroupDescription,
  type SharePartitionOffset,
  shareGroupOffsets,
} from '../../../client/admin/share-groups.js';
import { executionException } from '../../../java/exceptions.js';
import type { TopicPartition } from '../../../kafka/topic-partition.js';
import { assignmentText } from '../shared/describe-members.js';
import { errorBlock, groupOrder, wrapErrors } from '../shared/service.js';
import { shareGroups } from './list.js';
import type { ShareGroupService } from './service.js';

export async function run(service: ShareGroupService): Promise<void> {
  const { options, io } = service;
  const groups = await descriptions(service);
  const verbose = options.has('verbose');
  if (options.has('members')) {
    for (const group of groups) if (announce(group, io)) io.stdout.write(membersTable(group, verbose));
    return;
  }
  if (options.has('state')) {
    for (const group of groups) {
      announce(group, io);
      io.stdout.write(stateTable(group, verbose));
    }
    return;
  }
  const offsets: SharePartitionOffset[][] = [];
  for (const { groupId } of groups) {
    offsets.push(await wrapErrors(shareGroupOffsets(service.cluster, groupId, service.timeoutMs)));
  }
  groups.forEach(({ groupId }, i) => void io.stdout.write(offsetsTable(groupId, offsets[i] ?? [], verbose)));
}

/** The groups named by --group, or all, sorted by name. Throws the first error. */
async function descriptions(service: ShareGroupService): Promise<ShareGroupDescription[]> {
  const { cluster, options, timeoutMs } = service;
  const ids = options.has('all-groups')
    ? (await shareGroups(service)).map(({ groupId }) => groupId)
    : options.values('group');
  const described = await describeShareGroups(cluster, ids, timeoutMs);
  const groups = groupOrder(described, ([groupId]) => groupId).map(([, outcome]) => {
    if (outcome instanceof Error) throw executionException(outcome);
    return outcome;
  });
  return groups.sort((a, b) => (a.groupId < b.groupId ? -1 : 1));
}

/** Reports a group that is dead or empty. Returns whether there are members to print. */
function announce({ groupId, state, members }: ShareGroupDescription, io: ShareGroupService['io']): boolean {
  if (state === 'Dead') io.stdout.write(errorBlock(`Share group '${groupId}' does not exist.`));
  else if (state === 'Empty') io.stderr.write(`\nShare group '${groupId}' has no active members.\n`);
  return state !== 'Dead' && members.length > 0;
}

/** Rows, each preceded by a newline. A column is as wide as its widest cell, and at least `least`. */
function table(rows: readonly (readonly string[])[], least: readonly number[], wide: readonly number[]): string {
  const widths = least.map((width, i) =>
    wide.includes(i) ? Math.max(width, ...rows.slice(1).map((row) => row[i]?.length ?? 0)) : width,
  );
  const line = (cells: readonly string[]) => `\n${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' ')}`;
  return `${rows.map(line).join('')}\n`;
}

const byPlace = (a: TopicPartition, b: TopicPartition): number =>
  a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1;

const cell = (value: bigint | number | undefined): string => String(value ?? '-');

function offsetsTable(groupId: string, offsets: readonly SharePartitionOffset[], verbose: boolean): string {
  if (offsets.length === 0) return `\nShare group '${groupId}' has no offset information.\n`;
  const rows = [...offsets].sort(byPlace).map(({ topic, partition, leaderEpoch, startOffset, lag }) => {
    const epoch = verbose ? [cell(leaderEpoch)] : [];
    return [groupId, topic, String(partition), ...epoch, cell(startOffset), cell(lag)];
  });
  const heading = ['GROUP', 'TOPIC', 'PARTITION', ...(verbose ? ['LEADER-EPOCH'] : []), 'START-OFFSET', 'LAG'];
  return table([heading, ...rows], [15, 15, 10, ...(verbose ? [13] : []), 13], [0, 1]);
}

function stateTable(group: ShareGroupDescription, verbose: boolean): string {
  const { host, port, id } = group.coordinator;
  const epochs = verbose ? [String(group.groupEpoch), String(group.assignmentEpoch)] : [];
  const count = String(group.members.length);
  const row = [group.groupId, `${host}:${port}  (${id})`, group.state, ...epochs, count];
  const heading = ['GROUP', 'COORDINATOR (ID)', 'STATE', ...(verbose ? ['GROUP-EPOCH', 'ASSIGNMENT-EPOCH'] : [])];
  return table([[...heading, '#MEMBERS'], row], [15, 25, 15, ...(verbose ? [12, 17] : [])], [0, 1]);
}

function membersTable({ groupId, members }: ShareGroupDescription, verbose: boolean): string {
  const sorted = [...members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  const rows = sorted.map(({ memberId, host, clientId, memberEpoch, assignment }) => {
    const epoch = verbose ? [String(memberEpoch)] : [];
    const given = assignment.length === 0 ? '' : assignmentText(assignment);
    return [groupId, memberId, host, clientId, String(assignment.length), ...epoch, given];
  });
  const heading = ['GROUP', 'CONSUMER-ID', 'HOST', 'CLIENT-ID', '#PARTITIONS', ...(verbose ? ['MEMBER-EPOCH'] : [])];
  return table([[...heading, 'ASSIGNMENT'], ...rows], [15, 15, 15, 15, 12, ...(verbose ? [13] : [])], [0, 1, 2, 3]);
}
