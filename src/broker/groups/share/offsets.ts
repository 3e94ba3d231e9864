/**
 * Describes, alters and deletes the start offsets of share groups. Mirrors GroupCoordinatorService's share group offset
 * methods.
 */
import type { alterShareGroupOffsets } from '../../../protocol/apis/91-alter-share-group-offsets.js';
import type { deleteShareGroupOffsets } from '../../../protocol/apis/92-delete-share-group-offsets.js';
import { Errors, errorText, KafkaError } from '../../../protocol/errors.js';
import { type RequestOf, type ResponseInput, ZERO_UUID } from '../../../protocol/wire/schema.js';
import type { GroupContext } from '../context.js';
import type { InitializedTopic } from './group.js';
import { shareGroup, shareGroupOrNew } from './heartbeat.js';
import { statePartitionsRecord } from './records.js';

type Altered = ResponseInput<typeof alterShareGroupOffsets>['responses'];
type Deleted = ResponseInput<typeof deleteShareGroupOffsets>['responses'];

const UNKNOWN = Errors.UNKNOWN_TOPIC_OR_PARTITION;
const unknown = (partitionIndex: number) => ({
  partitionIndex,
  errorCode: UNKNOWN,
  errorMessage: errorText(UNKNOWN),
});

/** Sets the start offsets of an empty group, creating the group if it does not exist. */
export async function alterShareOffsets(
  c: GroupContext,
  { groupId, topics }: RequestOf<typeof alterShareGroupOffsets>,
): Promise<Altered> {
  const group = shareGroupOrNew(c, groupId);
  if (!group.isEmpty) throw new KafkaError(Errors.NON_EMPTY_GROUP);
  const initialized = new Map<string, InitializedTopic>(group.initialized);
  const responses: Altered[number][] = [];
  for (const { topicName, partitions } of topics) {
    const topic = c.topic(topicName);
    if (!topic) {
      responses.push({ topicName, topicId: ZERO_UUID, partitions: partitions.map((p) => unknown(p.partitionIndex)) });
      continue;
    }
    const existing = partitions.filter((p) => topic.partitions[p.partitionIndex] !== undefined);
    await c.share?.initialize(
      groupId,
      topic.id,
      new Map(existing.map((p) => [p.partitionIndex, Number(p.startOffset)])),
    );
    const known = initialized.get(topic.id)?.partitions ?? new Set();
    const all = new Set([...known, ...existing.map((p) => p.partitionIndex)]);
    if (all.size > 0) initialized.set(topic.id, { name: topicName, partitions: all });
    responses.push({
      topicName,
      topicId: topic.id,
      partitions: partitions.map(({ partitionIndex }) =>
        topic.partitions[partitionIndex] ? { partitionIndex, errorCode: Errors.NONE } : unknown(partitionIndex),
      ),
    });
  }
  await c.write(groupId, [statePartitionsRecord(groupId, initialized)]);
  return responses;
}

/** Deletes the share state of an empty group for these topics. */
export async function deleteShareOffsets(
  c: GroupContext,
  { groupId, topics }: RequestOf<typeof deleteShareGroupOffsets>,
): Promise<Deleted> {
  const group = shareGroup(c, groupId);
  group.validateDelete();
  const initialized = new Map(group.initialized);
  const deleted: Deleted[number][] = [];
  const refused: Deleted[number][] = [];
  for (const { topicName } of topics) {
    const topic = c.topic(topicName);
    const known = topic && initialized.get(topic.id);
    if (!topic || !known) {
      const errorMessage = topic ? 'There is no offset information to delete.' : errorText(UNKNOWN);
      refused.push({ topicName, topicId: ZERO_UUID, errorCode: UNKNOWN, errorMessage });
      continue;
    }
    initialized.delete(topic.id);
    await c.share?.remove(groupId, topic.id, known.partitions);
    deleted.push({ topicName, topicId: topic.id, errorCode: Errors.NONE });
  }
  if (deleted.length > 0) await c.write(groupId, [statePartitionsRecord(groupId, initialized)]);
  return [...deleted, ...refused];
}
