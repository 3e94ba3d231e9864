/** Active producers of partitions, and aborting hanging transactions. Mirrors DescribeProducersHandler and AbortTransactionHandler (KIP-664). */

import { byTopic, partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import { writeTxnMarkers } from '../../protocol/apis/27-write-txn-markers.js';
import { describeProducers as describeProducersApi } from '../../protocol/apis/61-describe-producers.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { ResponseOf } from '../../protocol/wire/schema.js';
import type { Deadline } from '../cluster/retry.js';
import type { Cluster } from '../cluster/types.js';
import { byLeader, type Outcomes } from './by-leader.js';

/** `coordinatorEpoch` is -1 when unknown, `currentTxnStartOffset` -1n when no transaction is open. */
export type ProducerState = ResponseOf<
  typeof describeProducersApi
>['topics'][number]['partitions'][number]['activeProducers'][number];

/** The active producers of each partition, or its error, by partition name: as reported by the leader, or by broker `node`. */
export async function describeProducers(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  node?: number,
): Promise<Outcomes<readonly ProducerState[]>> {
  if (node !== undefined) return atBroker(cluster, partitions, node);
  const deadline = cluster.deadline('describeProducers(api=METADATA)');
  const ask = (leader: number, list: readonly TopicPartition[]) => askBroker(cluster, leader, list, deadline, false);
  return byLeader(cluster, partitions, deadline, ask, { awaitTopics: true });
}

async function atBroker(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  node: number,
): Promise<Outcomes<readonly ProducerState[]>> {
  const deadline = cluster.deadline('describeProducers(api=DESCRIBE_PRODUCERS)');
  await awaitBroker(cluster, node, deadline);
  const outcomes: Outcomes<readonly ProducerState[]> = new Map();
  for (;;) {
    const waiting = partitions.filter((partition) => !outcomes.has(partitionName(partition)));
    if (waiting.length === 0) return outcomes;
    deadline.tries++;
    const answers = await askBroker(cluster, node, waiting, deadline, true);
    for (const [name, outcome] of answers) outcomes.set(name, outcome);
    if (outcomes.size < partitions.length) await deadline.backoff();
  }
}

/** Waits until the cluster knows the broker. */
async function awaitBroker(cluster: Cluster, node: number, deadline: Deadline): Promise<void> {
  for (;;) {
    const { brokers } = await cluster.metadata([], { timeoutMs: deadline.left, call: deadline.call });
    if (brokers.some(({ id }) => id === node)) return;
    await deadline.backoff();
  }
}

/** One broker's outcomes; partitions to retry are left out. `only`: do not try another broker. */
async function askBroker(
  cluster: Cluster,
  node: number,
  partitions: readonly TopicPartition[],
  deadline: Deadline,
  only: boolean,
): Promise<Outcomes<readonly ProducerState[]>> {
  const topics = [...byTopic(partitions)].map(([name, partitionIndexes]) => ({ name, partitionIndexes }));
  const options = { to: { node }, timeoutMs: deadline.left, call: deadline.call };
  const response = await cluster.send(describeProducersApi, { topics }, options);
  const outcomes: Outcomes<readonly ProducerState[]> = new Map();
  for (const { name: topic, partitions: answers } of response.topics) {
    for (const { partitionIndex: partition, errorCode, errorMessage, activeProducers } of answers) {
      const later =
        errorCode === Errors.UNKNOWN_TOPIC_OR_PARTITION || (!only && errorCode === Errors.NOT_LEADER_OR_FOLLOWER);
      if (later) continue;
      const error = describeFailure({ topic, partition }, errorCode, errorMessage, node);
      outcomes.set(partitionName({ topic, partition }), error ?? activeProducers);
    }
  }
  return outcomes;
}

function describeFailure(
  place: TopicPartition,
  code: number,
  message: string | null,
  node: number,
): KafkaError | undefined {
  if (code === 0) return undefined;
  const partition = partitionName(place);
  const text = message ?? new KafkaError(code).message;
  const texts: Record<number, string> = {
    [Errors.NOT_LEADER_OR_FOLLOWER]: `Failed to describe active producers for partition ${partition} on brokerId ${node}`,
    [Errors.INVALID_TOPIC_EXCEPTION]: `Failed to fetch metadata for partition ${partition} due to invalid topic error: ${text}`,
    [Errors.TOPIC_AUTHORIZATION_FAILED]: `Failed to describe active producers for partition ${partition} due to authorization failure on topic \`${place.topic}\``,
  };
  const other = `Failed to describe active producers for partition ${partition} due to unexpected error`;
  return new KafkaError(code, texts[code] ?? other);
}

/** A producer's open transaction on one partition. */
export interface AbortSpec {
  readonly partition: TopicPartition;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
}

/** AbortTransactionSpec.toString(). */
export const abortSpecText = ({ partition, producerId, producerEpoch, coordinatorEpoch }: AbortSpec): string =>
  `AbortTransactionSpec(topicPartition=${partitionName(partition)}, producerId=${producerId}, producerEpoch=${producerEpoch}, coordinatorEpoch=${coordinatorEpoch})`;

/** Writes an abort marker to the partition. Throws KafkaError. */
export async function abortTransaction(cluster: Cluster, spec: AbortSpec): Promise<void> {
  const deadline = cluster.deadline('abortTransaction(api=METADATA)');
  const { topic, partition } = spec.partition;
  const marker = {
    producerId: spec.producerId,
    producerEpoch: spec.producerEpoch,
    coordinatorEpoch: spec.coordinatorEpoch,
    transactionResult: false,
    topics: [{ name: topic, partitionIndexes: [partition] }],
    transactionVersion: 0,
  };
  const ask = async (node: number): Promise<Outcomes<true>> => {
    const options = { to: { node }, timeoutMs: deadline.left, call: deadline.call };
    const response = await cluster.send(writeTxnMarkers, { markers: [marker] }, options);
    const code = response.markers[0]?.topics[0]?.partitions[0]?.errorCode ?? 0;
    return MOVED.includes(code)
      ? new Map()
      : new Map([[partitionName(spec.partition), abortFailure(spec, code) ?? true]]);
  };
  const outcomes = await byLeader<true>(cluster, [spec.partition], deadline, ask, { awaitTopics: true });
  const outcome = outcomes.get(partitionName(spec.partition));
  if (outcome instanceof KafkaError) throw outcome;
}

/** Errors after which the leader is looked up again. */
const MOVED: readonly number[] = [
  Errors.NOT_LEADER_OR_FOLLOWER,
  Errors.REPLICA_NOT_AVAILABLE,
  Errors.BROKER_NOT_AVAILABLE,
  Errors.UNKNOWN_TOPIC_OR_PARTITION,
];

function abortFailure(spec: AbortSpec, code: number): KafkaError | undefined {
  if (code === 0) return undefined;
  const reasons: Record<number, string> = {
    [Errors.CLUSTER_AUTHORIZATION_FAILED]: 'failed due to cluster authorization error',
    [Errors.INVALID_PRODUCER_EPOCH]: 'failed due an invalid producer epoch',
    [Errors.TRANSACTION_COORDINATOR_FENCED]: `failed since the provided coordinator epoch ${spec.coordinatorEpoch} has been fenced by the active coordinator`,
  };
  const reason = reasons[code] ?? `failed due to unexpected error: ${new KafkaError(code).message}`;
  return new KafkaError(code, `WriteTxnMarkers request with ${abortSpecText(spec)} ${reason}`);
}
