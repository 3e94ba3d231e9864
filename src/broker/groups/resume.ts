/** Resumes a group after startup: every member gets a full session timeout to send its first heartbeat. */
import { keepAlive, prepareRebalance } from './classic/rebalance.js';
import { fenceByTimer } from './consumer/leave.js';
import { renewSession, watchRevocation } from './consumer/timers.js';
import type { Group, GroupContext } from './context.js';
import { renewShareSession } from './share/members.js';

export function resume(c: GroupContext, group: Group): void {
  if (group.type === 'classic') {
    for (const member of group.members.values()) keepAlive(c, group, member);
    if (group.members.size > c.number('group.max.size')) prepareRebalance(c, group);
    return;
  }
  if (group.type === 'share') {
    for (const { memberId } of group.members.values()) renewShareSession(c, group.groupId, memberId);
    return;
  }
  for (const member of group.members.values()) {
    renewSession(c, group.groupId, member, fenceByTimer);
    watchRevocation(c, group.groupId, member, fenceByTimer);
  }
}
