/** All properties of Kafka 4.3's clients: supported, without effect here, or unsupported (with a warning). */
import type { Properties } from '../java/properties.js';

const words = (text: string): string[] => text.trim().split(/\s+/);

/** Supported by the client or by the commands concerned. */
const READ = words(`
  acks allow.auto.create.topics auto.commit.interval.ms auto.offset.reset batch.size bootstrap.controllers bootstrap.servers
  buffer.memory check.crcs client.id client.rack compression.gzip.level compression.lz4.level compression.type
  compression.zstd.level config.providers default.api.timeout.ms delivery.timeout.ms enable.auto.commit enable.idempotence
  exclude.internal.topics fetch.max.bytes fetch.max.wait.ms fetch.min.bytes group.id group.instance.id group.protocol
  group.remote.assignor heartbeat.interval.ms isolation.level key.deserializer key.serializer linger.ms max.block.ms
  max.in.flight.requests.per.connection max.partition.fetch.bytes max.poll.interval.ms max.poll.records max.request.size
  metadata.max.age.ms partition.assignment.strategy partitioner.adaptive.partitioning.enable
  partitioner.availability.timeout.ms partitioner.class partitioner.ignore.keys request.timeout.ms retries
  retry.backoff.max.ms retry.backoff.ms sasl.jaas.config sasl.login.callback.handler.class sasl.login.connect.timeout.ms
  sasl.login.read.timeout.ms sasl.mechanism sasl.oauthbearer.client.credentials.client.id
  sasl.oauthbearer.client.credentials.client.secret sasl.oauthbearer.header.urlencode sasl.oauthbearer.scope
  sasl.oauthbearer.token.endpoint.url security.protocol session.timeout.ms share.acknowledgement.mode share.acquire.mode
  socket.connection.setup.timeout.ms ssl.cipher.suites ssl.enabled.protocols ssl.endpoint.identification.algorithm
  ssl.key.password ssl.keystore.certificate.chain ssl.keystore.key ssl.keystore.location ssl.keystore.password
  ssl.keystore.type ssl.protocol ssl.truststore.certificates ssl.truststore.location ssl.truststore.password
  ssl.truststore.type transaction.timeout.ms transaction.two.phase.commit.enable transactional.id value.deserializer
  value.serializer`);

/** Ignored silently, since no command's output depends on them: JVM settings, metrics, and tuning that does not apply here. */
const WITHOUT_EFFECT = words(`
  auto.include.jmx.reporter client.dns.lookup connections.max.idle.ms enable.metrics.push
  internal.throw.on.fetch.stable.offset.unsupported metadata.max.idle.ms metadata.recovery.rebootstrap.trigger.ms
  metadata.recovery.strategy metric.reporters metrics.num.samples metrics.recording.level metrics.sample.window.ms
  rebalance.timeout.ms receive.buffer.bytes reconnect.backoff.max.ms reconnect.backoff.ms sasl.login.refresh.buffer.seconds sasl.login.refresh.min.period.seconds
  sasl.login.refresh.window.factor sasl.login.refresh.window.jitter sasl.login.retry.backoff.max.ms
  sasl.login.retry.backoff.ms sasl.oauthbearer.clock.skew.seconds sasl.oauthbearer.expected.audience
  sasl.oauthbearer.expected.issuer sasl.oauthbearer.jwks.endpoint.refresh.ms
  sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms sasl.oauthbearer.jwks.endpoint.retry.backoff.ms
  sasl.oauthbearer.jwks.endpoint.url sasl.oauthbearer.jwt.retriever.class sasl.oauthbearer.jwt.validator.class
  sasl.oauthbearer.scope.claim.name sasl.oauthbearer.sub.claim.name send.buffer.bytes
  socket.connection.setup.timeout.max.ms ssl.keymanager.algorithm ssl.secure.random.implementation
  ssl.trustmanager.algorithm`);

/** Unsupported: users who set them rely on them, so they get a warning. */
const UNSUPPORTED = words(`
  interceptor.classes sasl.client.callback.handler.class sasl.kerberos.kinit.cmd
  sasl.kerberos.min.time.before.relogin sasl.kerberos.service.name sasl.kerberos.ticket.renew.jitter
  sasl.kerberos.ticket.renew.window.factor sasl.login.class sasl.oauthbearer.assertion.algorithm
  sasl.oauthbearer.assertion.claim.aud sasl.oauthbearer.assertion.claim.exp.seconds
  sasl.oauthbearer.assertion.claim.iss sasl.oauthbearer.assertion.claim.jti.include
  sasl.oauthbearer.assertion.claim.nbf.seconds sasl.oauthbearer.assertion.claim.sub sasl.oauthbearer.assertion.file
  sasl.oauthbearer.assertion.private.key.file sasl.oauthbearer.assertion.private.key.passphrase
  sasl.oauthbearer.assertion.template.file security.providers ssl.engine.factory.class ssl.provider`);

const PREFIXES = ['config.providers.', 'metrics.context.', 'print.', 'key.deserializer.', 'value.deserializer.'];

const known = new Set([...READ, ...WITHOUT_EFFECT, ...UNSUPPORTED]);

/** Whether one of Kafka's clients has the property. */
export const isClientProperty = (name: string): boolean => known.has(name);

const given = (properties: Properties): string[] =>
  [...properties].filter(([, value]) => value !== '').map(([key]) => key);

/** One warning line per unsupported property that is set. Never shows values. */
export function unsupportedProperties(properties: Properties): string[] {
  const unsupported = new Set(UNSUPPORTED);
  return given(properties)
    .filter((key) => unsupported.has(key))
    .map((key) => `WARN: the property ${key} is not supported and has no effect.`);
}

/** One line per property unknown to Kafka's clients. Java ignores them silently, so these lines are for terminals only. */
export function unknownProperties(properties: Properties): string[] {
  return given(properties)
    .filter((key) => !known.has(key) && !PREFIXES.some((prefix) => key.startsWith(prefix)))
    .map((key) => `WARN: the property ${key} is not one of Kafka's clients' and has no effect.`);
}
