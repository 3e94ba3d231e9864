/**
 * Assigns partitions to the members of a share group, and removes members. Mirrors GroupMetadataManager and
 * SimpleAssignor.
 */
import type { CoordinatorRecord } from '../../coordinator/record.js';
import { metadataHash } from '../consumer/epochs.js';
import type { GroupContext } from '../context.js';
import { type PartitionSet, samePartitions } from '../partitions.js';
import type { ShareGroup, ShareMember } from './group.js';
import {
  applyToShare,
  shareCurrentRecord,
  shareEpochRecord,
  shareMemberTombstones,
  shareTargetEpochRecord,
  shareTargetRecord,
} from './records.js';

/** Pending records, each applied to a copy of the group. */
export class ShareDraft {
  readonly group: ShareGroup;
  readonly records: CoordinatorRecord[] = [];

  constructor(group: ShareGroup) {
    this.group = group.copy();
  }

  emit(...records: CoordinatorRecord[]): void {
    for (const record of records) {
      this.records.push(record);
      applyToShare(this.group, record);
    }
  }
}

/** Bumps the group epoch if members, topics or initialized partitions changed. */
export function bumpShareEpoch(c: GroupContext, draft: ShareDraft, changed: boolean): void {
  const { group } = draft;
  const hash = metadataHash(c, group.subscribedTopics());
  if (changed || hash !== group.metadataHash) {
    draft.emit(shareEpochRecord(group.groupId, group.groupEpoch + 1, hash));
  }
}

/** Computes the target assignment of a new group epoch. */
export function updateShareTarget(c: GroupContext, draft: ShareDraft): void {
  const { group } = draft;
  if (group.assignmentEpoch >= group.groupEpoch) return;
  for (const [memberId, partitions] of assign(c, group)) {
    if (!samePartitions(group.targets.get(memberId), partitions)) {
      draft.emit(shareTargetRecord(group.groupId, memberId, partitions));
    }
  }
  draft.emit(shareTargetEpochRecord(group.groupId, group.groupEpoch, c.now()));
}

/** Advances the member to its target assignment. */
export function reconcileShare(draft: ShareDraft, memberId: string): ShareMember {
  const { group } = draft;
  const member = group.member(memberId);
  const assigned = group.targets.get(memberId) ?? new Map();
  if (member.memberEpoch === group.assignmentEpoch && samePartitions(member.assigned, assigned)) return member;
  const next = { ...member, memberEpoch: group.assignmentEpoch, previousMemberEpoch: member.memberEpoch, assigned };
  draft.emit(shareCurrentRecord(group.groupId, next));
  return group.member(memberId);
}

/**
 * Round-robin, so that every initialized partition has a member and every member has a partition. Members are sorted by
 * id, so that few partitions move when one joins or leaves.
 */
function assign(c: GroupContext, group: ShareGroup): Map<string, PartitionSet> {
  const targets = new Map<string, Map<string, Set<number>>>([...group.members.keys()].map((id) => [id, new Map()]));
  for (const name of [...group.subscribedTopics()].sort()) {
    const topic = c.topic(name);
    const readable = topic && group.initialized.get(topic.id)?.partitions;
    if (!topic || !readable) continue;
    const partitions = topic.partitions.map((p) => p.index).filter((index) => readable.has(index));
    const members = [...group.members.values()].filter((m) => m.topics.includes(name)).map((m) => m.memberId);
    members.sort();
    for (let i = 0; i < Math.max(partitions.length, members.length) && partitions.length > 0; i++) {
      const target = targets.get(members[i % members.length] as string) as Map<string, Set<number>>;
      const set = target.get(topic.id) ?? new Set();
      target.set(topic.id, set.add(partitions[i % partitions.length] as number));
    }
  }
  return targets;
}

const timer = (groupId: string, memberId: string): string => `share-session-${groupId}-${memberId}`;

/** A config of share groups: the group's own, else the broker's. */
export function shareSetting(c: GroupContext, groupId: string, name: string): number {
  const own = c.override(groupId, `share.${name}`);
  return own === undefined ? c.number(`group.share.${name}`) : Number(own);
}

/** Restarts the member's session timeout, after which it is removed. */
export function renewShareSession(c: GroupContext, groupId: string, memberId: string): void {
  c.timers.schedule(timer(groupId, memberId), shareSetting(c, groupId, 'session.timeout.ms'), () => {
    const group = c.groups.get(groupId);
    if (group?.type !== 'share' || !group.members.has(memberId)) return;
    // if the write fails, the member is removed after a restart
    removeShareMember(c, group, memberId).catch(() => {});
  });
}

/** Removes a member; the records it has acquired become available to others. Resolves once that is synced. */
export async function removeShareMember(c: GroupContext, group: ShareGroup, memberId: string): Promise<void> {
  const { groupId } = group;
  const draft = new ShareDraft(group);
  draft.emit(...shareMemberTombstones(groupId, memberId));
  bumpShareEpoch(c, draft, true);
  c.timers.cancel(timer(groupId, memberId));
  const written = c.write(groupId, draft.records);
  c.share?.memberLeft(groupId, memberId);
  if (draft.group.isEmpty) c.share?.groupEmpty(groupId);
  await written;
}
