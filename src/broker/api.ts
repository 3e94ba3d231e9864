/**
 * The broker as handlers and coordinators see it; `embedded.ts` implements it. State that belongs to one broker (a
 * coordinator, a session cache) is obtained with `component`, so that two brokers in one process share nothing.
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

/** A partition as PartitionRecord describes it. */
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

/** A topic with its partitions. */
export interface TopicState {
  readonly name: string;
  /** 22 characters of base64url */
  readonly id: string;
  readonly partitions: readonly PartitionState[];
}

/** A record of __cluster_metadata, either read from the log or about to be written. */
export interface MetadataRecord<M extends AnyMessage = AnyMessage> {
  readonly message: M;
  readonly version: number;
  readonly value: MessageInput<M>;
}
/** Builds a MetadataRecord; the version defaults to the highest one of the message. */
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

/** Quotas of a user, a client id, a user's client id, or an IP address; a null name is the default entity. */
export interface Quota {
  readonly entity: MessageOf<typeof clientQuotaRecord>['entity'];
  readonly values: ReadonlyMap<string, number>;
}

/** The cluster's state, replayed from __cluster_metadata-0. */
export interface ClusterMetadata {
  topic(name: string): TopicState | undefined;
  topicById(id: string): TopicState | undefined;
  topics(): Iterable<TopicState>;
  /** A topic whose name collides with this one: equal once '.' and '_' are treated as the same character. */
  collidingTopic(name: string): string | undefined;
  /** Dynamic configs of one resource. A broker's name is its node id, "" is the cluster-wide default. */
  configs(resourceType: number, resourceName: string): ReadonlyMap<string, string>;
  /** names of the resources of one type that have dynamic configs */
  configuredResources(resourceType: number): Iterable<string>;
  /** ACLs by id */
  readonly acls: ReadonlyMap<string, MessageOf<typeof accessControlEntryRecord>>;
  /** by SCRAM mechanism number and user name: "1 alice" */
  readonly scramCredentials: ReadonlyMap<string, MessageOf<typeof userScramCredentialRecord>>;
  readonly quotas: ReadonlyMap<string, Quota>;
  /** finalized feature levels, "metadata.version" among them */
  readonly features: ReadonlyMap<string, number>;
  /** offset of the last applied record; ApiVersions reports it as the finalized features epoch */
  readonly lastOffset: number;
  /** KRaft's leader epoch, and below it the finalized kraft.version */
  readonly epoch: number;
  readonly kraftVersion: number;
  /** Appends the records as one batch, applies it, and resolves once it is synced to disk. */
  write(records: readonly MetadataRecord[]): Promise<void>;
  /**
   * Calls `listener` for every record written from now on, once it has been applied. Returns a function that
   * unsubscribes.
   */
  onRecord(listener: (record: MetadataRecord) => void): () => void;
}

/** The transaction coordinator as other handlers call it; the coordinator assigns itself to `broker.transactions`. */
export interface TransactionHooks {
  /** InitProducerId with a transactional id. */
  initProducerId(
    request: RequestOf<typeof initProducerId>,
    context: RequestContext,
  ): Promise<ResponseInput<typeof initProducerId>>;
  /**
   * Called before a transactional batch is appended. Adds the partition to the transaction if the client relies on the
   * broker for that (Produce v12+, KIP-890), otherwise verifies that it was added. Returns an error code, 0 for
   * success. It answers synchronously if it can, so that pipelined produce requests keep flowing.
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

/** An advertised address of the broker. */
export interface Endpoint {
  /** the listener's name: "PLAINTEXT" */
  readonly listener: string;
  readonly host: string;
  readonly port: number;
  readonly securityProtocol: string;
}

/** The versions of one API key, as ApiVersions reports them. */
export interface ApiRange {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** A component that lives as long as the broker. */
export interface Component {
  /** Called after the metadata is replayed and before the first connection is served. */
  start?(): void | Promise<void>;
  /** Called while the logs are still open. */
  stop?(): void | Promise<void>;
}

/** One running broker. */
export interface Broker {
  readonly clusterId: string;
  readonly nodeId: number;
  readonly directoryId: string;
  /** the directory that holds the logs */
  readonly logDir: string;
  /** current time in milliseconds since the epoch */
  readonly now: () => number;
  /** A broker config by Kafka's name, parsed to its type: dynamic overrides take precedence over server.properties. */
  setting(name: string): string | number | boolean;
  /** all configs with their sources, for DescribeConfigs and AlterConfigs */
  readonly config: BrokerConfig;
  readonly metadata: ClusterMetadata;
  /**
   * The log of a partition; undefined if the metadata has no such partition. Opens the log, and creates its files, on
   * first use.
   */
  log(topic: string, partition: number): Promise<Partition | undefined>;
  /** The log of a partition if it is already open, otherwise undefined. */
  openLog(topic: string, partition: number): Partition | undefined;
  /**
   * Returns the topic, creating it with the broker's defaults if it does not exist; an internal topic gets its own
   * partition count and configs. Throws KafkaError if it cannot be created.
   */
  ensureTopic(name: string): Promise<TopicState>;
  /** The registered handlers' APIs, as ApiVersions advertises them. */
  readonly apis: readonly ApiRange[];
  /** Advertised endpoints, one per listener. */
  readonly endpoints: readonly Endpoint[];
  /** Registers a listener that is called when a topic has been deleted and removed from the metadata. */
  onTopicDeleted(listener: (topic: TopicState) => void): void;
  /**
   * This broker's only instance of a component, created on first use. Those listed in `components.ts` are created at
   * startup.
   */
  component<T extends object>(make: (broker: Broker) => T): T;
  /** set by the transaction coordinator */
  transactions: TransactionHooks | undefined;
  /** A producer id that was never allocated before, not even before a restart. */
  nextProducerId(): Promise<bigint>;
  /** Writes one line to the broker's log (stderr). */
  warn(line: string): void;
}
