/** A fetch session (KIP-227): after the first fetch only changes are sent. Mirrors FetchSessionHandler. */
import { Errors } from '../../protocol/errors.js';
import { ZERO_UUID } from '../../protocol/wire/schema.js';
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

  /** The parts of a Fetch that name partitions; with `ids`, topics are told by id. */
  request(states: readonly PartitionState[], metadata: ConsumerMetadata, partitionMaxBytes: number, ids: boolean) {
    const now = new Map<string, Sent>();
    const topics = new Map<string, { topic: string; topicId: string; partitions: ReturnType<typeof partitionOf>[] }>();
    for (const state of states) {
      const { topic, partition, name } = state;
      const topicId = ids ? metadata.topicId(topic) : ZERO_UUID;
      const sent = { topic, topicId, partition, offset: state.fetchOffset, leaderEpoch: state.leaderEpoch };
      now.set(name, sent);
      const before = this.#epoch === 0 ? undefined : this.#sent.get(name);
      if (before && isSame(before, sent)) continue;
      let entry = topics.get(topic);
      if (!entry) topics.set(topic, (entry = { topic, topicId, partitions: [] }));
      entry.partitions.push(partitionOf(sent, partitionMaxBytes));
    }
    const gone: Sent[] = [];
    // a topic that was created anew has another id: the broker would go on to fetch the old one too
    const isGone = ({ topicId }: Sent, name: string) => now.get(name)?.topicId !== topicId;
    if (this.#epoch !== 0) for (const [name, sent] of this.#sent) if (isGone(sent, name)) gone.push(sent);
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

  /** The fetch failed, with an error code if there was an answer: the next one names all partitions in a new session. */
  failed(errorCode?: number): void {
    // a session that the broker may still have is closed by the next fetch: it carries the old id
    if (errorCode === Errors.FETCH_SESSION_ID_NOT_FOUND) this.#id = 0;
    this.#epoch = 0;
  }
}

const isSame = (a: Sent, b: Sent): boolean =>
  a.offset === b.offset && a.leaderEpoch === b.leaderEpoch && a.topicId === b.topicId;

const partitionOf = (sent: Sent, partitionMaxBytes: number) => ({
  partition: sent.partition,
  currentLeaderEpoch: sent.leaderEpoch,
  fetchOffset: BigInt(sent.offset),
  partitionMaxBytes,
});
