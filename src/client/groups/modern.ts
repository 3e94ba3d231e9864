/**
 * Membership of a group under KIP-848 (group.protocol=consumer): one heartbeat says what is subscribed and owned, and brings
 * the assignment, which the broker computes. A pattern is evaluated here, as the Java tool does (the broker looks at its own
 * patterns every 10 minutes only). Mirrors ConsumerMembershipManager.
 */

import { randomBytes } from 'node:crypto';
import { byTopic, partitionName } from '../../kafka/topic-partition.js';
import { consumerGroupHeartbeat } from '../../protocol/apis/68-consumer-group-heartbeat.js';
import type { Consumer, Membership } from '../consumer/consumer.js';
import { type Subscription, subscribedTopics, wantedTopics } from '../consumer/subscription.js';
import { type GivingUp, giveUp } from './give-up.js';
import { HeartbeatMember, JOIN, LEAVE, type Target } from './heartbeat-member.js';

const LEAVE_STATIC = -2;
/** between heartbeats while readers are stopping, ms: the least interval that a broker can be told */
const KEEP_ALIVE = 1000;

/** What a member has to say of itself: topics it subscribes to, and what it owns, each as one text. */
interface Said {
  readonly topics: string;
  readonly owned: string;
}

export class ModernGroup extends HeartbeatMember implements Membership {
  protected readonly unsupported =
    'The cluster does not support the new CONSUMER group protocol. Set group.protocol=classic on the consumer configs to revert to the CLASSIC protocol until the cluster is upgraded.';
  readonly #memberId = randomBytes(16).toString('base64url');
  /** what the broker knows */
  #told: Said = { topics: '', owned: '' };
  #commitAt: number;

  constructor(
    protected override readonly host: Consumer,
    private readonly subscription: Subscription,
  ) {
    super(host);
    this.#commitAt = Date.now() + host.config.autoCommitIntervalMs;
  }

  leave(): Promise<void> {
    const epoch = this.host.config.groupInstanceId === null ? LEAVE : LEAVE_STATIC;
    return this.leaveWith(epoch, () => this.#autoCommit());
  }

  async commit(): Promise<number> {
    if (this.epoch <= JOIN) return 0;
    return this.coordinator.commit([...this.host.partitions.values()], this.#member);
  }

  get #member() {
    return { memberId: this.#memberId, epoch: this.epoch };
  }

  #autoCommit(): Promise<number> {
    return this.host.config.autoCommit ? this.commit() : Promise.resolve(0);
  }

  protected wanted(): Iterable<string> | null {
    return wantedTopics(this.subscription);
  }

  protected hasNews(): boolean {
    if (this.epoch <= JOIN) return false;
    const { topics, owned } = this.#toSay();
    return topics !== this.#told.topics || owned !== this.#told.owned;
  }

  #toSay(): Said {
    const topics = subscribedTopics(this.subscription, this.host.metadata).join();
    return { topics, owned: [...this.host.partitions.keys()].join() };
  }

  protected async heartbeat(memberEpoch: number) {
    const { config } = this.host;
    const { groupId } = this.coordinator;
    const saying = this.#toSay();
    const who = { groupId, memberId: this.#memberId, memberEpoch, instanceId: config.groupInstanceId };
    const answer = await this.coordinator.send(consumerGroupHeartbeat, { ...who, ...this.#news(memberEpoch, saying) });
    if (answer.errorCode === 0) this.#told = memberEpoch === JOIN ? { ...saying, owned: '' } : saying;
    return answer;
  }

  /** Everything when the member joins or its subscription is new, what it owns when that is; else that it is there. */
  #news(memberEpoch: number, saying: Said) {
    if (memberEpoch < JOIN) return {};
    const owned = { topicPartitions: memberEpoch === JOIN ? [] : this.#owned() };
    const { config } = this.host;
    if (memberEpoch === JOIN || saying.topics !== this.#told.topics) {
      return {
        rebalanceTimeoutMs: config.rebalanceTimeoutMs,
        serverAssignor: config.remoteAssignor,
        rackId: config.rack === '' ? null : config.rack,
        subscribedTopicNames: subscribedTopics(this.subscription, this.host.metadata),
        ...owned,
      };
    }
    return saying.owned === this.#told.owned ? {} : owned;
  }

  #owned() {
    return [...byTopic(this.host.partitions.values())].map(([topic, partitions]) => ({
      topicId: this.host.metadata.topicId(topic),
      partitions,
    }));
  }

  protected lost(): void {
    this.host.removed(this.host.partitions.values());
  }

  /** Waits for the next heartbeat, or commits in between. */
  protected async rest(until: number): Promise<void> {
    const { autoCommit, autoCommitIntervalMs } = this.host.config;
    await this.waiter.wait(Math.min(until, autoCommit ? this.#commitAt : until) - Date.now());
    await this.take();
    if (!autoCommit || Date.now() < this.#commitAt || this.leaving) return;
    this.#commitAt = Date.now() + autoCommitIntervalMs;
    await this.commit().catch(() => {});
  }

  readonly #givingUp: GivingUp = {
    intervalMs: KEEP_ALIVE,
    beat: async () => {
      await this.beat();
      return this.epoch !== JOIN;
    },
    commit: () => this.#autoCommit(),
    recover: (error) => this.coordinator.recover(error),
  };

  /** Gives up what the target has no more, then takes what is new; the next heartbeat says so. */
  protected async reconcile(target: Target): Promise<void> {
    const { partitions: current } = this.host;
    const wanted = this.partitionsOf(target);
    const names = new Set(wanted.map(partitionName));
    const revoked = [...current.values()].filter((state) => !names.has(state.name));
    const added = wanted.filter((p) => !current.has(partitionName(p)));
    if (!(await giveUp(this.host, revoked, this.#givingUp))) return;
    if (added.length > 0) this.host.added(await this.coordinator.committed(added, this.#member));
  }
}
