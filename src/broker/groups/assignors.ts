/**
 * Server-side assignors. `uniform` distributes all partitions evenly and keeps as many as possible where they are;
 * `range` gives each member consecutive partitions of every topic. Mirror coordinator/group/assignor.
 */
import type { PartitionSet } from './partitions.js';

/** A member to assign partitions to. */
export interface AssignMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  /** ids of its subscribed topics; all of them exist */
  readonly topics: ReadonlySet<string>;
  /** its target assignment so far */
  readonly current: PartitionSet;
}
/** partition counts by topic id */
export type PartitionCounts = ReadonlyMap<string, number>;
/** Returns the target assignment of each member, by member id. */
export type Assignor = (members: readonly AssignMember[], counts: PartitionCounts) => Map<string, PartitionSet>;

const byInstanceThenId = (a: AssignMember, b: AssignMember): number => {
  if (a.instanceId !== null && b.instanceId !== null) return a.instanceId < b.instanceId ? -1 : 1;
  if (a.instanceId !== null) return -1;
  if (b.instanceId !== null) return 1;
  return a.memberId < b.memberId ? -1 : 1;
};

export const range: Assignor = (members, counts) => {
  const sorted = [...members].sort(byInstanceThenId);
  const readers = new Map<string, number>();
  for (const { topics } of sorted) for (const topic of topics) readers.set(topic, (readers.get(topic) ?? 0) + 1);
  const next = new Map<string, { at: number; extra: number }>();
  const result = new Map<string, PartitionSet>();
  for (const { memberId, topics } of sorted) {
    const mine = new Map<string, Set<number>>();
    for (const topic of topics) {
      const count = counts.get(topic) ?? 0;
      const members = readers.get(topic) as number;
      const state = next.get(topic) ?? { at: 0, extra: count % members };
      const size = Math.floor(count / members) + (state.extra > 0 ? 1 : 0);
      if (size > 0) mine.set(topic, new Set(Array.from({ length: size }, (_, i) => state.at + i)));
      next.set(topic, { at: state.at + size, extra: Math.max(0, state.extra - 1) });
    }
    result.set(memberId, mine);
  }
  return result;
};

/** A member's partitions during the assignment. */
interface Assignment {
  readonly member: AssignMember;
  readonly partitions: Map<string, Set<number>>;
  size: number;
}

const give = (assignment: Assignment, topic: string, partition: number): void => {
  const set = assignment.partitions.get(topic);
  if (set) set.add(partition);
  else assignment.partitions.set(topic, new Set([partition]));
  assignment.size++;
};
const take = (assignment: Assignment, topic: string, partition: number): void => {
  const set = assignment.partitions.get(topic) as Set<number>;
  set.delete(partition);
  if (set.size === 0) assignment.partitions.delete(topic);
  assignment.size--;
};

const sameTopics = (members: readonly AssignMember[]): boolean => {
  const first = members[0]?.topics ?? new Set();
  return members.every((m) => m.topics.size === first.size && [...m.topics].every((t) => first.has(t)));
};

export const uniform: Assignor = (members, counts) => {
  const kept = new Set<string>();
  const assignments = members.map((member): Assignment => {
    const assignment: Assignment = { member, partitions: new Map(), size: 0 };
    for (const [topic, partitions] of member.current) {
      if (!member.topics.has(topic)) continue;
      for (const p of partitions) {
        const name = `${topic}:${p}`;
        if (p >= (counts.get(topic) ?? 0) || kept.has(name)) continue;
        kept.add(name);
        give(assignment, topic, p);
      }
    }
    return assignment;
  });
  const free: [topic: string, partition: number][] = [];
  for (const topic of new Set(members.flatMap((m) => [...m.topics]))) {
    const count = counts.get(topic) ?? 0;
    for (let p = 0; p < count; p++) if (!kept.has(`${topic}:${p}`)) free.push([topic, p]);
  }
  if (sameTopics(members)) dealEvenly(assignments, free);
  else dealByLoad(assignments, free);
  return new Map(assignments.map(({ member, partitions }) => [member.memberId, partitions]));
};

/** All members have the same subscription: each gets an equal share, and gives up only what exceeds it. */
function dealEvenly(assignments: Assignment[], free: [string, number][]): void {
  const total = free.length + assignments.reduce((sum, h) => sum + h.size, 0);
  const share = Math.floor(total / assignments.length);
  let extras = total % assignments.length;
  const below: [assignment: Assignment, count: number][] = [];
  // members that have more keep the remainder, so that as few partitions as possible move
  for (const assignment of [...assignments].sort((a, b) => b.size - a.size)) {
    const quota = share + (extras > 0 ? 1 : 0);
    if (extras > 0) extras--;
    const beyond = assignment.size - quota;
    if (beyond > 0) {
      const all = [...assignment.partitions].flatMap(([topic, set]) =>
        [...set].map((p): [string, number] => [topic, p]),
      );
      for (const [topic, p] of all.slice(quota)) {
        take(assignment, topic, p);
        free.push([topic, p]);
      }
    } else if (beyond < 0) below.push([assignment, -beyond]);
  }
  // in member order, so that the first members get the first partitions
  below.sort((a, b) => assignments.indexOf(a[0]) - assignments.indexOf(b[0]));
  let at = 0;
  for (const [assignment, count] of below) {
    for (const [topic, p] of free.slice(at, at + count)) give(assignment, topic, p);
    at += count;
  }
}

/**
 * Members have different subscriptions: assign each partition to its least loaded subscriber, then move some from the
 * most to the least loaded.
 */
function dealByLoad(assignments: Assignment[], free: [string, number][]): void {
  const readers = new Map<string, Assignment[]>();
  for (const assignment of assignments) {
    for (const topic of assignment.member.topics) {
      const list = readers.get(topic);
      if (list) list.push(assignment);
      else readers.set(topic, [assignment]);
    }
  }
  const leastLoaded = (topic: string): Assignment =>
    (readers.get(topic) as Assignment[]).reduce((best, assignment) =>
      assignment.size < best.size ? assignment : best,
    );
  // partitions with few subscribers first, as the others have more ways to even out the load
  free.sort((a, b) => (readers.get(a[0]) as Assignment[]).length - (readers.get(b[0]) as Assignment[]).length);
  for (const [topic, p] of free) give(leastLoaded(topic), topic, p);
  for (let moved = true; moved; ) {
    moved = false;
    for (const assignment of [...assignments].sort((a, b) => b.size - a.size)) {
      for (const [topic, set] of [...assignment.partitions]) {
        const other = leastLoaded(topic);
        if (assignment.size - other.size < 2) continue;
        const p = set.values().next().value as number;
        take(assignment, topic, p);
        give(other, topic, p);
        moved = true;
      }
    }
  }
}

export const ASSIGNORS: ReadonlyMap<string, Assignor> = new Map([
  ['uniform', uniform],
  ['range', range],
]);
