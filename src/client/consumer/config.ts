/** The consumer's settings, from its properties; refuses what Java's ConsumerConfig refuses, in its words. */

import { ConfigError } from '../../java/config-def.js';
import { JavaError } from '../../java/exceptions.js';
import type { Properties } from '../../java/properties.js';
import { checkSettings } from '../../kafka/client-configs.js';
import { backoffSettings, booleanSetting, numberSetting, timeSetting } from '../../kafka/client-settings.js';

/** Where to start without a committed offset: the ends of the log, a time before now (ms), or an error. */
export type OffsetReset = 'earliest' | 'latest' | 'none' | { readonly durationMs: number };

export interface ConsumerConfig {
  readonly groupId: string;
  readonly groupInstanceId: string | null;
  readonly groupProtocol: 'classic' | 'consumer';
  /** names of the assignors, the preferred one first */
  readonly assignors: readonly string[];
  readonly remoteAssignor: string | null;
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly apiTimeoutMs: number;
  readonly autoCommit: boolean;
  readonly autoCommitIntervalMs: number;
  readonly offsetReset: OffsetReset;
  readonly readCommitted: boolean;
  readonly checkCrcs: boolean;
  readonly fetchMinBytes: number;
  readonly fetchMaxBytes: number;
  readonly fetchMaxWaitMs: number;
  readonly partitionMaxBytes: number;
  readonly metadataMaxAgeMs: number;
  readonly retryBackoffMs: number;
  readonly autoCreate: boolean;
  readonly excludeInternal: boolean;
  readonly rack: string;
}

const PACKAGE = 'org.apache.kafka.clients.consumer.';
const ASSIGNORS: Readonly<Record<string, string>> = {
  [`${PACKAGE}RangeAssignor`]: 'range',
  [`${PACKAGE}RoundRobinAssignor`]: 'roundrobin',
  [`${PACKAGE}StickyAssignor`]: 'sticky',
  [`${PACKAGE}CooperativeStickyAssignor`]: 'cooperative-sticky',
};

/** Of a whole fetch and of one partition's part, where the user set nothing: few round trips, little memory. */
const FETCH_BYTES = 8 * 1024 * 1024;
const PARTITION_BYTES = 4 * 1024 * 1024;

function assignors(properties: Properties): string[] {
  const key = 'partition.assignment.strategy';
  const given = properties.get(key);
  if (given === undefined) return ['range', 'cooperative-sticky'];
  const names = new Set(given.split(',').map((name) => name.trim()));
  names.delete('');
  if (names.size === 0) {
    const why = `Must configure at least one partition assigner class name to ${key} configuration property`;
    throw new JavaError('java.lang.IllegalStateException', why);
  }
  return [...names].map((name) => {
    const assignor = ASSIGNORS[name];
    if (!assignor)
      throw new ConfigError(`Invalid value ${name} for configuration ${key}: Class ${name} could not be found.`);
    return assignor;
  });
}

const DURATION = /^P(?!$)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;

function offsetReset(properties: Properties): OffsetReset {
  const key = 'auto.offset.reset';
  const text = properties.get(key)?.trim() ?? 'latest';
  if (text === 'earliest' || text === 'latest' || text === 'none') return text;
  const duration = text.startsWith('by_duration:') ? DURATION.exec(text.slice('by_duration:'.length)) : null;
  if (duration) {
    const [, d, h, m, s] = duration.map((part) => Number(part ?? 0));
    return { durationMs: (((d! * 24 + h!) * 60 + m!) * 60 + s!) * 1000 };
  }
  throw new ConfigError(
    `Invalid value ${text} for configuration ${key}: Invalid value \`${text}\` for configuration ${key}. The value must be either 'earliest', 'latest', 'none' or of the format 'by_duration:<PnDTnHnMn.nS.>'.`,
  );
}

function oneOf(
  properties: Properties,
  key: string,
  fallback: string,
  valid: readonly string[],
  anyCase = false,
): string {
  const given = properties.get(key)?.trim() ?? fallback;
  const value = anyCase ? given.toLowerCase() : given;
  if (valid.includes(value)) return value;
  const listed = anyCase ? valid.map((v) => v.toUpperCase()) : valid;
  const how = anyCase ? 'String must be one of (case insensitive)' : 'String must be one of';
  throw new ConfigError(`Invalid value ${given} for configuration ${key}: ${how}: ${listed.join(', ')}`);
}

const POSITIVE: readonly [number, number] = [1, 2147483647];

/** Throws ConfigError. */
export function consumerConfig(properties: Properties): ConsumerConfig {
  checkSettings(properties, 'consumer');
  const number = (key: string, fallback: number, bounds?: readonly [number, number]) =>
    numberSetting(properties, key, fallback, bounds);
  const protocol = oneOf(properties, 'group.protocol', 'classic', ['classic', 'consumer'], true);
  if (protocol === 'consumer') refuseClassicSettings(properties);
  else checkClassic(properties);
  const groupId = properties.get('group.id') ?? '';
  if (properties.has('group.id') && groupId.trim() === '') {
    const why = 'The configured group.id should not be an empty string or whitespace.';
    throw new JavaError('org.apache.kafka.common.errors.InvalidGroupIdException', why);
  }
  return {
    groupId,
    groupInstanceId: instanceId(properties),
    groupProtocol: protocol as 'classic' | 'consumer',
    assignors: assignors(properties),
    remoteAssignor: properties.get('group.remote.assignor') ?? null,
    sessionTimeoutMs: number('session.timeout.ms', 45_000),
    heartbeatIntervalMs: number('heartbeat.interval.ms', 3000),
    rebalanceTimeoutMs: number('max.poll.interval.ms', 300_000, POSITIVE),
    requestTimeoutMs: number('request.timeout.ms', 30_000),
    apiTimeoutMs: number('default.api.timeout.ms', 60_000),
    autoCommit: booleanSetting(properties, 'enable.auto.commit', true),
    autoCommitIntervalMs: number('auto.commit.interval.ms', 5000),
    offsetReset: offsetReset(properties),
    readCommitted:
      oneOf(properties, 'isolation.level', 'read_uncommitted', ['read_committed', 'read_uncommitted']) ===
      'read_committed',
    checkCrcs: booleanSetting(properties, 'check.crcs', true),
    fetchMinBytes: number('fetch.min.bytes', 1),
    fetchMaxBytes: number('fetch.max.bytes', FETCH_BYTES),
    fetchMaxWaitMs: number('fetch.max.wait.ms', 500),
    partitionMaxBytes: number('max.partition.fetch.bytes', PARTITION_BYTES),
    metadataMaxAgeMs: timeSetting(properties, 'metadata.max.age.ms', 300_000),
    retryBackoffMs: backoffSettings(properties).first,
    autoCreate: booleanSetting(properties, 'allow.auto.create.topics', true),
    excludeInternal: booleanSetting(properties, 'exclude.internal.topics', true),
    rack: properties.get('client.rack') ?? '',
  };
}

/** What Java's constructor of a consumer throws. */
const unusable = (why: string) =>
  new JavaError('org.apache.kafka.common.KafkaException', `Failed to construct kafka consumer: ${why}`);

function checkClassic(properties: Properties): void {
  if (properties.has('group.remote.assignor')) {
    throw new ConfigError('group.remote.assignor cannot be set when group.protocol=CLASSIC');
  }
  const heartbeat = numberSetting(properties, 'heartbeat.interval.ms', 3000);
  if (heartbeat >= numberSetting(properties, 'session.timeout.ms', 45_000)) {
    throw unusable('java.lang.IllegalArgumentException: Heartbeat must be set lower than the session timeout');
  }
}

/** A static member's id has to be a name that a topic could have. */
function instanceId(properties: Properties): string | null {
  const id = properties.get('group.instance.id')?.trim();
  if (id === undefined) return null;
  let wrong = '';
  if (id === '.' || id === '..') wrong = "cannot be '.' or '..'";
  else if (id.length > 249) wrong = `the length of '${id}' is longer than the max allowed length 249`;
  else if (!/^[a-zA-Z0-9._-]+$/.test(id)) {
    wrong = `'${id}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`;
  }
  if (wrong === '') return id;
  throw unusable(
    `org.apache.kafka.common.errors.InvalidConfigurationException: Group instance id is invalid: ${wrong}`,
  );
}

/** Settings that the broker decides about under KIP-848. */
function refuseClassicSettings(properties: Properties): void {
  for (const key of ['partition.assignment.strategy', 'heartbeat.interval.ms', 'session.timeout.ms']) {
    if (properties.get(key)) throw new ConfigError(`${key} cannot be set when group.protocol=CONSUMER`);
  }
}
