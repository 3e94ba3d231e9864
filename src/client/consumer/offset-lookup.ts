/** Where times lie in partitions, asked of their leaders. */
import type { TopicPartition } from '../../kafka/topic-partition.js';
import { listOffsets } from '../../protocol/apis/02-list-offsets.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';
import type { ConsumerMetadata } from './metadata.js';

export interface LookupOptions {
  readonly readCommitted: boolean;
  /** of one request, ms */
  readonly timeoutMs: number;
}

/** `time`: -2 earliest, -1 latest, else ms. */
interface Wanted extends TopicPartition {
  readonly time: number;
}

/**
 * Asks once. `take` is told what came for each, and says whether that settles it; a partition may be wanted once. True when
 * all are settled; else refresh metadata first. Throws KafkaError for what no retry mends.
 */
export async function lookUp<T extends Wanted>(
  cluster: Cluster,
  metadata: ConsumerMetadata,
  wanted: readonly T[],
  options: LookupOptions,
  take: (of: T, offset: number) => boolean,
): Promise<boolean> {
  const byNode = new Map<number, T[]>();
  let all = true;
  for (const one of wanted) {
    const node = metadata.leader(one.topic, one.partition);
    if (node < 0) {
      all = false;
      continue;
    }
    const list = byNode.get(node) ?? [];
    list.push(one);
    byNode.set(node, list);
  }
  const asked = [...byNode].map(([node, list]) => askNode(cluster, metadata, node, list, options, take));
  for (const done of await Promise.all(asked)) all &&= done;
  return all;
}

async function askNode<T extends Wanted>(
  cluster: Cluster,
  metadata: ConsumerMetadata,
  node: number,
  wanted: readonly T[],
  options: LookupOptions,
  take: (of: T, offset: number) => boolean,
): Promise<boolean> {
  const topics = new Map<string, { name: string; partitions: object[] }>();
  const asked = new Map(wanted.map((one) => [`${one.topic}-${one.partition}`, one]));
  for (const { topic, partition, time } of wanted) {
    const entry = topics.get(topic) ?? { name: topic, partitions: [] };
    topics.set(topic, entry);
    const currentLeaderEpoch = metadata.leaderEpoch(topic, partition);
    entry.partitions.push({ partitionIndex: partition, currentLeaderEpoch, timestamp: BigInt(time) });
  }
  let all = true;
  try {
    const connection = await cluster.connection(node, 'fetch');
    const { readCommitted, timeoutMs } = options;
    const body = {
      replicaId: -1,
      isolationLevel: readCommitted ? 1 : 0,
      topics: [...topics.values()] as never,
      timeoutMs,
    };
    const response = await connection.send(listOffsets, connection.version(listOffsets), body, { timeoutMs });
    for (const topic of response.topics) {
      for (const answer of topic.partitions) {
        const of = asked.get(`${topic.name}-${answer.partitionIndex}`);
        if (!of) continue;
        if (!isKnown(answer.errorCode, of) || !take(of, Number(answer.offset))) all = false;
      }
    }
  } catch (error) {
    if (!(error instanceof KafkaError) || !error.retriable) throw error;
    return false;
  }
  return all;
}

/** False for an error that another try may mend; throws the others. */
function isKnown(errorCode: number, { topic }: TopicPartition): boolean {
  if (errorCode === 0) return true;
  if (errorCode === Errors.TOPIC_AUTHORIZATION_FAILED) {
    throw new KafkaError(errorCode, `Not authorized to access topics: [${topic}]`);
  }
  const error = new KafkaError(errorCode);
  if (!error.retriable) throw error;
  return false;
}

/**
 * The offset of each partition at `time`, -1 where no record is as young. Tries again for `limitMs`, then throws
 * REQUEST_TIMED_OUT.
 */
export async function offsetsAt(
  cluster: Cluster,
  metadata: ConsumerMetadata,
  partitions: readonly TopicPartition[],
  time: number,
  options: LookupOptions & { readonly limitMs: number },
): Promise<number[]> {
  const offsets = new Map<number, number>();
  const until = Date.now() + options.limitMs;
  const wanted = partitions.map(({ topic, partition }, index) => ({ topic, partition, time, index }));
  for (;;) {
    const open = wanted.filter(({ index }) => !offsets.has(index));
    await lookUp(cluster, metadata, open, options, ({ index }, offset) => {
      offsets.set(index, offset);
      return true;
    });
    if (offsets.size === wanted.length) return wanted.map(({ index }) => offsets.get(index) ?? -1);
    const missing = wanted.find(({ index }) => !offsets.has(index));
    if (Date.now() >= until) {
      throw new KafkaError(
        Errors.REQUEST_TIMED_OUT,
        `The offsets of ${missing?.topic}-${missing?.partition} could not be looked up within ${options.limitMs} ms`,
      );
    }
    await metadata.refresh();
  }
}
