/** `--output json`: one array of groups, for --list and --describe. Field names are the protocol's; unknown values are null. */
import type { GroupDescription, MemberDescription } from '../../../client/admin/describe-groups.js';
import type { GroupListing } from '../../../client/admin/groups.js';
import { byTopic, type TopicPartition } from '../../../kafka/topic-partition.js';
import type { OffsetRow } from '../shared/describe-offsets.js';
import type { Total, Totals } from './totals.js';

const document = (groups: readonly object[]): string => `${JSON.stringify(groups, null, 2)}\n`;

/** A JSON number, for jq. Exact below 2^53, which real offsets never reach. */
const number = (value: bigint | undefined): number | null => (value === undefined ? null : Number(value));

export const listJson = (groups: readonly GroupListing[]): string =>
  document(
    groups.map(({ groupId, type, protocolType, state }) => ({
      groupId,
      type: type ?? null,
      protocolType,
      state: state ?? null,
    })),
  );

/** What `--describe` prints for one group: its members, its offsets, or neither. */
export interface JsonView {
  readonly group: GroupDescription;
  readonly members?: readonly MemberDescription[];
  readonly offsets?: readonly OffsetRow[];
  readonly totals?: Totals;
}

export const describeJson = (views: readonly JsonView[]): string => document(views.map(viewJson));

const viewJson = ({ group, members, offsets, totals }: JsonView) => ({
  groupId: group.groupId,
  type: group.type,
  state: group.state,
  assignor: group.assignor || null,
  coordinator: { id: group.coordinator.id, host: group.coordinator.host, port: group.coordinator.port },
  groupEpoch: group.groupEpoch ?? null,
  targetAssignmentEpoch: group.targetAssignmentEpoch ?? null,
  memberCount: group.members.length,
  ...(members && { members: members.map(memberJson) }),
  ...(offsets && { offsets: offsets.map(offsetJson) }),
  ...(totals && { totals: totalsJson(totals) }),
});

const totalJson = ({ lag, partitions, unknown }: Total) => ({ lag: number(lag), partitions, unknown });

export const totalsJson = ({ group, topics }: Totals) => ({
  ...totalJson(group),
  topics: topics.map(({ topic, ...total }) => ({ topic, ...totalJson(total) })),
});

const memberJson = (member: MemberDescription) => ({
  memberId: member.memberId,
  instanceId: member.instanceId ?? null,
  clientId: member.clientId,
  host: member.host,
  memberEpoch: member.memberEpoch ?? null,
  upgraded: member.upgraded ?? null,
  assignment: assignmentJson(member.assignment),
  targetAssignment: assignmentJson(member.targetAssignment),
});

const assignmentJson = (partitions: readonly TopicPartition[]) =>
  [...byTopic(partitions)].map(([topic, list]) => ({ topic, partitions: list.sort((a, b) => a - b) }));

const known = (text: string): string | null => (text === '-' ? null : text);

const offsetJson = (row: OffsetRow) => ({
  topic: row.topic,
  partition: row.partition,
  leaderEpoch: row.leaderEpoch ?? null,
  currentOffset: number(row.offset),
  logEndOffset: number(row.logEndOffset),
  lag: number(row.lag),
  ...(row.lagTimeMs !== undefined && { lagTimeMs: row.lagTimeMs }),
  consumerId: known(row.consumerId),
  host: known(row.host),
  clientId: known(row.clientId),
});
