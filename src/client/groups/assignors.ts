/** How a classic group's leader shares partitions out: range, roundrobin and sticky, as Java's assignors do. */
import { partitionName } from '../../kafka/topic-partition.js';
import type { Assignment, GroupMember, PartitionCounts } from './assignment.js';
import { assignSticky } from './sticky-assignor.js';

/** Java's MemberInfo order: static members by instance id, before the others by member id. */
export const byMember = (a: GroupMember, b: GroupMember): number => {
  if (a.groupInstanceId !== null && b.groupInstanceId !== null) return a.groupInstanceId < b.groupInstanceId ? -1 : 1;
  if (a.groupInstanceId !== null || b.groupInstanceId !== null) return a.groupInstanceId !== null ? -1 : 1;
  return a.memberId < b.memberId ? -1 : 1;
};

const emptyFor = (members: readonly GroupMember[]): Assignment => new Map(members.map((m) => [m.memberId, []]));

/** Of each topic, consecutive partitions for each member in turn; the first members get one more. */
function assignRange(members: readonly GroupMember[], counts: PartitionCounts): Assignment {
  const assignment = emptyFor(members);
  for (const [topic, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const interested = members.filter((m) => m.topics.includes(topic)).sort(byMember);
    if (interested.length === 0) continue;
    const each = Math.floor(count / interested.length);
    let extra = count % interested.length;
    let next = 0;
    for (const member of interested) {
      const share = each + (extra-- > 0 ? 1 : 0);
      for (let i = 0; i < share; i++) assignment.get(member.memberId)?.push({ topic, partition: next++ });
    }
  }
  return assignment;
}

/** All partitions, one by one, to the members in a circle; who does not want the topic is passed over. */
function assignRoundRobin(members: readonly GroupMember[], counts: PartitionCounts): Assignment {
  const assignment = emptyFor(members);
  const circle = [...members].sort(byMember);
  const wanted = new Set(members.flatMap((m) => m.topics));
  let at = 0;
  for (const [topic, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!wanted.has(topic)) continue;
    for (let partition = 0; partition < count; partition++) {
      while (!circle[at % circle.length]!.topics.includes(topic)) at++;
      assignment.get(circle[at++ % circle.length]!.memberId)?.push({ topic, partition });
    }
  }
  return assignment;
}

/** Under the cooperative protocol, a partition that moves is given to nobody until its owner has let it go. */
function withoutMoves(assignment: Assignment, members: readonly GroupMember[]): Assignment {
  const owner = new Map<string, string>();
  for (const m of members) for (const p of m.owned) owner.set(partitionName(p), m.memberId);
  return new Map(
    [...assignment].map(([memberId, list]) => [
      memberId,
      list.filter((p) => (owner.get(partitionName(p)) ?? memberId) === memberId),
    ]),
  );
}

/** Throws a RangeError for an assignor that is not known. */
export function assign(name: string, members: readonly GroupMember[], counts: PartitionCounts): Assignment {
  if (name === 'range') return assignRange(members, counts);
  if (name === 'roundrobin') return assignRoundRobin(members, counts);
  if (name === 'sticky') return assignSticky(members, counts);
  if (name === 'cooperative-sticky') return withoutMoves(assignSticky(members, counts), members);
  throw new RangeError(`unknown assignor ${name}`);
}
