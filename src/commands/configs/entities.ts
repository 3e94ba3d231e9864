/** The resource types of the entities, and their names in printed lines. */
import { Resource } from '../../client/admin/configs.js';

/** Timeout of every call of this tool, ms. */
export const TIMEOUT_MS = 30_000;

/** ConfigSource of cluster-wide dynamic broker configs */
export const DYNAMIC_DEFAULT_BROKER = 3;

/** `source`: the ConfigSource of configs set on the entity itself. */
export const RESOURCES = {
  topics: { resource: Resource.topic, source: 1, singular: 'topic' },
  brokers: { resource: Resource.broker, source: 2, singular: 'broker' },
  'broker-loggers': { resource: Resource.brokerLogger, source: 6, singular: 'broker-logger' },
  'client-metrics': { resource: Resource.clientMetrics, source: 7, singular: 'client-metric' },
  groups: { resource: Resource.group, source: 8, singular: 'group' },
} as const;
export type ResourceEntity = keyof typeof RESOURCES;

export const QUOTA_TYPES = { users: 'user', clients: 'client-id', ips: 'ip' } as const;
