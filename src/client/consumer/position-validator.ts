/** Validates fetch positions after a change of leaders, each broker's in one request. Mirrors OffsetFetcher.validatePositions. */
import { KafkaError } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';
import type { PartitionState } from './partition-state.js';
import { type EpochEnd, epochEnds } from './position-validation.js';

export interface ValidationHost {
  /** some partitions can be fetched again */
  validated(): void;
  /** a leader could not be asked, or knew of another one: resolves when metadata is fresh */
  refresh(): Promise<void>;
  /** the leader's log ends before the position, or has other records there */
  truncated(state: PartitionState, end: EpochEnd): void;
  fail(error: Error): void;
}

export class PositionValidator {
  readonly #cluster: Cluster;
  readonly #timeoutMs: number;
  readonly #host: ValidationHost;
  readonly #asked = new Set<PartitionState>();

  constructor(cluster: Cluster, timeoutMs: number, host: ValidationHost) {
    this.#cluster = cluster;
    this.#timeoutMs = timeoutMs;
    this.#host = host;
  }

  /** Asks about those of the partitions whose positions are in doubt and not asked about yet. */
  validate(partitions: Iterable<PartitionState>): void {
    const byLeader = new Map<number, PartitionState[]>();
    for (const state of partitions) {
      if (!state.unvalidated || this.#asked.has(state)) continue;
      this.#asked.add(state);
      byLeader.set(state.leader, [...(byLeader.get(state.leader) ?? []), state]);
    }
    for (const [leader, states] of byLeader) void this.#ask(leader, states);
  }

  async #ask(leader: number, states: readonly PartitionState[]): Promise<void> {
    const asked = states.map((state) => ({ state, seeks: state.seeks, leaderEpoch: state.leaderEpoch }));
    let ends: ReadonlyMap<PartitionState, EpochEnd> = new Map();
    try {
      ends = await epochEnds(this.#cluster, leader, states, this.#timeoutMs);
    } catch (error) {
      if (!(error instanceof KafkaError) || !error.retriable) return this.#host.fail(error as Error);
    }
    for (const { state, seeks, leaderEpoch } of asked) {
      const end = ends.get(state);
      if (!end) continue;
      this.#asked.delete(state);
      // a position that moved or has another leader meanwhile is asked about again
      if (state.seeks === seeks && state.leaderEpoch === leaderEpoch) this.#decide(state, end);
    }
    if (ends.size < states.length) await this.#host.refresh();
    for (const state of states) this.#asked.delete(state);
    this.#host.validated();
  }

  #decide(state: PartitionState, end: EpochEnd): void {
    state.unvalidated = false;
    if (end.offset < 0 || end.epoch < 0 || end.offset < state.fetchOffset) this.#host.truncated(state, end);
  }
}
