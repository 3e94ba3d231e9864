/** The state that results from the records of a metadata log. Mirrors image/MetadataDelta. */
import type { MetadataRecord } from '../../broker/api.js';
import * as schema from '../../protocol/messages/metadata-records.js';
import type { AnyMessage, MessageOf } from '../../protocol/wire/schema.js';
import { applyChange, type Partition, partitionOf } from './partition.js';

type Value<M> = MessageOf<M>;

export interface Topic {
  readonly name: string;
  readonly id: string;
  readonly partitions: Map<number, Partition>;
}

export interface Broker extends Omit<Value<typeof schema.registerBrokerRecord>, 'cordonedLogDirs'> {
  readonly cordonedLogDirs: readonly string[];
}

/** FENCE (1) and UNFENCE (-1) in a BrokerRegistrationChangeRecord. */
const CHANGES: Readonly<Record<number, boolean>> = { 1: true, [-1]: false };

export class MetadataImage {
  /** by id */
  readonly topics = new Map<string, Topic>();
  readonly brokers = new Map<number, Broker>();
  readonly controllers = new Map<number, Value<typeof schema.registerControllerRecord>>();
  /** configs of a resource, keyed by "type name" */
  readonly configs = new Map<string, Map<string, string>>();
  readonly features = new Map<string, number>();
  /** keyed by the entity as JSON: names by entity type, null for the default entity */
  readonly quotas = new Map<
    string,
    { readonly entity: ReadonlyMap<string, string | null>; readonly values: Map<string, number> }
  >();
  readonly acls = new Map<string, Value<typeof schema.accessControlEntryRecord>>();
  /** keyed by "mechanism name" */
  readonly scram = new Map<string, Value<typeof schema.userScramCredentialRecord>>();
  readonly tokens = new Map<string, Value<typeof schema.delegationTokenRecord>>();
  nextProducerId = -1n;

  readonly #handlers = new Map<AnyMessage, (value: unknown) => void>();

  constructor() {
    this.#cluster();
    this.#topics();
    this.#settings();
    this.#security();
  }

  apply({ message, value }: MetadataRecord): void {
    this.#handlers.get(message)?.(value);
  }

  #on<M extends AnyMessage>(message: M, handle: (value: Value<M>) => void): void {
    this.#handlers.set(message, (value) => handle(value as Value<M>));
  }

  #cluster(): void {
    this.#on(schema.registerBrokerRecord, (record) => {
      this.brokers.set(record.brokerId, { ...record, cordonedLogDirs: record.cordonedLogDirs ?? [] });
    });
    this.#on(schema.unregisterBrokerRecord, ({ brokerId }) => this.brokers.delete(brokerId));
    this.#on(schema.registerControllerRecord, (record) => this.controllers.set(record.controllerId, record));
    this.#on(schema.unregisterControllerRecord, ({ controllerId }) => this.controllers.delete(controllerId));
    this.#on(schema.fenceBrokerRecord, ({ id }) => this.#changeBroker(id, { fenced: true }));
    this.#on(schema.unfenceBrokerRecord, ({ id }) => this.#changeBroker(id, { fenced: false }));
    this.#on(schema.brokerRegistrationChangeRecord, (record) => {
      const fenced = CHANGES[record.fenced];
      const inControlledShutdown = CHANGES[record.inControlledShutdown];
      this.#changeBroker(record.brokerId, {
        ...(fenced !== undefined && { fenced }),
        ...(inControlledShutdown !== undefined && { inControlledShutdown }),
        ...(record.logDirs.length > 0 && { logDirs: record.logDirs }),
        ...(record.cordonedLogDirs !== null && { cordonedLogDirs: record.cordonedLogDirs }),
      });
    });
  }

  #changeBroker(id: number, change: Partial<Broker>): void {
    const broker = this.brokers.get(id);
    if (broker) this.brokers.set(id, { ...broker, ...change });
  }

  #topics(): void {
    this.#on(schema.topicRecord, ({ name, topicId: id }) => this.topics.set(id, { name, id, partitions: new Map() }));
    this.#on(schema.removeTopicRecord, ({ topicId }) => {
      const topic = this.topics.get(topicId);
      this.topics.delete(topicId);
      if (topic) this.configs.delete(resourceKey(TOPIC_RESOURCE, topic.name));
    });
    this.#on(schema.partitionRecord, (record) => {
      this.topics.get(record.topicId)?.partitions.set(record.partitionId, partitionOf(record));
    });
    this.#on(schema.partitionChangeRecord, (record) => {
      const partitions = this.topics.get(record.topicId)?.partitions;
      const partition = partitions?.get(record.partitionId);
      if (partition) partitions?.set(record.partitionId, applyChange(partition, record));
    });
    this.#on(schema.clearElrRecord, ({ topicName }) => {
      const cleared = [...this.topics.values()].filter(({ name }) => topicName === '' || name === topicName);
      for (const { partitions } of cleared)
        for (const [id, partition] of partitions) partitions.set(id, { ...partition, elr: [], lastKnownElr: [] });
    });
  }

  #settings(): void {
    this.#on(schema.configRecord, ({ resourceType, resourceName, name, value }) => {
      const key = resourceKey(resourceType, resourceName);
      const configs = this.configs.get(key) ?? new Map<string, string>();
      if (value === null) configs.delete(name);
      else configs.set(name, value);
      if (configs.size === 0) this.configs.delete(key);
      else this.configs.set(key, configs);
    });
    this.#on(schema.featureLevelRecord, ({ name, featureLevel }) => {
      if (featureLevel === 0 && name !== METADATA_VERSION) this.features.delete(name);
      else this.features.set(name, featureLevel);
    });
    this.#on(schema.producerIdsRecord, ({ nextProducerId }) => {
      this.nextProducerId = nextProducerId;
    });
    this.#on(schema.clientQuotaRecord, ({ entity, key, value, remove }) => {
      const parts = new Map(entity.map(({ entityType, entityName }) => [entityType, entityName]));
      const id = JSON.stringify([...parts].sort());
      const values = this.quotas.get(id)?.values ?? new Map<string, number>();
      if (remove) values.delete(key);
      else values.set(key, value);
      if (values.size === 0) this.quotas.delete(id);
      else this.quotas.set(id, { entity: parts, values });
    });
  }

  #security(): void {
    this.#on(schema.accessControlEntryRecord, (record) => this.acls.set(record.id, record));
    this.#on(schema.removeAccessControlEntryRecord, ({ id }) => this.acls.delete(id));
    this.#on(schema.userScramCredentialRecord, (record) =>
      this.scram.set(`${record.mechanism} ${record.name}`, record),
    );
    this.#on(schema.removeUserScramCredentialRecord, ({ mechanism, name }) =>
      this.scram.delete(`${mechanism} ${name}`),
    );
    this.#on(schema.delegationTokenRecord, (record) => this.tokens.set(record.tokenId, record));
    this.#on(schema.removeDelegationTokenRecord, ({ tokenId }) => this.tokens.delete(tokenId));
  }
}

export const METADATA_VERSION = 'metadata.version';
/** ConfigResource.Type of topics */
const TOPIC_RESOURCE = 2;

const resourceKey = (type: number, name: string): string => `${type} ${name}`;
