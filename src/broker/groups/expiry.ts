/** Expires unused offsets and groups, and deletes the offsets of deleted topics. */
import type { CoordinatorRecord } from '../coordinator/record.js';
import { tombstones } from './admin.js';
import type { Group, GroupContext } from './context.js';
import { offsetTombstone } from './offset-commit.js';
import type { CommittedOffset } from './offsets.js';
import { statePartitionsRecord } from './share/records.js';

/** The time at which an offset's retention starts; undefined if it cannot expire at present. */
function retentionStart(group: Group, offset: CommittedOffset): number | undefined {
  if (group.type !== 'classic' || group.protocolType === null) return offset.commitTimestamp;
  if (group.isEmpty) return group.stateTimestamp === -1 ? offset.commitTimestamp : group.stateTimestamp;
  if (group.usesConsumerProtocol && group.subscribedTopics && group.is('Stable')) return offset.commitTimestamp;
  return undefined;
}

/** Tombstones for a group's expired offsets, and for the group itself if it is then empty and without offsets. */
export function expired(c: GroupContext, group: Group): CoordinatorRecord[] {
  // share groups do not expire
  if (group.type === 'share') return [];
  const { groupId } = group;
  const now = c.now();
  const retention = c.number('offsets.retention.minutes') * 60_000;
  const records: CoordinatorRecord[] = [];
  let left = c.offsets.hasPending(groupId);
  for (const [topic, partitions] of c.offsets.ofGroup(groupId) ?? []) {
    const subscribed = group.isSubscribedTo(topic);
    for (const [partition, offset] of partitions) {
      const start = retentionStart(group, offset);
      const over =
        start !== undefined &&
        (offset.expireTimestamp === -1 ? now - start >= retention : now >= offset.expireTimestamp);
      if (over && !subscribed && !c.offsets.isPending(groupId, topic, partition)) {
        records.push(offsetTombstone(groupId, topic, partition));
      } else left = true;
    }
  }
  if (!left && group.isEmpty) records.push(...tombstones(c, group));
  return records;
}

/** Expires offsets in all groups; resolves once the tombstones are synced. */
export async function expireAll(c: GroupContext): Promise<void> {
  const writes: Promise<void>[] = [];
  for (const group of [...c.groups.values()]) {
    const records = expired(c, group);
    if (records.length > 0) writes.push(c.write(group.groupId, records));
  }
  await Promise.all(writes);
}

/** Deletes the committed offsets of a deleted topic. */
export async function topicDeleted(c: GroupContext, name: string, id: string): Promise<void> {
  const byGroup = new Map<string, CoordinatorRecord[]>();
  for (const [group, partition] of c.offsets.ofTopic(name, id)) {
    const records = byGroup.get(group) ?? [];
    byGroup.set(group, records);
    records.push(offsetTombstone(group, name, partition));
  }
  for (const group of c.groups.values()) {
    const known = group.type === 'share' ? group.initialized.get(id) : undefined;
    if (group.type !== 'share' || !known) continue;
    const left = new Map(group.initialized);
    left.delete(id);
    byGroup.set(group.groupId, [statePartitionsRecord(group.groupId, left)]);
    await c.share?.remove(group.groupId, id, known.partitions);
  }
  await Promise.all([...byGroup].map(([group, records]) => c.write(group, records)));
}
