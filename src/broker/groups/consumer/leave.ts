/**
 * Removes members from a consumer group when they leave or are fenced. Mirrors
 * GroupMetadataManager.consumerGroupFenceMembers.
 */

import type { GroupContext } from '../context.js';
import { downgradeAfter } from '../downgrade.js';
import { Draft } from '../draft.js';
import { bumpEpoch, refreshRegexes } from './epochs.js';
import { ConsumerGroup, type ConsumerMember } from './group.js';
import { memberTombstones } from './records.js';
import { cancelAll } from './timers.js';

/** Resolves once the removal is synced. The remaining members learn their new target with their next heartbeat. */
export async function fenceMembers(
  c: GroupContext,
  group: ConsumerGroup,
  members: readonly ConsumerMember[],
): Promise<void> {
  if (members.length === 0) return;
  const downgraded = downgradeAfter(c, group, members);
  if (downgraded) return downgraded;
  const draft = new Draft(group);
  for (const { memberId } of members) draft.emit(...memberTombstones(group.groupId, memberId));
  refreshRegexes(c, draft);
  bumpEpoch(c, draft, true);
  for (const { memberId } of members) cancelAll(c, group.groupId, memberId);
  await c.write(group.groupId, draft.records);
}

/** Called when a member's timer fires; with `epoch`, the member is only fenced if it is still at that epoch. */
export function fenceByTimer(c: GroupContext, groupId: string, memberId: string, epoch?: number): void {
  const group = c.groups.get(groupId);
  if (!(group instanceof ConsumerGroup)) return;
  const member = group.members.get(memberId);
  if (!member || (epoch !== undefined && member.memberEpoch !== epoch)) return;
  // if the write fails, the member is fenced when its next timer fires, or after a restart
  fenceMembers(c, group, [member]).catch(() => {});
}
