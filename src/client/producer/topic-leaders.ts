/** The topic's metadata: partitions, leaders, id. Refreshed on demand, one request at a time. */
import { Errors, KafkaError } from '../../protocol/errors.js';
import { timeoutError } from '../cluster/retry.js';
import type { Cluster, TopicInfo } from '../cluster/types.js';

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Cached metadata of one topic. */
export class TopicLeaders {
  readonly topic: string;
  info: TopicInfo | undefined;
  #refreshing: Promise<void> | undefined;
  #refreshedMs = 0;
  /** the topic's error code in the last metadata response */
  #errorCode = 0;
  readonly #cluster: Cluster;
  readonly #backoffMs: number;

  constructor(cluster: Cluster, topic: string, backoffMs: number) {
    this.#cluster = cluster;
    this.topic = topic;
    this.#backoffMs = backoffMs;
  }

  /** The node id of a partition's leader, -1 when there is none. */
  leader(partition: number): number {
    return this.info?.partitions[partition]?.leader ?? -1;
  }

  isOlderThan(ms: number): boolean {
    return Date.now() - this.#refreshedMs > ms;
  }

  /** Fetches metadata without creating the topic; ignores errors, which `known` reports. */
  peek(timeoutMs: number): Promise<void> {
    this.#peeking = this.#fetch(false, timeoutMs);
    return this.#peeking;
  }
  #peeking: Promise<void> | undefined;

  /** Waits for the topic's metadata, with auto topic creation. Throws with the messages of Java's producer. */
  async known(timeoutMs: number): Promise<TopicInfo> {
    const ends = Date.now() + timeoutMs;
    await this.#peeking?.catch(() => {});
    for (let wait = this.#backoffMs; !this.info; wait = Math.min(wait * 2, 1000)) {
      const left = ends - Date.now();
      if (left <= 0) {
        const error = timeoutError(`Topic ${this.topic} not present in metadata after ${timeoutMs} ms.`);
        if (this.#errorCode !== 0) error.cause = new KafkaError(this.#errorCode);
        throw error;
      }
      await this.#fetch(true, left);
      if (!this.info) await sleep(Math.max(0, Math.min(wait, ends - Date.now())));
    }
    return this.info;
  }

  /** Refreshes the metadata after `backoff` ms; never throws. Concurrent calls share the request. */
  refresh(backoff = this.#backoffMs): Promise<void> {
    this.#refreshing ??= sleep(backoff)
      .then(() => this.#fetch(true, 30_000))
      .catch(() => {})
      .finally(() => {
        this.#refreshing = undefined;
      });
    return this.#refreshing;
  }

  async #fetch(autoCreate: boolean, timeoutMs: number): Promise<void> {
    let topic: TopicInfo | undefined;
    try {
      const metadata = await this.#cluster.metadata([this.topic], { autoCreate, timeoutMs });
      topic = metadata.topics.find((t) => t.name === this.topic) ?? metadata.topics[0];
    } catch (error) {
      if (error instanceof KafkaError && error.retriable) return;
      throw error;
    }
    this.#refreshedMs = Date.now();
    if (!topic) return;
    this.#errorCode = topic.errorCode;
    if (topic.errorCode === Errors.INVALID_TOPIC_EXCEPTION) {
      throw new KafkaError(topic.errorCode, `Invalid topics: [${this.topic}]`);
    }
    if (topic.errorCode === Errors.TOPIC_AUTHORIZATION_FAILED) {
      throw new KafkaError(topic.errorCode, `Not authorized to access topics: [${this.topic}]`);
    }
    if (topic.errorCode === 0 && topic.partitions.length > 0) this.info = topic;
  }
}
