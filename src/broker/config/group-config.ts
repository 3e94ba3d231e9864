/**
 * Configs of groups and of client metrics subscriptions. Mirrors GroupConfig.validate and
 * ClientMetricsConfigs.validate.
 */

import { ConfigError, parseConfig } from '../../java/config-def.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { BrokerConfig } from './broker-config.js';
import { clientMetricsKeys, groupKeys } from './tables.js';
import { inherited, type Overrides } from './topic-config.js';

/** group configs, and the broker configs that bound them */
const BOUNDS = [
  ['consumer.heartbeat.interval.ms', 'group.consumer.min.heartbeat.interval.ms', 'group.consumer.max.heartbeat.interval.ms'],
  ['consumer.session.timeout.ms', 'group.consumer.min.session.timeout.ms', 'group.consumer.max.session.timeout.ms'],
  ['consumer.assignment.interval.ms', 'group.consumer.min.assignment.interval.ms', 'group.consumer.max.assignment.interval.ms'],
  ['share.heartbeat.interval.ms', 'group.share.min.heartbeat.interval.ms', 'group.share.max.heartbeat.interval.ms'],
  ['share.session.timeout.ms', 'group.share.min.session.timeout.ms', 'group.share.max.session.timeout.ms'],
  ['share.record.lock.duration.ms', 'group.share.min.record.lock.duration.ms', 'group.share.max.record.lock.duration.ms'],
  ['share.delivery.count.limit', 'group.share.min.delivery.count.limit', 'group.share.max.delivery.count.limit'],
  ['share.partition.max.record.locks', 'group.share.min.partition.max.record.locks', 'group.share.max.partition.max.record.locks'],
  ['share.assignment.interval.ms', 'group.share.min.assignment.interval.ms', 'group.share.max.assignment.interval.ms'],
  ['streams.heartbeat.interval.ms', 'group.streams.min.heartbeat.interval.ms', 'group.streams.max.heartbeat.interval.ms'],
  ['streams.session.timeout.ms', 'group.streams.min.session.timeout.ms', 'group.streams.max.session.timeout.ms'],
  ['streams.num.standby.replicas', null, 'group.streams.max.standby.replicas'],
  ['streams.assignment.interval.ms', 'group.streams.min.assignment.interval.ms', 'group.streams.max.assignment.interval.ms'],
] as const; // biome-ignore format: one row per bound

/** The effective value of a group config: the group's own, else the broker's. */
export function groupConfig(name: string, overrides: Overrides, config: BrokerConfig): string | number | boolean {
  const key = groupKeys.get(name);
  if (!key) throw new ConfigError(`Unknown group config name: ${name}`);
  const override = overrides.get(name);
  const parsed = override === undefined ? inherited(key, config) : parseConfig(key, override);
  return parsed.value as string | number | boolean;
}

/** Throws ConfigError if a group's configs are invalid. */
export function checkGroupConfigs(overrides: Overrides, config: BrokerConfig): void {
  for (const name of overrides.keys()) groupConfig(name, overrides, config);
  for (const [name, min, max] of BOUNDS) {
    const value = groupConfig(name, overrides, config);
    if (min !== null && value < config.setting(min)) {
      throw new ConfigError(`${name} must be greater than or equal to ${min}`);
    }
    if (value > config.setting(max)) throw new ConfigError(`${name} must be less than or equal to ${max}`);
  }
  for (const kind of ['consumer', 'share', 'streams']) {
    const [session, heartbeat] = [`${kind}.session.timeout.ms`, `${kind}.heartbeat.interval.ms`];
    if (groupConfig(session, overrides, config) <= groupConfig(heartbeat, overrides, config)) {
      throw new ConfigError(`${session} must be greater than ${heartbeat}`);
    }
  }
}

const MATCHABLE = [
  'client_instance_id',
  'client_id',
  'client_software_name',
  'client_software_version',
  'client_source_address',
  'client_source_port',
];

/** Throws ConfigError or KafkaError if a subscription's configs are invalid. */
export function checkClientMetricsConfigs(configs: Overrides): void {
  for (const [name, value] of configs) {
    const key = clientMetricsKeys.get(name);
    if (!key) throw new KafkaError(Errors.INVALID_REQUEST, `Unknown client metrics configuration: ${name}`);
    const parsed = parseConfig(key, value).value;
    if (name === 'interval.ms' && ((parsed as number) < 100 || (parsed as number) > 3_600_000)) {
      const message = `Invalid value ${parsed} for ${name}, interval must be between 100 and 3600000 (1 hour)`;
      throw new KafkaError(Errors.INVALID_REQUEST, message);
    }
    if (name !== 'match') continue;
    for (const pattern of parsed as readonly string[]) {
      const [param = '', expression, ...more] = pattern.split('=');
      if (expression === undefined || expression === '' || more.length > 0) {
        throw new ConfigError(`Illegal client matching pattern: ${pattern}`);
      }
      if (!MATCHABLE.includes(param.trim())) throw new ConfigError(`Illegal client matching pattern: ${pattern}`);
    }
  }
}
