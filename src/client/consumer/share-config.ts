/** A share consumer's settings; refuses what Java's ShareConsumerConfig refuses, in its words. */

import { ConfigError } from '../../java/config-def.js';
import { JavaError } from '../../java/exceptions.js';
import type { Properties } from '../../java/properties.js';
import { numberSetting } from '../../kafka/client-settings.js';
import { type ConsumerConfig, consumerConfig } from './config.js';

export interface ShareConsumerConfig extends ConsumerConfig {
  readonly maxPollRecords: number;
  /** 0: whole batches (batch_optimized), 1: never more records than asked for (record_limit) */
  readonly acquireMode: 0 | 1;
}

/** Settings that make no sense in a share group, in the order Java names them. */
const UNSUPPORTED = [
  'auto.offset.reset',
  'enable.auto.commit',
  'group.instance.id',
  'isolation.level',
  'partition.assignment.strategy',
  'interceptor.classes',
  'session.timeout.ms',
  'heartbeat.interval.ms',
  'group.protocol',
  'group.remote.assignor',
];

const MODES = [
  ['share.acknowledgement.mode', ['implicit', 'explicit']],
  ['share.acquire.mode', ['batch_optimized', 'record_limit']],
] as const;

/** Of a whole fetch, where the user set nothing: Java's. */
const FETCH_BYTES = 50 * 1024 * 1024;

/** Throws ConfigError and JavaError. */
export function shareConsumerConfig(properties: Properties): ShareConsumerConfig {
  const refused = UNSUPPORTED.filter((key) => properties.has(key));
  if (refused.length > 0) throw new ConfigError(`${refused.join(', ')} cannot be set when using a share group.`);
  for (const [key, modes] of MODES) {
    const value = properties.get(key)?.trim();
    if (value === undefined || modes.some((mode) => mode === value.toLowerCase())) continue;
    const either = modes.map((mode) => `'${mode}'`).join(' or ');
    const why = `Invalid value \`${value}\` for configuration ${key}. The value must either be ${either}.`;
    throw new ConfigError(`Invalid value ${value} for configuration ${key}: ${why}`);
  }
  if (properties.get('group.id') === '') {
    const why = 'You must provide a valid group.id in the consumer configuration.';
    throw new JavaError(
      'org.apache.kafka.common.KafkaException',
      'Failed to construct Kafka share consumer',
      new JavaError('org.apache.kafka.common.errors.InvalidGroupIdException', why),
    );
  }
  const recordLimit = properties.get('share.acquire.mode')?.trim().toLowerCase() === 'record_limit';
  return {
    ...consumerConfig(properties),
    fetchMaxBytes: numberSetting(properties, 'fetch.max.bytes', FETCH_BYTES),
    maxPollRecords: numberSetting(properties, 'max.poll.records', 500, [1, 2147483647]),
    acquireMode: recordLimit ? 1 : 0,
  };
}
