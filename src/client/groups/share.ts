/**
 * Membership of a share group (KIP-932): heartbeats say what is subscribed and bring the assignment, which is taken as it
 * comes: nothing has to be given up first. Mirrors ShareMembershipManager and ShareHeartbeatRequestManager.
 */

import type { TopicPartition } from '../../kafka/topic-partition.js';
import { shareGroupHeartbeat } from '../../protocol/apis/76-share-group-heartbeat.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';
import { Waiter } from '../cluster/waiter.js';
import type { ConsumerMetadata } from '../consumer/metadata.js';
import type { ShareConsumerConfig } from '../consumer/share-config.js';
import { GroupCoordinator } from './coordinator.js';

const JOIN = 0;
const LEAVE = -1;

const fenced = new Set([Errors.UNKNOWN_MEMBER_ID, Errors.FENCED_MEMBER_EPOCH]);

export interface ShareGroupHost {
  readonly cluster: Cluster;
  readonly config: ShareConsumerConfig;
  readonly metadata: ConsumerMetadata;
  /** these partitions, and no others, are to be fetched now */
  assigned(partitions: readonly TopicPartition[]): void;
  fail(error: Error): void;
}

type Target = readonly { readonly topicId: string; readonly partitions: readonly number[] }[];

export class ShareGroup {
  readonly #host: ShareGroupHost;
  readonly #memberId: string;
  readonly #topics: readonly string[];
  readonly #coordinator: GroupCoordinator;
  #epoch = JOIN;
  /** the assignment, until all of its topics are known by name */
  #target: Target | undefined;
  #leaving = false;
  readonly #waiter = new Waiter();

  constructor(host: ShareGroupHost, memberId: string, topics: readonly string[]) {
    this.#host = host;
    this.#memberId = memberId;
    this.#topics = topics;
    this.#coordinator = new GroupCoordinator(host.cluster, host.config, host.metadata);
  }

  /** Joins and stays joined until `leave`. Never rejects: what ends it goes to the host. */
  async run(): Promise<void> {
    const { metadata } = this.#host;
    metadata.want(this.#topics);
    try {
      await Promise.all([metadata.refresh(0), this.#coordinator.connect().catch((e) => this.#coordinator.recover(e))]);
      while (!this.#leaving) {
        const next = Date.now() + (await this.#beat());
        await this.#take();
        while (!this.#leaving && this.#epoch !== JOIN && Date.now() < next) {
          await this.#waiter.wait(next - Date.now());
          await this.#take();
        }
      }
    } catch (error) {
      if (!this.#leaving) this.#host.fail(explained(error));
    }
  }

  /** An assigned topic whose id was not known yet may be known now. */
  metadataChanged(): void {
    if (this.#target) this.#waiter.wake();
  }

  async leave(): Promise<void> {
    this.#leaving = true;
    this.#coordinator.closing = true;
    this.#waiter.wake();
    if (this.#epoch === JOIN) return;
    try {
      await this.#coordinator.send(shareGroupHeartbeat, this.#body(LEAVE, {}));
    } catch {
      // the coordinator drops a member that is silent
    }
  }

  #body(memberEpoch: number, more: object) {
    return { groupId: this.#coordinator.groupId, memberId: this.#memberId, memberEpoch, ...more };
  }

  /** Sends one heartbeat; returns the interval to the next, ms. */
  async #beat(): Promise<number> {
    const rackId = this.#host.config.rack || null;
    const more = this.#epoch === JOIN ? { rackId, subscribedTopicNames: [...this.#topics] } : {};
    try {
      const response = await this.#coordinator.send(shareGroupHeartbeat, this.#body(this.#epoch, more));
      if (response.errorCode !== 0) throw new KafkaError(response.errorCode, response.errorMessage);
      if (this.#leaving) return 0;
      this.#epoch = response.memberEpoch;
      if (response.assignment) this.#target = response.assignment.topicPartitions;
      return response.heartbeatIntervalMs;
    } catch (error) {
      if (error instanceof KafkaError && fenced.has(error.code)) {
        this.#epoch = JOIN;
        this.#target = undefined;
        this.#host.assigned([]);
        return 0;
      }
      await this.#coordinator.recover(error);
      return 0;
    }
  }

  async #take(): Promise<void> {
    const { metadata } = this.#host;
    const target = this.#target;
    if (!target || this.#leaving) return;
    const unknown = () => target.some(({ topicId }) => !metadata.names.has(topicId));
    if (unknown()) await metadata.refresh(0);
    if (!unknown()) this.#target = undefined;
    this.#host.assigned(
      target.flatMap(({ topicId, partitions }) => {
        const topic = metadata.names.get(topicId);
        return topic === undefined ? [] : partitions.map((partition) => ({ topic, partition }));
      }),
    );
  }
}

/** A broker without share groups, in Java's words. */
function explained(error: unknown): Error {
  if (!(error instanceof KafkaError) || error.code !== Errors.UNSUPPORTED_VERSION) return error as Error;
  const text = 'The cluster does not support the share group protocol';
  return new KafkaError(
    error.code,
    `${text} using ShareGroupHeartbeat API version 1 or later. This version of the API was introduced in Apache Kafka v4.1.`,
  );
}
