/** Timers that fence members which stop sending heartbeats, or do not revoke partitions in time. */

import type { GroupContext } from '../context.js';
import { settingOf } from './epochs.js';
import { type ConsumerMember, MemberState } from './group.js';

const name = (what: string, groupId: string, memberId: string): string => `${what}-${groupId}-${memberId}`;
const KINDS = ['consumer-session', 'consumer-rebalance', 'consumer-join', 'consumer-sync'] as const;
type Kind = (typeof KINDS)[number];

/** Called when a member's timer fires; injected, as removing members depends on these timers too. */
export type Fence = (c: GroupContext, groupId: string, memberId: string, epoch?: number) => void;

/** Starts or restarts a timer. */
export function schedule(
  c: GroupContext,
  kind: Kind,
  groupId: string,
  memberId: string,
  ms: number,
  fence: Fence,
): void {
  c.timers.schedule(name(kind, groupId, memberId), ms, () => fence(c, groupId, memberId));
}
/** Starts a timer unless it is running. */
export function scheduleIfAbsent(
  c: GroupContext,
  kind: Kind,
  groupId: string,
  memberId: string,
  ms: number,
  fence: Fence,
): void {
  if (!c.timers.has(name(kind, groupId, memberId))) schedule(c, kind, groupId, memberId, ms, fence);
}
export const cancel = (c: GroupContext, kind: Kind, groupId: string, memberId: string): void =>
  c.timers.cancel(name(kind, groupId, memberId));

/** Cancels all timers of a member. */
export function cancelAll(c: GroupContext, groupId: string, memberId: string): void {
  for (const kind of KINDS) cancel(c, kind, groupId, memberId);
}

/** Restarts the session timeout of a member of either protocol. */
export function renewSession(c: GroupContext, groupId: string, member: ConsumerMember, fence: Fence): void {
  const ms = member.classic?.sessionTimeoutMs ?? settingOf(c, groupId, 'session.timeout.ms');
  schedule(c, 'consumer-session', groupId, member.memberId, ms, fence);
}

/** Gives a member its rebalance timeout to revoke partitions. */
export function watchRevocation(c: GroupContext, groupId: string, member: ConsumerMember, fence: Fence): void {
  if (member.classic) return;
  const { memberId, memberEpoch, rebalanceTimeoutMs } = member;
  if (member.state !== MemberState.UNREVOKED) return cancel(c, 'consumer-rebalance', groupId, memberId);
  const expired: Fence = (...of) => fence(of[0], of[1], of[2], memberEpoch);
  schedule(c, 'consumer-rebalance', groupId, memberId, rebalanceTimeoutMs, expired);
}
