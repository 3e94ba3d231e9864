/** Transaction markers: control batches that end a transaction in the partitions it wrote to. */
import { Errors, KafkaError } from '../../protocol/errors.js';
import { controlBatch } from '../../protocol/records/builder.js';
import type { Broker } from '../api.js';
import { type GroupCoordinator, OFFSETS_TOPIC } from '../groups/coordinator.js';
import type { Txn } from './transaction.js';

/** A marker to append to one partition. */
export interface Marker {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly commit: boolean;
  readonly coordinatorEpoch: number;
}

/**
 * Appends one marker and resolves once it is synced. In __consumer_offsets it also commits or drops pending offsets.
 */
export async function writeMarker(
  broker: Broker,
  groups: GroupCoordinator,
  topic: string,
  partition: number,
  marker: Marker,
): Promise<void> {
  const { producerId, producerEpoch, commit, coordinatorEpoch } = marker;
  if (topic === OFFSETS_TOPIC) {
    return groups.log.writeMarker(partition, { id: producerId, epoch: producerEpoch }, commit, coordinatorEpoch);
  }
  const log = broker.openLog(topic, partition) ?? (await broker.log(topic, partition));
  if (!log) throw new KafkaError(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  const type = commit ? 'commit' : 'abort';
  const batch = controlBatch({ type, producerId, producerEpoch, coordinatorEpoch, timestamp: broker.now() });
  const leaderEpoch = broker.metadata.topic(topic)?.partitions[partition]?.leaderEpoch ?? 0;
  log.append(batch, { leaderEpoch, origin: 'coordinator' });
  await log.sync();
}

/** Writes the markers of a prepared transaction to all its partitions, except those that were deleted. */
export async function writeMarkers(
  broker: Broker,
  groups: GroupCoordinator,
  txn: Txn,
  coordinatorEpoch: number,
): Promise<void> {
  const marker: Marker = {
    producerId: txn.producerId,
    producerEpoch: txn.producerEpoch,
    commit: txn.state === 'PrepareCommit',
    coordinatorEpoch,
  };
  const writes: Promise<void>[] = [];
  for (const [topic, partitions] of txn.partitions) {
    for (const partition of partitions) {
      if (!broker.metadata.topic(topic)?.partitions[partition]) continue;
      writes.push(writeMarker(broker, groups, topic, partition, marker));
    }
  }
  // a newer epoch in the log means that the transaction has already ended in this partition
  const isDone = (reason: unknown): boolean =>
    reason instanceof KafkaError && reason.code === Errors.INVALID_PRODUCER_EPOCH;
  for (const write of await Promise.allSettled(writes)) {
    if (write.status === 'rejected' && !isDone(write.reason)) throw write.reason;
  }
}
