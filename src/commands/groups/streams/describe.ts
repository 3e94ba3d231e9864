/** `--describe` and its views. Mirrors StreamsGroupCommand.StreamsGroupService.describeGroups. */
import { EXIT } from '../../../cli/errors.js';
import { writeLines } from '../../../cli/io.js';
import { groupOffsets } from '../../../client/admin/group-offsets.js';
import { EARLIEST, LATEST } from '../../../client/admin/list-offsets.js';
import {
  describeStreamsGroup,
  type StreamsGroup,
  type StreamsMember,
  taskPartitions,
} from '../../../client/admin/streams-groups.js';
import { executionException } from '../../../java/exceptions.js';
import { partitionName } from '../../../kafka/topic-partition.js';
import { partitionOrder } from '../../shared/partition-order.js';
import { allOffsets } from '../shared/describe-offsets.js';
import { errorBlock } from '../shared/service.js';
import { chosenGroups, type Streams } from './service.js';
import { topologyText } from './topology.js';

/** Resolves to the exit code. */
export async function run(streams: Streams): Promise<number> {
  const { cluster, options, io, timeoutMs } = streams;
  const verbose = options.has('verbose');
  const topology = options.has('topology');
  let code: number = EXIT.ok;
  for (const groupId of await chosenGroups(streams)) {
    const group = await describeStreamsGroup(cluster, groupId, timeoutMs, { topology });
    if (group instanceof Error) throw executionException(group);
    if (topology) {
      const { text, shown } = topologyText(group);
      io.stdout.write(text);
      if (!shown) code = EXIT.failure;
    } else if (options.has('members')) await writeLines(io.stdout, memberLines(group, verbose));
    else if (options.has('state'))
      await writeLines(
        io.stdout,
        stateLines(group, verbose, (text) => io.stdout.write(text)),
      );
    else await writeLines(io.stdout, await offsetLines(streams, group, verbose));
  }
  return code;
}

type Cell = string | number | bigint;

/** A table; a column of width 0 is not padded. */
function table(widths: readonly number[], rows: readonly (readonly Cell[])[]): string[] {
  return rows.map((row) => row.map((cell, i) => String(cell).padEnd(widths[i] as number)).join(' '));
}
const widest = (least: number, cells: readonly string[]): number => Math.max(least, ...cells.map((c) => c.length));

function stateLines(group: StreamsGroup, verbose: boolean, say: (text: string) => void): string[] {
  const { groupId, groupState, groupEpoch, assignmentEpoch, members } = group;
  if (groupState === 'Empty') say(errorBlock(`Streams group '${groupId}' has no active members.`));
  const { host, port, id } = group.coordinator;
  const coordinator = `${host}:${port} (${id})`;
  const assignor = group.assignorName ?? '';
  const widths = [widest(15, [groupId]), widest(25, [coordinator]), widest(15, [assignor]), 25];
  const start = ['GROUP', 'COORDINATOR (ID)', 'ASSIGNOR', 'STATE'];
  if (!verbose)
    return table(
      [...widths, 0],
      [
        [...start, '#MEMBERS'],
        [groupId, coordinator, assignor, groupState, members.length],
      ],
    );
  return table(
    [...widths, 15, 25, 0],
    [
      [...start, 'GROUP-EPOCH', 'TARGET-ASSIGNMENT-EPOCH', '#MEMBERS'],
      [groupId, coordinator, assignor, groupState, groupEpoch, assignmentEpoch, members.length],
    ],
  );
}

function memberLines({ groupId, assignmentEpoch, topology, members }: StreamsGroup, verbose: boolean): string[] {
  if (members.length === 0) return [];
  const group = widest(15, [groupId]);
  const member = widest(
    15,
    members.map((m) => m.memberId),
  );
  const process = widest(
    15,
    members.map((m) => m.processId),
  );
  const client = widest(
    15,
    members.map((m) => m.clientId),
  );
  if (!verbose) {
    const rows = members.map((m) => [groupId, m.memberId, m.processId, m.clientId, tasks(m.assignment, '')]);
    return table(
      [group, member, process, client, 0],
      [['GROUP', 'MEMBER', 'PROCESS', 'CLIENT-ID', 'ASSIGNMENTS'], ...rows],
    );
  }
  const heading = [
    ...['GROUP', 'TARGET-ASSIGNMENT-EPOCH', 'TOPOLOGY-EPOCH', 'MEMBER', 'MEMBER-PROTOCOL', 'MEMBER-EPOCH'],
    ...['PROCESS', 'CLIENT-ID', 'ASSIGNMENTS'],
  ];
  const rows = members.map((m) => [
    groupId,
    assignmentEpoch,
    topology?.epoch ?? '-',
    m.memberId,
    m.isClassic ? 'classic' : 'streams',
    m.memberEpoch,
    m.processId,
    m.clientId,
    tasks(m.assignment, '') + tasks(m.targetAssignment, 'TARGET-'),
  ]);
  return table([group, 25, 14, member, 15, 15, process, client, 0], [heading, ...rows]);
}

/** "ACTIVE: 0:[0,1]; 1:[0,1]; STANDBY: 0:[2]; " */
function tasks(assignment: StreamsMember['assignment'], prefix: string): string {
  const kinds = [
    ['ACTIVE', assignment.activeTasks],
    ['STANDBY', assignment.standbyTasks],
    ['WARMUP', assignment.warmupTasks],
  ] as const;
  return kinds
    .filter(([, list]) => list.length > 0)
    .map(([kind, list]) => {
      const each = list.map(({ subtopologyId, partitions }) => `${subtopologyId}:[${partitions.join(',')}]; `);
      return `${prefix}${kind}: ${each.join('')}`;
    })
    .join('');
}

async function offsetLines({ cluster, timeoutMs }: Streams, group: StreamsGroup, verbose: boolean): Promise<string[]> {
  const { groupId } = group;
  const places = partitionOrder(taskPartitions(group));
  if (places.length === 0) return [];
  const [earliest, latest, committed] = await Promise.all([
    allOffsets(cluster, places, timeoutMs, EARLIEST),
    allOffsets(cluster, places, timeoutMs, LATEST),
    groupOffsets(cluster, groupId, timeoutMs),
  ]);
  const widths = [
    widest(15, [groupId]),
    widest(
      15,
      places.map(({ topic }) => topic),
    ),
    10,
  ];
  const rows = places.map((place) => {
    const name = partitionName(place);
    const end = latest.get(name) as bigint;
    const at = committed.get(name);
    const lag = end - (at?.offset ?? (earliest.get(name) as bigint));
    const start = [groupId, place.topic, place.partition];
    return verbose ? [...start, at?.offset ?? '-', at?.leaderEpoch ?? '-', end, lag] : [...start, lag];
  });
  const heading = ['GROUP', 'TOPIC', 'PARTITION'];
  if (!verbose) return table([...widths, 0], [[...heading, 'OFFSET-LAG'], ...rows]);
  const more = ['CURRENT-OFFSET', 'LEADER-EPOCH', 'LOG-END-OFFSET', 'OFFSET-LAG'];
  return table([...widths, 15, 15, 15, 15], [[...heading, ...more], ...rows]);
}
