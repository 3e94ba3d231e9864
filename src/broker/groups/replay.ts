/** Records of __consumer_offsets into state: when they are written, and all of them at start. */
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

/** `producerId` is the transaction's, -1n outside of one. */
export function replay(c: GroupContext, r: CoordinatorRecord, offset: number, producerId: bigint): void {
  if (r.type === OFFSET_COMMIT || r.type === LEGACY_OFFSET_COMMIT) {
    const { key, value } = r as Of<typeof OFFSET_COMMIT>;
    if (value === null) return c.offsets.replayTombstone(key);
    // offsets that no group record goes with belong to a group all the same: a "simple" one
    if (!c.groups.has(key.group)) c.groups.set(key.group, new ClassicGroup(key.group, c.now()));
    return c.offsets.replay(key, value, offset, producerId);
  }
  if (r.type === GROUP_METADATA) {
    const { key, value } = r as Of<typeof GROUP_METADATA>;
    // the tombstone of a classic group that has become a consumer group comes before that group's records
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
  // offsets alone may have come first, as compaction keeps no order between keys: the group is what its own records say
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
