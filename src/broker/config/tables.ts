/** The config tables, by name. */

import { atLeast, type ConfigKey } from '../../java/config-def.js';
import { BROKER_ROWS, type UpdateMode } from '../../kafka/broker-configs.js';
import { CLIENT_METRICS_ROWS, GROUP_ROWS, TOPIC_ROWS } from '../../kafka/resource-configs.js';

/** The definition of a broker config. */
export interface BrokerKey extends ConfigKey {
  readonly update: UpdateMode;
}
/** The definition of a topic or group config. */
export interface ResourceKey extends ConfigKey {
  /** the broker config that provides the default */
  readonly setting: string | null;
}

const byName = <K extends ConfigKey>(keys: readonly K[]): ReadonlyMap<string, K> =>
  new Map(keys.map((key) => [key.name, key]));

const resource = (rows: typeof TOPIC_ROWS): ReadonlyMap<string, ResourceKey> =>
  byName(rows.map(([name, type, byDefault, setting, check]) => ({ name, type, default: byDefault, setting, check })));

export const brokerKeys = byName<BrokerKey>(
  BROKER_ROWS.map(([name, type, byDefault, update, check]) => ({ name, type, default: byDefault, update, check })),
);
export const topicKeys = resource(TOPIC_ROWS);
export const groupKeys = resource(GROUP_ROWS);
export const clientMetricsKeys = resource(CLIENT_METRICS_ROWS);

/**
 * Configs that can only be set dynamically: replication throttles, which are stored but have no effect on a single
 * node.
 */
const dynamicOnly = byName<BrokerKey>(
  [
    'leader.replication.throttled.rate',
    'follower.replication.throttled.rate',
    'replica.alter.log.dirs.io.max.bytes.per.second',
  ].map((name) => ({ name, type: 'long', default: '9223372036854775807', update: 'cluster-wide', check: atLeast(0) })),
);

const SYNONYMS = [
  ['log.roll.ms', 'log.roll.hours'],
  ['log.roll.jitter.ms', 'log.roll.jitter.hours'],
  ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours'],
];
const LISTENER_OVERRIDE = /^listener\.name\.[^.]*\.(.*)$/;
/** configs given as listener.name.LISTENER.MECHANISM.NAME */
const PER_MECHANISM = [
  'sasl.jaas.config',
  'sasl.login.callback.handler.class',
  'sasl.login.class',
  'sasl.server.callback.handler.class',
  'connections.max.reauth.ms',
];

/**
 * The names under which a config can be set, highest precedence first. Mirrors
 * DynamicBrokerConfig.brokerConfigSynonyms.
 */
export function brokerSynonyms(name: string): readonly string[] {
  if (name === 'log.flush.interval.ms') return [name, 'log.flush.scheduler.interval.ms'];
  const group = SYNONYMS.find((names) => names.includes(name));
  if (group) return group;
  const base = LISTENER_OVERRIDE.exec(name)?.[1];
  if (base === undefined) return [name];
  return [name, PER_MECHANISM.find((one) => base.endsWith(one)) ?? base];
}

/** The definition of a broker config, also under a listener prefix. */
export function brokerKey(name: string): BrokerKey | undefined {
  for (const synonym of brokerSynonyms(name)) {
    const key = brokerKeys.get(synonym) ?? dynamicOnly.get(synonym);
    if (key) return brokerKeys.get(name) ?? dynamicOnly.get(name) ?? { ...key, name };
  }
  return undefined;
}
