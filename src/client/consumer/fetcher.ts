/**
 * Fetches what is assigned: one loop a broker, each with a fetch session (KIP-227), topic ids where the broker has them.
 *
 * How it is fast: where a fetch ended is read from its batches' headers, and the next one is sent before a record of it is
 * decoded; so the broker, the network and the decoder work at the same time. What waits is bounded (`BUFFERED`).
 */
import { fetch } from '../../protocol/apis/01-fetch.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { giveFrame } from '../../protocol/wire/frame-pool.js';
import { type ResponseOf, ZERO_UUID } from '../../protocol/wire/schema.js';
import type { Cluster } from '../cluster/types.js';
import type { ConsumerConfig } from './config.js';
import { type FetchSession, newSession } from './fetch-session.js';
import { Fetched, offsetBehind } from './fetched.js';
import type { ConsumerMetadata } from './metadata.js';
import type { PartitionState } from './partition-state.js';

/** fetched bytes that may wait for the reader before no more is asked for */
const BUFFERED = 6 * 1024 * 1024;

export interface FetcherHost {
  readonly partitions: ReadonlyMap<string, PartitionState>;
  /** data has come, or an error */
  deliver(fetched: Fetched, bytes: number): void;
  fail(error: Error): void;
  /** the offset is not in the log any more, or not yet */
  outOfRange(state: PartitionState): void;
}

type PartitionAnswer = ResponseOf<typeof fetch>['responses'][number]['partitions'][number];

export class Fetcher {
  readonly #cluster: Cluster;
  readonly #config: ConsumerConfig;
  readonly #metadata: ConsumerMetadata;
  readonly #host: FetcherHost;
  readonly #loops = new Set<number>();
  #buffered = 0;
  #drained: (() => void)[] = [];
  #closed = false;

  constructor(cluster: Cluster, config: ConsumerConfig, metadata: ConsumerMetadata, host: FetcherHost) {
    this.#cluster = cluster;
    this.#config = config;
    this.#metadata = metadata;
    this.#host = host;
  }

  /** Starts what can be fetched and is not yet: call it when partitions, positions or leaders have changed. */
  wake(): void {
    for (const state of this.#host.partitions.values()) {
      const node = this.#metadata.leader(state.topic, state.partition);
      if (!state.fetchable || node < 0 || this.#loops.has(node) || this.#closed) continue;
      this.#loops.add(node);
      void this.#loop(node);
    }
  }

  /** The reader is done with this many bytes. */
  consumed(bytes: number): void {
    this.#buffered -= bytes;
    if (this.#buffered > BUFFERED) return;
    const waiting = this.#drained;
    this.#drained = [];
    for (const resolve of waiting) resolve();
  }

  close(): void {
    this.#closed = true;
    this.consumed(this.#buffered);
  }

  #partitionsOf(node: number): PartitionState[] {
    const mine: PartitionState[] = [];
    for (const state of this.#host.partitions.values()) {
      if (state.fetchable && this.#metadata.leader(state.topic, state.partition) === node) mine.push(state);
    }
    return mine;
  }

  async #loop(node: number): Promise<void> {
    try {
      let session = newSession();
      while (!this.#closed) {
        if (this.#buffered > BUFFERED) {
          await new Promise<void>((resolve) => this.#drained.push(resolve));
          continue;
        }
        const states = this.#partitionsOf(node);
        if (states.length === 0) return;
        try {
          const trouble = await this.#round(node, session, states);
          if (trouble === 'session') session = newSession();
          else if (trouble) await this.#refresh();
        } catch (error) {
          if (this.#closed) return;
          if (!(error instanceof KafkaError) || !error.retriable) return this.#host.fail(error as Error);
          session = newSession();
          await this.#refresh();
        }
      }
    } finally {
      // in the same turn in which it saw that there is nothing to fetch: `wake` may be called in the next one
      this.#loops.delete(node);
    }
  }

  async #refresh(): Promise<void> {
    await this.#metadata.refresh().catch((error) => this.#host.fail(error as Error));
    // a partition may have moved to a broker without a loop
    this.wake();
  }

  /** One fetch. 'partition': some partition has to be looked for anew; 'session': the broker dropped the session. */
  async #round(node: number, session: FetchSession, states: readonly PartitionState[]) {
    const { fetchMaxWaitMs, fetchMinBytes, fetchMaxBytes, readCommitted, rack, partitionMaxBytes } = this.#config;
    const connection = await this.#cluster.connection(node, 'fetch');
    const ids = states.every((state) => this.#metadata.topicId(state.topic) !== ZERO_UUID);
    const version = connection.version(fetch, 4, ids ? undefined : 12);
    const asked = new Map(states.map((state) => [state.name, { state, seeks: state.seeks, end: state.end }]));
    const body = session.request(states, this.#metadata, partitionMaxBytes);
    const response = await connection.send(
      fetch,
      version,
      {
        maxWaitMs: fetchMaxWaitMs,
        minBytes: fetchMinBytes,
        maxBytes: fetchMaxBytes,
        isolationLevel: readCommitted ? 1 : 0,
        rackId: rack,
        ...body,
      },
      { timeoutMs: fetchMaxWaitMs + this.#config.requestTimeoutMs },
    );
    if (response.errorCode !== 0) {
      if (sessionErrors.has(response.errorCode)) return 'session';
      throw new KafkaError(response.errorCode);
    }
    session.answered(response.sessionId);
    let trouble = false;
    let empty = response.throttleTimeMs === 0;
    const lease = new Lease();
    for (const topic of response.responses) {
      const name = version >= 13 ? this.#metadata.names.get(topic.topicId) : topic.topic;
      for (const answer of topic.partitions) {
        const of = asked.get(`${name}-${answer.partitionIndex}`);
        empty &&= answer.errorCode === 0 && !answer.records?.length && answer.preferredReadReplica < 0;
        if (!of || of.state.seeks !== of.seeks || of.state.revoked) continue;
        if (this.#take(of.state, answer, lease)) trouble = true;
      }
    }
    if (empty) for (const { state, seeks, end } of asked.values()) foundEmpty(state, seeks, end);
    return trouble ? 'partition' : undefined;
  }

  /** True when the partition's leader has to be looked for anew. */
  #take(state: PartitionState, answer: PartitionAnswer, lease: Lease): boolean {
    if (answer.errorCode !== 0) return this.#error(state, answer.errorCode);
    const { records } = answer;
    state.logEnd = Number(this.#config.readCommitted ? answer.lastStableOffset : answer.highWatermark);
    if (!records || records.length === 0) return false;
    const behind = offsetBehind(records);
    if (behind < 0) return false;
    const start = state.fetchOffset;
    state.fetchOffset = behind;
    this.#buffered += records.length;
    const free = lease.part(records);
    const fetched = new Fetched(state, start, records, answer.abortedTransactions, this.#config, free);
    this.#host.deliver(fetched, records.length);
    return false;
  }

  #error(state: PartitionState, code: number): boolean {
    if (code === Errors.OFFSET_OUT_OF_RANGE) {
      this.#host.outOfRange(state);
      return false;
    }
    if (code === Errors.TOPIC_AUTHORIZATION_FAILED) {
      this.#host.fail(new KafkaError(code, `Not authorized to access topics: [${state.topic}]`));
      return false;
    }
    if (code === Errors.CORRUPT_MESSAGE) {
      const at = `offset ${state.fetchOffset} for topic-partition ${state.name}`;
      this.#host.fail(new KafkaError(code, `Encountered corrupt message when fetching ${at}`));
      return false;
    }
    return true;
  }
}

/**
 * A whole answer without records: from where it was asked on the partition holds none, be it that it ends there, or that
 * compaction has taken the last ones. (A single partition may be left out because others filled the answer.)
 */
function foundEmpty(state: PartitionState, seeks: number, end: number): void {
  if (state.seeks === seeks && state.end === end) state.emptyFrom = state.fetchOffset;
}

/** The memory of one answer: given back when all of its partitions' records have been read. */
class Lease {
  #parts = 0;

  /** What the reader of these records calls, once. */
  part(records: Buffer): () => void {
    this.#parts++;
    return () => {
      if (--this.#parts === 0) giveFrame(records);
    };
  }
}

const sessionErrors = new Set([
  Errors.FETCH_SESSION_ID_NOT_FOUND,
  Errors.INVALID_FETCH_SESSION_EPOCH,
  Errors.FETCH_SESSION_TOPIC_ID_ERROR,
  Errors.UNKNOWN_TOPIC_ID,
  Errors.INCONSISTENT_TOPIC_ID,
]);
