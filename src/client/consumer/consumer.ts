/**
 * A consumer of one partition, or of topics through a group. Fetching (fetcher.ts), positions and the group's membership
 * (classic-group.ts, modern-group.ts) run by themselves; `poll` hands over what has come. A record counts as consumed, and
 * is committed, only when its reader has said that it reached the user; a partition is given up only when its readers have
 * stopped (`stop`), so that what is committed then is exactly what they got to.
 */

import type { TopicPartition } from '../../kafka/topic-partition.js';
import { check } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';
import { within } from '../cluster/waiter.js';
import type { ConsumerConfig, OffsetReset } from './config.js';
import { ConsumerError } from './consumer-error.js';
import type { Fetched } from './fetched.js';
import { Fetcher, type FetcherHost } from './fetcher.js';
import { ConsumerMetadata } from './metadata.js';
import { resetOffsets } from './offset-reset.js';
import { PartitionState } from './partition-state.js';
import { positionText } from './position-text.js';
import type { EpochEnd } from './position-validation.js';
import { ReadyQueue } from './ready-queue.js';

export const EARLIEST = -2;
export const LATEST = -1;

/** Decides where new partitions start (by `seek`) and end: nothing of them is fetched before it has set their `end`. */
export type Bounds = (states: readonly PartitionState[]) => Promise<void>;

/** A group membership, as the consumer sees it. */
export interface Membership {
  /** Joins and stays joined until `leave`. Never rejects: what ends it goes to `fail`. */
  run(): Promise<void>;
  /** Commits the positions of everything that is assigned. Answers the first error code, 0 when all is well. */
  commit(): Promise<number>;
  /** Commits (where that is automatic) and leaves the group. */
  leave(): Promise<void>;
  /** topics or partitions may have changed */
  metadataChanged(): void;
}

/** Told what the group gives, and, before it is gone, what it takes away. */
export interface RebalanceListener {
  assigned(partitions: readonly TopicPartition[]): void;
  revoked(partitions: readonly TopicPartition[]): void;
}

export class Consumer implements FetcherHost {
  readonly partitions = new Map<string, PartitionState>();
  readonly metadata: ConsumerMetadata;
  readonly config: ConsumerConfig;
  readonly cluster: Cluster;
  listener: RebalanceListener | undefined;
  bounds: Bounds | undefined;
  /** told, in one line each, what the user should know though reading goes on */
  onWarning: (line: string) => void = () => {};
  readonly #fetcher: Fetcher;
  readonly #ready = new ReadyQueue<Fetched>((fetched) => {
    fetched.state.unread.end();
    this.#fetcher.consumed(fetched.records.length);
  });
  #taken = 0;
  #membership: Membership | undefined;

  constructor(cluster: Cluster, config: ConsumerConfig) {
    this.cluster = cluster;
    this.config = config;
    const { autoCreate, retryBackoffMs: backoffMs, metadataMaxAgeMs: maxAgeMs } = config;
    this.metadata = new ConsumerMetadata(cluster, { autoCreate, backoffMs, maxAgeMs });
    this.metadata.onUpdate = () => {
      this.#membership?.metadataChanged();
      this.position();
    };
    this.metadata.onError = (error) => this.fail(error);
    this.#fetcher = new Fetcher(cluster, config, this.metadata, this);
  }

  /** Reads one partition without a group, from EARLIEST, LATEST or an offset. */
  assign({ topic, partition }: TopicPartition, start: number): void {
    const state = new PartitionState(topic, partition);
    if (start < 0) state.seekToTime(start);
    else state.seek(start);
    this.partitions.set(state.name, state);
    this.#bound([state]);
    this.metadata.want([topic]);
    void this.metadata.refresh(0).catch((error) => this.fail(error as Error));
  }

  /** Reads what a group gives it. */
  subscribe(membership: Membership): void {
    this.#membership = membership;
    void membership.run();
  }

  /**
   * What came next, to be ended by its `done` or `release`; undefined when nothing did in this time, or `signal`
   * aborted. Throws what went wrong meanwhile.
   */
  async poll(timeoutMs: number, signal: AbortSignal): Promise<Fetched | undefined> {
    if (this.#taken > 0) {
      this.#fetcher.consumed(this.#taken);
      this.#taken = 0;
    }
    const next = await this.#ready.next(timeoutMs, signal);
    if (next) this.#taken = next.records.length;
    return next;
  }

  /** Commits what was consumed; throws KafkaError. */
  async commit(): Promise<void> {
    check((await this.#membership?.commit()) ?? 0);
  }

  /** Leaves the group, with what was consumed committed; bounded by the broker's answers and `timeoutMs`. */
  async close(timeoutMs = 30_000): Promise<void> {
    this.#ready.close();
    this.#fetcher.close();
    this.metadata.close();
    if (!this.#membership) return;
    // a Java consumer seeks back to what it fetched and did not hand out, and a position that was sought has no epoch
    for (const state of this.partitions.values()) if (state.fetchOffset > state.position) state.positionEpoch = -1;
    await within(timeoutMs, this.#membership.leave());
  }

  // what fetcher and membership tell

  deliver(fetched: Fetched): void {
    fetched.state.unread.begin();
    this.#ready.push(fetched);
  }

  fail(error: Error): void {
    this.#ready.fail(error);
  }

  warn(line: string): void {
    if (!this.#ready.closed) this.onWarning(line);
  }

  allRead(state: PartitionState): Promise<void> {
    return state.unread.none();
  }

  outOfRange(state: PartitionState): void {
    const time = resetTime(this.config.offsetReset);
    if (time !== undefined) {
      state.seekToTime(time);
      return this.position();
    }
    const position = positionText(state, this.metadata.brokers.get(state.leader));
    this.#lost(
      state,
      'OffsetOutOfRangeException',
      `Fetch position ${position} is out of range for partition ${state.name}`,
    );
  }

  /** Mirrors SubscriptionState.maybeCompleteValidation. */
  truncated(state: PartitionState, { offset, epoch }: EpochEnd): void {
    const time = resetTime(this.config.offsetReset);
    const known = offset >= 0 && epoch >= 0;
    if (time === undefined) {
      const diverging = known
        ? `${state.name}=OffsetAndMetadata{offset=${offset}, leaderEpoch=${epoch}, metadata=''}`
        : '';
      const message = `Truncated partitions detected with divergent offsets {${diverging}}`;
      return this.#lost(state, 'LogTruncationException', message);
    }
    const from = `Partition ${state.name} was truncated: its log had been read up to offset ${state.fetchOffset}`;
    if (known) {
      const end = Math.min(offset, state.fetchOffset);
      this.warn(`${from} and is another from offset ${end} on, where reading continues.`);
      state.seek(end, epoch);
      state.unvalidated = false;
    } else {
      this.warn(`${from}, of which nothing is left. Reading continues as auto.offset.reset says.`);
      state.seekToTime(time);
    }
    this.position();
  }

  /** The position is of no use, and no policy says where to go on. */
  #lost(state: PartitionState, exception: string, message: string): void {
    state.fetchOffset = -1;
    this.fail(new ConsumerError(`org.apache.kafka.clients.consumer.${exception}`, message));
  }

  /** The group gave these partitions, with their committed offsets (-1: none). */
  added(partitions: readonly { topic: string; partition: number; offset: number; epoch: number }[]): void {
    this.listener?.assigned(partitions);
    const without: PartitionState[] = [];
    const states: PartitionState[] = [];
    for (const { topic, partition, offset, epoch } of partitions) {
      const state = new PartitionState(topic, partition);
      states.push(state);
      this.partitions.set(state.name, state);
      if (offset >= 0) {
        state.seek(offset, epoch);
        state.committed = offset;
        continue;
      }
      const time = resetTime(this.config.offsetReset);
      if (time === undefined) without.push(state);
      else state.seekToTime(time);
    }
    if (without.length > 0) {
      const names = without.map((state) => state.name).join(', ');
      this.fail(
        new ConsumerError(
          'org.apache.kafka.clients.consumer.NoOffsetForPartitionException',
          `Undefined offset with no reset policy for partitions: [${names}]`,
        ),
      );
    }
    this.#bound(states);
    this.position();
  }

  #bound(states: readonly PartitionState[]): void {
    if (!this.bounds || states.length === 0) return;
    for (const state of states) state.end = -1;
    this.bounds(states).then(
      () => this.position(),
      (error) => this.fail(error as Error),
    );
  }

  /**
   * Has the readers of these partitions stop at the record they have got to, and drops what waits for them. Resolves when
   * the positions are final; a reader may be held up for as long as its output is.
   */
  async stop(partitions: readonly PartitionState[]): Promise<void> {
    for (const state of partitions) {
      state.revoked = true;
      state.fetchOffset = -1;
      state.reset = undefined;
    }
    await Promise.all(partitions.map((state) => state.readers.none()));
  }

  /** These are given up, stopped or not: their positions do not move any more. */
  removed(partitions: Iterable<PartitionState>): void {
    const gone = [...partitions];
    if (gone.length > 0) this.listener?.revoked(gone);
    for (const state of gone) {
      state.revoked = true;
      state.gone = true;
      this.partitions.delete(state.name);
    }
  }

  /** Looks up the positions that are open, and starts fetching where they are known. */
  position(): void {
    if (this.#ready.closed) return;
    this.#fetcher.wake();
    const open = [...this.partitions.values()].filter((state) => state.reset !== undefined && !state.resetting);
    const unled = [...this.partitions.values()].some((state) => this.metadata.leader(state.topic, state.partition) < 0);
    if (open.length === 0) {
      if (unled) this.#refresh();
      return;
    }
    for (const state of open) state.resetting = true;
    const { readCommitted, requestTimeoutMs: timeoutMs } = this.config;
    resetOffsets(this.cluster, this.metadata, open, { readCommitted, timeoutMs })
      .then((all) => {
        if (!all || unled) this.#refresh();
      })
      .catch((error) => this.fail(error as Error))
      .finally(() => {
        for (const state of open) state.resetting = false;
        this.#fetcher.wake();
      });
  }

  #refresh(): void {
    if (!this.#ready.closed) void this.metadata.refresh().catch((error) => this.fail(error as Error));
  }
}

/** undefined: an error is what is wanted. */
function resetTime(reset: OffsetReset): number | undefined {
  if (reset === 'earliest') return EARLIEST;
  if (reset === 'latest') return LATEST;
  return reset === 'none' ? undefined : Date.now() - reset.durationMs;
}
