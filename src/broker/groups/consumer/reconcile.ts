/**
 * A member's next step towards its target assignment: it first revokes partitions that are not in the target, then gets
 * those that other members have given up. Mirrors coordinator/group/modern/consumer/CurrentAssignmentBuilder.
 */

import { OWNS_NOTHING, type OwnedPartitions, type PartitionSet, type TopicPartitions } from '../partitions.js';
import { type ConsumerMember, MemberState } from './group.js';

/** The target assignment, and what limits the step towards it. */
export interface Destination {
  readonly epoch: number;
  readonly partitions: PartitionSet;
  /** ids of the currently subscribed topics: the member loses all others, even if the target contains them */
  readonly subscribed: ReadonlySet<string>;
  /** "topic id:partition" of all partitions that a member still owns */
  readonly taken: ReadonlySet<string>;
  readonly subscriptionChanged: boolean;
}

/** `owned` is what the member reports to own; null if it reports nothing. */
export function reconciled(member: ConsumerMember, to: Destination, owned: TopicPartitions | null): ConsumerMember {
  switch (member.state) {
    case MemberState.STABLE:
      if (member.memberEpoch !== to.epoch) return nextAssignment(member, member.memberEpoch, to, owned);
      return to.subscriptionChanged ? withoutUnsubscribed(member, to, owned) : member;
    case MemberState.UNREVOKED:
      if (!stillOwns(owned, member.revoking)) return nextAssignment(member, member.memberEpoch, to, owned);
      return to.subscriptionChanged ? withoutUnsubscribed(member, to, owned) : member;
    default:
      return nextAssignment(member, member.memberEpoch, to, owned);
  }
}

/** Whether the member may still own partitions that it was told to revoke. */
const stillOwns = (owned: TopicPartitions | null, revoking: OwnedPartitions): boolean =>
  owned === null || owned.some((t) => t.partitions.some((p) => revoking.get(t.topicId)?.has(p)));

const moved = (member: ConsumerMember, memberEpoch: number, changes: Partial<ConsumerMember>): ConsumerMember => ({
  ...member,
  memberEpoch,
  previousMemberEpoch: member.memberEpoch,
  ...changes,
});

/** The target is the same, but the member unsubscribed from topics: their partitions are revoked at once. */
function withoutUnsubscribed(member: ConsumerMember, to: Destination, owned: TopicPartitions | null): ConsumerMember {
  const assigned = new Map<string, ReadonlyMap<number, number>>();
  const revoking = new Map(member.revoking);
  let changed = false;
  for (const [topicId, partitions] of member.assigned) {
    if (to.subscribed.has(topicId)) assigned.set(topicId, partitions);
    else {
      revoking.set(topicId, new Map([...(revoking.get(topicId) ?? []), ...partitions]));
      changed = true;
    }
  }
  if (!changed) return member;
  if (!stillOwns(owned, revoking)) return moved(member, member.memberEpoch, { assigned });
  return moved(member, member.memberEpoch, { state: MemberState.UNREVOKED, assigned, revoking });
}

function nextAssignment(
  member: ConsumerMember,
  memberEpoch: number,
  to: Destination,
  owned: TopicPartitions | null,
): ConsumerMember {
  const assigned = new Map<string, Map<number, number>>();
  const revoking = new Map<string, Map<number, number>>();
  const free: [topicId: string, partition: number][] = [];
  let waiting = false;
  for (const topicId of new Set([...to.partitions.keys(), ...member.assigned.keys()])) {
    const target = to.subscribed.has(topicId) ? (to.partitions.get(topicId) ?? new Set<number>()) : new Set<number>();
    const has = member.assigned.get(topicId) ?? new Map<number, number>();
    const keeps = new Map([...has].filter(([p]) => target.has(p)));
    const gives = new Map([...has].filter(([p]) => !target.has(p)));
    if (keeps.size > 0) assigned.set(topicId, keeps);
    if (gives.size > 0) revoking.set(topicId, gives);
    for (const p of target) {
      if (keeps.has(p)) continue;
      // the member does not have to wait for partitions that it is revoking itself
      if (to.taken.has(`${topicId}:${p}`) && !member.revoking.get(topicId)?.has(p)) waiting = true;
      else free.push([topicId, p]);
    }
  }
  if (revoking.size > 0 && stillOwns(owned, revoking)) {
    return moved(member, memberEpoch, { state: MemberState.UNREVOKED, assigned, revoking });
  }
  for (const [topicId, p] of free) {
    const partitions = assigned.get(topicId);
    if (partitions) partitions.set(p, to.epoch);
    else assigned.set(topicId, new Map([[p, to.epoch]]));
  }
  const state = waiting ? MemberState.UNRELEASED : MemberState.STABLE;
  return moved(member, to.epoch, { state, assigned, revoking: OWNS_NOTHING });
}
