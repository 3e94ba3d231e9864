/**
 * Fetches what is assigned: one loop a broker, each with a fetch session (KIP-227), topic ids where the broker has them.
 * A partition is read from its leader, or from the replica the leader names (KIP-392); after a change of leaders it waits
 * until its position is found in the new leader's log (position-validator.ts).
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
import { FailingPartitions, retryAt } from './fetch-failures.js';
import { FetchSession } from './fetch-session.js';
import { Fetched, nextFetchPosition } from './fetched.js';
import type { ConsumerMetadata } from './metadata.js';
import type { PartitionState } from './partition-state.js';
import type { EpochEnd } from './position-validation.js';
import { PositionValidator } from './position-validator.js';

/** fetched bytes that may wait for the reader before no more is asked for */
const BUFFERED = 6 * 1024 * 1024;

export interface FetcherHost {
  readonly partitions: ReadonlyMap<string, PartitionState>;
  /** data has come, or an error */
  deliver(fetched: Fetched, bytes: number): void;
  fail(error: Error): void;
  /** resolves when all that was delivered of this partition has been read */
  allRead(state: PartitionState): Promise<void>;
  /** the offset is not in the log any more, or not yet */
  outOfRange(state: PartitionState): void;
  /** the leader's log ends before the position, or has other records there */
  truncated(state: PartitionState, end: EpochEnd): void;
  /** a line for the user */
  warn(line: string): void;
}

type Answer = ResponseOf<typeof fetch>;
type PartitionAnswer = Answer['responses'][number]['partitions'][number];

/** What a partition was asked for, to tell an answer that came too late. */
interface Asked {
  readonly state: PartitionState;
  readonly seeks: number;
  readonly offset: number;
  readonly end: number;
}

export class Fetcher {
  readonly #cluster: Cluster;
  readonly #config: ConsumerConfig;
  readonly #metadata: ConsumerMetadata;
  readonly #host: FetcherHost;
  readonly #validator: PositionValidator;
  readonly #failing: FailingPartitions;
  readonly #loops = new Set<number>();
  readonly #sessions = new Map<number, FetchSession>();
  /** fetches of these failed: metadata is on its way */
  readonly #backingOff = new Set<PartitionState>();
  /** their positions are about to move, once what was fetched has been read */
  readonly #catchingUp = new Set<PartitionState>();
  #buffered = 0;
  #drained: (() => void)[] = [];
  #closed = false;

  constructor(cluster: Cluster, config: ConsumerConfig, metadata: ConsumerMetadata, host: FetcherHost) {
    this.#cluster = cluster;
    this.#config = config;
    this.#metadata = metadata;
    this.#host = host;
    this.#failing = new FailingPartitions((line) => host.warn(line));
    this.#validator = new PositionValidator(cluster, config.requestTimeoutMs, {
      validated: () => this.wake(),
      refresh: () => this.#refresh(),
      truncated: (state, end) => this.#whenRead(state, () => host.truncated(state, end)),
      fail: (error) => host.fail(error),
    });
  }

  /** Starts what can be fetched and is not yet: call it when partitions, positions or leaders have changed. */
  wake(): void {
    if (this.#closed) return;
    const { partitions } = this.#host;
    for (const state of partitions.values()) {
      const { topic, partition } = state;
      state.follow(this.#metadata.leader(topic, partition), this.#metadata.leaderEpoch(topic, partition));
    }
    this.#validator.validate(partitions.values());
    for (const state of partitions.values()) {
      const node = this.#nodeOf(state);
      if (node >= 0 && !this.#loops.has(node)) this.#start(node);
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

  #start(node: number): void {
    this.#loops.add(node);
    void this.#loop(node).finally(() => {
      this.#loops.delete(node);
      // its partitions may have moved to a broker without a loop
      this.wake();
    });
  }

  /** Where a partition is fetched from; -1 when it cannot be now. Mirrors AbstractFetch.selectReadReplica. */
  #nodeOf(state: PartitionState): number {
    if (!state.fetchable || state.unvalidated) return -1;
    if (this.#backingOff.has(state) || this.#catchingUp.has(state)) return -1;
    if (this.#metadata.leader(state.topic, state.partition) < 0) return -1;
    const replica = state.preferredReplica(Date.now());
    if (replica === undefined) return state.leader;
    if (this.#metadata.isOnline(state.topic, state.partition, replica)) return replica;
    state.clearPreferred();
    void this.#refresh();
    return state.leader;
  }

  #partitionsOf(node: number): PartitionState[] {
    const mine: PartitionState[] = [];
    for (const state of this.#host.partitions.values()) {
      const from = this.#nodeOf(state);
      if (from === node) mine.push(state);
      else if (from >= 0 && !this.#loops.has(from)) this.#start(from);
    }
    return mine;
  }

  async #loop(node: number): Promise<void> {
    const { retryBackoffMs, fetchMaxWaitMs } = this.#config;
    for (let empty = 0; !this.#closed; ) {
      if (this.#buffered > BUFFERED) {
        await new Promise<void>((resolve) => this.#drained.push(resolve));
        continue;
      }
      const states = this.#partitionsOf(node);
      if (states.length === 0) return;
      const sent = Date.now();
      if (await this.#attempt(node, states)) empty = 0;
      else empty++;
      // a broker that answers before its time, with nothing, is not asked again at once
      const early = fetchMaxWaitMs - (Date.now() - sent);
      if (empty > 1 && early > 0) await sleep(Math.min(early, retryBackoffMs));
    }
  }

  /** One fetch, its failure included. True when records came. */
  async #attempt(node: number, states: readonly PartitionState[]): Promise<boolean> {
    const session = this.#sessions.get(node) ?? new FetchSession();
    this.#sessions.set(node, session);
    try {
      return await this.#round(node, session, states);
    } catch (error) {
      if (this.#closed) return true;
      session.failed();
      for (const state of states) state.clearPreferred();
      if (error instanceof KafkaError && error.retriable) await this.#refresh();
      else this.#stop(error as Error);
      return true;
    }
  }

  #stop(error: Error): void {
    this.#closed = true;
    this.#host.fail(error);
  }

  async #refresh(): Promise<void> {
    await this.#metadata.refresh().catch((error) => this.#host.fail(error as Error));
    this.wake();
  }

  async #round(node: number, session: FetchSession, states: readonly PartitionState[]): Promise<boolean> {
    const { fetchMaxWaitMs, fetchMinBytes, fetchMaxBytes, readCommitted, rack, partitionMaxBytes } = this.#config;
    const connection = await this.#cluster.connection(node, 'fetch');
    const ids = states.every((state) => this.#metadata.topicId(state.topic) !== ZERO_UUID);
    const version = connection.version(fetch, 4, ids ? undefined : 12);
    const asked = new Map<string, Asked>();
    for (const state of states) {
      const { seeks, fetchOffset: offset, end } = state;
      asked.set(state.name, { state, seeks, offset, end });
    }
    const body = session.request(states, this.#metadata, partitionMaxBytes, version >= 13);
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
    if (response.errorCode === 0) {
      session.answered(response.sessionId);
      return this.#answered(response, version, asked);
    }
    session.failed(response.errorCode);
    if (!sessionErrors.has(response.errorCode)) {
      for (const state of states) this.#failing.failed(state, response.errorCode);
      await this.#refresh();
    }
    return false;
  }

  /** True when records came. */
  #answered(response: Answer, version: number, asked: ReadonlyMap<string, Asked>): boolean {
    const lease = new Lease();
    let took = false;
    let empty = response.throttleTimeMs === 0;
    for (const topic of response.responses) {
      const name = version >= 13 ? this.#metadata.names.get(topic.topicId) : topic.topic;
      for (const answer of topic.partitions) {
        const of = asked.get(`${name}-${answer.partitionIndex}`);
        empty &&= isEmpty(answer);
        if (!of || of.state.seeks !== of.seeks || of.state.fetchOffset !== of.offset || of.state.revoked) continue;
        if (this.#take(of.state, answer, lease)) took = true;
      }
    }
    if (empty) for (const of of asked.values()) foundEmpty(of);
    return took;
  }

  /** True when records came. */
  #take(state: PartitionState, answer: PartitionAnswer, lease: Lease): boolean {
    if (answer.errorCode !== 0) {
      this.#failed(state, answer.errorCode);
      return false;
    }
    this.#failing.succeeded(state);
    const { records, preferredReadReplica, divergingEpoch } = answer;
    if (divergingEpoch.endOffset >= 0n) {
      const end = { epoch: divergingEpoch.epoch, offset: Number(divergingEpoch.endOffset) };
      this.#whenRead(state, () => this.#host.truncated(state, end));
      return false;
    }
    state.logEnd = Number(this.#config.readCommitted ? answer.lastStableOffset : answer.highWatermark);
    if (preferredReadReplica >= 0) state.prefer(preferredReadReplica, Date.now() + this.#config.metadataMaxAgeMs);
    if (!records || records.length === 0) return false;
    const next = nextFetchPosition(records);
    if (!next) return false;
    const start = state.fetchOffset;
    state.fetchOffset = next.offset;
    state.fetchEpoch = next.epoch;
    this.#buffered += records.length;
    const free = lease.part(records);
    const fetched = new Fetched(state, start, records, answer.abortedTransactions, this.#config, free);
    this.#host.deliver(fetched, records.length);
    return true;
  }

  #failed(state: PartitionState, code: number): void {
    if (code === Errors.OFFSET_OUT_OF_RANGE) {
      // a replica may lag, or have deleted more than the leader, which decides
      if (!state.clearPreferred()) this.#whenRead(state, () => this.#host.outOfRange(state));
      return;
    }
    try {
      if (retryAt(state, code) === 'leader') state.clearPreferred();
    } catch (error) {
      this.#host.fail(error as Error);
    }
    this.#failing.failed(state, code);
    this.#backingOff.add(state);
    void this.#refresh().finally(() => {
      this.#backingOff.delete(state);
      this.wake();
    });
  }

  /** Does not fetch the partition, and goes on with `then` once everything that was fetched of it is read. */
  #whenRead(state: PartitionState, then: () => void): void {
    const { seeks } = state;
    this.#catchingUp.add(state);
    void this.#host.allRead(state).then(() => {
      this.#catchingUp.delete(state);
      if (!state.revoked && state.seeks === seeks && !this.#closed) then();
    });
  }
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const isEmpty = ({ errorCode, records, preferredReadReplica, divergingEpoch }: PartitionAnswer): boolean =>
  errorCode === 0 && !records?.length && preferredReadReplica < 0 && divergingEpoch.endOffset < 0n;

/**
 * A whole answer without records: from where it was asked on the partition holds none, be it that it ends there, or that
 * compaction has taken the last ones. (A single partition may be left out because others filled the answer.)
 */
function foundEmpty({ state, seeks, offset, end }: Asked): void {
  if (state.seeks === seeks && state.fetchOffset === offset && state.end === end) state.emptyFrom = offset;
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

/** A new session is all it takes. */
const sessionErrors = new Set<number>([Errors.FETCH_SESSION_ID_NOT_FOUND, Errors.INVALID_FETCH_SESSION_EPOCH]);
