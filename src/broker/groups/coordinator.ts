/**
 * The group coordinator: connects the group state machines to __consumer_offsets, the clock and the broker's configs.
 * Responses are sent once their records are synced to disk, so acknowledged state survives a restart.
 */

import { Errors } from '../../protocol/errors.js';
import { type Broker, type Component, GROUP_RESOURCE, type TopicState } from '../api.js';
import type { CoordinatorRecord } from '../coordinator/record.js';
import { StateLog } from '../coordinator/state-log.js';
import { Timers } from '../coordinator/timers.js';
import type { Group, GroupContext, ShareHooks } from './context.js';
import { expireAll, topicDeleted } from './expiry.js';
import { OffsetStore } from './offsets.js';
import { GROUP_RECORD_TYPES } from './records.js';
import { replay } from './replay.js';
import { resume } from './resume.js';
import { TopicPatterns } from './topic-patterns.js';

export const OFFSETS_TOPIC = '__consumer_offsets';

/** The group coordinator of one broker. */
export class GroupCoordinator implements Component, GroupContext {
  readonly groups = new Map<string, Group>();
  readonly offsets = new OffsetStore();
  readonly patterns = new TopicPatterns();
  share: ShareHooks | undefined;
  readonly timers: Timers;
  readonly log: StateLog;
  readonly #broker: Broker;

  constructor(broker: Broker) {
    this.#broker = broker;
    this.timers = new Timers(
      () => performance.now(),
      (error) => broker.warn(`group coordinator: ${(error as Error).message}`),
    );
    this.log = new StateLog(broker, {
      topic: OFFSETS_TOPIC,
      types: GROUP_RECORD_TYPES,
      baseSequence: 0,
      replay: {
        record: (record, offset, producerId) => replay(this, record, offset, producerId),
        marker: (producerId, commit) => this.offsets.replayMarker(producerId, commit),
      },
    });
    broker.onTopicDeleted((topic) => this.#onTopicDeleted(topic));
  }

  now = (): number => this.#broker.now();
  number(name: string): number {
    return this.#broker.setting(name) as number;
  }
  setting(name: string): string | number | boolean {
    return this.#broker.setting(name);
  }
  override(groupId: string, name: string): string | undefined {
    return this.#broker.metadata.configs(GROUP_RESOURCE, groupId).get(name);
  }
  topic(name: string): TopicState | undefined {
    return this.#broker.metadata.topic(name);
  }
  topicById(id: string): TopicState | undefined {
    return this.#broker.metadata.topicById(id);
  }
  *topicNames(): Iterable<string> {
    for (const { name } of this.#broker.metadata.topics()) yield name;
  }
  metadataOffset(): number {
    return this.#broker.metadata.lastOffset;
  }
  async write(groupId: string, records: readonly CoordinatorRecord[], apply = true): Promise<void> {
    await this.log.write(groupId, records, { apply });
  }

  async start(): Promise<void> {
    await this.log.load();
    for (const group of this.groups.values()) resume(this, group);
    this.#scheduleExpiry();
    this.timers.drive();
  }

  /**
   * Completes pending JoinGroup and SyncGroup requests with an error that makes members look for the coordinator again.
   */
  stop(): void {
    this.timers.stop();
    for (const group of this.groups.values()) {
      if (group.type !== 'classic') continue;
      for (const member of group.members.values()) {
        group.reply(member, { memberId: member.memberId, errorCode: Errors.NOT_COORDINATOR });
        group.replySync(member, { errorCode: Errors.NOT_COORDINATOR });
      }
    }
  }

  #scheduleExpiry(): void {
    this.timers.schedule('expiry', this.number('offsets.retention.check.interval.ms'), () => {
      expireAll(this).catch((error: Error) => this.#broker.warn(`expired offsets were not removed: ${error.message}`));
      this.#scheduleExpiry();
    });
  }

  #onTopicDeleted(topic: TopicState): void {
    if (topic.name === OFFSETS_TOPIC) {
      this.log.forget();
      this.groups.clear();
      return;
    }
    topicDeleted(this, topic.name, topic.id).catch((error: Error) =>
      this.#broker.warn(`offsets of the deleted topic ${topic.name} were not removed: ${error.message}`),
    );
  }
}

/** Obtained with `broker.component(groupCoordinator)`. */
export const groupCoordinator = (broker: Broker): GroupCoordinator => new GroupCoordinator(broker);
