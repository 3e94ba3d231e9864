/** What the group state machines depend on. Free of sockets and files, so that tests can provide their own. */
import type { TopicState } from '../api.js';
import type { CoordinatorRecord } from '../coordinator/record.js';
import type { Timers } from '../coordinator/timers.js';
import type { ClassicGroup } from './classic/group.js';
import type { ConsumerGroup } from './consumer/group.js';
import type { OffsetStore } from './offsets.js';
import type { ShareGroup } from './share/group.js';
import type { TopicPatterns } from './topic-patterns.js';

export type Group = ClassicGroup | ConsumerGroup | ShareGroup;

/** How the lifecycle of a share group affects its share partitions. */
export interface ShareHooks {
  /**
   * Initializes the state of these partitions with start offsets; -1 leaves the offset to share.auto.offset.reset at
   * the first fetch.
   */
  initialize(groupId: string, topicId: string, starts: ReadonlyMap<number, number>): Promise<void>;
  /** Deletes the state of these partitions. */
  remove(groupId: string, topicId: string, partitions: Iterable<number>): Promise<void>;
  memberLeft(groupId: string, memberId: string): void;
  groupEmpty(groupId: string): void;
}

/** The sender of a request. */
export interface Caller {
  readonly apiVersion: number;
  readonly clientId: string;
  readonly clientHost: string;
  /** whether it may describe a topic: a subscribed regex matches only those topics */
  readonly mayDescribe: (topic: string) => boolean;
}

/** The environment of the group state machines. */
export interface GroupContext {
  /** ms since the epoch */
  readonly now: () => number;
  readonly timers: Timers;
  readonly groups: Map<string, Group>;
  readonly offsets: OffsetStore;
  readonly patterns: TopicPatterns;
  /** set by the share coordinator */
  share: ShareHooks | undefined;
  /** a numeric broker config by Kafka's name */
  number(name: string): number;
  /** a broker config by Kafka's name */
  setting(name: string): string | number | boolean;
  /** a group's own config, which overrides the broker's: `consumer.session.timeout.ms` */
  override(groupId: string, name: string): string | undefined;
  topic(name: string): TopicState | undefined;
  topicById(id: string): TopicState | undefined;
  topicNames(): Iterable<string>;
  /** offset of the last metadata record: while it does not change, neither do the topics */
  metadataOffset(): number;
  /**
   * Appends the records of one group as one batch and resolves once they are synced to disk. If the append is rejected,
   * rejects with its KafkaError and changes nothing. With `apply`, the default, the records are replayed into the state
   * at once; pass false if the state has been changed already.
   */
  write(groupId: string, records: readonly CoordinatorRecord[], apply?: boolean): Promise<void>;
}
