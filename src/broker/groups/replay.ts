/** Applies records of __consumer_offsets to the state, when they are written and at startup. */
import type { CoordinatorRecord } from '../coordinator/record.js';
import { ClassicGroup } from './classic/group.js';
import { groupFromRecord } from './classic/records.js';
import { ConsumerGroup } from './consumer/group.js';
import { applyTo } from './consumer/records.js';
import type { GroupContext } from './context.js';
import { GROUP_METADATA, isShareType, LEGACY_OFFSET_COMMIT, OFFSET_COMMIT } from './records.js';
import { ShareGroup } from './share/group.js';
import { applyToShare } from './share/records.js';

type Of<T> = CoordinatorRecord<T extends CoordinatorRecord['type'] ? T : never>;

/** `producerId` is that of the transaction, or -1n. */
export function replay(c: GroupContext, r: CoordinatorRecord, offset: number, producerId: bigint): void {
  if (r.type === OFFSET_COMMIT || r.type === LEGACY_OFFSET_COMMIT) {
    const { key, value } = r as Of<typeof OFFSET_COMMIT>;
    if (value === null) return c.offsets.replayTombstone(key);
    // offsets without a group record belong to a "simple" group
    if (!c.groups.has(key.group)) c.groups.set(key.group, new ClassicGroup(key.group, c.now()));
    return c.offsets.replay(key, value, offset, producerId);
  }
  if (r.type === GROUP_METADATA) {
    const { key, value } = r as Of<typeof GROUP_METADATA>;
    // when a classic group is converted, its tombstone precedes the new consumer group's records
    if (value !== null) c.groups.set(key.group, groupFromRecord(key.group, value));
    else if (c.groups.get(key.group)?.type === 'classic') c.groups.delete(key.group);
    return;
  }
  if (isShareType(r.type)) return replayShare(c, r as CoordinatorRecord & { key: { groupId: string } });
  replayConsumer(c, r as CoordinatorRecord & { key: { groupId: string } });
}

function replayConsumer(c: GroupContext, r: CoordinatorRecord & { key: { groupId: string } }): void {
  const { groupId } = r.key;
  const known = c.groups.get(groupId);
  if (known?.type === 'consumer') {
    if (!applyTo(known, r)) c.groups.delete(groupId);
    return;
  }
  // offsets can precede the group's own records, as compaction does not keep order across keys; those records define
  // its type
  const isSimple = known === undefined || (known.isEmpty && known.protocolType === null);
  if (r.value === null || !isSimple) return;
  const group = new ConsumerGroup(groupId);
  c.groups.set(groupId, group);
  applyTo(group, r);
}

function replayShare(c: GroupContext, r: CoordinatorRecord & { key: { groupId: string } }): void {
  const { groupId } = r.key;
  const known = c.groups.get(groupId);
  if (known !== undefined && known.type !== 'share') return;
  if (known === undefined && r.value === null) return;
  const group = known ?? new ShareGroup(groupId);
  c.groups.set(groupId, group);
  if (!applyToShare(group, r)) c.groups.delete(groupId);
}
