/**
 * The broker's configs, in order of precedence: dynamic configs of this broker, dynamic cluster-wide defaults,
 * server.properties, Kafka's defaults. Values are parsed once and cached until a dynamic config changes.
 */

import { ConfigError, type ConfigValue, parseConfig } from '../../java/config-def.js';
import { BROKER_ROWS } from '../../kafka/broker-configs.js';
import { DEFAULTS } from './defaults.js';
import { brokerKey, brokerKeys, brokerSynonyms } from './tables.js';

/** ConfigSource, as DescribeConfigs numbers it. */
export const Source = {
  TOPIC: 1,
  DYNAMIC_BROKER: 2,
  DYNAMIC_DEFAULT_BROKER: 3,
  STATIC_BROKER: 4,
  DEFAULT: 5,
  DYNAMIC_BROKER_LOGGER: 6,
  CLIENT_METRICS: 7,
  GROUP: 8,
} as const;

/** One place that sets a config. */
export interface Synonym {
  readonly name: string;
  readonly value: string;
  readonly source: number;
}

type Values = ReadonlyMap<string, string>;
const NONE: Values = new Map();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** All configs of one broker. */
export class BrokerConfig {
  /** from server.properties, the command line, the environment and ts-kafka's own defaults; unparsed */
  readonly properties: Values;
  #broker: Values = NONE;
  #cluster: Values = NONE;
  #values = new Map<string, ConfigValue | null>();

  /** Throws ConfigError, with Kafka's message, for an invalid value. */
  constructor(
    properties: Iterable<readonly [string, string]>,
    /** what Kafka gets from the JVM's java.security.auth.login.config */
    readonly jaasFile?: string,
  ) {
    const given = new Map(Object.entries(DEFAULTS));
    for (const [name, value] of properties) given.set(name, value);
    sameNodeId(given, properties);
    this.properties = given;
    for (const [name] of BROKER_ROWS) this.#read(name);
    this.#checkTogether();
  }

  /** A copy without dynamic configs: server.properties and the defaults. */
  withoutDynamic(): BrokerConfig {
    return new BrokerConfig(this.properties, this.jaasFile);
  }

  /** Sets the dynamic configs from the metadata log. A value that does not parse is ignored, as in Kafka. */
  setDynamic(broker: Values, cluster: Values): void {
    this.#broker = valid(broker);
    this.#cluster = valid(cluster);
    this.#values.clear();
  }

  /** All places that set a config, highest precedence first. Mirrors ConfigHelper.configSynonyms. */
  synonyms(name: string): Synonym[] {
    const names = brokerSynonyms(name);
    const found: Synonym[] = [];
    const collect = (values: { get(name: string): string | null | undefined }, source: number) => {
      for (const synonym of names) {
        const value = values.get(synonym);
        if (value !== undefined && value !== null) found.push({ name: synonym, value, source });
      }
    };
    collect(this.#broker, Source.DYNAMIC_BROKER);
    collect(this.#cluster, Source.DYNAMIC_DEFAULT_BROKER);
    collect(this.properties, Source.STATIC_BROKER);
    collect({ get: (synonym) => brokerKeys.get(synonym)?.default }, Source.DEFAULT);
    const first = found.findIndex((synonym) => synonym.name === name);
    return first < 0 ? [] : found.slice(first);
  }

  get dynamicBroker(): Values {
    return this.#broker;
  }
  get dynamicCluster(): Values {
    return this.#cluster;
  }

  /** The effective value of exactly this name, unparsed; null if it is not set. */
  raw(name: string): string | null {
    const own = this.#broker.get(name) ?? this.#cluster.get(name) ?? this.properties.get(name);
    return own ?? brokerKeys.get(name)?.default ?? null;
  }

  #read(name: string): ConfigValue | null {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const key = brokerKey(name);
    if (!key) throw new Error(`unknown config ${name}`);
    const raw = this.raw(name);
    const value = raw === null && key.default === null ? null : parseConfig(key, raw).value;
    this.#values.set(name, value);
    return value;
  }

  /** The parsed value of exactly this name; null if it is not set. */
  value(name: string): ConfigValue | null {
    return this.#read(name);
  }

  /**
   * The effective value including synonyms: log.retention.ms is derived from log.retention.hours if only that is set.
   * "" if unset.
   */
  setting(name: string): string | number | boolean {
    const value = this.#effective(name) ?? '';
    return typeof value === 'object' ? value.join(',') : value;
  }

  list(name: string): readonly string[] {
    return (this.#read(name) as readonly string[] | null) ?? [];
  }

  #effective(name: string): ConfigValue | null {
    const own = this.#read(name);
    switch (name) {
      case 'log.retention.ms': {
        const minutes = this.#read('log.retention.minutes') as number | null;
        const hours = this.#read('log.retention.hours') as number;
        const ms = (own as number | null) ?? (minutes === null ? hours * HOUR : minutes * MINUTE);
        return ms < 0 ? -1 : ms;
      }
      case 'log.roll.ms':
        return own ?? (this.#read('log.roll.hours') as number) * HOUR;
      case 'log.roll.jitter.ms':
        return own ?? (this.#read('log.roll.jitter.hours') as number) * HOUR;
      case 'log.flush.interval.ms':
        return own ?? this.#read('log.flush.scheduler.interval.ms');
      case 'log.dirs':
        return own ?? this.#read('log.dir');
      default:
        return own;
    }
  }

  /** Mirrors KafkaConfig.validateValues, as far as it applies to a single-node broker. */
  #checkTogether(): void {
    const number = (name: string) => this.setting(name) as number;
    const require = (ok: boolean, why: string) => {
      if (!ok) throw new ConfigError(`requirement failed: ${why}`);
    };
    if (number('node.id') !== number('broker.id')) {
      throw new ConfigError('You must set `node.id` to the same value as `broker.id`.');
    }
    require(number('log.roll.ms') >= 1, 'log.roll.ms must be greater than or equal to 1');
    require(number('log.roll.jitter.ms') >= 0, 'log.roll.jitter.ms must be greater than or equal to 0');
    const retention = number('log.retention.ms');
    require(retention >= 1 ||
      retention === -1, 'log.retention.ms must be unlimited (-1) or, greater than or equal to 1');
    const queued = number('queued.max.request.bytes');
    require(queued <= 0 ||
      queued >=
        number(
          'socket.request.max.bytes',
        ), 'queued.max.request.bytes must be larger or equal to socket.request.max.bytes');
    if (!this.list('group.coordinator.rebalance.protocols').includes('classic')) {
      throw new ConfigError("Disabling the 'CLASSIC' protocol is not supported.");
    }
  }
}

/** node.id and broker.id are synonyms. Mirrors AbstractKafkaConfig.populateSynonyms. */
function sameNodeId(given: Map<string, string>, properties: Iterable<readonly [string, string]>): void {
  const own = new Map(properties);
  const broker = own.get('broker.id');
  if (broker !== undefined && !own.has('node.id')) given.set('node.id', broker);
  if (broker === undefined) given.set('broker.id', given.get('node.id') as string);
}

function valid(values: Values): Values {
  const kept = new Map<string, string>();
  for (const [name, value] of values) {
    try {
      const key = brokerKey(name);
      if (key) parseConfig(key, value);
      kept.set(name, value);
    } catch (e) {
      if (!(e instanceof ConfigError)) throw e;
    }
  }
  return kept;
}
