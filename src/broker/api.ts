/**
 * The broker's parts, as handlers and coordinators see them. `embedded.ts` is what stands behind it; whoever needs state
 * of his own per broker (a coordinator, a session cache) gets it with `part`, so that two brokers in one process share
 * nothing.
 */

import type { Partition } from '../log/partition.js';
import type { initProducerId } from '../protocol/apis/22-init-producer-id.js';
import type {
  accessControlEntryRecord,
  clientQuotaRecord,
  userScramCredentialRecord,
} from '../protocol/messages/metadata-records.js';
import type { AnyMessage, MessageInput, MessageOf, RequestOf, ResponseInput } from '../protocol/wire/schema.js';
import type { BrokerConfig } from './config/broker-config.js';
import type { RequestContext } from './request-context.js';

export interface PartitionState {
  readonly index: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly elr: readonly number[];
  readonly lastKnownElr: readonly number[];
}

export interface TopicState {
  readonly name: string;
  /** 22 characters of base64url */
  readonly id: string;
  readonly partitions: readonly PartitionState[];
}

/** A record of __cluster_metadata to be written, or just read. */
export interface MetadataRecord<M extends AnyMessage = AnyMessage> {
  readonly message: M;
  readonly version: number;
  readonly value: MessageInput<M>;
}
export const metadataRecord = <M extends AnyMessage>(
  message: M,
  value: MessageInput<M>,
  version = message.versions[1],
): MetadataRecord => ({ message, version, value });

/** Resource types of ConfigRecord. */
export const TOPIC_RESOURCE = 2;
export const BROKER_RESOURCE = 4;
export const CLIENT_METRICS_RESOURCE = 16;
export const GROUP_RESOURCE = 32;

/** Limits of a user, a client id, an address, or both of the former; a null name is the default. */
export interface Quota {
  readonly entity: MessageOf<typeof clientQuotaRecord>['entity'];
  readonly values: ReadonlyMap<string, number>;
}

/** The cluster's state, replayed from __cluster_metadata-0. */
export interface ClusterMetadata {
  topic(name: string): TopicState | undefined;
  topicById(id: string): TopicState | undefined;
  topics(): Iterable<TopicState>;
  /** A topic whose name differs from this one only by '.' and '_'. */
  collidingTopic(name: string): string | undefined;
  /** Overrides of one resource; a broker's name is its id, "" the cluster-wide default. */
  configs(resourceType: number, resourceName: string): ReadonlyMap<string, string>;
  /** names that have an override, of one resource type */
  configuredResources(resourceType: number): Iterable<string>;
  /** access control lists, by id */
  readonly acls: ReadonlyMap<string, MessageOf<typeof accessControlEntryRecord>>;
  /** by "mechanism name": "1 alice" */
  readonly scramCredentials: ReadonlyMap<string, MessageOf<typeof userScramCredentialRecord>>;
  readonly quotas: ReadonlyMap<string, Quota>;
  /** finalized feature levels, "metadata.version" among them */
  readonly features: ReadonlyMap<string, number>;
  /** offset of the last record, which is also the epoch of finalized features */
  readonly lastOffset: number;
  /** KRaft's leader epoch, and the level of its voters' format */
  readonly epoch: number;
  readonly kraftVersion: number;
  /** Writes the records as one batch, waits until it is on disk, and applies it. */
  write(records: readonly MetadataRecord[]): Promise<void>;
  /** Every record written from now on, after it was applied. Returns what unsubscribes. */
  onRecord(listener: (record: MetadataRecord) => void): () => void;
}

/** What the transaction coordinator registers with `broker.transactions = …`. */
export interface TransactionHooks {
  /** InitProducerId with a transactional id. */
  initProducerId(
    request: RequestOf<typeof initProducerId>,
    context: RequestContext,
  ): Promise<ResponseInput<typeof initProducerId>>;
  /**
   * Before a transactional batch is appended: adds the partition to the transaction where the client's version leaves that
   * to the broker (Produce v12+), else verifies that it was added. Returns an error code, 0 to go on. Synchronous
   * answers keep pipelined produce requests flowing.
   */
  verifyProduce(batch: {
    transactionalId: string | null;
    producerId: bigint;
    producerEpoch: number;
    topic: string;
    partition: number;
    apiVersion: number;
  }): number | Promise<number>;
}

export interface Endpoint {
  /** the listener's name: "PLAINTEXT" */
  readonly listener: string;
  readonly host: string;
  readonly port: number;
  readonly securityProtocol: string;
}

export interface ApiRange {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** Something with a life as long as the broker's. */
export interface Part {
  /** Called after the metadata is replayed and before the first connection is served. */
  start?(): void | Promise<void>;
  /** Called while the logs are still open. */
  stop?(): void | Promise<void>;
}

export interface Broker {
  readonly clusterId: string;
  readonly nodeId: number;
  readonly directoryId: string;
  /** where the logs lie */
  readonly logDir: string;
  readonly now: () => number;
  /** A broker setting by Kafka's name, typed by the config table: dynamic overrides first, then server.properties. */
  setting(name: string): string | number | boolean;
  /** the settings with their sources, for who describes or alters them */
  readonly config: BrokerConfig;
  readonly metadata: ClusterMetadata;
  /** The open log of a partition; undefined when the metadata has no such partition. Opens it (and makes its files) on first use. */
  log(topic: string, partition: number): Promise<Partition | undefined>;
  /** The same without waiting: undefined also when it is not open yet. */
  openLog(topic: string, partition: number): Partition | undefined;
  /**
   * Creates a topic with the broker's defaults if it is not there; an internal one with its own partitions and configs.
   * Throws KafkaError when it cannot be.
   */
  ensureTopic(name: string): Promise<TopicState>;
  /** What is registered, hence advertised. */
  readonly apis: readonly ApiRange[];
  /** Advertised endpoints, one a listener. */
  readonly endpoints: readonly Endpoint[];
  /** Called when a topic was deleted, after it left the metadata. */
  onTopicDeleted(listener: (topic: TopicState) => void): void;
  /** The one instance of a part in this broker, made on first use. Parts named in `parts.ts` are made at start. */
  part<T extends object>(make: (broker: Broker) => T): T;
  /** set by the transaction coordinator's part */
  transactions: TransactionHooks | undefined;
  /** producer ids never handed out before, also across restarts */
  nextProducerId(): Promise<bigint>;
  /** One line in the broker's log (stderr). */
  warn(line: string): void;
}
