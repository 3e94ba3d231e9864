/**
 * Topic configs: a topic's overrides on top of the broker's configs. Mirrors LogConfig and
 * KafkaConfig.extractLogConfigMap.
 */

import { ConfigError, type Parsed, parseConfig } from '../../java/config-def.js';
import type { LogConfig } from '../../log/partition.js';
import type { BrokerConfig } from './broker-config.js';
import { type ResourceKey, topicKeys } from './tables.js';

export type Overrides = ReadonlyMap<string, string>;

const asText = (value: string | number | boolean): string =>
  typeof value === 'number' && value >= 2 ** 63 ? '9223372036854775807' : String(value);

/** The value of a config without an override: the broker's, else the default. */
export function inherited(key: ResourceKey, config: BrokerConfig): Parsed {
  if (key.setting === null) return parseConfig(key, key.default);
  return parseConfig({ ...key, check: () => {} }, asText(config.setting(key.setting)));
}

/** The effective value of one topic config. */
export function topicConfig(name: string, overrides: Overrides, config: BrokerConfig): Parsed {
  const key = topicKeys.get(name);
  if (!key) throw new ConfigError(`Unknown topic config name: ${name}`);
  const override = overrides.get(name);
  return override === undefined ? inherited(key, config) : parseConfig(key, override);
}

/** Throws ConfigError if a topic's configs are invalid. Mirrors LogConfig.validate. */
export function checkTopicConfigs(overrides: Overrides, config: BrokerConfig): void {
  for (const name of overrides.keys()) {
    if (!topicKeys.has(name)) throw new ConfigError(`Unknown topic config name: ${name}`);
  }
  for (const [name, value] of overrides) parseConfig(topicKeys.get(name) as ResourceKey, value);
  const minLag = topicConfig('min.compaction.lag.ms', overrides, config);
  const maxLag = topicConfig('max.compaction.lag.ms', overrides, config);
  if ((minLag.value as number) > (maxLag.value as number)) {
    const [min, max] = [`min.compaction.lag.ms (${minLag.text})`, `max.compaction.lag.ms (${maxLag.text})`];
    throw new ConfigError(`conflict topic config setting ${min} > ${max}`);
  }
  if (topicConfig('remote.storage.enable', overrides, config).value === true) {
    throw new ConfigError(
      'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.',
    );
  }
}

/** The LogConfig of a topic's partitions. */
export function topicLogConfig(overrides: Overrides, config: BrokerConfig): LogConfig {
  const value = (name: string) => topicConfig(name, overrides, config).value;
  const number = (name: string) => value(name) as number;
  return {
    segmentBytes: (value('internal.segment.bytes') as number | null) ?? number('segment.bytes'),
    segmentMs: number('segment.ms'),
    indexIntervalBytes: number('index.interval.bytes'),
    segmentIndexBytes: number('segment.index.bytes'),
    retentionMs: number('retention.ms'),
    retentionBytes: number('retention.bytes'),
    maxMessageBytes: number('max.message.bytes'),
    messageTimestampType: value('message.timestamp.type') as string,
    messageTimestampBeforeMaxMs: number('message.timestamp.before.max.ms'),
    messageTimestampAfterMaxMs: number('message.timestamp.after.max.ms'),
    cleanupPolicy: value('cleanup.policy') as readonly string[],
    cleanerEnabled: config.setting('log.cleaner.enable') === true,
    compressionType: value('compression.type') as string,
    deleteRetentionMs: number('delete.retention.ms'),
    minCompactionLagMs: number('min.compaction.lag.ms'),
    maxCompactionLagMs: number('max.compaction.lag.ms'),
    minCleanableDirtyRatio: number('min.cleanable.dirty.ratio'),
    fileDeleteDelayMs: number('file.delete.delay.ms'),
  };
}
