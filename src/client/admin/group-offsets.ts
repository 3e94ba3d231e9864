/** A group's committed offsets: reading, writing, deleting. Mirrors clients/admin's offset handlers of groups. */

import { byTopic, partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import { offsetCommit } from '../../protocol/apis/08-offset-commit.js';
import { offsetFetch } from '../../protocol/apis/09-offset-fetch.js';
import { offsetDelete } from '../../protocol/apis/47-offset-delete.js';
import { check, Errors, KafkaError } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';
import { retriableCoordinatorError } from './groups.js';

export interface CommittedOffset extends TopicPartition {
  /** undefined: the group has no committed offset for the partition */
  readonly offset: bigint | undefined;
  readonly leaderEpoch: number | undefined;
}

/** All committed offsets of a group, by partition name. Uses the highest version with topic names. */
export async function groupOffsets(
  cluster: Cluster,
  groupId: string,
  timeoutMs: number,
): Promise<Map<string, CommittedOffset>> {
  const body = { groupId, topics: null, groups: [{ groupId, topics: null }], requireStable: false };
  const response = await cluster.send(offsetFetch, body, {
    to: { group: groupId },
    timeoutMs,
    atMost: 9,
    call: 'listConsumerGroupOffsets(api=FIND_COORDINATOR)',
    errorOf: (r) => retriableCoordinatorError((r.groups[0] ?? r).errorCode),
  });
  const { errorCode, topics } = response.groups[0] ?? response;
  check(errorCode);
  const offsets = new Map<string, CommittedOffset>();
  for (const { name: topic, partitions } of topics) {
    for (const { partitionIndex: partition, committedOffset, committedLeaderEpoch, errorCode: code } of partitions) {
      if (code !== 0) continue;
      offsets.set(partitionName({ topic, partition }), {
        topic,
        partition,
        offset: committedOffset < 0n ? undefined : committedOffset,
        leaderEpoch: committedLeaderEpoch < 0 ? undefined : committedLeaderEpoch,
      });
    }
  }
  return offsets;
}

/** Commits offsets for a group, which must have no active members. Throws the first partition's error. */
export async function alterGroupOffsets(
  cluster: Cluster,
  groupId: string,
  offsets: readonly (TopicPartition & { readonly offset: bigint })[],
  timeoutMs: number,
): Promise<void> {
  const committed = new Map(offsets.map((entry) => [partitionName(entry), entry.offset]));
  const topics = [...byTopic(offsets)].map(([name, partitions]) => ({
    name,
    partitions: partitions.map((partitionIndex) => ({
      partitionIndex,
      committedOffset: committed.get(partitionName({ topic: name, partition: partitionIndex })) as bigint,
      committedMetadata: '',
    })),
  }));
  type Answer = { topics: { partitions: { errorCode: number }[] }[] };
  const codes = (r: Answer) => r.topics.flatMap((topic) => topic.partitions.map((p) => p.errorCode));
  const again = (code: number) => retriableCoordinatorError(code) || (code === Errors.REBALANCE_IN_PROGRESS ? code : 0);
  const response = await cluster.send(
    offsetCommit,
    { groupId, topics },
    {
      to: { group: groupId },
      timeoutMs,
      atMost: 9,
      call: 'offsetCommit(api=FIND_COORDINATOR)',
      errorOf: (r) =>
        codes(r)
          .map(again)
          .find((code) => code !== 0) ?? 0,
    },
  );
  const failed = codes(response).find((code) => code !== 0);
  if (failed !== undefined)
    throw new KafkaError(
      failed,
      `Failed altering group offsets for the following partitions: ${failedPartitions(response.topics)}`,
    );
}

const failedPartitions = (
  topics: readonly { name: string; partitions: readonly { partitionIndex: number; errorCode: number }[] }[],
): string => {
  const failed = topics.flatMap(({ name, partitions }) =>
    partitions.filter((p) => p.errorCode !== 0).map((p) => partitionName({ topic: name, partition: p.partitionIndex })),
  );
  return `[${failed.join(', ')}]`;
};

/** Deletes committed offsets; returns an outcome per partition. Throws the group's error. */
export async function deleteGroupOffsets(
  cluster: Cluster,
  groupId: string,
  partitions: readonly TopicPartition[],
  timeoutMs: number,
): Promise<Map<string, KafkaError | undefined>> {
  const topics = [...byTopic(partitions)].map(([name, indexes]) => ({
    name,
    partitions: indexes.map((partitionIndex) => ({ partitionIndex })),
  }));
  const response = await cluster.send(
    offsetDelete,
    { groupId, topics },
    {
      to: { group: groupId },
      timeoutMs,
      call: 'offsetDelete(api=FIND_COORDINATOR)',
      errorOf: (r) => retriableCoordinatorError(r.errorCode),
    },
  );
  check(response.errorCode);
  return new Map(
    response.topics.flatMap(({ name: topic, partitions: answers }) =>
      answers.map(({ partitionIndex: partition, errorCode }) => [
        partitionName({ topic, partition }),
        errorCode === 0 ? undefined : new KafkaError(errorCode),
      ]),
    ),
  );
}
