/**
 * A member that one kind of heartbeat keeps in its group and tells what it is assigned (KIP-848's consumer groups, KIP-932's
 * share groups): joins, beats, joins again when it was fenced, leaves. Mirrors AbstractHeartbeatRequestManager.
 */
import type { TopicPartition } from '../../kafka/topic-partition.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';
import { Waiter, within } from '../cluster/waiter.js';
import type { ConsumerConfig } from '../consumer/config.js';
import type { ConsumerMetadata } from '../consumer/metadata.js';
import { CLOSING_LIMIT, GroupCoordinator } from './coordinator.js';

/** the epoch of a member that is not in the group yet, and of one that leaves it */
export const JOIN = 0;
export const LEAVE = -1;

const fenced = new Set([Errors.UNKNOWN_MEMBER_ID, Errors.FENCED_MEMBER_EPOCH]);

export type Target = readonly { readonly topicId: string; readonly partitions: readonly number[] }[];

interface HeartbeatAnswer {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly memberEpoch: number;
  readonly heartbeatIntervalMs: number;
  readonly assignment: { readonly topicPartitions: Target } | null;
}

/** The consumer that is the member. */
export interface MemberHost {
  readonly cluster: Cluster;
  readonly config: ConsumerConfig;
  readonly metadata: ConsumerMetadata;
  fail(error: Error): void;
}

export abstract class HeartbeatMember {
  protected readonly coordinator: GroupCoordinator;
  protected epoch = JOIN;
  /** the assignment, until it is taken and all of its topics are known by name */
  protected target: Target | undefined;
  protected leaving = false;
  protected readonly waiter = new Waiter();
  /** the broker may know this member: it heard of it, answered or not */
  #known = false;
  #running: Promise<void> = Promise.resolve();

  constructor(protected readonly host: MemberHost) {
    this.coordinator = new GroupCoordinator(host.cluster, host.config, host.metadata);
  }

  /** topics to know; null: all */
  protected abstract wanted(): Iterable<string> | null;
  /** Sends what the broker does not know yet, or that we are there. */
  protected abstract heartbeat(epoch: number): Promise<HeartbeatAnswer>;
  /** Takes the assignment. */
  protected abstract reconcile(target: Target): Promise<void>;
  /** The group dropped this member: what it had is others'. */
  protected abstract lost(): void;
  /** Waits until this time (ms) for something to do, or does it. */
  protected abstract rest(until: number): Promise<void>;
  /** the next heartbeat is not to wait */
  protected abstract hasNews(): boolean;
  /** What a broker without this kind of group is called in Java's words. */
  protected abstract readonly unsupported: string;

  /** Joins and stays joined until `leave`. Never rejects: what ends it goes to the host. */
  run(): Promise<void> {
    this.#running = this.#run();
    return this.#running;
  }

  async #run(): Promise<void> {
    const { metadata } = this.host;
    metadata.want(this.wanted());
    try {
      await Promise.all([metadata.refresh(0), this.coordinator.connect().catch((e) => this.coordinator.recover(e))]);
      while (!this.leaving) {
        const next = Date.now() + (await this.beat());
        await this.take();
        while (!this.leaving && this.epoch !== JOIN && Date.now() < next && !this.hasNews()) await this.rest(next);
      }
    } catch (error) {
      if (!this.leaving) this.host.fail(this.#explained(error as Error));
    }
  }

  /** Sends one heartbeat; the time to the next, ms. */
  protected async beat(): Promise<number> {
    try {
      this.#known = true;
      const answer = await this.heartbeat(this.epoch);
      if (answer.errorCode !== 0) throw new KafkaError(answer.errorCode, answer.errorMessage);
      this.epoch = answer.memberEpoch;
      if (answer.assignment) this.target = answer.assignment.topicPartitions;
      return answer.heartbeatIntervalMs;
    } catch (error) {
      if (error instanceof KafkaError && fenced.has(error.code)) {
        this.epoch = JOIN;
        this.#known = false;
        this.target = undefined;
        this.lost();
      } else await this.coordinator.recover(error);
      return 0;
    }
  }

  /** Takes the assignment, if there is a new one, or one of which not all was known. */
  protected async take(): Promise<void> {
    const { target } = this;
    if (!target || this.leaving) return;
    // topics that came into being after we asked
    if (this.#unknown(target)) await this.host.metadata.refresh(0);
    await this.reconcile(target);
    // another may have come meanwhile: it is next
    if (this.target === target && !this.#unknown(target)) this.target = undefined;
  }

  /** The partitions of an assignment, as far as their topics are known by name. */
  protected partitionsOf(target: Target): TopicPartition[] {
    return target.flatMap(({ topicId, partitions }) => {
      const topic = this.host.metadata.names.get(topicId);
      return topic === undefined ? [] : partitions.map((partition) => ({ topic, partition }));
    });
  }

  #unknown(target: Target): boolean {
    return target.some(({ topicId }) => !this.host.metadata.names.has(topicId));
  }

  /** A topic whose id was not known yet may be known now. */
  metadataChanged(): void {
    if (this.target || this.hasNews()) this.waiter.wake();
  }

  /** Leaves, with `epoch`, after `last` (a commit). What fails is not waited for: the coordinator drops a silent member. */
  protected async leaveWith(epoch: number, last: () => Promise<unknown>): Promise<void> {
    this.leaving = true;
    this.coordinator.closing = true;
    this.waiter.wake();
    if (!this.#known) return;
    try {
      // the answer to a heartbeat under way may bring the epoch that a commit needs
      await within(CLOSING_LIMIT, this.#running);
      await last();
      await this.heartbeat(epoch);
    } catch {
      // it is dropped when it is silent
    }
  }

  #explained(error: Error): Error {
    if (!(error instanceof KafkaError) || error.code !== Errors.UNSUPPORTED_VERSION) return error;
    return new KafkaError(error.code, this.unsupported);
  }
}
