/** Balanced assignment that moves as few partitions as it can. Mirrors what Java's AbstractStickyAssignor promises. */

import { partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import type { Assignment, GroupMember, PartitionCounts } from './assignment.js';

export function assignSticky(members: readonly GroupMember[], counts: PartitionCounts): Assignment {
  const assignment: Assignment = new Map(members.map((m) => [m.memberId, keptBy(m, members, counts)]));
  const taken = new Set([...assignment.values()].flat().map(partitionName));
  const byLoad = (topic: string) =>
    members
      .filter((m) => m.topics.includes(topic))
      .sort((a, b) => load(assignment, a) - load(assignment, b) || (a.memberId < b.memberId ? -1 : 1));
  for (const [topic, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (let partition = 0; partition < count; partition++) {
      if (taken.has(partitionName({ topic, partition }))) continue;
      const least = byLoad(topic)[0];
      if (least) assignment.get(least.memberId)?.push({ topic, partition });
    }
  }
  while (moveOne(assignment, members)) {}
  return assignment;
}

const load = (assignment: Assignment, m: GroupMember): number => assignment.get(m.memberId)?.length ?? 0;

/** What a member had, still exists and still wants; of two owners the one of the later generation keeps it. */
function keptBy(member: GroupMember, members: readonly GroupMember[], counts: PartitionCounts): TopicPartition[] {
  return member.owned.filter((p) => {
    if (!member.topics.includes(p.topic) || p.partition >= (counts.get(p.topic) ?? 0)) return false;
    return !members.some(
      (other) =>
        other !== member &&
        other.owned.some((q) => q.topic === p.topic && q.partition === p.partition) &&
        (other.generation > member.generation ||
          (other.generation === member.generation && other.memberId < member.memberId)),
    );
  });
}

/** Moves a partition from a member to one that has at least two fewer and wants it; false when all is balanced. */
function moveOne(assignment: Assignment, members: readonly GroupMember[]): boolean {
  const heavyFirst = [...members].sort((a, b) => load(assignment, b) - load(assignment, a));
  for (const from of heavyFirst) {
    const list = assignment.get(from.memberId) ?? [];
    for (const to of [...heavyFirst].reverse()) {
      if (load(assignment, from) - load(assignment, to) < 2) break;
      const at = list.findLastIndex((p) => to.topics.includes(p.topic));
      if (at < 0) continue;
      assignment.get(to.memberId)?.push(...list.splice(at, 1));
      return true;
    }
  }
  return false;
}
