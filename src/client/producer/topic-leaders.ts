/** What the producer knows of its topic: partitions, leaders, id. Refreshed on demand, one request at a time. */
import { Errors, KafkaError } from '../../protocol/errors.js';
import { timeoutError } from '../cluster/retry.js';
import type { Cluster, TopicInfo } from '../cluster/types.js';

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export class TopicLeaders {
  readonly topic: string;
  info: TopicInfo | undefined;
  #refreshing: Promise<void> | undefined;
  #refreshedMs = 0;
  /** what the broker last said about the topic in place of describing it */
  #refused = 0;
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

  /** Looks without creating the topic; errors are left for `known` to say. */
  peek(timeoutMs: number): Promise<void> {
    this.#peeking = this.#fetch(false, timeoutMs);
    return this.#peeking;
  }
  #peeking: Promise<void> | undefined;

  /** Waits until the topic is there, asking the broker to create it. Throws in the words of Java's producer. */
  async known(timeoutMs: number): Promise<TopicInfo> {
    const ends = Date.now() + timeoutMs;
    await this.#peeking?.catch(() => {});
    for (let wait = this.#backoffMs; !this.info; wait = Math.min(wait * 2, 1000)) {
      const left = ends - Date.now();
      if (left <= 0) {
        const error = timeoutError(`Topic ${this.topic} not present in metadata after ${timeoutMs} ms.`);
        if (this.#refused !== 0) error.cause = new KafkaError(this.#refused);
        throw error;
      }
      await this.#fetch(true, left);
      if (!this.info) await sleep(Math.max(0, Math.min(wait, ends - Date.now())));
    }
    return this.info;
  }

  /** Asks again after `backoff`; never throws. Calls that come meanwhile share the answer. */
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
    this.#refused = topic.errorCode;
    if (topic.errorCode === Errors.INVALID_TOPIC_EXCEPTION) {
      throw new KafkaError(topic.errorCode, `Invalid topics: [${this.topic}]`);
    }
    if (topic.errorCode === Errors.TOPIC_AUTHORIZATION_FAILED) {
      throw new KafkaError(topic.errorCode, `Not authorized to access topics: [${this.topic}]`);
    }
    if (topic.errorCode === 0 && topic.partitions.length > 0) this.info = topic;
  }
}
