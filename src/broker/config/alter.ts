/**
 * Altering configs: validates a request and returns the records to write. Mirrors ConfigAdminManager and
 * ConfigurationControlManager.
 */

import { ConfigError } from '../../java/config-def.js';
import { invalidTopicName } from '../../kafka/topic-names.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { clearElrRecord, configRecord } from '../../protocol/messages/metadata-records.js';
import {
  BROKER_RESOURCE,
  type Broker,
  CLIENT_METRICS_RESOURCE,
  GROUP_RESOURCE,
  type MetadataRecord,
  metadataRecord,
  TOPIC_RESOURCE,
} from '../api.js';
import { checkBrokerChange } from './alter-broker.js';
import { checkClientMetricsConfigs, checkGroupConfigs } from './group-config.js';
import { brokerKey, clientMetricsKeys, groupKeys, topicKeys } from './tables.js';
import { checkTopicConfigs } from './topic-config.js';

export const Operation = { SET: 0, DELETE: 1, APPEND: 2, SUBTRACT: 3 } as const;
const MAX_VALUE = 32767;
const BROKER_LOGGER = 8;

/** One change to one config, as in IncrementalAlterConfigs. */
export interface Change {
  readonly name: string;
  readonly operation: number;
  readonly value: string | null;
}
/** The resource whose configs are altered. */
export interface Resource {
  readonly type: number;
  readonly name: string;
}

const keysOf: Readonly<Record<number, { get(name: string): { type: string; default: string | null } | undefined }>> = {
  [TOPIC_RESOURCE]: topicKeys,
  [BROKER_RESOURCE]: { get: brokerKey },
  [CLIENT_METRICS_RESOURCE]: clientMetricsKeys,
  [GROUP_RESOURCE]: groupKeys,
};

const refuse = (error: keyof typeof Errors, message: string) => new KafkaError(Errors[error], message);

const LOG_LEVELS = ['DEBUG', 'ERROR', 'FATAL', 'INFO', 'TRACE', 'WARN'];

/** This broker has no loggers, but an invalid log level is rejected as in Kafka. */
function checkLevels(changes: readonly Change[]): void {
  for (const { name, operation, value } of changes) {
    if (operation !== Operation.SET || LOG_LEVELS.includes(value as string)) continue;
    const message = `Cannot set the log level of ${name} to ${value} as it is not a supported log level. Valid log levels are`;
    throw refuse('INVALID_CONFIG', `${message} ${LOG_LEVELS.join(', ')}`);
  }
}

/** The records of an IncrementalAlterConfigs for one resource. Throws KafkaError. */
export function planChanges(broker: Broker, resource: Resource, changes: readonly Change[]): MetadataRecord[] {
  checkRequest(
    resource,
    changes,
    changes.filter((c) => c.operation !== Operation.DELETE),
  );
  if (resource.type === BROKER_LOGGER) checkLevels(changes);
  const current = broker.metadata.configs(resource.type, resource.name);
  const next = new Map<string, string | null>();
  for (const change of changes) next.set(change.name, changed(resource, current.get(change.name) ?? null, change));
  return plan(broker, resource, current, next);
}

/** The records of an AlterConfigs for one resource: configs that it does not name are deleted. Throws KafkaError. */
export function planReplacement(
  broker: Broker,
  resource: Resource,
  configs: readonly { name: string; value: string | null }[],
): MetadataRecord[] {
  checkRequest(resource, configs, configs);
  if (resource.type === BROKER_LOGGER) throw refuse('INVALID_REQUEST', `Unknown resource type ${BROKER_LOGGER}`);
  const current = broker.metadata.configs(resource.type, resource.name);
  const next = new Map<string, string | null>(configs.map((c) => [c.name, c.value]));
  for (const name of current.keys()) if (!next.has(name)) next.set(name, null);
  return plan(broker, resource, current, next);
}

function checkRequest(
  resource: Resource,
  configs: readonly { name: string }[],
  valued: readonly { name: string; value: string | null }[],
): void {
  if (new Set(configs.map((c) => c.name)).size !== configs.length) {
    throw refuse('INVALID_REQUEST', 'Error due to duplicate config keys');
  }
  const nulls = valued.filter((c) => c.value === null).map((c) => c.name);
  if (nulls.length > 0) throw refuse('INVALID_REQUEST', `Null value not supported for : ${nulls.join(', ')}`);
  if (resource.type === BROKER_LOGGER) return;
  if (!(resource.type in keysOf)) throw refuse('INVALID_REQUEST', `Unknown resource type ${resource.type}`);
}

function changed(resource: Resource, current: string | null, { name, operation, value }: Change): string | null {
  if (operation === Operation.SET) return value;
  if (operation === Operation.DELETE) return null;
  const opName = operation === Operation.APPEND ? 'APPEND' : operation === Operation.SUBTRACT ? 'SUBTRACT' : undefined;
  if (opName === undefined) throw refuse('INVALID_REQUEST', `Unknown operations type ${operation}`);
  const key = keysOf[resource.type]?.get(name);
  if (resource.type === BROKER_RESOURCE) {
    if (!key) throw refuse('INVALID_CONFIG', `Unknown config name: ${name}`);
    if (key.type !== 'list') {
      throw refuse('INVALID_CONFIG', `Config value ${opName.toLowerCase()} is not allowed for config key: ${name}`);
    }
  } else if (key?.type !== 'list') {
    throw refuse('INVALID_CONFIG', `Can't ${opName} to key ${name} because its type is not LIST.`);
  }
  const items = (current ?? key.default ?? '').split(',').filter((item) => item !== '');
  const named = (value as string).split(',');
  const result = operation === Operation.APPEND ? [...items, ...named] : items.filter((item) => !named.includes(item));
  return [...new Set(result)].join(',');
}

function plan(
  broker: Broker,
  resource: Resource,
  current: ReadonlyMap<string, string>,
  next: ReadonlyMap<string, string | null>,
): MetadataRecord[] {
  const after = new Map(current);
  for (const [name, value] of next) {
    if (value === null) after.delete(name);
    else after.set(name, value);
  }
  if (resource.type === BROKER_RESOURCE) checkBrokerChange(broker, resource.name, after);
  for (const [name, value] of next) checkValue(broker, resource, name, value);
  checkResource(broker, resource, after);
  const records: MetadataRecord[] = [];
  for (const [name, value] of next) {
    if (value === (current.get(name) ?? null) && resource.type !== BROKER_RESOURCE) continue;
    records.push(
      metadataRecord(configRecord, { resourceType: resource.type, resourceName: resource.name, name, value }),
    );
  }
  const minIsr = records.some((r) => (r.value as { name: string }).name === 'min.insync.replicas');
  if (minIsr && elrEnabled(broker)) {
    records.push(metadataRecord(clearElrRecord, { topicName: resource.type === TOPIC_RESOURCE ? resource.name : '' }));
  }
  return records;
}

const elrEnabled = (broker: Broker): boolean =>
  (broker.metadata.features.get('eligible.leader.replicas.version') ?? 0) > 0;

function checkValue(broker: Broker, resource: Resource, name: string, value: string | null): void {
  if (name === 'min.insync.replicas' && resource.type === BROKER_RESOURCE && elrEnabled(broker)) {
    const message = (level: string, what: string) => `${level}-level ${name} cannot be ${what} while ELR is enabled.`;
    if (resource.name !== '') throw refuse('INVALID_CONFIG', message('Broker', 'altered'));
    if (value === null) throw refuse('INVALID_CONFIG', message('Cluster', 'removed'));
  }
  if (value !== null && value.length > MAX_VALUE) {
    const limit = `it exceeds the maximum value size of ${MAX_VALUE} bytes.`;
    throw refuse('INVALID_CONFIG', `The configuration value cannot be added because ${limit}`);
  }
}

function checkResource(broker: Broker, resource: Resource, after: ReadonlyMap<string, string>): void {
  try {
    switch (resource.type) {
      case TOPIC_RESOURCE: {
        if (resource.name === '') throw refuse('INVALID_REQUEST', 'Default topic resources are not allowed.');
        const wrong = invalidTopicName(resource.name);
        if (wrong !== null) throw refuse('INVALID_TOPIC_EXCEPTION', wrong);
        checkTopicConfigs(after, broker.config);
        if (broker.metadata.topic(resource.name)) return;
        throw refuse('UNKNOWN_TOPIC_OR_PARTITION', `The topic '${resource.name}' does not exist.`);
      }
      case GROUP_RESOURCE:
        if (resource.name === '') throw refuse('INVALID_REQUEST', 'Default group resources are not allowed.');
        return checkGroupConfigs(after, broker.config);
      case CLIENT_METRICS_RESOURCE:
        if (resource.name === '') throw refuse('INVALID_REQUEST', "Subscription name can't be empty");
        return checkClientMetricsConfigs(after);
    }
  } catch (error) {
    if (error instanceof ConfigError) throw refuse('INVALID_CONFIG', error.message);
    throw error;
  }
}
