/** The ConfigDefs of Kafka's clients, including configs without effect here. Mirrors ProducerConfig, ConsumerConfig and AdminClientConfig. */
import {
  any,
  atLeast,
  between,
  type ConfigType,
  gzipLevel,
  nonEmpty,
  oneOf,
  oneOfAnyCase,
  parseConfig,
  type Validator,
} from '../java/config-def.js';
import type { Properties } from '../java/properties.js';
import { ClientCreationError } from './client-settings.js';

type Row = readonly [name: string, type: ConfigType, check: Validator];

// biome-ignore format: one row per config
const COMMON: readonly Row[] = [
  ['client.dns.lookup', 'string', oneOf(['use_all_dns_ips', 'resolve_canonical_bootstrap_servers_only'])],
  ['metadata.max.age.ms', 'long', atLeast(0)],
  ['send.buffer.bytes', 'int', atLeast(-1)],
  ['receive.buffer.bytes', 'int', atLeast(-1)],
  ['reconnect.backoff.ms', 'long', atLeast(0)],
  ['reconnect.backoff.max.ms', 'long', atLeast(0)],
  ['retry.backoff.ms', 'long', atLeast(0)],
  ['retry.backoff.max.ms', 'long', atLeast(0)],
  ['enable.metrics.push', 'boolean', any],
  ['request.timeout.ms', 'int', atLeast(0)],
  ['metrics.sample.window.ms', 'long', atLeast(0)],
  ['metrics.num.samples', 'int', atLeast(1)],
  ['metrics.recording.level', 'string', oneOf(['INFO', 'DEBUG', 'TRACE'])],
  ['socket.connection.setup.timeout.ms', 'long', any],
  ['socket.connection.setup.timeout.max.ms', 'long', any],
  ['connections.max.idle.ms', 'long', any],
  ['security.protocol', 'string', oneOfAnyCase(['SASL_SSL', 'PLAINTEXT', 'SSL', 'SASL_PLAINTEXT'])],
  ['sasl.kerberos.min.time.before.relogin', 'long', any],
  ['sasl.login.refresh.min.period.seconds', 'short', between(0, 900)],
  ['sasl.login.refresh.buffer.seconds', 'short', between(0, 3600)],
  ['sasl.login.connect.timeout.ms', 'int', any],
  ['sasl.login.read.timeout.ms', 'int', any],
  ['sasl.login.retry.backoff.max.ms', 'long', any],
  ['sasl.login.retry.backoff.ms', 'long', any],
  ['sasl.oauthbearer.jwks.endpoint.refresh.ms', 'long', any],
  ['sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms', 'long', any],
  ['sasl.oauthbearer.jwks.endpoint.retry.backoff.ms', 'long', any],
  ['sasl.oauthbearer.clock.skew.seconds', 'int', any],
  ['sasl.oauthbearer.header.urlencode', 'boolean', any],
  ['metadata.recovery.strategy', 'string', oneOfAnyCase(['REBOOTSTRAP', 'NONE'])],
  ['metadata.recovery.rebootstrap.trigger.ms', 'long', atLeast(0)],
];

// biome-ignore format: one row per config
const PRODUCER: readonly Row[] = [
  ['buffer.memory', 'long', atLeast(0)],
  ['retries', 'int', atLeast(0)],
  ['acks', 'string', oneOf(['all', '-1', '0', '1'])],
  ['compression.type', 'string', oneOf(['none', 'gzip', 'snappy', 'lz4', 'zstd'])],
  ['compression.gzip.level', 'int', gzipLevel],
  ['compression.lz4.level', 'int', between(1, 17)],
  ['compression.zstd.level', 'int', between(-131072, 22)],
  ['batch.size', 'int', atLeast(0)],
  ['partitioner.adaptive.partitioning.enable', 'boolean', any],
  ['partitioner.availability.timeout.ms', 'long', atLeast(0)],
  ['partitioner.ignore.keys', 'boolean', any],
  ['linger.ms', 'long', atLeast(0)],
  ['delivery.timeout.ms', 'int', atLeast(0)],
  ['max.request.size', 'int', atLeast(0)],
  ['max.block.ms', 'long', atLeast(0)],
  ['metadata.max.idle.ms', 'long', atLeast(5000)],
  ['max.in.flight.requests.per.connection', 'int', atLeast(1)],
  ['enable.idempotence', 'boolean', any],
  ['transaction.timeout.ms', 'int', any],
  ['transactional.id', 'string', nonEmpty],
  ['transaction.two.phase.commit.enable', 'boolean', any],
  ...COMMON,
];

// biome-ignore format: one row per config
const CONSUMER: readonly Row[] = [
  ['group.instance.id', 'string', nonEmpty],
  ['session.timeout.ms', 'int', any],
  ['heartbeat.interval.ms', 'int', any],
  ['enable.auto.commit', 'boolean', any],
  ['auto.commit.interval.ms', 'int', atLeast(0)],
  ['max.partition.fetch.bytes', 'int', atLeast(0)],
  ['fetch.min.bytes', 'int', atLeast(0)],
  ['fetch.max.bytes', 'int', atLeast(0)],
  ['fetch.max.wait.ms', 'int', atLeast(0)],
  ['check.crcs', 'boolean', any],
  ['default.api.timeout.ms', 'int', atLeast(0)],
  ['max.poll.records', 'int', atLeast(1)],
  ['max.poll.interval.ms', 'int', atLeast(1)],
  ['exclude.internal.topics', 'boolean', any],
  ['internal.throw.on.fetch.stable.offset.unsupported', 'boolean', any],
  ['isolation.level', 'string', oneOf(['read_committed', 'read_uncommitted'])],
  ['allow.auto.create.topics', 'boolean', any],
  ['group.protocol', 'string', oneOfAnyCase(['CONSUMER', 'CLASSIC'])],
  ...COMMON,
];

/** The admin client's configs, in definition order. */
const ADMIN: readonly Row[] = ordered(
  [...COMMON, ['retries', 'int', atLeast(0)], ['default.api.timeout.ms', 'int', atLeast(0)]],
  `
    metadata.max.age.ms send.buffer.bytes receive.buffer.bytes reconnect.backoff.ms reconnect.backoff.max.ms
    retry.backoff.ms retry.backoff.max.ms enable.metrics.push request.timeout.ms socket.connection.setup.timeout.ms
    socket.connection.setup.timeout.max.ms connections.max.idle.ms retries default.api.timeout.ms
    metrics.sample.window.ms metrics.num.samples metrics.recording.level client.dns.lookup
    metadata.recovery.strategy metadata.recovery.rebootstrap.trigger.ms`,
);

/** Java reports the first invalid config only, so the order is visible. */
function ordered(rows: readonly Row[], names: string): Row[] {
  return names
    .trim()
    .split(/\s+/)
    .flatMap((name) => rows.filter((row) => row[0] === name));
}

const TABLES = { producer: PRODUCER, consumer: CONSUMER, admin: ADMIN };
export type ClientKind = keyof typeof TABLES;

/** Configs that list plugin classes, the classes that are built in, and the clients with such a config. */
const PLUGINS = [
  ['metric.reporters', ['org.apache.kafka.common.metrics.JmxReporter'], ['producer', 'consumer', 'admin']],
  ['interceptor.classes', [], ['producer', 'consumer']],
] as const;

/** Java loads plugin classes from jars and fails to create a client when one is missing. Throws ClientCreationError. */
function checkPlugins(properties: Properties, client: ClientKind): void {
  for (const [key, own, clients] of PLUGINS) {
    if (!clients.some((name) => name === client)) continue;
    const names = (properties.get(key) ?? '').split(',').map((name) => name.trim());
    const missing = names.find((name) => name !== '' && !own.some((known) => known === name));
    if (missing !== undefined) throw new ClientCreationError(`Class ${missing} cannot be found (${key})`);
  }
}

/** Throws ConfigError, with Java's message, for the first invalid config. */
export function checkSettings(properties: Properties, client: ClientKind): void {
  for (const [name, type, check] of TABLES[client]) {
    const text = properties.get(name);
    if (text !== undefined) parseConfig({ name, type, check, default: null }, text);
  }
  checkPlugins(properties, client);
}
