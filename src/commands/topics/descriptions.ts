/** Descriptions of topics and their partitions, with eligible leader replicas if the broker supports them. */

import type { Cluster, TopicInfo } from '../../client/cluster/types.js';
import { hashCopyOrder, hashOrder } from '../../java/hash-order.js';
import { describeTopicPartitions } from '../../protocol/apis/75-describe-topic-partitions.js';
import { check, KafkaError } from '../../protocol/errors.js';
import type { ResponseOf } from '../../protocol/wire/schema.js';

const UNSUPPORTED_VERSION = 35;

export interface PartitionDescription {
  readonly partition: number;
  /** node id; -1: no leader */
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  /** eligible leader replicas (KIP-966); null if the broker did not return them */
  readonly elr: readonly number[] | null;
  readonly lastKnownElr: readonly number[] | null;
}

export interface TopicDescription {
  readonly name: string;
  readonly topicId: string;
  readonly isInternal: boolean;
  /** by partition number */
  readonly partitions: readonly PartitionDescription[];
}

/** From a Metadata response, which has no eligible leader replicas. */
export function fromMetadata(topic: TopicInfo): TopicDescription {
  check(topic.errorCode);
  const partitions = topic.partitions.map((p) => ({ ...p, elr: null, lastKnownElr: null }));
  return { ...topic, partitions };
}

/**
 * Sends DescribeTopicPartitions, page by page, with `limit` partitions per page. Falls back to the given topics if the
 * broker does not support it. Sorted like Java's HashMap.
 */
export async function describeByName(
  cluster: Cluster,
  topics: ReadonlyMap<string, TopicInfo>,
  limit: number,
): Promise<TopicDescription[]> {
  const names = [...topics.keys()];
  const described = (await allPages(cluster, names, limit)) ?? mapValues(topics, fromMetadata);
  return javaOrder(names).flatMap((name) => described.get(name) ?? []);
}

/** Java's client passes the names through three HashMaps. */
function javaOrder(names: readonly string[]): string[] {
  return hashOrder(hashCopyOrder(hashOrder(names, names.length)), names.length);
}

function mapValues<V, W>(map: ReadonlyMap<string, V>, to: (value: V) => W): Map<string, W> {
  return new Map([...map].map(([key, value]) => [key, to(value)]));
}

type Growing = Omit<TopicDescription, 'partitions'> & { partitions: PartitionDescription[] };

async function allPages(cluster: Cluster, names: string[], limit: number): Promise<Map<string, Growing> | undefined> {
  const found = new Map<string, Growing>();
  let rest = names;
  let cursor: { topicName: string; partitionIndex: number } | null = null;
  try {
    while (rest.length > 0) {
      const page: Awaited<ReturnType<typeof askPage>> = await askPage(cluster, rest, limit, cursor);
      for (const topic of page.topics) addPage(found, topic);
      cursor = page.nextCursor;
      const next: string | undefined = cursor?.topicName;
      rest = next === undefined ? [] : rest.slice(rest.findIndex((name) => name >= next));
    }
  } catch (error) {
    if (error instanceof KafkaError && error.code === UNSUPPORTED_VERSION) return undefined;
    throw error;
  }
  return found;
}

type Cursor = ResponseOf<typeof describeTopicPartitions>['nextCursor'];

function askPage(cluster: Cluster, names: readonly string[], limit: number, cursor: Cursor) {
  const body = { topics: names.map((name) => ({ name })), responsePartitionLimit: limit, cursor };
  return cluster.send(describeTopicPartitions, body, { call: 'describeTopicPartitions' });
}

type PageTopic = Awaited<ReturnType<typeof askPage>>['topics'][number];

/** Adds the partitions of a page: a topic can be split across pages. */
function addPage(found: Map<string, Growing>, topic: PageTopic): void {
  check(topic.errorCode);
  const partitions = topic.partitions.map((p) => ({
    partition: p.partitionIndex,
    leader: p.leaderId,
    replicas: p.replicaNodes,
    isr: p.isrNodes,
    elr: p.eligibleLeaderReplicas ?? [],
    lastKnownElr: p.lastKnownElr ?? [],
  }));
  const known = found.get(topic.name!);
  if (known) for (const partition of partitions) known.partitions.push(partition);
  else found.set(topic.name!, { name: topic.name!, topicId: topic.topicId, isInternal: topic.isInternal, partitions });
}
