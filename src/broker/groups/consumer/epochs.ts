/**
 * How a consumer group advances: a change of subscriptions or topics bumps the group epoch, computing a new target
 * bumps the assignment epoch, and each member then advances to it (member epoch). Mirrors GroupMetadataManager.
 */
import { createHash } from 'node:crypto';
import { Errors, KafkaError } from '../../../protocol/errors.js';
import { ASSIGNORS, type AssignMember } from '../assignors.js';
import type { GroupContext } from '../context.js';
import type { Draft } from '../draft.js';
import { samePartitions, type TopicPartitions } from '../partitions.js';
import { defaultAssignor } from './describe.js';
import { type ConsumerGroup, type ConsumerMember, hasReached } from './group.js';
import { reconciled } from './reconcile.js';
import { currentRecord, epochRecord, regexRecord, regexTombstone, targetEpochRecord, targetRecord } from './records.js';

/**
 * A hash of the subscribed topics that changes when one is created, deleted or expanded. Kafka uses a different
 * function (XXH3), so a group that moves between the two brokers is rebalanced once.
 */
export function metadataHash(c: GroupContext, topics: ReadonlySet<string>): bigint {
  const existing = [...topics].sort().flatMap((name) => {
    const topic = c.topic(name);
    return topic ? [`${topic.id} ${topic.partitions.length}`] : [];
  });
  if (existing.length === 0) return 0n;
  return createHash('sha1').update(existing.join('\n')).digest().readBigInt64BE(0);
}

/** The ids of the topics that exist. */
export const topicIds = (c: GroupContext, names: ReadonlySet<string>): Set<string> => {
  const ids = new Set<string>();
  for (const name of names) {
    const id = c.topic(name)?.id;
    if (id !== undefined) ids.add(id);
  }
  return ids;
};

/**
 * Resolves the members' regexes again if topics were created or deleted; returns whether the subscription changed.
 * Usually done synchronously, whereas Kafka uses a thread and answers the first heartbeat without the result. A regex
 * matches the topics that the member sending this heartbeat may describe; when a member leaves, regexes are not
 * resolved again.
 */
export function refreshRegexes(c: GroupContext, draft: Draft, mayDescribe?: (topic: string) => boolean): boolean {
  const { groupId } = draft.group;
  const version = BigInt(c.metadataOffset());
  const requested = new Set([...draft.group.members.values()].map((m) => m.regex).filter((r) => r !== ''));
  let changed = false;
  for (const regex of [...draft.group.regexes.keys()]) {
    if (requested.has(regex)) continue;
    draft.emit(regexTombstone(groupId, regex));
    changed = true;
  }
  if (!mayDescribe) return changed;
  const names = requested.size > 0 ? [...c.topicNames()] : [];
  for (const regex of requested) {
    const known = draft.group.regexes.get(regex);
    if (known?.version === version) continue;
    const topics = c.patterns.matching(regex, names)?.filter(mayDescribe);
    if (topics === undefined) continue;
    if (known && known.topics.length === topics.length && known.topics.every((t, i) => t === topics[i])) continue;
    draft.emit(regexRecord(groupId, regex, { topics, version, timestamp: BigInt(c.now()) }));
    changed = true;
  }
  return changed;
}

/** Bumps the group epoch if members or topics changed. */
export function bumpEpoch(c: GroupContext, draft: Draft, changed: boolean): void {
  const hash = metadataHash(c, draft.group.subscribedTopics());
  if (!changed && hash === draft.group.metadataHash) return;
  draft.emit(epochRecord(draft.group.groupId, draft.group.groupEpoch + 1, hash));
}

const assignMember = (c: GroupContext, group: ConsumerGroup, m: ConsumerMember): AssignMember => ({
  memberId: m.memberId,
  instanceId: m.instanceId,
  topics: topicIds(c, group.subscription(m)),
  current: group.target(m.memberId),
});

/** Computes the target assignment of a new group epoch, at most once per assignment interval. */
export function updateTarget(c: GroupContext, draft: Draft): void {
  const { group } = draft;
  if (group.assignmentEpoch >= group.groupEpoch) return;
  const interval = settingOf(c, group.groupId, 'assignment.interval.ms');
  if (group.assignmentTimestamp !== 0 && c.now() < group.assignmentTimestamp + interval) return;
  const name = group.preferredAssignor() ?? defaultAssignor(c);
  const assign = ASSIGNORS.get(name);
  if (!assign) {
    const message = `Failed to compute a new target assignment for epoch ${group.groupEpoch}: no assignor ${name}`;
    throw new KafkaError(Errors.UNKNOWN_SERVER_ERROR, message);
  }
  const members = [...group.members.values()].map((m) => assignMember(c, group, m));
  const counts = new Map<string, number>();
  for (const { topics } of members) for (const id of topics) counts.set(id, c.topicById(id)?.partitions.length ?? 0);
  const targets = assign(members, counts);
  for (const [memberId, partitions] of targets) {
    if (!samePartitions(group.targets.get(memberId), partitions)) {
      draft.emit(targetRecord(group.groupId, memberId, partitions));
    }
  }
  draft.emit(targetEpochRecord(group.groupId, group.groupEpoch, c.now()));
}

/** Advances a member towards its target assignment. */
export function reconcile(
  c: GroupContext,
  draft: Draft,
  memberId: string,
  owned: TopicPartitions | null,
  subscriptionChanged: boolean,
): ConsumerMember {
  const { group } = draft;
  const member = group.members.get(memberId) as ConsumerMember;
  if (!subscriptionChanged && hasReached(member, group.assignmentEpoch)) return member;
  const next = reconciled(
    member,
    {
      epoch: group.assignmentEpoch,
      partitions: group.target(memberId),
      subscribed: topicIds(c, group.subscription(member)),
      taken: group.taken(),
      subscriptionChanged,
    },
    owned,
  );
  if (next !== member) draft.emit(currentRecord(group.groupId, next));
  return next;
}

/** A config of consumer groups: the group's own, else the broker's. */
export function settingOf(c: GroupContext, groupId: string, name: string): number {
  const own = c.override(groupId, `consumer.${name}`);
  return own === undefined ? c.number(`group.consumer.${name}`) : Number(own);
}
