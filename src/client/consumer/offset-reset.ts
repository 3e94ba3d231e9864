/** Where a time lies in partitions, asked of their leaders once; what could not be told is left out and asked again. */
import { listOffsets } from '../../protocol/apis/02-list-offsets.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';
import type { ConsumerMetadata } from './metadata.js';
import type { PartitionState } from './partition-state.js';

const LATEST = -1;

/** Moves every state that has a `reset` to its offset. True when all of them got there; else refresh metadata first. */
export async function resetOffsets(
  cluster: Cluster,
  metadata: ConsumerMetadata,
  states: readonly PartitionState[],
  options: { readCommitted: boolean; timeoutMs: number },
): Promise<boolean> {
  const byNode = new Map<number, PartitionState[]>();
  let all = true;
  for (const state of states) {
    const node = metadata.leader(state.topic, state.partition);
    if (node < 0) {
      all = false;
      continue;
    }
    const list = byNode.get(node) ?? [];
    list.push(state);
    byNode.set(node, list);
  }
  const asked = [...byNode].map(([node, list]) => askNode(cluster, metadata, node, list, options));
  for (const done of await Promise.all(asked)) all &&= done;
  return all;
}

async function askNode(
  cluster: Cluster,
  metadata: ConsumerMetadata,
  node: number,
  states: readonly PartitionState[],
  options: { readCommitted: boolean; timeoutMs: number },
): Promise<boolean> {
  const topics = new Map<string, { name: string; partitions: object[] }>();
  const asked = new Map(states.map((state) => [state.name, { state, seeks: state.seeks }]));
  for (const { topic, partition, reset = LATEST } of states) {
    const entry = topics.get(topic) ?? { name: topic, partitions: [] };
    topics.set(topic, entry);
    const currentLeaderEpoch = metadata.leaderEpoch(topic, partition);
    entry.partitions.push({ partitionIndex: partition, currentLeaderEpoch, timestamp: BigInt(reset) });
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
        if (!of || of.state.seeks !== of.seeks) continue;
        if (!take(of.state, answer.errorCode, Number(answer.offset))) all = false;
      }
    }
  } catch (error) {
    if (!(error instanceof KafkaError) || !error.retriable) throw error;
    return false;
  }
  return all;
}

function take(state: PartitionState, errorCode: number, offset: number): boolean {
  if (errorCode === Errors.TOPIC_AUTHORIZATION_FAILED) {
    throw new KafkaError(errorCode, `Not authorized to access topics: [${state.topic}]`);
  }
  if (errorCode !== 0) {
    const error = new KafkaError(errorCode);
    if (!error.retriable) throw error;
    return false;
  }
  if (offset < 0) {
    // no record is as young as that: the end is where such will be
    state.seekToTime(LATEST);
    return false;
  }
  // without an epoch: the leader has just told it, so there is nothing to validate
  state.seek(offset);
  return true;
}
