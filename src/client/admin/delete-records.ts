/** Deletes records below an offset. Mirrors clients/admin/internals/DeleteRecordsHandler. */

import { byTopic, partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import { deleteRecords as deleteRecordsApi } from '../../protocol/apis/21-delete-records.js';
import { KafkaError } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';
import { byLeader, type Outcomes } from './by-leader.js';

/** A partition whose records below `offset` are to be deleted. */
export interface DeleteBefore extends TopicPartition {
  /** -1n: the high watermark */
  readonly offset: bigint;
}

/** The low watermark of each partition afterwards, or its error, by partition name. */
export function deleteRecords(cluster: Cluster, wanted: readonly DeleteBefore[]): Promise<Outcomes<bigint>> {
  const deadline = cluster.deadline('deleteRecords(api=METADATA)');
  const offsets = new Map(wanted.map((w) => [partitionName(w), w.offset]));
  const ask = async (node: number, partitions: readonly TopicPartition[]): Promise<Outcomes<bigint>> => {
    const topics = [...byTopic(partitions)].map(([name, list]) => ({
      name,
      partitions: list.map((partition) => ({
        partitionIndex: partition,
        offset: offsets.get(partitionName({ topic: name, partition })) as bigint,
      })),
    }));
    const response = await cluster.send(
      deleteRecordsApi,
      { topics, timeoutMs: deadline.left },
      { to: { node }, timeoutMs: deadline.left, call: deadline.call },
    );
    const outcomes: Outcomes<bigint> = new Map();
    for (const { name, partitions: answers } of response.topics) {
      for (const { partitionIndex, errorCode, lowWatermark } of answers) {
        const error = errorCode === 0 ? undefined : new KafkaError(errorCode);
        if (!error?.retriable)
          outcomes.set(partitionName({ topic: name, partition: partitionIndex }), error ?? lowWatermark);
      }
    }
    return outcomes;
  };
  return byLeader(cluster, wanted, deadline, ask, { awaitTopics: true });
}
