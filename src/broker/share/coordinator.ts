/**
 * The share coordinator: the share partitions of all share groups, in memory and in __share_group_state. Combines
 * server/share/SharePartitionManager and coordinator/share/ShareCoordinatorService, as there is only one node.
 */

import { SHARE_GROUP_STATE_TOPIC } from '../../kafka/topic-names.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { type Broker, type Component, GROUP_RESOURCE, type TopicState } from '../api.js';
import { groupConfig } from '../config/group-config.js';
import type { ShareHooks } from '../groups/context.js';
import { groupCoordinator } from '../groups/coordinator.js';
import { startOffsetOf } from './offset-reset.js';
import { ShareSessions } from './sessions.js';
import { SharePartition, type ShareSettings } from './share-partition.js';
import { placeKey, type SharePlace, type ShareState, ShareStates } from './state.js';

const UNKNOWN = -1;

/** The share coordinator of one broker. */
export class ShareCoordinator implements Component, ShareHooks {
  readonly sessions = new ShareSessions();
  readonly #broker: Broker;
  readonly #states: ShareStates;
  /** the loaded share partitions, by place key */
  readonly #open = new Map<string, Promise<SharePartition>>();
  #pruning: NodeJS.Timeout | undefined;

  constructor(broker: Broker) {
    this.#broker = broker;
    this.#states = new ShareStates(broker);
    broker.component(groupCoordinator).share = this;
    broker.onTopicDeleted((topic) => {
      if (topic.name === SHARE_GROUP_STATE_TOPIC) this.#states.forget();
    });
  }

  async start(): Promise<void> {
    await this.#states.log.load();
    const every = Number(this.#broker.setting('share.coordinator.state.topic.prune.interval.ms'));
    this.#pruning = setInterval(() => void this.prune(), every).unref();
  }

  async prune(): Promise<void> {
    await this.#states
      .prune()
      .catch((error: Error) => this.#broker.warn(`${SHARE_GROUP_STATE_TOPIC} was not pruned: ${error.message}`));
  }

  stop(): void {
    clearInterval(this.#pruning);
    for (const key of [...this.#open.keys()]) this.#close(key);
  }

  setting(groupId: string, name: string): string | number | boolean {
    return groupConfig(name, this.#broker.metadata.configs(GROUP_RESOURCE, groupId), this.#broker.config);
  }

  /** acquisition lock duration, ms */
  lockMs(groupId: string): number {
    return Number(this.setting(groupId, 'share.record.lock.duration.ms'));
  }

  state(groupId: string, topicId: string, partition: number): ShareState | undefined {
    return this.#states.get({ groupId, topicId, partition });
  }

  /** The share partition, loaded if necessary. Throws KafkaError if its state is not initialized. */
  async partition(groupId: string, topic: TopicState, partition: number): Promise<SharePartition> {
    const place = { groupId, topicId: topic.id, partition };
    const key = placeKey(place);
    const known = this.#open.get(key);
    if (known) return known;
    const opening = this.#load(place, topic);
    this.#open.set(key, opening);
    opening.catch(() => this.#open.get(key) === opening && this.#open.delete(key));
    return opening;
  }

  /** The share partition if it is loaded, otherwise undefined. */
  openPartition(groupId: string, topicId: string, partition: number): Promise<SharePartition> | undefined {
    return this.#open.get(placeKey({ groupId, topicId, partition }));
  }

  async #load(place: SharePlace, topic: TopicState): Promise<SharePartition> {
    const log = await this.#broker.log(topic.name, place.partition);
    const state = this.#states.get(place);
    if (!log || !state) throw new KafkaError(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    await this.#states.log.ready(placeKey(place));
    const { groupId } = place;
    const reset = String(this.setting(groupId, 'share.auto.offset.reset'));
    const startOffset =
      state.startOffset >= 0 ? state.startOffset : await startOffsetOf(reset, log, this.#broker.now());
    return new SharePartition({
      log,
      state,
      startOffset,
      leaderEpoch: topic.partitions[place.partition]?.leaderEpoch ?? 0,
      settings: () => this.#settings(groupId),
      save: (changed) => this.#save(place, changed),
    });
  }

  /** Writes the state. If that fails, the share partition is unloaded, and reloaded from the last state written. */
  async #save(place: SharePlace, state: ShareState): Promise<void> {
    try {
      await this.#states.update(place, state);
    } catch (error) {
      this.#close(placeKey(place));
      throw error;
    }
  }

  #settings(groupId: string): ShareSettings {
    return {
      lockMs: this.lockMs(groupId),
      deliveryLimit: Number(this.setting(groupId, 'share.delivery.count.limit')),
      maxLocks: Number(this.setting(groupId, 'share.partition.max.record.locks')),
      readCommitted: this.setting(groupId, 'share.isolation.level') === 'read_committed',
    };
  }

  #close(key: string): void {
    void this.#open.get(key)?.then(
      (partition) => partition.close(),
      () => {},
    );
    this.#open.delete(key);
  }

  /** Releases the records a member has acquired in these partitions; resolves once that is written. */
  async release(groupId: string, memberId: string, places: Iterable<{ topicId: string; partition: number }>) {
    const released = [...places].map(async ({ topicId, partition }) => {
      const open = await this.#open.get(placeKey({ groupId, topicId, partition }));
      await open?.release(memberId);
    });
    await Promise.all(released);
  }

  // called by the group coordinator

  async initialize(groupId: string, topicId: string, starts: ReadonlyMap<number, number>): Promise<void> {
    const written = [...starts].map(([partition, startOffset]) => {
      const place = { groupId, topicId, partition };
      this.#close(placeKey(place));
      const stateEpoch = (this.#states.get(place)?.stateEpoch ?? UNKNOWN) + 1;
      const completeCount = startOffset === UNKNOWN ? UNKNOWN : 0;
      return this.#states.write(place, { stateEpoch, leaderEpoch: 0, startOffset, completeCount, batches: [] });
    });
    await Promise.all(written);
  }

  async remove(groupId: string, topicId: string, partitions: Iterable<number>): Promise<void> {
    const written = [...partitions].map((partition) => {
      const place = { groupId, topicId, partition };
      this.#close(placeKey(place));
      return this.#states.remove(place);
    });
    await Promise.all(written);
  }

  memberLeft(groupId: string, memberId: string): void {
    const session = this.sessions.remove(groupId, memberId);
    if (!session) return;
    this.release(groupId, memberId, session.partitions.values()).catch((error: Error) =>
      this.#broker.warn(`records of a member that left ${groupId} were not released: ${error.message}`),
    );
  }

  groupEmpty(groupId: string): void {
    for (const key of [...this.#open.keys()]) if (key.startsWith(`${groupId}:`)) this.#close(key);
  }
}

/** Obtained with `broker.component(shareCoordinator)`. */
export const shareCoordinator = (broker: Broker): ShareCoordinator => new ShareCoordinator(broker);
