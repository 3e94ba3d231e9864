/**
 * Membership of a classic group: JoinGroup, SyncGroup, heartbeats on the group's own connection, commits of what was
 * consumed, LeaveGroup. Mirrors clients/consumer/internals/{Abstract,Consumer}Coordinator.
 *
 * Eager, with Java's default assignors: everything is given up before the group is joined again. With
 * cooperative-sticky alone, only what moves is.
 */

import { partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import { joinGroup } from '../../protocol/apis/11-join-group.js';
import { heartbeat } from '../../protocol/apis/12-heartbeat.js';
import { leaveGroup } from '../../protocol/apis/13-leave-group.js';
import { syncGroup } from '../../protocol/apis/14-sync-group.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { Waiter, within } from '../cluster/waiter.js';
import type { Consumer, Membership } from '../consumer/consumer.js';
import type { PartitionState } from '../consumer/partition-state.js';
import { type Subscription, subscribedTopics, wantedTopics } from '../consumer/subscription.js';
import type { PartitionCounts } from './assignment.js';
import { assign } from './assignors.js';
import { CLOSING_LIMIT, GroupCoordinator } from './coordinator.js';
import { giveUp } from './give-up.js';
import { decodeAssignment, decodeSubscription, encodeAssignment, encodeSubscription } from './messages.js';

/** what the sync of a group may take that is to be left, ms */
const REJOIN_LIMIT = 2000;

const lostMember = new Set([Errors.UNKNOWN_MEMBER_ID, Errors.ILLEGAL_GENERATION]);

export class ClassicGroup implements Membership {
  readonly #consumer: Consumer;
  readonly #subscription: Subscription;
  readonly #coordinator: GroupCoordinator;
  readonly #cooperative: boolean;
  #memberId = '';
  #generation = -1;
  #topics: string[] = [];
  /** what the leader shared out: topics and their sizes */
  #shared: PartitionCounts | undefined;
  /** where partitions stood that were given up to join again */
  readonly #positions = new Map<string, PartitionState>();
  #rejoin = true;
  #reason = '';
  #joining = false;
  #leaving = false;
  #running: Promise<void> = Promise.resolve();
  readonly #waiter = new Waiter();

  constructor(consumer: Consumer, subscription: Subscription) {
    this.#consumer = consumer;
    this.#subscription = subscription;
    this.#coordinator = new GroupCoordinator(consumer.cluster, consumer.config, consumer.metadata);
    this.#cooperative = consumer.config.assignors.every((name) => name === 'cooperative-sticky');
  }

  run(): Promise<void> {
    this.#running = this.#run();
    return this.#running;
  }

  async #run(): Promise<void> {
    const { metadata } = this.#consumer;
    metadata.want(wantedTopics(this.#subscription));
    try {
      await Promise.all([metadata.refresh(0), this.#coordinator.connect().catch((e) => this.#coordinator.recover(e))]);
      while (!this.#leaving) {
        await this.#join();
        await this.#stay();
      }
    } catch (error) {
      if (!this.#leaving) this.#consumer.fail(error as Error);
    }
  }

  metadataChanged(): void {
    const topics = subscribedTopics(this.#subscription, this.#consumer.metadata);
    const counts = this.#shared;
    const resized =
      counts &&
      [...counts].some(
        ([topic, count]) => count !== (this.#consumer.metadata.topics.get(topic)?.partitions.length ?? 0),
      );
    if (this.#joining || (topics.join() === this.#topics.join() && !resized)) return;
    this.#askRejoin('cached metadata has changed');
  }

  async leave(): Promise<void> {
    this.#leaving = true;
    this.#coordinator.closing = true;
    this.#waiter.wake();
    // the answer under way may bring the id that the group waits for: a member that does not come holds up all of it
    if (this.#memberId === '' && this.#joining) await within(CLOSING_LIMIT, this.#running);
    if (this.#memberId === '') return;
    try {
      await this.#leavingCommit();
      const { groupInstanceId } = this.#consumer.config;
      if (groupInstanceId !== null) return;
      const reason = 'the consumer is being closed';
      const members = [{ memberId: this.#memberId, groupInstanceId, reason }];
      await this.#coordinator.send(
        leaveGroup,
        { groupId: this.#coordinator.groupId, memberId: this.#memberId, members },
        { purpose: this.#purpose },
      );
    } catch {
      // the coordinator drops a member that is silent
    }
  }

  /** After a JoinGroup that waits for others, nothing is answered on the group's own connection. */
  get #purpose(): 'group' | '' {
    return this.#joining ? '' : 'group';
  }

  /** While members sync, the group takes no commits: what is still owned then is committed when they have. */
  async #leavingCommit(): Promise<void> {
    if ((await this.#commitAll(this.#purpose)) === 0) return;
    await within(REJOIN_LIMIT, this.#running);
    await this.#commitAll(this.#purpose);
  }

  #askRejoin(reason: string): void {
    this.#rejoin = true;
    this.#reason = reason;
    this.#waiter.wake();
  }

  get #member() {
    return { memberId: this.#memberId, epoch: this.#generation };
  }

  #reset(): void {
    this.#memberId = '';
    this.#generation = -1;
    this.#consumer.removed(this.#consumer.partitions.values());
  }

  async #commitAll(purpose?: string): Promise<number> {
    return this.#consumer.config.autoCommit ? this.commit(purpose) : 0;
  }

  async commit(purpose?: string): Promise<number> {
    if (this.#generation < 0) return 0;
    return this.#coordinator.commit([...this.#consumer.partitions.values()], this.#member, purpose);
  }

  /** False when the group dropped this member meanwhile. */
  async #giveUp(partitions: readonly PartitionState[]): Promise<boolean> {
    const given = await giveUp(this.#consumer, partitions, {
      intervalMs: this.#consumer.config.heartbeatIntervalMs,
      beat: () => this.#keepAlive(),
      commit: () => this.#commitAll(),
      recover: (error) => this.#coordinator.recover(error),
    });
    if (!given) this.#reset();
    return given;
  }

  /** A heartbeat whatever the group is at. */
  async #keepAlive(): Promise<boolean> {
    try {
      return !lostMember.has(await this.#beat());
    } catch (error) {
      await this.#coordinator.recover(error);
      return true;
    }
  }

  async #beat(): Promise<number> {
    const { memberId, epoch: generationId } = this.#member;
    const { groupInstanceId } = this.#consumer.config;
    const body = { groupId: this.#coordinator.groupId, generationId, memberId, groupInstanceId };
    return (await this.#coordinator.send(heartbeat, body)).errorCode;
  }

  /** Joins and syncs until there is an assignment, and takes it. */
  async #join(): Promise<void> {
    this.#joining = true;
    try {
      if (this.#cooperative) await this.#commitAll().catch(() => {});
      else {
        const all = [...this.#consumer.partitions.values()];
        for (const state of all) this.#positions.set(state.name, state);
        await this.#giveUp(all);
      }
      while (this.#rejoin && !this.#leaving) {
        try {
          const assigned = await this.#tryJoin();
          if (!assigned) continue;
          this.#rejoin = false;
          await this.#take(assigned);
        } catch (error) {
          if (error instanceof KafkaError && lostMember.has(error.code)) this.#reset();
          else if (!this.#leaving) await this.#coordinator.recover(error);
        }
      }
    } finally {
      this.#joining = false;
    }
    // what changed while we joined
    this.metadataChanged();
  }

  async #tryJoin(): Promise<TopicPartition[] | undefined> {
    const { config, metadata } = this.#consumer;
    this.#topics = subscribedTopics(this.#subscription, metadata);
    const owned = this.#cooperative ? [...this.#consumer.partitions.values()] : [];
    const joined = await this.#coordinator.send(
      joinGroup,
      {
        groupId: config.groupId,
        sessionTimeoutMs: config.sessionTimeoutMs,
        rebalanceTimeoutMs: config.rebalanceTimeoutMs,
        memberId: this.#memberId,
        groupInstanceId: config.groupInstanceId,
        protocolType: 'consumer',
        protocols: config.assignors.map((name) => ({
          name,
          metadata: encodeSubscription(name, this.#topics, owned, this.#generation, config.rack),
        })),
        reason: this.#reason,
      },
      { timeoutMs: config.rebalanceTimeoutMs + 5000 },
    );
    if (joined.errorCode === Errors.MEMBER_ID_REQUIRED) {
      this.#memberId = joined.memberId;
      this.#reason = 'need to re-join with the given member-id';
      return undefined;
    }
    if (joined.errorCode !== 0) throw groupError(joined.errorCode, config.groupId);
    this.#memberId = joined.memberId;
    this.#generation = joined.generationId;
    const leads = joined.leader === joined.memberId && !joined.skipAssignment;
    const synced = await this.#coordinator.send(syncGroup, {
      groupId: config.groupId,
      generationId: joined.generationId,
      memberId: joined.memberId,
      groupInstanceId: config.groupInstanceId,
      protocolType: 'consumer',
      protocolName: joined.protocolName,
      assignments: leads ? await this.#shareOut(joined.protocolName ?? '', joined.members) : [],
    });
    if (synced.errorCode !== 0) throw groupError(synced.errorCode, config.groupId);
    if (!leads) this.#shared = undefined;
    return decodeAssignment(synced.assignment);
  }

  async #shareOut(
    assignor: string,
    list: readonly { memberId: string; groupInstanceId: string | null; metadata: Buffer }[],
  ): Promise<{ memberId: string; assignment: Buffer }[]> {
    const { metadata } = this.#consumer;
    const members = list.map((m) => ({ ...m, ...decodeSubscription(m.metadata) }));
    const topics = new Set(members.flatMap((m) => m.topics));
    if (wantedTopics(this.#subscription) !== null && [...topics].some((topic) => !this.#topics.includes(topic))) {
      metadata.want([...this.#topics, ...topics]);
      await metadata.refresh(0);
    }
    const counts = new Map([...topics].map((topic) => [topic, metadata.topics.get(topic)?.partitions.length ?? 0]));
    this.#shared = counts;
    return [...assign(assignor, members, counts)].map(([memberId, partitions]) => ({
      memberId,
      assignment: encodeAssignment(partitions),
    }));
  }

  async #take(assigned: readonly TopicPartition[]): Promise<void> {
    const names = new Set(assigned.map(partitionName));
    const current = this.#consumer.partitions;
    const revoked = [...current.values()].filter((state) => !names.has(state.name));
    if (revoked.length > 0) {
      if (!(await this.#giveUp(revoked))) {
        this.#rejoin = true;
        return;
      }
      // what was let go can be given to its new owner
      this.#rejoin = true;
      this.#reason = 'need to revoke partitions and re-join';
    }
    const added = assigned.filter((p) => !current.has(partitionName(p)));
    const committed = await this.#coordinator.committed(added, undefined);
    this.#consumer.added(
      committed.map((p) => {
        // a group that commits nothing goes on where it was: Java would start anew, and print everything twice
        const before = p.offset < 0 ? this.#positions.get(partitionName(p)) : undefined;
        return before && before.position >= 0 ? { ...p, offset: before.position, epoch: before.positionEpoch } : p;
      }),
    );
    this.#positions.clear();
  }

  /** Heartbeats and commits until the group has to be joined again, or left. */
  async #stay(): Promise<void> {
    const { heartbeatIntervalMs, autoCommitIntervalMs, autoCommit } = this.#consumer.config;
    let beat = Date.now() + heartbeatIntervalMs;
    let commit = autoCommit ? Date.now() + autoCommitIntervalMs : Number.POSITIVE_INFINITY;
    while (!this.#rejoin && !this.#leaving) {
      await this.#waiter.wait(Math.min(beat, commit) - Date.now());
      if (this.#leaving) return;
      try {
        if (Date.now() >= commit) {
          commit = Date.now() + autoCommitIntervalMs;
          this.#answer(await this.#commitAll());
        }
        if (Date.now() >= beat && !this.#rejoin) {
          beat = Date.now() + heartbeatIntervalMs;
          this.#answer(await this.#beat());
        }
      } catch (error) {
        if (this.#leaving) return;
        if (error instanceof KafkaError && lostMember.has(error.code)) {
          this.#reset();
          this.#askRejoin(`encountered ${error.error} from the coordinator`);
        } else await this.#coordinator.recover(error);
      }
    }
  }

  #answer(code: number): void {
    if (code === Errors.REBALANCE_IN_PROGRESS) this.#askRejoin('group is already rebalancing');
    else if (code !== 0) throw groupError(code, this.#coordinator.groupId);
  }
}

const groupError = (code: number, groupId: string): KafkaError =>
  code === Errors.GROUP_AUTHORIZATION_FAILED
    ? new KafkaError(code, `Not authorized to access group: ${groupId}`)
    : new KafkaError(code);
