/** A group coordinator without a broker: the test advances the clock, and the log is an array. */

import type { TopicState } from '../../../src/broker/api.js';
import {
  type CoordinatorRecord,
  decodeRecord,
  encodeKey,
  encodeValue,
} from '../../../src/broker/coordinator/record.js';
import { Timers } from '../../../src/broker/coordinator/timers.js';
import type { JoinResponse, SyncResponse } from '../../../src/broker/groups/classic/member.js';
import type { Caller, Group, GroupContext } from '../../../src/broker/groups/context.js';
import { join, sync } from '../../../src/broker/groups/dispatch.js';
import { OffsetStore } from '../../../src/broker/groups/offsets.js';
import { GROUP_RECORD_TYPES } from '../../../src/broker/groups/records.js';
import { replay } from '../../../src/broker/groups/replay.js';
import { resume } from '../../../src/broker/groups/resume.js';
import { TopicPatterns } from '../../../src/broker/groups/topic-patterns.js';
import { writeSubscription } from './subscription.js';

const SETTINGS: Record<string, number> = {
  'group.max.size': 2147483647,
  'group.initial.rebalance.delay.ms': 0,
  'offset.metadata.max.bytes': 4096,
  'offsets.retention.minutes': 10080,
  'group.consumer.max.size': 2147483647,
  'group.consumer.session.timeout.ms': 45_000,
  'group.consumer.heartbeat.interval.ms': 5000,
  'group.consumer.assignment.interval.ms': 1000,
};

export class TestGroups implements GroupContext {
  clock = 1_000_000;
  readonly groups = new Map<string, Group>();
  readonly offsets = new OffsetStore();
  readonly patterns = new TopicPatterns();
  share: undefined;
  readonly timers = new Timers(
    () => this.clock,
    (error) => {
      throw error;
    },
  );
  readonly settings: Record<string, number> = { ...SETTINGS };
  readonly text: Record<string, string> = {
    'group.consumer.assignors': 'uniform,range',
    'group.consumer.migration.policy': 'bidirectional',
  };
  readonly topics = new Map<string, TopicState>();
  /** the log, encoded, so that replay decodes real bytes */
  readonly written: { key: Buffer; value: Buffer | null; producerId: bigint }[] = [];
  /** the error of the next write */
  fail: Error | undefined;

  now = (): number => this.clock;
  number = (name: string): number => this.settings[name] as number;
  setting = (name: string): string | number => this.text[name] ?? this.number(name);
  override = (): string | undefined => undefined;
  topic = (name: string): TopicState | undefined => this.topics.get(name);
  topicById = (id: string): TopicState | undefined => [...this.topics.values()].find((t) => t.id === id);
  topicNames = (): Iterable<string> => this.topics.keys();
  metadataOffset = (): number =>
    this.topics.size * 1000 + [...this.topics.values()].reduce((n, t) => n + t.partitions.length, 0);

  async write(_groupId: string, records: readonly CoordinatorRecord[], apply = true): Promise<void> {
    if (this.fail) {
      const error = this.fail;
      this.fail = undefined;
      throw error;
    }
    for (const r of records) {
      const offset = this.written.push({ key: encodeKey(r), value: encodeValue(r), producerId: -1n }) - 1;
      if (apply) replay(this, r, offset, -1n);
    }
  }

  /** A new coordinator that replays the log of this one. */
  restarted(): TestGroups {
    const next = new TestGroups();
    next.clock = this.clock;
    Object.assign(next.settings, this.settings);
    for (const [offset, { key, value, producerId }] of this.written.entries()) {
      next.written.push({ key, value, producerId });
      const record = decodeRecord(GROUP_RECORD_TYPES, key, value);
      if (record) replay(next, record, offset, producerId);
    }
    for (const [name, topic] of this.topics) next.topics.set(name, topic);
    for (const group of next.groups.values()) resume(next, group);
    return next;
  }

  addTopic(name: string, partitions: number): string {
    const id = Buffer.from(name.padEnd(16)).toString('base64url');
    const list = Array.from({ length: partitions }, (_, index) => ({ index }));
    this.topics.set(name, { name, id, partitions: list } as unknown as TopicState);
    return id;
  }

  /** Advances the clock in small steps, so that timers started by timers fire too. */
  pass(ms: number): void {
    const until = this.clock + ms;
    while (this.clock < until) {
      this.clock = Math.min(until, this.clock + 100);
      this.timers.run();
    }
  }
}

export const caller = (apiVersion: number, clientId = 'c'): Caller => ({
  apiVersion,
  clientId,
  clientHost: '/127.0.0.1',
  mayDescribe: () => true,
});

export interface Pending<T> {
  response?: T;
}

export function joining(
  c: TestGroups,
  options: Partial<Parameters<typeof join>[2]> & { apiVersion?: number; topics?: string[] } = {},
): Pending<JoinResponse> {
  const pending: Pending<JoinResponse> = {};
  const { apiVersion = 9, topics = ['t'], ...request } = options;
  join(
    c,
    caller(apiVersion),
    {
      groupId: 'g',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 60_000,
      memberId: '',
      groupInstanceId: null,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: writeSubscription(topics) }],
      reason: null,
      ...request,
    },
    (response) => {
      pending.response = response;
    },
  );
  return pending;
}

export function syncing(c: TestGroups, options: Partial<Parameters<typeof sync>[1]>): Pending<SyncResponse> {
  const pending: Pending<SyncResponse> = {};
  sync(
    c,
    {
      groupId: 'g',
      generationId: 1,
      memberId: '',
      groupInstanceId: null,
      protocolType: 'consumer',
      protocolName: 'range',
      assignments: [],
      ...options,
    },
    (response) => {
      pending.response = response;
    },
  );
  return pending;
}

/** Waits for pending promises to settle. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A stable group with that many members; the first one is the leader. */
export async function stableGroup(c: TestGroups, members = 2): Promise<{ ids: string[]; generation: number }> {
  const joins = Array.from({ length: members }, () => {
    const memberId = joining(c).response?.memberId as string;
    return joining(c, { memberId });
  });
  c.pass(100);
  const ids = joins.map((j) => j.response?.memberId as string);
  const generation = joins[0]?.response?.generationId as number;
  const leader = joins[0]?.response?.leader as string;
  const assignments = ids.map((memberId) => ({ memberId, assignment: Buffer.from(`for ${memberId}`) }));
  for (const memberId of ids) {
    syncing(c, { memberId, generationId: generation, assignments: memberId === leader ? assignments : [] });
  }
  await settle();
  return { ids, generation };
}
