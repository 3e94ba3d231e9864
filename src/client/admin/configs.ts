/** Configs of topics, brokers, groups and client metrics. Mirrors Admin.describeConfigs, incrementalAlterConfigs. */
import { describeConfigs } from '../../protocol/apis/32-describe-configs.js';
import { incrementalAlterConfigs } from '../../protocol/apis/44-incremental-alter-configs.js';
import { listConfigResources } from '../../protocol/apis/74-list-config-resources.js';
import { check, KafkaError } from '../../protocol/errors.js';
import type { Cluster, Target } from '../cluster/types.js';

/** ConfigResource.Type */
export const Resource = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const;
export type ResourceType = (typeof Resource)[keyof typeof Resource];

export interface ConfigSynonym {
  readonly name: string;
  readonly value: string | null;
  /** ConfigSource's number */
  readonly source: number;
}
export interface ConfigEntry {
  readonly name: string;
  readonly value: string | null;
  readonly configSource: number;
  readonly isSensitive: boolean;
  readonly synonyms: readonly ConfigSynonym[];
}

/** ConfigEntry.ConfigSource by number, in the names that are printed. */
export const SOURCES: Readonly<Record<number, string>> = {
  0: 'UNKNOWN',
  1: 'DYNAMIC_TOPIC_CONFIG',
  2: 'DYNAMIC_BROKER_CONFIG',
  3: 'DYNAMIC_DEFAULT_BROKER_CONFIG',
  4: 'STATIC_BROKER_CONFIG',
  5: 'DEFAULT_CONFIG',
  6: 'DYNAMIC_BROKER_LOGGER_CONFIG',
  7: 'DYNAMIC_CLIENT_METRICS_CONFIG',
  8: 'DYNAMIC_GROUP_CONFIG',
};

/** Only the broker itself knows its configs; any broker knows all others. */
function target(type: ResourceType, name: string): Target {
  return (type === Resource.broker || type === Resource.brokerLogger) && name !== '' ? { node: Number(name) } : 'any';
}

/** All configs of one resource with their sources. */
export async function configsOf(
  cluster: Cluster,
  resourceType: ResourceType,
  resourceName: string,
  timeoutMs: number,
): Promise<readonly ConfigEntry[]> {
  const { results } = await cluster.send(
    describeConfigs,
    { resources: [{ resourceType, resourceName, configurationKeys: null }], includeSynonyms: true },
    { to: target(resourceType, resourceName), controllers: true, timeoutMs, call: 'describeConfigs' },
  );
  for (const { errorCode, errorMessage } of results) {
    if (errorCode === 0) continue;
    const error = new KafkaError(errorCode, errorMessage);
    // for an unknown topic the broker sends an empty message, and Java prints none
    if (errorMessage === '') error.message = '';
    throw error;
  }
  return (results[0]?.configs ?? []).map((config) => ({ ...config, synonyms: config.synonyms ?? [] }));
}

/** Sets some configs of a resource and resets others to their default. */
export async function alterConfigs(
  cluster: Cluster,
  resourceType: ResourceType,
  resourceName: string,
  { set, unset }: { readonly set: ReadonlyMap<string, string>; readonly unset: readonly string[] },
  timeoutMs?: number,
): Promise<void> {
  const configs = [
    ...[...set].map(([name, value]) => ({ name, configOperation: 0, value })),
    ...unset.map((name) => ({ name, configOperation: 1, value: '' })),
  ];
  // a controller accepts the configs of every broker; loggers belong to one node
  const own = resourceType === Resource.brokerLogger || !cluster.atControllers;
  const to = own ? target(resourceType, resourceName) : 'any';
  const { responses } = await cluster.send(
    incrementalAlterConfigs,
    { resources: [{ resourceType, resourceName, configs }], validateOnly: false },
    { to, controllers: true, ...(timeoutMs !== undefined && { timeoutMs }), call: 'incrementalAlterConfigs' },
  );
  for (const { errorCode, errorMessage } of responses) check(errorCode, errorMessage);
}

/** The names of the resources of a type that have dynamic configs. */
export async function configResources(cluster: Cluster, type: ResourceType, timeoutMs: number): Promise<string[]> {
  const response = await cluster.send(
    listConfigResources,
    { resourceTypes: [type] },
    { timeoutMs, call: 'listConfigResources', atLeast: type === Resource.clientMetrics ? 0 : 1 },
  );
  check(response.errorCode);
  return response.configResources.filter((r) => r.resourceType === type).map((r) => r.resourceName);
}
