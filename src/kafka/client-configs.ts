/** What Kafka 4.3's ConfigDef demands of a client's settings, those included that change nothing here: refused in Java's words. */

import type { Properties } from '../java/properties.js';
import { booleanSetting, ClientCreationError, ConfigError, numberSetting } from './client-settings.js';

/** A line a setting: its name, its type, and `low` or `low..high`, `=a,b` (one of these) or `~A,B` (in any case). */
const COMMON = `
client.dns.lookup STRING =use_all_dns_ips,resolve_canonical_bootstrap_servers_only
metadata.max.age.ms LONG 0
send.buffer.bytes INT -1
receive.buffer.bytes INT -1
reconnect.backoff.ms LONG 0
reconnect.backoff.max.ms LONG 0
retry.backoff.ms LONG 0
retry.backoff.max.ms LONG 0
enable.metrics.push BOOLEAN
request.timeout.ms INT 0
metrics.sample.window.ms LONG 0
metrics.num.samples INT 1
metrics.recording.level STRING =INFO,DEBUG,TRACE
socket.connection.setup.timeout.ms LONG
socket.connection.setup.timeout.max.ms LONG
connections.max.idle.ms LONG
security.protocol STRING ~SASL_SSL,PLAINTEXT,SSL,SASL_PLAINTEXT
sasl.kerberos.min.time.before.relogin LONG
sasl.login.refresh.min.period.seconds SHORT 0..900
sasl.login.refresh.buffer.seconds SHORT 0..3600
sasl.login.connect.timeout.ms INT
sasl.login.read.timeout.ms INT
sasl.login.retry.backoff.max.ms LONG
sasl.login.retry.backoff.ms LONG
sasl.oauthbearer.jwks.endpoint.refresh.ms LONG
sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms LONG
sasl.oauthbearer.jwks.endpoint.retry.backoff.ms LONG
sasl.oauthbearer.clock.skew.seconds INT
sasl.oauthbearer.header.urlencode BOOLEAN
metadata.recovery.strategy STRING ~REBOOTSTRAP,NONE
metadata.recovery.rebootstrap.trigger.ms LONG 0
`;

const PRODUCER = `
buffer.memory LONG 0
retries INT 0
acks STRING =all,-1,0,1
compression.type STRING =none,gzip,snappy,lz4,zstd
compression.gzip.level INT
compression.lz4.level INT 1..17
compression.zstd.level INT -131072..22
batch.size INT 0
partitioner.adaptive.partitioning.enable BOOLEAN
partitioner.availability.timeout.ms LONG 0
partitioner.ignore.keys BOOLEAN
linger.ms LONG 0
delivery.timeout.ms INT 0
max.request.size INT 0
max.block.ms LONG 0
metadata.max.idle.ms LONG 5000
max.in.flight.requests.per.connection INT 1
enable.idempotence BOOLEAN
transaction.timeout.ms INT
transactional.id STRING
transaction.two.phase.commit.enable BOOLEAN
${COMMON}`;

const CONSUMER = `
group.instance.id STRING
session.timeout.ms INT
heartbeat.interval.ms INT
enable.auto.commit BOOLEAN
auto.commit.interval.ms INT 0
max.partition.fetch.bytes INT 0
fetch.min.bytes INT 0
fetch.max.bytes INT 0
fetch.max.wait.ms INT 0
check.crcs BOOLEAN
default.api.timeout.ms INT 0
max.poll.records INT 1
max.poll.interval.ms INT 1
exclude.internal.topics BOOLEAN
internal.throw.on.fetch.stable.offset.unsupported BOOLEAN
isolation.level STRING =read_committed,read_uncommitted
allow.auto.create.topics BOOLEAN
group.protocol STRING ~CONSUMER,CLASSIC
${COMMON}`;

const ADMIN = `
metadata.max.age.ms LONG 0
send.buffer.bytes INT -1
receive.buffer.bytes INT -1
reconnect.backoff.ms LONG 0
reconnect.backoff.max.ms LONG 0
retry.backoff.ms LONG 0
retry.backoff.max.ms LONG 0
enable.metrics.push BOOLEAN
request.timeout.ms INT 0
socket.connection.setup.timeout.ms LONG
socket.connection.setup.timeout.max.ms LONG
connections.max.idle.ms LONG
retries INT 0
default.api.timeout.ms INT 0
metrics.sample.window.ms LONG 0
metrics.num.samples INT 1
metrics.recording.level STRING =INFO,DEBUG,TRACE
client.dns.lookup STRING =use_all_dns_ips,resolve_canonical_bootstrap_servers_only
metadata.recovery.strategy STRING ~REBOOTSTRAP,NONE
metadata.recovery.rebootstrap.trigger.ms LONG 0
`;

const TABLES = { producer: PRODUCER, consumer: CONSUMER, admin: ADMIN };

const LIMITS = { INT: [-2147483648, 2147483647], SHORT: [-32768, 32767] } as const;
/** stands for every long: a setting is never near it */
const LONGS = [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] as const;

/** Settings that name classes, those that a client has of itself, and which clients have such a setting. */
const PLUGINS = [
  ['metric.reporters', ['org.apache.kafka.common.metrics.JmxReporter'], ['producer', 'consumer', 'admin']],
  ['interceptor.classes', [], ['producer', 'consumer']],
] as const;

/** Java loads them from jars; without those no client is made. Throws ClientCreationError. */
function checkPlugins(properties: Properties, client: keyof typeof TABLES): void {
  for (const [key, own, clients] of PLUGINS) {
    if (!clients.some((name) => name === client)) continue;
    const names = (properties.get(key) ?? '').split(',').map((name) => name.trim());
    const missing = names.find((name) => name !== '' && !own.some((known) => known === name));
    if (missing !== undefined) throw new ClientCreationError(`Class ${missing} cannot be found (${key})`);
  }
}

/** Throws ConfigError for the first setting that is not what its definition says. */
export function checkSettings(properties: Properties, client: keyof typeof TABLES): void {
  checkTexts(properties, client);
  checkPlugins(properties, client);
}

function checkTexts(properties: Properties, client: keyof typeof TABLES): void {
  for (const line of TABLES[client].trim().split(/\n+/)) {
    const [key = '', type, demand = ''] = line.split(' ');
    if (!properties.has(key)) continue;
    if (type === 'BOOLEAN') booleanSetting(properties, key, false);
    else if (type === 'STRING') checkText(key, properties.get(key)?.trim() ?? '', demand);
    else {
      const [low, high] = type === 'LONG' ? LONGS : LIMITS[type as 'INT' | 'SHORT'];
      const [from = '', to = ''] = demand.split('..');
      const bounds = [from === '' ? low : Number(from), to === '' ? high : Number(to)] as const;
      numberSetting(properties, key, 0, bounds, type as 'INT');
    }
  }
}

function checkText(key: string, value: string, demand: string): void {
  const refuse = (why: string) => new ConfigError(`Invalid value ${value} for configuration ${key}: ${why}`);
  if (demand === '') {
    if (value === '') throw refuse('String must be non-empty');
    return;
  }
  const valid = demand.slice(1).split(',');
  const anyCase = demand.startsWith('~');
  if (valid.includes(anyCase ? value.toUpperCase() : value)) return;
  throw refuse(`String must be one of${anyCase ? ' (case insensitive)' : ''}: ${valid.join(', ')}`);
}
