/**
 * A consumer in a share group (KIP-932). One loop a broker fetches; a broker is asked for more when everything it sent is
 * read, and told with the same request what became of it. Mirrors ShareConsumerImpl and ShareConsumeRequestManager.
 */

import { randomBytes } from 'node:crypto';
import { partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import { shareFetch } from '../../protocol/apis/78-share-fetch.js';
import { shareAcknowledge } from '../../protocol/apis/79-share-acknowledge.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { ResponseOf } from '../../protocol/wire/schema.js';
import type { Cluster } from '../cluster/types.js';
import { within } from '../cluster/waiter.js';
import { ShareGroup, type ShareGroupHost } from '../groups/share.js';
import { ConsumerMetadata } from './metadata.js';
import { ReadyQueue } from './ready-queue.js';
import type { ShareConsumerConfig } from './share-config.js';
import { type Acknowledged, ShareFetched } from './share-fetched.js';
import { ShareSession } from './share-session.js';

/** What a broker says of acknowledgements: `error` is why it did not take them. */
export interface AcknowledgedPartition extends TopicPartition {
  readonly batches: readonly Acknowledged[];
  readonly error: KafkaError | undefined;
}

type SentTopics = ReturnType<ShareSession['close']>['topics'];

type PartitionAnswer = ResponseOf<typeof shareFetch>['responses'][number]['partitions'][number];

const lostSession = new Set([
  Errors.SHARE_SESSION_NOT_FOUND,
  Errors.INVALID_SHARE_SESSION_EPOCH,
  Errors.SHARE_SESSION_LIMIT_REACHED,
]);

export class ShareConsumer implements ShareGroupHost {
  readonly cluster: Cluster;
  readonly config: ShareConsumerConfig;
  readonly metadata: ConsumerMetadata;
  /** hears of each partition whose acknowledgements a broker has answered */
  onAcknowledged: ((answer: AcknowledgedPartition) => void) | undefined;
  readonly #memberId = randomBytes(16).toString('base64url');
  readonly #sessions = new Map<number, { session: ShareSession; loop: Promise<void> }>();
  #partitions = new Map<string, TopicPartition>();
  #group: ShareGroup | undefined;
  readonly #ready = new ReadyQueue<ShareFetched>((fetched) => fetched.release());
  /** in the hands of readers */
  readonly #reading = new Set<ShareFetched>();
  readonly #closing = new AbortController();

  constructor(cluster: Cluster, config: ShareConsumerConfig) {
    this.cluster = cluster;
    this.config = config;
    const { autoCreate, retryBackoffMs: backoffMs, metadataMaxAgeMs: maxAgeMs } = config;
    this.metadata = new ConsumerMetadata(cluster, { autoCreate, backoffMs, maxAgeMs });
    this.metadata.onUpdate = () => {
      this.#group?.metadataChanged();
      this.#fetch();
    };
    this.metadata.onError = (error) => this.fail(error);
  }

  subscribe(topics: readonly string[]): void {
    this.#group = new ShareGroup(this, this.#memberId, topics);
    void this.#group.run();
  }

  /**
   * What came next, to be ended by its `done` or `release`; undefined when nothing did in this time, or `signal` aborted.
   * Throws what went wrong meanwhile.
   */
  poll(timeoutMs: number, signal: AbortSignal): Promise<ShareFetched | undefined> {
    return this.#ready.next(timeoutMs, signal);
  }

  /** Acknowledges what was read, gives back what was not, and leaves the group; bounded by `timeoutMs`. */
  async close(timeoutMs = 30_000): Promise<void> {
    this.#ready.close();
    this.#closing.abort();
    this.metadata.close();
    for (const fetched of this.#reading) fetched.release();
    await within(timeoutMs, this.#leave());
  }

  async #leave(): Promise<void> {
    await Promise.all(
      [...this.#sessions].map(([node, { session, loop }]) => loop.then(() => this.#end(node, session))),
    );
    await this.#group?.leave();
  }

  async #end(node: number, session: ShareSession): Promise<void> {
    if (session.isNew) return;
    try {
      const connection = await this.cluster.connection(node, 'fetch');
      const body = { groupId: this.config.groupId, memberId: this.#memberId, isRenewAck: false, ...session.close() };
      const response = await connection.send(shareAcknowledge, connection.version(shareAcknowledge), body, {
        timeoutMs: this.config.requestTimeoutMs,
      });
      this.#tell(body.topics, (topicId, partition) => {
        const topic = response.responses.find((answer) => answer.topicId === topicId);
        return topic?.partitions.find((answer) => answer.partitionIndex === partition)?.errorCode ?? response.errorCode;
      });
    } catch {
      // what was not acknowledged is delivered again
    }
  }

  // what the group tells

  assigned(partitions: readonly TopicPartition[]): void {
    this.#partitions = new Map(partitions.map((partition) => [partitionName(partition), partition]));
    this.#fetch();
  }

  fail(error: Error): void {
    this.#ready.fail(error);
  }

  /** Starts a loop for every broker that leads an assigned partition and has none. */
  #fetch(): void {
    if (this.#ready.closed) return;
    for (const { topic, partition } of this.#partitions.values()) {
      const node = this.metadata.leader(topic, partition);
      if (node < 0 || this.#sessions.has(node)) continue;
      const session = new ShareSession();
      const loop = this.#loop(node, session).catch((error) => this.fail(error as Error));
      this.#sessions.set(node, { session, loop });
    }
  }

  #partitionsOf(node: number): TopicPartition[] {
    return [...this.#partitions.values()].filter((p) => this.metadata.leader(p.topic, p.partition) === node);
  }

  async #loop(node: number, session: ShareSession): Promise<void> {
    while (!this.#ready.closed) {
      const partitions = this.#partitionsOf(node);
      if (partitions.length === 0 && session.isNew) {
        this.#sessions.delete(node);
        return;
      }
      try {
        if (await this.#round(node, session, partitions)) await this.#unlessClosing(this.metadata.refresh());
      } catch (error) {
        if (this.#ready.closed) return;
        if (!(error instanceof KafkaError) || !error.retriable) throw error;
        session.reset();
        await this.#unlessClosing(this.metadata.refresh());
      }
    }
  }

  /** What a broker that is away keeps waiting, the end of the consumer does not wait for. */
  #unlessClosing<T>(work: Promise<T>): Promise<T | undefined> {
    const { signal } = this.#closing;
    return new Promise((resolve, reject) => {
      const closing = () => resolve(undefined);
      signal.addEventListener('abort', closing);
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', closing));
      if (signal.aborted) closing();
    });
  }

  /** One fetch, and the wait for its reader. True when some partition's leader has to be looked for anew. */
  async #round(node: number, session: ShareSession, partitions: readonly TopicPartition[]): Promise<boolean> {
    const { config } = this;
    const connection = await this.#unlessClosing(this.cluster.connection(node, 'fetch'));
    if (!connection) return false;
    const body = {
      groupId: config.groupId,
      memberId: this.#memberId,
      maxWaitMs: config.fetchMaxWaitMs,
      minBytes: config.fetchMinBytes,
      maxBytes: config.fetchMaxBytes,
      maxRecords: config.maxPollRecords,
      batchSize: config.maxPollRecords,
      shareAcquireMode: config.acquireMode,
      isRenewAck: false,
      ...session.fetch(partitions, this.metadata),
    };
    const timeoutMs = config.fetchMaxWaitMs + config.requestTimeoutMs;
    const response = await connection.send(shareFetch, connection.version(shareFetch), body, { timeoutMs });
    if (lostSession.has(response.errorCode)) {
      session.reset();
      return false;
    }
    session.answered();
    if (response.errorCode !== 0) throw new KafkaError(response.errorCode, response.errorMessage);
    this.#tell(body.topics, (topicId, partition) => {
      const topic = response.responses.find((answer) => answer.topicId === topicId);
      return topic?.partitions.find((answer) => answer.partitionIndex === partition)?.acknowledgeErrorCode ?? 0;
    });
    let moved = false;
    const read: Promise<void>[] = [];
    // what the reader is held up for longer than that, the broker gives to others
    const lockMs = response.acquisitionLockTimeoutMs;
    const expires = lockMs > 0 ? Date.now() + lockMs : Number.POSITIVE_INFINITY;
    for (const { topicId, partitions: answers } of response.responses) {
      const topic = this.metadata.names.get(topicId);
      for (const answer of answers) {
        if (answer.errorCode !== 0) moved = true;
        if (topic === undefined || this.#ready.closed || !acquired(topic, answer)) continue;
        read.push(new Promise((resolve) => this.#deliver({ topic, topicId, answer, session, expires }, resolve)));
      }
    }
    await Promise.all(read);
    return moved;
  }

  /** Records for the reader; what became of them goes out with their session's next request. */
  #deliver({ topic, topicId, answer, session, expires }: Delivery, ended: () => void): void {
    const { partitionIndex: partition, records, acquiredRecords } = answer;
    const fetched = new ShareFetched({ topic, partition }, records ?? Buffer.alloc(0), acquiredRecords, {
      checkCrcs: this.config.checkCrcs,
      expires,
      held: () => void this.#reading.add(fetched),
      ended: () => {
        this.#reading.delete(fetched);
        session.acknowledge(topicId, partition, fetched.acknowledged);
        ended();
      },
    });
    this.#ready.push(fetched);
  }

  /** Tells of the acknowledgements that went out in a request. */
  #tell(sent: SentTopics, codeOf: (topicId: string, partition: number) => number): void {
    for (const { topicId, partitions } of this.onAcknowledged ? sent : []) {
      for (const { partitionIndex: partition, acknowledgementBatches: batches } of partitions) {
        const topic = this.metadata.names.get(topicId);
        if (batches.length === 0 || topic === undefined) continue;
        const code = codeOf(topicId, partition);
        this.onAcknowledged?.({ topic, partition, batches, error: code === 0 ? undefined : new KafkaError(code) });
      }
    }
  }
}

interface Delivery {
  readonly topic: string;
  readonly topicId: string;
  readonly answer: PartitionAnswer;
  readonly session: ShareSession;
  readonly expires: number;
}

/** Whether the answer brings records; throws what no retry mends. */
function acquired(topic: string, { errorCode, acquiredRecords, partitionIndex: partition }: PartitionAnswer): boolean {
  if (errorCode === Errors.TOPIC_AUTHORIZATION_FAILED) {
    throw new KafkaError(errorCode, `Not authorized to access topics: [${topic}]`);
  }
  if (errorCode === Errors.CORRUPT_MESSAGE) {
    throw new KafkaError(errorCode, `Encountered corrupt message when fetching topic-partition ${topic}-${partition}`);
  }
  return errorCode === 0 && acquiredRecords.length > 0;
}
