/** The implementation of `Broker`. Created by `start.ts`, which owns the data directory and the sockets. */
import type { LogConfig, Partition } from '../log/partition.js';
import { Errors, KafkaError } from '../protocol/errors.js';
import { producerIdsRecord, removeTopicRecord } from '../protocol/messages/metadata-records.js';
import {
  type ApiRange,
  type Broker,
  type Component,
  type Endpoint,
  metadataRecord,
  TOPIC_RESOURCE,
  type TopicState,
} from './api.js';
import { components } from './components.js';
import type { BrokerConfig } from './config/broker-config.js';
import { topicLogConfig } from './config/topic-config.js';
import { handlers } from './handlers/index.js';
import type { Logs } from './logs.js';
import type { MetadataLog } from './metadata/log.js';
import { autoTopic, planTopic } from './topics.js';

const PRODUCE = 0;
/** producer ids allocated per ProducerIdsRecord, as in Kafka */
const PRODUCER_ID_BLOCK = 1000n;

/** The broker of one process. */
export class EmbeddedBroker implements Broker {
  readonly clusterId: string;
  readonly nodeId: number;
  readonly directoryId: string;
  readonly logDir: string;
  readonly config: BrokerConfig;
  readonly metadata: MetadataLog;
  readonly now = Date.now;
  transactions: Broker['transactions'];
  endpoints: readonly Endpoint[] = [];
  readonly #logs: Logs;
  readonly #warn: (line: string) => void;
  readonly #components = new Map<(broker: Broker) => object, object>();
  readonly #topicDeleted: ((topic: TopicState) => void)[] = [];
  readonly #creating = new Map<string, Promise<TopicState>>();
  #producerIds = { next: 0n, end: 0n };
  #producerIdBlock: Promise<void> | undefined;

  constructor(options: {
    clusterId: string;
    directoryId: string;
    logDir: string;
    config: BrokerConfig;
    metadata: MetadataLog;
    logs: Logs;
    warn: (line: string) => void;
  }) {
    this.clusterId = options.clusterId;
    this.directoryId = options.directoryId;
    this.logDir = options.logDir;
    this.config = options.config;
    this.nodeId = Number(options.config.setting('node.id'));
    this.metadata = options.metadata;
    this.#logs = options.logs;
    this.#warn = options.warn;
    const removed = new Map<string, TopicState>();
    this.metadata.beforeRecord = ({ message, value }) => {
      if (message !== removeTopicRecord) return;
      const { topicId } = value as { topicId: string };
      const topic = this.metadata.topicById(topicId);
      if (topic) removed.set(topicId, topic);
    };
    this.metadata.onRecord(({ message, value }) => {
      if (message !== removeTopicRecord) return;
      const { topicId } = value as { topicId: string };
      const topic = removed.get(topicId);
      removed.delete(topicId);
      if (!topic) return;
      // listeners run before the record is synced: keep the files until the deletion itself is durable
      this.#logs.delete(topic, this.metadata.settled());
      for (const listener of this.#topicDeleted) listener(topic);
    });
  }

  readonly apis: readonly ApiRange[] = handlers
    .map((h) => {
      const [low, high] = h.versions ?? h.api.versions;
      // librdkafka disables compression against a broker that does not advertise Produce v0; versions 0-2 are still
      // rejected
      return { apiKey: h.api.key, minVersion: h.api.key === PRODUCE ? 0 : low, maxVersion: high };
    })
    .sort((a, b) => a.apiKey - b.apiKey);

  setting(name: string): string | number | boolean {
    return this.config.setting(name);
  }

  openLog(topic: string, partition: number): Partition | undefined {
    return this.#logs.get(topic, partition);
  }

  async log(topic: string, partition: number): Promise<Partition | undefined> {
    const open = this.#logs.get(topic, partition);
    if (open) return open;
    // don't acknowledge anything about a topic whose creation a power failure could still undo
    await this.metadata.settled();
    const state = this.metadata.topic(topic);
    if (!state?.partitions[partition]) return undefined;
    return this.#logs.open(state, partition, () => this.#logConfig(topic));
  }

  #logConfig(topic: string): LogConfig {
    return topicLogConfig(this.metadata.configs(TOPIC_RESOURCE, topic), this.config);
  }

  async ensureTopic(name: string): Promise<TopicState> {
    const existing = this.metadata.topic(name);
    if (existing) return existing;
    let creating = this.#creating.get(name);
    if (!creating) {
      creating = this.#create(name).finally(() => this.#creating.delete(name));
      this.#creating.set(name, creating);
    }
    return creating;
  }

  async #create(name: string): Promise<TopicState> {
    await this.metadata.write(planTopic(this, autoTopic(this, name)).records);
    const topic = this.metadata.topic(name);
    if (!topic) throw new KafkaError(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    return topic;
  }

  onTopicDeleted(listener: (topic: TopicState) => void): void {
    this.#topicDeleted.push(listener);
  }

  component<T extends object>(make: (broker: Broker) => T): T {
    let component = this.#components.get(make) as T | undefined;
    if (!component) this.#components.set(make, (component = make(this)));
    return component;
  }

  async nextProducerId(): Promise<bigint> {
    while (this.#producerIds.next >= this.#producerIds.end) {
      this.#producerIdBlock ??= this.#takeBlock().finally(() => {
        this.#producerIdBlock = undefined;
      });
      await this.#producerIdBlock;
    }
    return this.#producerIds.next++;
  }

  async #takeBlock(): Promise<void> {
    const next = this.metadata.state.nextProducerId;
    const end = next + PRODUCER_ID_BLOCK;
    const record = { brokerId: this.nodeId, brokerEpoch: -1n, nextProducerId: end };
    await this.metadata.write([metadataRecord(producerIdsRecord, record)]);
    this.#producerIds = { next, end };
  }

  warn(line: string): void {
    this.#warn(line);
  }

  /** Starts the components listed in `components.ts`. */
  async start(): Promise<void> {
    for (const make of components) await this.component(make as (broker: Broker) => Component).start?.();
  }

  async stop(): Promise<void> {
    for (const component of [...this.#components.values()].reverse()) await (component as Component).stop?.();
  }
}
