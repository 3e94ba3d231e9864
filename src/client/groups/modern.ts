/**
 * Membership of a group under KIP-848 (group.protocol=consumer): one heartbeat says what is subscribed and owned, and brings
 * the assignment, which the broker computes. A pattern is evaluated here, as the Java tool does (the broker looks at its own
 * patterns every 10 minutes only). Mirrors ConsumerMembershipManager.
 */

import { randomBytes } from 'node:crypto';
import { partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import { consumerGroupHeartbeat } from '../../protocol/apis/68-consumer-group-heartbeat.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { Waiter, within } from '../cluster/waiter.js';
import type { Consumer, Membership } from '../consumer/consumer.js';
import { type Subscription, subscribedTopics, wantedTopics } from '../consumer/subscription.js';
import { CLOSING_LIMIT, GroupCoordinator } from './coordinator.js';
import { type GivingUp, giveUp } from './give-up.js';

const JOIN = 0;
const LEAVE = -1;
const LEAVE_STATIC = -2;
/** between heartbeats while readers are stopping, ms: the least interval that a broker can be told */
const KEEP_ALIVE = 1000;

const fenced = new Set([Errors.UNKNOWN_MEMBER_ID, Errors.FENCED_MEMBER_EPOCH]);

interface Target {
  readonly topicId: string;
  readonly partitions: readonly number[];
}

export class ModernGroup implements Membership {
  readonly #consumer: Consumer;
  readonly #subscription: Subscription;
  readonly #coordinator: GroupCoordinator;
  readonly #memberId = randomBytes(16).toString('base64url');
  #epoch = JOIN;
  #target: readonly Target[] | undefined;
  /** the broker does not know yet what we own now */
  #toSay = false;
  /** what the broker was told, or is to be told */
  #topics: string[] = [];
  #subscriptionToSay = true;
  #leaving = false;
  #running: Promise<void> = Promise.resolve();
  readonly #waiter = new Waiter();

  constructor(consumer: Consumer, subscription: Subscription) {
    this.#consumer = consumer;
    this.#subscription = subscription;
    this.#coordinator = new GroupCoordinator(consumer.cluster, consumer.config, consumer.metadata);
  }

  run(): Promise<void> {
    this.#running = this.#run();
    return this.#running;
  }

  async #run(): Promise<void> {
    const { metadata, config } = this.#consumer;
    metadata.want(wantedTopics(this.#subscription));
    try {
      await Promise.all([metadata.refresh(0), this.#coordinator.connect().catch((e) => this.#coordinator.recover(e))]);
      let commitAt = Date.now() + config.autoCommitIntervalMs;
      while (!this.#leaving) {
        const intervalMs = await this.#beat();
        await this.#reconcile();
        const next = Date.now() + intervalMs;
        while (
          !this.#leaving &&
          !this.#toSay &&
          !this.#subscriptionToSay &&
          this.#epoch !== JOIN &&
          Date.now() < next
        ) {
          await this.#waiter.wait(Math.min(next, config.autoCommit ? commitAt : next) - Date.now());
          if (!config.autoCommit || Date.now() < commitAt || this.#leaving) continue;
          commitAt = Date.now() + config.autoCommitIntervalMs;
          await this.#commit().catch(() => {});
        }
      }
    } catch (error) {
      if (!this.#leaving) this.#consumer.fail(error as Error);
    }
  }

  metadataChanged(): void {
    const topics = subscribedTopics(this.#subscription, this.#consumer.metadata);
    if (topics.join() !== this.#topics.join()) this.#subscriptionToSay = true;
    if (this.#subscriptionToSay) this.#waiter.wake();
    // an assigned topic whose id was not known yet may be known now
    if (this.#target && this.#unknown().length > 0) this.#waiter.wake();
  }

  async leave(): Promise<void> {
    this.#leaving = true;
    this.#coordinator.closing = true;
    this.#waiter.wake();
    if (this.#epoch === JOIN) return;
    try {
      // the answer to a heartbeat under way may bring the epoch that a commit needs
      await within(CLOSING_LIMIT, this.#running);
      await this.#commit();
      const memberEpoch = this.#consumer.config.groupInstanceId === null ? LEAVE : LEAVE_STATIC;
      await this.#coordinator.send(consumerGroupHeartbeat, this.#body(memberEpoch, {}));
    } catch {
      // the coordinator drops a member that is silent
    }
  }

  #commit(): Promise<number> {
    return this.#consumer.config.autoCommit ? this.commit() : Promise.resolve(0);
  }

  async commit(): Promise<number> {
    if (this.#epoch <= JOIN) return 0;
    const member = { memberId: this.#memberId, epoch: this.#epoch };
    return this.#coordinator.commit([...this.#consumer.partitions.values()], member);
  }

  #body(memberEpoch: number, more: object) {
    const { groupInstanceId: instanceId } = this.#consumer.config;
    return { groupId: this.#coordinator.groupId, memberId: this.#memberId, memberEpoch, instanceId, ...more };
  }

  /** What the first heartbeat of an epoch says. */
  #subscribed() {
    const { config } = this.#consumer;
    return {
      rebalanceTimeoutMs: config.rebalanceTimeoutMs,
      serverAssignor: config.remoteAssignor,
      rackId: config.rack === '' ? null : config.rack,
      subscribedTopicNames: this.#topics,
      topicPartitions: [],
    };
  }

  #told: string[] | undefined;

  /** Sends one heartbeat; returns the interval to the next, ms. */
  async #beat(): Promise<number> {
    const joining = this.#epoch === JOIN;
    if (joining || this.#subscriptionToSay) {
      this.#topics = subscribedTopics(this.#subscription, this.#consumer.metadata);
      this.#subscriptionToSay = false;
    }
    // all is said when anything is new: who only heartbeats says nothing
    const owned = { topicPartitions: this.#owned() };
    const more = joining
      ? this.#subscribed()
      : this.#topics !== this.#told
        ? { ...this.#subscribed(), ...owned }
        : this.#toSay
          ? owned
          : {};
    const telling = this.#topics;
    try {
      const response = await this.#coordinator.send(consumerGroupHeartbeat, this.#body(this.#epoch, more));
      if (response.errorCode !== 0) throw new KafkaError(response.errorCode, response.errorMessage);
      this.#toSay = false;
      this.#told = telling;
      this.#epoch = response.memberEpoch;
      if (response.assignment) this.#target = response.assignment.topicPartitions;
      return response.heartbeatIntervalMs;
    } catch (error) {
      if (error instanceof KafkaError && fenced.has(error.code)) {
        this.#epoch = JOIN;
        this.#target = undefined;
        this.#consumer.removed(this.#consumer.partitions.values());
        return 0;
      }
      await this.#coordinator.recover(explained(error));
      return 0;
    }
  }

  #owned() {
    const byId = new Map<string, number[]>();
    for (const { topic, partition } of this.#consumer.partitions.values()) {
      const id = this.#consumer.metadata.topicId(topic);
      byId.set(id, [...(byId.get(id) ?? []), partition]);
    }
    return [...byId].map(([topicId, partitions]) => ({ topicId, partitions }));
  }

  readonly #givingUp: GivingUp = {
    intervalMs: KEEP_ALIVE,
    beat: async () => {
      await this.#beat();
      return this.#epoch !== JOIN;
    },
    commit: () => this.#commit(),
    recover: (error) => this.#coordinator.recover(error),
  };

  #unknown(): readonly Target[] {
    return (this.#target ?? []).filter((topic) => !this.#consumer.metadata.names.has(topic.topicId));
  }

  /** Gives up what the target has no more, then takes what is new; the next heartbeat says so. */
  async #reconcile(): Promise<void> {
    const target = this.#target;
    if (!target || this.#leaving) return;
    const { metadata, partitions: current } = this.#consumer;
    if (this.#unknown().length > 0) {
      // topics that came into being after we asked
      await metadata.refresh(0);
    }
    const wanted: TopicPartition[] = [];
    for (const { topicId, partitions } of target) {
      const topic = metadata.names.get(topicId);
      if (topic !== undefined) for (const partition of partitions) wanted.push({ topic, partition });
    }
    const names = new Set(wanted.map(partitionName));
    const revoked = [...current.values()].filter((state) => !names.has(state.name));
    const added = wanted.filter((p) => !current.has(partitionName(p)));
    if (!(await giveUp(this.#consumer, revoked, this.#givingUp))) return;
    if (added.length > 0) {
      const member = { memberId: this.#memberId, epoch: this.#epoch };
      this.#consumer.added(await this.#coordinator.committed(added, member));
    }
    if (revoked.length + added.length > 0) this.#toSay = true;
    // one that came while readers were stopping is next
    if (this.#target === target && this.#unknown().length === 0) this.#target = undefined;
  }
}

/** A broker without the protocol, in Java's words. */
function explained(error: unknown): unknown {
  if (!(error instanceof KafkaError) || error.code !== Errors.UNSUPPORTED_VERSION) return error;
  return new KafkaError(
    error.code,
    'The cluster does not support the new CONSUMER group protocol. Set group.protocol=classic on the consumer configs to revert to the CLASSIC protocol until the cluster is upgraded.',
  );
}
