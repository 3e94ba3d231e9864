/** The producer's settings from its properties. Rejects what Java's ProducerConfig rejects, with its messages. */

import { ConfigError } from '../../java/config-def.js';
import type { Properties } from '../../java/properties.js';
import { checkSettings } from '../../kafka/client-configs.js';
import {
  backoffSettings,
  booleanSetting,
  ClientCreationError,
  numberSetting,
  timeSetting,
} from '../../kafka/client-settings.js';

export const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
/** batch.size if the user set none: below the broker's default message.max.bytes (1048588). */
const LARGE_BATCH = 1_000_000;
/** Java's default batch.size; it is also the number of bytes after which the sticky partition changes. */
const JAVA_BATCH = 16_384;
/** The Java tool's defaults where ours differ: delivery.timeout.ms is validated against these. */
const TOOL = { lingerMs: 1000, requestTimeoutMs: 1500 };
const LONG: readonly [number, number] = [0, Number.MAX_SAFE_INTEGER];

/** Parsed and validated producer settings; times in ms, sizes in bytes. */
export interface ProducerConfig {
  readonly acks: -1 | 0 | 1;
  readonly idempotent: boolean;
  /** number of the codec in a batch's attributes: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd */
  readonly codec: number;
  /** the codec's compression level; undefined: its default */
  readonly level: number | undefined;
  /** bytes after which a batch is closed */
  readonly batchSize: number;
  /** linger.ms; null if not set: a batch is sent as soon as the input is idle */
  readonly lingerMs: number | null;
  readonly bufferMemory: number;
  readonly maxBlockMs: number;
  readonly maxRequestSize: number;
  readonly maxInFlight: number;
  readonly requestTimeoutMs: number;
  readonly deliveryTimeoutMs: number;
  readonly retries: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  readonly metadataMaxAgeMs: number;
  readonly partitioner: 'default' | 'round-robin';
  readonly ignoreKeys: boolean;
  /** bytes after which the sticky partition changes */
  readonly stickyBytes: number;
  /** partitioner.adaptive.partitioning.enable: partitions with shorter queues get more of the unkeyed records */
  readonly adaptive: boolean;
  /** partitioner.availability.timeout.ms: a broker that accepts nothing for this long gets no unkeyed records; 0: disabled */
  readonly availabilityTimeoutMs: number;
}

function oneOf<T extends string>(properties: Properties, key: string, fallback: T, valid: readonly T[]): T {
  const value = properties.get(key)?.trim() ?? fallback;
  if (!valid.includes(value as T)) {
    throw new ConfigError(
      `Invalid value ${value} for configuration ${key}: String must be one of: ${valid.join(', ')}`,
    );
  }
  return value as T;
}

/** Like Java: idempotent unless acks, retries or max.in.flight rule it out; an error if it was enabled explicitly. */
function idempotence(properties: Properties, acks: number, retries: number, maxInFlight: number): boolean {
  const asked = properties.has('enable.idempotence');
  if (!booleanSetting(properties, 'enable.idempotence', true)) return false;
  if (retries === 0 && asked) throw new ConfigError('Must set retries to non-zero when using the idempotent producer.');
  if (acks !== -1 && asked) {
    throw new ConfigError(
      'Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.',
    );
  }
  if (maxInFlight > 5) {
    throw new ConfigError(
      `To use the idempotent producer, max.in.flight.requests.per.connection must be set to at most 5. Current value is ${maxInFlight}.`,
    );
  }
  return retries > 0 && acks === -1;
}

function partitioner(properties: Properties): ProducerConfig['partitioner'] {
  const name = properties.get('partitioner.class')?.trim();
  if (name === undefined) return 'default';
  if (name === 'org.apache.kafka.clients.producer.RoundRobinPartitioner') return 'round-robin';
  throw new ConfigError(`Invalid value ${name} for configuration partitioner.class: Class ${name} could not be found.`);
}

/** Compression levels by codec; an invalid one is rejected even if another codec is used. */
function level(properties: Properties): Partial<Record<(typeof CODECS)[number], number>> {
  const of = (codec: string) => {
    const key = `compression.${codec}.level`;
    // checkSettings has checked the bounds already
    const any = [-2147483648, 2147483647] as const;
    return properties.has(key) ? { [codec]: numberSetting(properties, key, 0, any) } : {};
  };
  const levels = { ...of('gzip'), ...of('lz4'), ...of('zstd') } as Partial<Record<(typeof CODECS)[number], number>>;
  const { gzip } = levels;
  if (gzip !== undefined && (gzip < 1 || gzip > 9) && gzip !== -1) {
    throw new ConfigError(
      `Invalid value ${gzip} for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1`,
    );
  }
  return levels;
}

/** Throws ConfigError. The caller adds the command's own defaults to the properties. */
export function producerConfig(properties: Properties): ProducerConfig {
  checkSettings(properties, 'producer');
  const bufferMemory = numberSetting(properties, 'buffer.memory', 33554432, LONG, 'LONG');
  const retries = numberSetting(properties, 'retries', 2147483647);
  const acksText = oneOf(properties, 'acks', 'all', ['all', '-1', '0', '1']);
  const acks = acksText === 'all' ? -1 : (Number(acksText) as -1 | 0 | 1);
  const codec = oneOf(properties, 'compression.type', 'none', CODECS);
  const batchSize = numberSetting(properties, 'batch.size', LARGE_BATCH);
  const linger = properties.has('linger.ms') ? timeSetting(properties, 'linger.ms', 5) : null;
  const requestTimeoutMs = numberSetting(properties, 'request.timeout.ms', 30_000);
  const maxInFlight = numberSetting(properties, 'max.in.flight.requests.per.connection', 5, [1, 2147483647]);
  const deliveryTimeoutMs = deliveryTimeout(properties, linger ?? TOOL.lingerMs, requestTimeoutMs);
  const backoff = backoffSettings(properties);
  if (properties.has('transactional.id')) {
    throw new ConfigError('transactional.id: the console producer has no transactions; remove the setting');
  }
  return {
    acks,
    idempotent: idempotence(properties, acks, retries, maxInFlight),
    codec: CODECS.indexOf(codec),
    level: level(properties)[codec],
    batchSize,
    lingerMs: linger,
    bufferMemory,
    maxBlockMs: timeSetting(properties, 'max.block.ms', 60_000),
    maxRequestSize: numberSetting(properties, 'max.request.size', 1048576),
    maxInFlight,
    // a request must not outlast delivery.timeout.ms
    requestTimeoutMs: Math.min(requestTimeoutMs, Math.max(deliveryTimeoutMs, 1)),
    deliveryTimeoutMs,
    retries,
    retryBackoffMs: backoff.first,
    retryBackoffMaxMs: backoff.max,
    metadataMaxAgeMs: timeSetting(properties, 'metadata.max.age.ms', 300_000),
    partitioner: partitioner(properties),
    ignoreKeys: booleanSetting(properties, 'partitioner.ignore.keys', false),
    stickyBytes: numberSetting(properties, 'batch.size', JAVA_BATCH),
    adaptive: booleanSetting(properties, 'partitioner.adaptive.partitioning.enable', true),
    availabilityTimeoutMs: numberSetting(properties, 'partitioner.availability.timeout.ms', 0, LONG, 'LONG'),
  };
}

function deliveryTimeout(properties: Properties, lingerMs: number, requestTimeoutMs: number): number {
  const value = numberSetting(properties, 'delivery.timeout.ms', 120_000);
  const asked = properties.has('request.timeout.ms') ? requestTimeoutMs : TOOL.requestTimeoutMs;
  const least = Math.min(lingerMs + asked, 2147483647);
  if (value >= least) return value;
  if (properties.has('delivery.timeout.ms')) {
    throw new ClientCreationError(
      'delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms',
    );
  }
  return least;
}
