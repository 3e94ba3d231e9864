/** OffsetCommit, TxnOffsetCommit and OffsetDelete. Mirrors coordinator/group/OffsetMetadataManager. */
import type { offsetCommit } from '../../protocol/apis/08-offset-commit.js';
import type { offsetDelete } from '../../protocol/apis/47-offset-delete.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { type RequestOf, ZERO_UUID } from '../../protocol/wire/schema.js';
import { type CoordinatorRecord, record } from '../coordinator/record.js';
import { ClassicGroup } from './classic/group.js';
import { keepAlive } from './classic/rebalance.js';
import type { Caller, Group, GroupContext } from './context.js';
import { OFFSET_COMMIT } from './records.js';

/** The common part of OffsetCommit and TxnOffsetCommit, with topics resolved to name and id. */
export interface CommitRequest {
  readonly groupId: string;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  /** a classic member's generation or a consumer member's epoch; -1 for a commit without membership */
  readonly generation: number;
  /** -1: the broker's offsets.retention.minutes */
  readonly retentionTimeMs: bigint;
  readonly topics: readonly CommitTopic[];
}
/** The offsets to commit for one topic. */
export interface CommitTopic {
  readonly name: string;
  readonly topicId: string;
  readonly partitions: RequestOf<typeof offsetCommit>['topics'][number]['partitions'];
}
/** The result for one partition. */
export interface PartitionResult {
  readonly partitionIndex: number;
  readonly errorCode: number;
}
/** The results for one topic. */
export interface TopicResult {
  readonly name: string;
  readonly topicId: string;
  readonly partitions: PartitionResult[];
}
/** A transactional producer. */
export interface Producer {
  readonly id: bigint;
  readonly epoch: number;
}

/** The first OffsetCommit version with GROUP_ID_NOT_FOUND. */
const GROUP_ID_NOT_FOUND_VERSION = 9;

/** Throws if a partition cannot be committed with the request's member epoch. */
type PartitionCheck = ((topic: string, topicId: string, partition: number) => void) | undefined;

/** Validates a commit against its group. A commit without a generation creates the group if it does not exist. */
function admitted(
  c: GroupContext,
  caller: Caller,
  request: CommitRequest,
  transactional: boolean,
): { group: Group; check: PartitionCheck } {
  const { groupId, memberId, groupInstanceId, generation } = request;
  let group = c.groups.get(groupId);
  if (!group) {
    if (generation >= 0) {
      if (transactional || caller.apiVersion < GROUP_ID_NOT_FOUND_VERSION) {
        throw new KafkaError(Errors.ILLEGAL_GENERATION);
      }
      throw new KafkaError(Errors.GROUP_ID_NOT_FOUND, `Group ${groupId} not found.`);
    }
    group = new ClassicGroup(groupId, c.now());
    c.groups.set(groupId, group);
  }
  const { apiVersion } = caller;
  const check = group.validateOffsetCommit(memberId, groupInstanceId, generation, transactional, apiVersion);
  return { group, check: check ?? undefined };
}

/** Returns error codes by partition once the records are synced. Throws errors that concern the whole request. */
export async function commitOffsets(c: GroupContext, caller: Caller, request: CommitRequest): Promise<TopicResult[]> {
  const { group, check } = admitted(c, caller, request, false);
  if (group.type === 'classic' && group.is('Stable', 'PreparingRebalance')) {
    const member = group.members.get(request.memberId);
    if (member) keepAlive(c, group, member);
  }
  const { records, results } = commitRecords(c, request, check, false);
  if (records.length > 0) await c.write(request.groupId, records);
  return results;
}

/** Like commitOffsets, but in a transaction: the offsets become visible with its commit marker. */
export async function commitTransactional(
  c: GroupContext,
  caller: Caller,
  request: CommitRequest,
  write: (records: readonly CoordinatorRecord[]) => Promise<void>,
): Promise<TopicResult[]> {
  try {
    const { check } = admitted(c, caller, request, true);
    const { records, results } = commitRecords(c, request, check, true);
    if (records.length > 0) await write(records);
    return results;
  } catch (error) {
    // producers do not know STALE_MEMBER_EPOCH
    const isStale = error instanceof KafkaError && error.code === Errors.STALE_MEMBER_EPOCH;
    throw isStale ? new KafkaError(Errors.ILLEGAL_GENERATION) : error;
  }
}

function commitRecords(c: GroupContext, request: CommitRequest, check: PartitionCheck, transactional: boolean) {
  const records: CoordinatorRecord[] = [];
  const now = BigInt(c.now());
  const maxMetadata = c.number('offset.metadata.max.bytes');
  const expires = request.retentionTimeMs === -1n ? undefined : now + request.retentionTimeMs;
  const results = request.topics.map(
    (topic): TopicResult => ({
      name: topic.name,
      topicId: topic.topicId,
      partitions: topic.partitions.map((p): PartitionResult => {
        const metadata = p.committedMetadata ?? '';
        if (metadata.length > maxMetadata) {
          return { partitionIndex: p.partitionIndex, errorCode: Errors.OFFSET_METADATA_TOO_LARGE };
        }
        check?.(topic.name, topic.topicId, p.partitionIndex);
        const key = { group: request.groupId, topic: topic.name, partition: p.partitionIndex };
        const value = {
          offset: p.committedOffset,
          leaderEpoch: p.committedLeaderEpoch,
          metadata,
          commitTimestamp: now,
          expireTimestamp: expires ?? -1n,
          // Kafka, too, stores transactional offsets without the topic id
          topicId: transactional ? ZERO_UUID : topic.topicId,
        };
        // only version 1 has the expire timestamp that clients before OffsetCommit v5 can set
        records.push(record(OFFSET_COMMIT, key, value, expires === undefined ? undefined : 1));
        return { partitionIndex: p.partitionIndex, errorCode: Errors.NONE };
      }),
    }),
  );
  return { records, results };
}

/** The tombstone of one committed offset. */
export const offsetTombstone = (group: string, topic: string, partition: number): CoordinatorRecord =>
  record(OFFSET_COMMIT, { group, topic, partition }, null);

/** The result of OffsetDelete. */
export interface DeletedOffsets {
  readonly name: string;
  readonly partitions: PartitionResult[];
}

/** OffsetDelete; rejects topics that the group's members subscribe to. Throws errors that concern the whole request. */
export async function deleteOffsets(
  c: GroupContext,
  groupId: string,
  topics: RequestOf<typeof offsetDelete>['topics'],
): Promise<DeletedOffsets[]> {
  const group = c.groups.get(groupId);
  if (!group) throw new KafkaError(Errors.GROUP_ID_NOT_FOUND, `Group ${groupId} not found.`);
  group.validateOffsetDelete();
  const records: CoordinatorRecord[] = [];
  const results = topics.map(({ name, partitions }): DeletedOffsets => {
    const subscribed = group.isSubscribedTo(name);
    for (const { partitionIndex } of partitions) {
      if (subscribed) continue;
      if (!c.offsets.get(groupId, name, partitionIndex) && !c.offsets.isPending(groupId, name, partitionIndex))
        continue;
      records.push(offsetTombstone(groupId, name, partitionIndex));
    }
    const errorCode = subscribed ? Errors.GROUP_SUBSCRIBED_TO_TOPIC : Errors.NONE;
    return { name, partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })) };
  });
  if (records.length > 0) await c.write(groupId, records);
  return results;
}
