/**
 * Creating and deleting topics, adding partitions: validates a request in Kafka's order and with its messages, then
 * writes one metadata batch. Mirrors ReplicationControlManager; a single node assigns every replica to itself.
 */

import { ConfigError } from '../java/config-def.js';
import {
  GROUP_METADATA_TOPIC,
  invalidTopicName,
  SHARE_GROUP_STATE_TOPIC,
  TRANSACTION_STATE_TOPIC,
} from '../kafka/topic-names.js';
import { Errors, errorText, KafkaError } from '../protocol/errors.js';
import {
  clearElrRecord,
  configRecord,
  partitionRecord,
  removeTopicRecord,
  topicRecord,
} from '../protocol/messages/metadata-records.js';
import { type Broker, type MetadataRecord, metadataRecord, TOPIC_RESOURCE, type TopicState } from './api.js';
import { checkTopicConfigs } from './config/topic-config.js';
import { randomUuid } from './uuid.js';

/** A topic to create, as in CreateTopics. */
export interface NewTopic {
  readonly name: string;
  /** -1: the broker's default */
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly assignments: readonly { readonly partitionIndex: number; readonly brokerIds: readonly number[] }[];
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}
/** A validated topic and the records that create it. */
export interface PlannedTopic {
  readonly name: string;
  readonly id: string;
  readonly partitions: number;
  readonly configs: ReadonlyMap<string, string>;
  readonly records: readonly MetadataRecord[];
}

/** Kafka's limit per request: a metadata batch is atomic. */
const MAX_PARTITIONS_PER_REQUEST = 10_000;
const MAX_CONFIG_VALUE = 32767;
const ELR_LEVEL = 23;
const DIRECTORIES_LEVEL = 17;

/** Throws KafkaError if a request creates too many partitions in total. */
export function checkTotalPartitions(topics: readonly NewTopic[], byDefault: number): void {
  let total = 0;
  for (const topic of topics) {
    if (topic.assignments.length > 0) total += topic.assignments.length;
    else if (topic.numPartitions === -1) total += byDefault;
    else if (topic.numPartitions > 0) total += topic.numPartitions;
  }
  if (total > MAX_PARTITIONS_PER_REQUEST) {
    throw new KafkaError(Errors.POLICY_VIOLATION, 'Excessively large number of partitions per request.');
  }
}

/** Validates a topic and returns the records that would create it. Throws KafkaError. */
export function planTopic(broker: Broker, topic: NewTopic): PlannedTopic {
  checkName(broker, topic.name);
  const configs = checkConfigs(broker, topic);
  const partitions = topic.assignments.length > 0 ? checkAssignments(broker, topic) : checkCounts(broker, topic);
  const id = randomUuid();
  const records = [metadataRecord(topicRecord, { name: topic.name, topicId: id })];
  for (const [name, value] of configs) {
    records.push(metadataRecord(configRecord, { resourceType: TOPIC_RESOURCE, resourceName: topic.name, name, value }));
  }
  if (configs.has('min.insync.replicas') && elrEnabled(broker)) {
    records.push(metadataRecord(clearElrRecord, { topicName: topic.name }));
  }
  for (let index = 0; index < partitions; index++) records.push(partition(broker, id, index));
  return { name: topic.name, id, partitions, configs, records };
}

function checkName(broker: Broker, name: string): void {
  const exists = broker.metadata.topic(name) !== undefined;
  if (exists) throw new KafkaError(Errors.TOPIC_ALREADY_EXISTS, `Topic '${name}' already exists.`);
  const colliding = broker.metadata.collidingTopic(name);
  if (colliding !== undefined) {
    throw new KafkaError(Errors.INVALID_TOPIC_EXCEPTION, `Topic '${name}' collides with existing topic: ${colliding}`);
  }
  const invalid = invalidTopicName(name);
  if (invalid !== null) throw new KafkaError(Errors.INVALID_TOPIC_EXCEPTION, invalid);
}

function checkConfigs(broker: Broker, topic: NewTopic): ReadonlyMap<string, string> {
  const nulls = topic.configs.filter((c) => c.value === null).map((c) => c.name);
  if (nulls.length > 0) {
    throw new KafkaError(Errors.INVALID_CONFIG, `Null value not supported for topic configs: ${nulls.join(',')}`);
  }
  const configs = new Map(topic.configs.map((c) => [c.name, c.value as string]));
  for (const value of configs.values()) {
    if (value.length > MAX_CONFIG_VALUE) {
      throw new KafkaError(
        Errors.INVALID_CONFIG,
        'The configuration value cannot be added because it exceeds the maximum value size of 32767 bytes.',
      );
    }
  }
  try {
    if (configs.size > 0) checkTopicConfigs(configs, broker.config);
  } catch (error) {
    if (error instanceof ConfigError) throw new KafkaError(Errors.INVALID_CONFIG, error.message);
    throw error;
  }
  return configs;
}

function checkCounts(broker: Broker, topic: NewTopic): number {
  if (topic.replicationFactor < -1 || topic.replicationFactor === 0) {
    throw new KafkaError(
      Errors.INVALID_REPLICATION_FACTOR,
      'Replication factor must be larger than 0, or -1 to use the default value.',
    );
  }
  if (topic.numPartitions < -1 || topic.numPartitions === 0) {
    throw new KafkaError(Errors.INVALID_PARTITIONS, 'Number of partitions was set to an invalid non-positive value.');
  }
  const factor =
    topic.replicationFactor === -1 ? Number(broker.setting('default.replication.factor')) : topic.replicationFactor;
  if (factor > 1) {
    throw new KafkaError(
      Errors.INVALID_REPLICATION_FACTOR,
      `Unable to replicate the partition ${factor} time(s): ${tooFewBrokers(factor)}`,
    );
  }
  return topic.numPartitions === -1 ? Number(broker.setting('num.partitions')) : topic.numPartitions;
}

const tooFewBrokers = (factor: number): string =>
  `The target replication factor of ${factor} cannot be reached because only 1 broker(s) are registered or some brokers have all their log directories cordoned.`;

function checkAssignments(broker: Broker, topic: NewTopic): number {
  const manual = 'A manual partition assignment was specified, but';
  if (topic.replicationFactor !== -1) {
    throw new KafkaError(Errors.INVALID_REQUEST, `${manual} replication factor was not set to -1.`);
  }
  if (topic.numPartitions !== -1) {
    throw new KafkaError(Errors.INVALID_REQUEST, `${manual} numPartitions was not set to -1.`);
  }
  const seen = new Set<number>();
  let factor: number | undefined;
  for (const { partitionIndex, brokerIds } of topic.assignments) {
    if (seen.has(partitionIndex)) {
      throw new KafkaError(
        Errors.INVALID_REPLICA_ASSIGNMENT,
        `Found multiple manual partition assignments for partition ${partitionIndex}`,
      );
    }
    checkManualAssignment(broker, brokerIds, factor);
    factor = brokerIds.length;
    seen.add(partitionIndex);
  }
  for (let i = 0; i < seen.size; i++) {
    if (!seen.has(i)) {
      throw new KafkaError(
        Errors.INVALID_REPLICA_ASSIGNMENT,
        'partitions should be a consecutive 0-based integer sequence',
      );
    }
  }
  return seen.size;
}

/**
 * Throws KafkaError for an invalid replica assignment. `factor` is the replication factor of the existing partitions.
 */
export function checkManualAssignment(broker: Broker, brokerIds: readonly number[], factor?: number): void {
  const manual = 'The manual partition assignment includes';
  const refuse = (why: string): never => {
    throw new KafkaError(Errors.INVALID_REPLICA_ASSIGNMENT, why);
  };
  if (brokerIds.length === 0) refuse(`${manual} an empty replica list.`);
  let previous: number | undefined;
  for (const id of [...brokerIds].sort((a, b) => a - b)) {
    if (id !== broker.nodeId) refuse(`${manual} broker ${id}, but no such broker is registered.`);
    if (id === previous) refuse(`${manual} the broker ${id} more than once.`);
    previous = id;
  }
  if (factor !== undefined && brokerIds.length !== factor) {
    refuse(
      `${manual} a partition with ${brokerIds.length} replica(s), but this is not consistent with previous partitions, which have ${factor} replica(s).`,
    );
  }
}

const level = (broker: Broker): number => broker.metadata.features.get('metadata.version') ?? 0;
const elrEnabled = (broker: Broker): boolean =>
  level(broker) >= ELR_LEVEL && (broker.metadata.features.get('eligible.leader.replicas.version') ?? 0) > 0;

const partition = (broker: Broker, topicId: string, partitionId: number): MetadataRecord =>
  metadataRecord(
    partitionRecord,
    {
      partitionId,
      topicId,
      replicas: [broker.nodeId],
      isr: [broker.nodeId],
      removingReplicas: [],
      addingReplicas: [],
      leader: broker.nodeId,
      leaderEpoch: 0,
      partitionEpoch: 0,
      directories: [broker.directoryId],
    },
    level(broker) >= ELR_LEVEL ? 2 : level(broker) >= DIRECTORIES_LEVEL ? 1 : 0,
  );

/** Validates and returns the records that would add partitions up to `count`. Throws KafkaError. */
export function planPartitions(
  broker: Broker,
  name: string,
  count: number,
  assignments: readonly { readonly brokerIds: readonly number[] }[] | null,
): MetadataRecord[] {
  const topic = broker.metadata.topic(name);
  if (!topic) throw new KafkaError(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  const now = topic.partitions.length;
  if (count === now) throw new KafkaError(Errors.INVALID_PARTITIONS, `Topic already has ${now} partition(s).`);
  if (count < now) {
    throw new KafkaError(
      Errors.INVALID_PARTITIONS,
      `The topic ${name} currently has ${now} partition(s); ${count} would not be an increase.`,
    );
  }
  if (count - now > MAX_PARTITIONS_PER_REQUEST) {
    throw new KafkaError(Errors.POLICY_VIOLATION, 'Excessively large number of partitions per request.');
  }
  if (assignments !== null) {
    if (assignments.length !== count - now) {
      throw new KafkaError(
        Errors.INVALID_REPLICA_ASSIGNMENT,
        `Attempted to add ${count - now} additional partition(s), but only ${assignments.length} assignment(s) were specified.`,
      );
    }
    const factor = topic.partitions[0]?.replicas.length ?? 1;
    for (const { brokerIds } of assignments) checkManualAssignment(broker, brokerIds, factor);
  }
  return Array.from({ length: count - now }, (_, i) => partition(broker, topic.id, now + i));
}

/** Removes the topic from the metadata; its logs and the coordinators' state follow. */
export async function deleteTopic(broker: Broker, topic: TopicState): Promise<void> {
  await broker.metadata.write([metadataRecord(removeTopicRecord, { topicId: topic.id })]);
}

/** A topic created without a CreateTopics request: on a client's first use, or an internal topic. */
export function autoTopic(broker: Broker, name: string): NewTopic {
  const number = (setting: string): number => Number(broker.setting(setting));
  const internal = (numPartitions: number, configs: Record<string, string>): NewTopic => ({
    name,
    numPartitions,
    replicationFactor: 1,
    assignments: [],
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  });
  switch (name) {
    case GROUP_METADATA_TOPIC:
      return internal(number('offsets.topic.num.partitions'), {
        'compression.type': 'producer',
        'cleanup.policy': 'compact',
        'segment.bytes': String(number('offsets.topic.segment.bytes')),
      });
    case TRANSACTION_STATE_TOPIC:
      return internal(number('transaction.state.log.num.partitions'), {
        'compression.type': 'uncompressed',
        'cleanup.policy': 'compact',
        'min.insync.replicas': String(number('transaction.state.log.min.isr')),
        'segment.bytes': String(number('transaction.state.log.segment.bytes')),
        'unclean.leader.election.enable': 'false',
      });
    case SHARE_GROUP_STATE_TOPIC:
      return internal(number('share.coordinator.state.topic.num.partitions'), {
        'cleanup.policy': 'delete',
        'compression.type': 'producer',
        'min.insync.replicas': String(number('share.coordinator.state.topic.min.isr')),
        'retention.ms': '-1',
        'segment.bytes': String(number('share.coordinator.state.topic.segment.bytes')),
      });
    default:
      return { name, numPartitions: -1, replicationFactor: -1, assignments: [], configs: [] };
  }
}

/** The error fields of a response; Kafka always sets a message. */
export const failure = (error: unknown): { errorCode: number; errorMessage: string } => {
  if (error instanceof KafkaError) return { errorCode: error.code, errorMessage: error.message };
  return { errorCode: Errors.UNKNOWN_SERVER_ERROR, errorMessage: errorText(Errors.UNKNOWN_SERVER_ERROR) };
};
