/** Whether positions lie in their leaders' logs (KIP-320). Mirrors OffsetsForLeaderEpochUtils. */
import { offsetForLeaderEpoch } from '../../protocol/apis/23-offset-for-leader-epoch.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';
import type { PartitionState } from './partition-state.js';

/** Where an epoch ended in the leader's log; both are -1 when the leader knows no such epoch. */
export interface EpochEnd {
  readonly epoch: number;
  readonly offset: number;
}

/** Brokers below it want rights on the cluster for this request; positions are trusted there, as Java's consumer does. */
const LOWEST_VERSION = 3;

/**
 * Asks the leader `node` where the epochs of its partitions' fetch positions ended. A partition it could not tell is left
 * out: metadata has to be refreshed before it is asked again. Throws KafkaError where no retry helps.
 */
export async function epochEnds(
  cluster: Cluster,
  node: number,
  states: readonly PartitionState[],
  timeoutMs: number,
): Promise<Map<PartitionState, EpochEnd>> {
  const connection = await cluster.connection(node, 'fetch');
  const version = supported(() => connection.version(offsetForLeaderEpoch, LOWEST_VERSION));
  if (version === undefined) return new Map(states.map((state) => [state, trusted(state)]));
  const response = await connection.send(
    offsetForLeaderEpoch,
    version,
    { replicaId: -1, topics: byTopic(states) },
    { timeoutMs },
  );
  const ends = new Map<PartitionState, EpochEnd>();
  for (const { topic, partitions } of response.topics) {
    for (const { partition, errorCode, leaderEpoch, endOffset } of partitions) {
      const state = states.find((s) => s.topic === topic && s.partition === partition);
      if (errorCode === Errors.TOPIC_AUTHORIZATION_FAILED) {
        throw new KafkaError(errorCode, `Not authorized to access topics: [${topic}]`);
      }
      if (state && errorCode === Errors.NONE) ends.set(state, { epoch: leaderEpoch, offset: Number(endOffset) });
    }
  }
  return ends;
}

const trusted = (state: PartitionState): EpochEnd => ({ epoch: state.fetchEpoch, offset: state.fetchOffset });

function supported(version: () => number): number | undefined {
  try {
    return version();
  } catch (error) {
    if (error instanceof KafkaError && error.code === Errors.UNSUPPORTED_VERSION) return undefined;
    throw error;
  }
}

function byTopic(states: readonly PartitionState[]) {
  const partition = (state: PartitionState) => ({
    partition: state.partition,
    currentLeaderEpoch: state.leaderEpoch,
    leaderEpoch: state.fetchEpoch,
  });
  const topics = new Map<string, ReturnType<typeof partition>[]>();
  for (const state of states) topics.set(state.topic, [...(topics.get(state.topic) ?? []), partition(state)]);
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }));
}
