/** What --describe prints besides partitions: configs and active reassignments. */

import type { Cluster } from '../../client/cluster/types.js';
import { hashOrder } from '../../java/hash-order.js';
import { describeConfigs } from '../../protocol/apis/32-describe-configs.js';
import { listPartitionReassignments } from '../../protocol/apis/46-list-partition-reassignments.js';
import { check, KafkaError } from '../../protocol/errors.js';

const TOPIC_RESOURCE = 2;
const DEFAULT_SOURCE = 5;
const MIN_ISR = 'min.insync.replicas';
/** topics per request: a response has about 2 kB per topic */
const CHUNK = 1000;
const UNSUPPORTED_VERSION = 35;
const CLUSTER_AUTHORIZATION_FAILED = 31;

export interface TopicConfigs {
  /** configs that are not Kafka's defaults, in the order of the Java tool */
  readonly shown: readonly { readonly name: string; readonly value: string | null }[];
  readonly minIsr: number;
}

/** The configs of topics, by topic name: all configs, or only those that the health filters need. */
export async function configsOf(
  cluster: Cluster,
  names: readonly string[],
  which: 'all' | 'min-isr',
): Promise<Map<string, TopicConfigs>> {
  const found = new Map<string, TopicConfigs>();
  for (let at = 0; at < names.length; at += CHUNK) {
    const resources = names.slice(at, at + CHUNK).map((resourceName) => ({
      resourceType: TOPIC_RESOURCE,
      resourceName,
      configurationKeys: which === 'all' ? null : [MIN_ISR],
    }));
    const { results } = await cluster.send(describeConfigs, { resources }, { call: 'describeConfigs' });
    for (const result of results) {
      check(result.errorCode, result.errorMessage);
      found.set(result.resourceName, summary(result.configs));
    }
  }
  return found;
}

interface Entry {
  readonly name: string;
  readonly value: string | null;
  readonly configSource: number;
}

function summary(configs: readonly Entry[]): TopicConfigs {
  const changed = new Map(configs.filter((c) => c.configSource !== DEFAULT_SOURCE).map((c) => [c.name, c]));
  const order = changed.size < 2 ? [...changed.keys()] : hashOrderOf(configs).filter((name) => changed.has(name));
  const minIsr = configs.find(({ name }) => name === MIN_ISR)?.value;
  return { shown: order.map((name) => changed.get(name)!), minIsr: Number(minIsr ?? 1) };
}

/** Caches the order of config names: most topics have the same names. */
const orders = new Map<string, string[]>();

function hashOrderOf(configs: readonly Entry[]): string[] {
  const names = configs.map(({ name }) => name);
  const key = names.join();
  const order = orders.get(key) ?? hashOrder(names);
  orders.set(key, order);
  return order;
}

export interface Reassignment {
  readonly replicas: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly removingReplicas: readonly number[];
}

/** Active reassignments, by topic and partition. Empty if the user is not authorized or the broker does not support the request. */
export async function reassignments(cluster: Cluster): Promise<Map<string, Map<number, Reassignment>>> {
  try {
    const answer = await cluster.send(
      listPartitionReassignments,
      { topics: null, timeoutMs: 30_000 },
      { to: 'controller', call: 'listPartitionReassignments', errorOf: ({ errorCode }) => errorCode },
    );
    return new Map(
      answer.topics.map(({ name, partitions }) => [name, new Map(partitions.map((p) => [p.partitionIndex, p]))]),
    );
  } catch (error) {
    const code = error instanceof KafkaError ? error.code : 0;
    if (code === UNSUPPORTED_VERSION || code === CLUSTER_AUTHORIZATION_FAILED) return new Map();
    throw error;
  }
}
