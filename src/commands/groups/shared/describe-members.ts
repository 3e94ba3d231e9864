import type { GroupDescription, MemberDescription } from '../../../client/admin/describe-groups.js';
import { byTopic, type TopicPartition } from '../../../kafka/topic-partition.js';

/** "topic:0,1;other:2", or "-" */
export function assignmentText(partitions: readonly TopicPartition[]): string {
  if (partitions.length === 0) return '-';
  return [...byTopic(partitions)]
    .map(([topic, list]) => `${topic}:${list.sort((a, b) => a - b).join(',')}`)
    .sort()
    .join(';');
}

const widest = (least: number, texts: readonly string[]): number =>
  texts.reduce((width, text) => Math.max(width, text.length), least);

/**
 * The `--members` table of one group; the header is printed even without members. The UPGRADED column is for groups that
 * are migrating from the classic to the consumer protocol, and so have members of both.
 */
export function membersTable(
  { groupId, members, state, targetAssignmentEpoch }: GroupDescription,
  verbose: boolean,
): string {
  const sized = state === 'Dead' ? [] : members;
  const groupWidth = widest(15, sized.length > 0 ? [groupId] : []);
  const idWidth = widest(
    15,
    sized.map((m) => m.memberId),
  );
  const instanceWidth = widest(
    17,
    sized.map((m) => m.instanceId ?? ''),
  );
  const hostWidth = widest(
    15,
    sized.map((m) => m.host),
  );
  const clientWidth = widest(
    15,
    sized.map((m) => m.clientId),
  );
  const currentWidth = widest(
    20,
    sized.map((m) => assignmentText(m.assignment)),
  );
  const targetWidth = widest(
    20,
    sized.map((m) => assignmentText(m.targetAssignment)),
  );
  const withInstance = sized.some((m) => m.instanceId);
  const migrating = sized.some((m) => m.upgraded === true) && sized.some((m) => m.upgraded === false);

  const line = (cells: readonly string[], more: readonly string[]) => {
    const [id = '', instance = '', host = '', client = '', partitions = ''] = cells.slice(1);
    const columns = [(cells[0] as string).padEnd(groupWidth), id.padEnd(idWidth)];
    if (withInstance) columns.push(instance.padEnd(instanceWidth));
    columns.push(host.padEnd(hostWidth), client.padEnd(clientWidth), partitions.padEnd(15), '');
    const text = columns.join(' ');
    if (!verbose) return text;
    const [epoch = '', current = '', targetEpoch = '', target = '', upgraded = ''] = more;
    const wide = [epoch.padEnd(15), current.padEnd(currentWidth), targetEpoch.padEnd(15), target.padEnd(targetWidth)];
    return text + [...wide, ...(migrating ? [upgraded] : [])].join(' ');
  };
  const row = (m: MemberDescription) =>
    line(
      [groupId, m.memberId, m.instanceId ?? '', m.host, m.clientId, String(m.assignment.length)],
      [
        String(m.memberEpoch ?? '-'),
        assignmentText(m.assignment),
        String(targetAssignmentEpoch ?? '-'),
        assignmentText(m.targetAssignment),
        String(m.upgraded ?? '-'),
      ],
    );
  const heading = line(
    ['GROUP', 'CONSUMER-ID', 'GROUP-INSTANCE-ID', 'HOST', 'CLIENT-ID', '#PARTITIONS'],
    ['CURRENT-EPOCH', 'CURRENT-ASSIGNMENT', 'TARGET-EPOCH', 'TARGET-ASSIGNMENT', 'UPGRADED'],
  );
  return `\n${[heading, ...members.map(row)].join('\n')}\n`;
}
