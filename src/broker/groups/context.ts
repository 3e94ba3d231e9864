/** What the group state machines work with. Nothing here knows a socket or a file: tests hand in their own. */
import type { TopicState } from '../api.js';
import type { CoordinatorRecord } from '../coordinator/record.js';
import type { Timers } from '../coordinator/timers.js';
import type { ClassicGroup } from './classic/group.js';
import type { ConsumerGroup } from './consumer/group.js';
import type { OffsetStore } from './offsets.js';
import type { ShareGroup } from './share/group.js';
import type { TopicPatterns } from './topic-patterns.js';

export type Group = ClassicGroup | ConsumerGroup | ShareGroup;

/** What a share group's life means to the partitions it reads. */
export interface ShareHooks {
  /** Writes where a group starts in these partitions; -1: to be found when it is read first. */
  initialize(groupId: string, topicId: string, starts: ReadonlyMap<number, number>): Promise<void>;
  /** Forgets the state of these partitions. */
  remove(groupId: string, topicId: string, partitions: Iterable<number>): Promise<void>;
  memberLeft(groupId: string, memberId: string): void;
  groupEmpty(groupId: string): void;
}

/** Who asks. */
export interface Caller {
  readonly apiVersion: number;
  readonly clientId: string;
  readonly clientHost: string;
  /** whether a topic may be described: a regular expression matches no others */
  readonly mayDescribe: (topic: string) => boolean;
}

export interface GroupContext {
  /** ms since the epoch */
  readonly now: () => number;
  readonly timers: Timers;
  readonly groups: Map<string, Group>;
  readonly offsets: OffsetStore;
  readonly patterns: TopicPatterns;
  /** set by the share coordinator's part */
  share: ShareHooks | undefined;
  /** a number setting of the broker by Kafka's name */
  number(name: string): number;
  /** any setting of the broker by Kafka's name */
  setting(name: string): string | number | boolean;
  /** a group's own override of a setting: `consumer.session.timeout.ms` */
  override(groupId: string, name: string): string | undefined;
  topic(name: string): TopicState | undefined;
  topicById(id: string): TopicState | undefined;
  topicNames(): Iterable<string>;
  /** offset of the last metadata record: as long as it stays, so do the topics */
  metadataOffset(): number;
  /**
   * Appends the records of one group as one batch; resolves when they are on disk, rejects with a KafkaError when they are
   * refused, and then nothing changed. `apply` (the default) replays them into the state at once; records of a state that
   * has changed already are not applied.
   */
  write(groupId: string, records: readonly CoordinatorRecord[], apply?: boolean): Promise<void>;
}
