/** DescribeConfigs for each resource type. Mirrors ConfigHelper. */

import { type ConfigType, type Parsed, parseConfig } from '../../java/config-def.js';
import { type BrokerConfig, Source, type Synonym } from './broker-config.js';
import { brokerKey, brokerKeys, clientMetricsKeys, groupKeys, type ResourceKey, topicKeys } from './tables.js';
import { inherited, type Overrides } from './topic-config.js';

/** ConfigType as DescribeConfigs v3+ numbers it; 0 is UNKNOWN. */
const TYPE_IDS: Readonly<Record<ConfigType, number>> = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9,
};

/** One config in a DescribeConfigs response. */
export interface Described {
  name: string;
  value: string | null;
  readOnly: boolean;
  configSource: number;
  isSensitive: boolean;
  synonyms: { name: string; value: string | null; source: number }[];
  configType: number;
  documentation: null;
}

function described(
  name: string,
  type: ConfigType | undefined,
  value: string | null,
  synonyms: readonly Synonym[],
  readOnly: boolean,
): Described {
  // a config of unknown type may be a secret
  const isSensitive = type === undefined || type === 'password';
  const hide = (text: string | null) => (isSensitive ? null : text);
  return {
    name,
    value: hide(value),
    readOnly,
    configSource: synonyms[0]?.source ?? Source.DEFAULT,
    isSensitive,
    synonyms: synonyms.map((s) => ({ ...s, value: hide(s.value) })),
    configType: type === undefined ? 0 : TYPE_IDS[type],
    documentation: null,
  };
}

/** All configs of the broker. */
export function describeBroker(config: BrokerConfig): Described[] {
  const names = [...brokerKeys.values()].filter((key) => key.update !== 'internal').map((key) => key.name);
  const others = [config.properties, config.dynamicCluster, config.dynamicBroker].flatMap((values) =>
    [...values.keys()].filter((name) => !brokerKeys.has(name)),
  );
  return [...new Set(others), ...names].map((name) => {
    const key = brokerKey(name);
    const raw = config.raw(name);
    const value = key && raw !== null ? parseConfig(key, raw).text : raw;
    return described(name, key?.type, value, config.synonyms(name), isReadOnly(name));
  });
}

/** The dynamic cluster-wide defaults. */
export function describeCluster(config: BrokerConfig): Described[] {
  return [...config.dynamicCluster].map(([name, value]) => {
    const synonyms = config.synonyms(name).filter((s) => s.source === Source.DYNAMIC_DEFAULT_BROKER);
    return described(name, brokerKey(name)?.type, value, synonyms, isReadOnly(name));
  });
}

const isReadOnly = (name: string): boolean => {
  const update = (brokerKeys.get(name) ?? brokerKey(name))?.update;
  return !brokerKeys.has(name) || update === 'read-only' || update === 'internal';
};

function describeResource(
  keys: ReadonlyMap<string, ResourceKey>,
  overrides: Overrides,
  source: number,
  inherit: (key: ResourceKey) => { parsed: Parsed; synonyms: readonly Synonym[] },
): Described[] {
  return [...keys.values()]
    .filter((key) => !key.name.startsWith('internal.'))
    .map((key) => {
      const { parsed, synonyms } = inherit(key);
      const override = overrides.get(key.name);
      if (override === undefined) return described(key.name, key.type, parsed.text, synonyms, false);
      const value = parseConfig({ ...key, check: () => {} }, override).text ?? '';
      return described(key.name, key.type, value, [{ name: key.name, value, source }, ...synonyms], false);
    });
}

const fromBroker = (config: BrokerConfig) => (key: ResourceKey) => ({
  parsed: inherited(key, config),
  synonyms: key.setting === null ? [] : config.synonyms(key.setting),
});

/** All configs of a topic. */
export const describeTopic = (overrides: Overrides, config: BrokerConfig): Described[] =>
  describeResource(topicKeys, overrides, Source.TOPIC, fromBroker(config));

/** All configs of a group. */
export const describeGroup = (overrides: Overrides, config: BrokerConfig): Described[] =>
  describeResource(groupKeys, overrides, Source.GROUP, (key) => {
    if (key.setting !== null) return fromBroker(config)(key);
    const parsed = parseConfig(key, key.default);
    return { parsed, synonyms: [{ name: key.name, value: parsed.text ?? '', source: Source.DEFAULT }] };
  });

/** All configs of a client metrics subscription. */
export const describeClientMetrics = (overrides: Overrides): Described[] =>
  describeResource(clientMetricsKeys, overrides, Source.CLIENT_METRICS, (key) => ({
    parsed: parseConfig(key, key.default),
    synonyms: [],
  }));
