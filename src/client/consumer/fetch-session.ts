/** A fetch session (KIP-227): after the first fetch only what changed is said. */
import type { ConsumerMetadata } from './metadata.js';
import type { PartitionState } from './partition-state.js';

interface Sent {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  readonly offset: number;
  readonly leaderEpoch: number;
}

export class FetchSession {
  #id = 0;
  #epoch = 0;
  #sent = new Map<string, Sent>();

  /** The parts of a Fetch that name partitions. */
  request(states: readonly PartitionState[], metadata: ConsumerMetadata, partitionMaxBytes: number) {
    const now = new Map<string, Sent>();
    const topics = new Map<string, { topic: string; topicId: string; partitions: ReturnType<typeof partitionOf>[] }>();
    for (const state of states) {
      const { topic, partition, name } = state;
      const topicId = metadata.topicId(topic);
      const leaderEpoch = metadata.leaderEpoch(topic, partition);
      const sent = { topic, topicId, partition, offset: state.fetchOffset, leaderEpoch };
      now.set(name, sent);
      const before = this.#epoch === 0 ? undefined : this.#sent.get(name);
      if (before && before.offset === sent.offset && before.leaderEpoch === leaderEpoch && before.topicId === topicId)
        continue;
      let entry = topics.get(topic);
      if (!entry) topics.set(topic, (entry = { topic, topicId, partitions: [] }));
      entry.partitions.push(partitionOf(sent, partitionMaxBytes));
    }
    const gone = this.#epoch === 0 ? [] : [...this.#sent].filter(([name]) => !now.has(name)).map(([, sent]) => sent);
    this.#sent = now;
    return {
      sessionId: this.#id,
      sessionEpoch: this.#epoch,
      topics: [...topics.values()],
      forgottenTopicsData: gone.map(({ topic, topicId, partition }) => ({ topic, topicId, partitions: [partition] })),
    };
  }

  /** The broker kept a session under this id; 0: it has none to give, and every fetch is a whole one. */
  answered(id: number): void {
    this.#id = id;
    this.#epoch = id === 0 ? 0 : this.#epoch === 2147483647 ? 1 : this.#epoch + 1;
  }
}

const partitionOf = (sent: Sent, partitionMaxBytes: number) => ({
  partition: sent.partition,
  currentLeaderEpoch: sent.leaderEpoch,
  fetchOffset: BigInt(sent.offset),
  partitionMaxBytes,
});

export const newSession = (): FetchSession => new FetchSession();
