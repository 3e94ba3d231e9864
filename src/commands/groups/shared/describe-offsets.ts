import type { GroupDescription } from '../../../client/admin/describe-groups.js';
import { type CommittedOffset, groupOffsets } from '../../../client/admin/group-offsets.js';
import { LATEST, listOffsets } from '../../../client/admin/list-offsets.js';
import type { Cluster } from '../../../client/cluster/types.js';
import { partitionName, type TopicPartition } from '../../../kafka/topic-partition.js';
import { durationText } from './duration.js';
import { type Service, wrapErrors } from './service.js';
import { leadersOf } from './topics.js';

/** One line of `--describe`: a partition with its offsets and, if it is assigned, its member. */
export interface OffsetRow extends TopicPartition {
  readonly group: string;
  readonly offset: bigint | undefined;
  readonly leaderEpoch: number | undefined;
  /** undefined if the partition has no leader */
  readonly logEndOffset: bigint | undefined;
  readonly lag: bigint | undefined;
  /** age of the oldest unread record, ms; null where it is unknown, left out where nobody wants it */
  readonly lagTimeMs?: number | null;
  readonly consumerId: string;
  readonly host: string;
  readonly clientId: string;
}

const byPlace = (a: TopicPartition, b: TopicPartition): number =>
  a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1;

/** Assigned partitions grouped by member, members with the most partitions first; then partitions that only have a committed offset. */
export async function collectOffsets({ cluster, timeoutMs }: Service, group: GroupDescription): Promise<OffsetRow[]> {
  const committed = await wrapErrors(groupOffsets(cluster, group.groupId, timeoutMs));
  const members = group.members
    .filter((member) => member.assignment.length > 0)
    .sort((a, b) => b.assignment.length - a.assignment.length);
  const assigned = members.flatMap((member) => member.assignment);
  const taken = new Set(assigned.map(partitionName));
  const free = [...committed.values()].filter((partition) => !taken.has(partitionName(partition)));
  const ends = await logEndOffsets(cluster, [...assigned, ...free], timeoutMs);

  const row = (place: TopicPartition, owner: { memberId: string; host: string; clientId: string }): OffsetRow => {
    const name = partitionName(place);
    const { offset, leaderEpoch } = committed.get(name) ?? ({} as Partial<CommittedOffset>);
    const logEndOffset = ends.get(name);
    const lag = offset === undefined || logEndOffset === undefined ? undefined : logEndOffset - offset;
    const { memberId: consumerId, host, clientId } = owner;
    const { topic, partition } = place;
    return {
      group: group.groupId,
      topic,
      partition,
      offset,
      leaderEpoch,
      logEndOffset,
      lag,
      consumerId,
      host,
      clientId,
    };
  };
  const unassigned = { memberId: '-', host: '-', clientId: '-' };
  return [
    ...members.flatMap((member) => [...member.assignment].sort(byPlace).map((place) => row(place, member))),
    ...free.sort(byPlace).map((place) => row(place, unassigned)),
  ];
}

/** Log end offsets. A partition without a leader is left out, so that the others can still be printed. */
async function logEndOffsets(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  timeoutMs: number,
): Promise<Map<string, bigint>> {
  const leaders = await leadersOf(cluster, partitions, timeoutMs);
  const led = partitions.filter((partition) => (leaders.get(partitionName(partition)) ?? 0) >= 0);
  const offsets = await wrapErrors(allOffsets(cluster, led, timeoutMs));
  return offsets;
}

/** Throws the first partition's error, as ListOffsetsResult.all() does. */
export async function allOffsets(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  timeoutMs: number,
  time = LATEST,
): Promise<Map<string, bigint>> {
  const listed = await listOffsets(cluster, partitions, time, { timeoutMs });
  const offsets = new Map<string, bigint>();
  for (const [name, outcome] of listed) {
    if (outcome instanceof Error) throw outcome;
    offsets.set(name, outcome.offset);
  }
  return offsets;
}

/** The `--offsets` table of one group; with LAG-TIME where the rows have it. */
export function offsetsTable(rows: readonly OffsetRow[], verbose: boolean): string {
  const width = (text: (row: OffsetRow) => string) => rows.reduce((w, row) => Math.max(w, text(row).length), 15);
  const groupWidth = width((row) => row.group);
  const topicWidth = width((row) => row.topic);
  const consumerWidth = width((row) => row.consumerId);
  const hostWidth = width((row) => row.host);
  const timed = rows.some((row) => row.lagTimeMs !== undefined);
  const line = (cells: readonly string[]) => {
    const [group = '', topic = '', partition = '', epoch = '', offset = '', end = '', lag = '', age = ''] = cells;
    const [consumer = '', host = '', client = ''] = cells.slice(8);
    const numbers = [...(verbose ? [epoch] : []), offset, end, lag, ...(timed ? [age] : [])].map((text) =>
      text.padEnd(15),
    );
    const first = [group.padEnd(groupWidth), topic.padEnd(topicWidth), partition.padEnd(10)];
    return `\n${[...first, ...numbers, consumer.padEnd(consumerWidth), host.padEnd(hostWidth), client].join(' ')}`;
  };
  const lines = rows.map((row) =>
    line([
      row.group,
      row.topic,
      String(row.partition),
      String(row.leaderEpoch ?? '-'),
      String(row.offset ?? '-'),
      String(row.logEndOffset ?? '-'),
      String(row.lag ?? '-'),
      durationText(row.lagTimeMs ?? null),
      row.consumerId,
      row.host,
      row.clientId,
    ]),
  );
  const heading = line([
    'GROUP',
    'TOPIC',
    'PARTITION',
    'LEADER-EPOCH',
    'CURRENT-OFFSET',
    'LOG-END-OFFSET',
    'LAG',
    'LAG-TIME',
    'CONSUMER-ID',
    'HOST',
    'CLIENT-ID',
  ]);
  return `${heading}${lines.join('')}\n`;
}
