/** Members that leave a consumer group, or are put out of it. Mirrors GroupMetadataManager.consumerGroupFenceMembers. */

import type { GroupContext } from '../context.js';
import { downgradeAfter } from '../downgrade.js';
import { Draft } from '../draft.js';
import { bumpEpoch, refreshRegexes } from './epochs.js';
import { ConsumerGroup, type ConsumerMember } from './group.js';
import { memberTombstones } from './records.js';
import { cancelAll } from './timers.js';

/** Takes members out; resolves when that is on disk. Those who stay learn of their new target with their next heartbeat. */
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

/** A timer of a member has ended; with `epoch`, only if the member has not moved on since. */
export function fenceByTimer(c: GroupContext, groupId: string, memberId: string, epoch?: number): void {
  const group = c.groups.get(groupId);
  if (!(group instanceof ConsumerGroup)) return;
  const member = group.members.get(memberId);
  if (!member || (epoch !== undefined && member.memberEpoch !== epoch)) return;
  // a member that cannot be put out now is put out when its next timer ends, or after a restart
  fenceMembers(c, group, [member]).catch(() => {});
}
