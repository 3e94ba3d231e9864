/** A fake broker with only what the coordinators use: topics, logs in memory, a clock advanced by the test. */
import type { Broker, Component, TopicState } from '../../../src/broker/api.js';
import type { Partition } from '../../../src/log/partition.js';
import { RecordCursor } from '../../../src/protocol/records/cursor.js';
import {
  assignOffset,
  batchSize,
  isControl,
  lastOffset,
  readBatchHeader,
} from '../../../src/protocol/records/layout.js';

const SETTINGS: Record<string, number | boolean> = {
  'transaction.max.timeout.ms': 900_000,
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': 10_000,
  'transaction.remove.expired.transaction.cleanup.interval.ms': 3_600_000,
  'transactional.id.expiration.ms': 604_800_000,
  'transaction.partition.verification.enable': true,
  'offset.metadata.max.bytes': 4096,
  'offsets.retention.check.interval.ms': 600_000,
  'group.max.size': 2147483647,
};

class MemoryLog {
  batches: Buffer[] = [];
  /** the error of the next append */
  fail: Error | undefined;
  logStartOffset = 0;
  logEndOffset = 0;

  append(records: Buffer): { baseOffset: number } {
    if (this.fail) {
      const error = this.fail;
      this.fail = undefined;
      throw error;
    }
    const baseOffset = this.logEndOffset;
    for (let at = 0; at < records.length; at += batchSize(records, at)) {
      const batch = Buffer.from(records.subarray(at, at + batchSize(records, at)));
      assignOffset(batch, 0, this.logEndOffset, 0);
      this.logEndOffset = lastOffset(batch, 0) + 1;
      this.batches.push(batch);
    }
    return { baseOffset };
  }
  async sync(): Promise<void> {}
  async read(offset: number): Promise<{ records: Buffer }> {
    return { records: Buffer.concat(this.batches.filter((b) => lastOffset(b, 0) >= offset)) };
  }
}

export class FakeBroker {
  clock = 1_700_000_000_000;
  readonly logs = new Map<string, MemoryLog>();
  readonly topics = new Map<string, TopicState>();
  readonly warnings: string[] = [];
  #ids = 1000n;
  #components = new Map<unknown, Component>();

  static with(logs: Map<string, MemoryLog>, topics: Map<string, TopicState>): FakeBroker {
    const broker = new FakeBroker();
    for (const [k, v] of logs) broker.logs.set(k, v);
    for (const [k, v] of topics) broker.topics.set(k, v);
    broker.#ids = 5000n;
    return broker;
  }
  get broker(): Broker {
    const openLog = (topic: string, partition: number) => {
      if (!this.topics.get(topic)?.partitions[partition]) return undefined;
      const key = `${topic}-${partition}`;
      let log = this.logs.get(key);
      if (!log) this.logs.set(key, (log = new MemoryLog()));
      return log as unknown as Partition;
    };
    const broker = {
      now: () => this.clock,
      setting: (name: string) => SETTINGS[name],
      metadata: { topic: (name: string) => this.topics.get(name), features: new Map([['transaction.version', 2]]) },
      openLog,
      log: async (topic: string, partition: number) => openLog(topic, partition),
      ensureTopic: async (name: string) => this.topics.get(name) ?? this.topic(name, 5),
      onTopicDeleted: () => {},
      component: (make: (b: Broker) => Component) => {
        let part = this.#components.get(make);
        if (!part) this.#components.set(make, (part = make(broker)));
        return part;
      },
      nextProducerId: async () => this.#ids++,
      warn: (line: string) => this.warnings.push(line),
    } as unknown as Broker;
    return broker;
  }
  topic(name: string, partitions: number): TopicState {
    const state = {
      name,
      id: 'AAAAAAAAAAAAAAAAAAAAAg',
      partitions: Array.from({ length: partitions }, (_, index) => ({ index, leaderEpoch: 0 })),
    } as unknown as TopicState;
    this.topics.set(name, state);
    return state;
  }
  log(topic: string, partition: number): MemoryLog {
    return this.logs.get(`${topic}-${partition}`) as MemoryLog;
  }
  /** The markers in a partition, as "commit 1000/1". */
  markers(topic: string, partition: number): string[] {
    const cursor = new RecordCursor();
    return (this.log(topic, partition)?.batches ?? [])
      .filter((b) => isControl(b, 0))
      .map((b) => {
        const { producerId, producerEpoch } = readBatchHeader(b);
        cursor.open(b);
        cursor.next();
        return `${cursor.key()?.readInt16BE(2) === 1 ? 'commit' : 'abort'} ${producerId}/${producerEpoch}`;
      });
  }
}
