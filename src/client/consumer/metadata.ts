/** What a consumer knows of its topics: those it names, or all of them when it has a pattern. */
import { Errors, KafkaError } from '../../protocol/errors.js';
import { ZERO_UUID } from '../../protocol/wire/schema.js';
import type { Cluster, Node, PartitionInfo, TopicInfo } from '../cluster/types.js';

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export class ConsumerMetadata {
  /** topics that exist, by name */
  topics: ReadonlyMap<string, TopicInfo> = new Map();
  /** names by topic id */
  names: ReadonlyMap<string, string> = new Map();
  /** brokers that are up, by id */
  brokers: ReadonlyMap<number, Node> = new Map();
  /** called after every answer */
  onUpdate: () => void = () => {};
  /** called with what no retry mends, when it came up unasked */
  onError: (error: Error) => void = () => {};
  readonly #cluster: Cluster;
  readonly #options: { autoCreate: boolean; backoffMs: number; maxAgeMs: number };
  #wanted: Set<string> | null = new Set();
  #refreshing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(cluster: Cluster, options: { autoCreate: boolean; backoffMs: number; maxAgeMs: number }) {
    this.#cluster = cluster;
    this.#options = options;
  }

  /** Topics to know; null: all of the cluster's. */
  want(topics: Iterable<string> | null): void {
    this.#wanted = topics === null ? null : new Set(topics);
  }

  /** The node id of a partition's leader; -1 when there is none, or it is not among the brokers that are up. */
  leader(topic: string, partition: number): number {
    const leader = this.topics.get(topic)?.partitions[partition]?.leader ?? -1;
    return this.brokers.has(leader) ? leader : -1;
  }

  /** Whether a node is up and has the partition's log. Mirrors Cluster.nodeIfOnline. */
  isOnline(topic: string, partition: number, node: number): boolean {
    const info = this.topics.get(topic)?.partitions[partition];
    return this.brokers.has(node) && info?.replicas.includes(node) === true && !info.offlineReplicas.includes(node);
  }

  leaderEpoch(topic: string, partition: number): number {
    return this.topics.get(topic)?.partitions[partition]?.leaderEpoch ?? -1;
  }

  topicId(topic: string): string {
    return this.topics.get(topic)?.topicId ?? ZERO_UUID;
  }

  /** Asks after `delayMs`; calls that come meanwhile share the answer. Rejects only with what no retry mends. */
  refresh(delayMs = this.#options.backoffMs): Promise<void> {
    // what is told of the answer may ask for the next one
    this.#refreshing ??= this.#ask(delayMs)
      .finally(() => {
        this.#refreshing = undefined;
      })
      .then(() => {
        if (!this.#closed) this.onUpdate();
      });
    return this.#refreshing;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #ask(delayMs: number): Promise<void> {
    if (delayMs > 0) await sleep(delayMs);
    if (this.#closed) return;
    const wanted = this.#wanted && [...this.#wanted];
    try {
      const { brokers, topics } = await this.#cluster.metadata(wanted, {
        autoCreate: this.#options.autoCreate && wanted !== null,
      });
      this.brokers = new Map(brokers.map((node) => [node.id, node]));
      this.#take(topics);
    } catch (error) {
      if (!(error instanceof KafkaError) || !error.retriable || this.#closed) throw error;
    } finally {
      clearTimeout(this.#timer);
      if (!this.#closed) {
        this.#timer = setTimeout(() => void this.refresh(0).catch(this.onError), this.#nextMs());
        this.#timer.unref();
      }
    }
  }

  /** A topic that is not there yet is looked for again soon: it may be on its way. */
  #nextMs(): number {
    const { backoffMs, maxAgeMs } = this.#options;
    const missing = [...(this.#wanted ?? [])].some((name) => !this.topics.has(name));
    this.#misses = missing ? this.#misses + 1 : 0;
    return missing ? Math.min(backoffMs * 2 ** (this.#misses - 1), 1000, maxAgeMs) : maxAgeMs;
  }
  #misses = 0;

  #take(list: readonly TopicInfo[]): void {
    const invalid = list
      .filter((topic) => topic.errorCode === Errors.INVALID_TOPIC_EXCEPTION)
      .map((topic) => topic.name);
    if (invalid.length > 0) {
      throw new KafkaError(Errors.INVALID_TOPIC_EXCEPTION, `Invalid topics: [${invalid.join(', ')}]`);
    }
    const refused = list
      .filter((topic) => topic.errorCode === Errors.TOPIC_AUTHORIZATION_FAILED)
      .map((topic) => topic.name);
    if (refused.length > 0) {
      throw new KafkaError(
        Errors.TOPIC_AUTHORIZATION_FAILED,
        `Not authorized to access topics: [${refused.join(', ')}]`,
      );
    }
    const known = list.filter((topic) => topic.errorCode === 0 && topic.partitions.length > 0);
    this.topics = new Map(known.map((topic) => [topic.name, newest(topic, this.topics.get(topic.name))]));
    this.names = new Map(known.map((topic) => [topic.topicId, topic.name]));
  }
}

/** A broker that lags may still tell of an older leader of a partition than another did: the newer one stays. */
function newest(topic: TopicInfo, before: TopicInfo | undefined): TopicInfo {
  if (before?.topicId !== topic.topicId) return topic;
  const known = (partition: PartitionInfo): PartitionInfo => {
    const old = before.partitions[partition.partition];
    return old && partition.leaderEpoch >= 0 && old.leaderEpoch > partition.leaderEpoch ? old : partition;
  };
  return { ...topic, partitions: topic.partitions.map(known) };
}
