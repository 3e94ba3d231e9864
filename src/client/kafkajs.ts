/**
 * kafkajs's Kafka, Admin, Producer and Consumer, configured with the properties of the Java clients. Public as
 * `ts-kafka-cli/client`.
 *
 *     import { createKafka } from 'ts-kafka-cli/client';
 *     const kafka = createKafka({ bootstrapServers: 'b1:9094', file: 'client.properties' });
 *     const admin = kafka.admin();
 *
 * Defects and gaps of kafkajs 2.2.4 that this module fixes: the busy timer (kafkajs#1556), JSON log lines on stderr
 * (#1457), the 1 s connect timeout (#931), IPv6 bootstrap addresses (#1589), the partitioner warning, missing snappy, lz4
 * and zstd codecs, silently dropped records for a partition that does not exist, up to 5 s of waiting in
 * `consumer.disconnect()` (#1606). Its other limits remain: see docs/client.md.
 */
import { readFileSync } from 'node:fs';
import kafkajs, {
  type Admin,
  type Consumer,
  type ConsumerConfig,
  type ConsumerSubscribeTopic,
  type ConsumerSubscribeTopics,
  type KafkaConfig,
  type Producer,
  type ProducerBatch,
  type ProducerConfig,
  type ProducerRecord,
  type RecordMetadata,
  type SASLOptions,
} from 'kafkajs';
import { ConfigError } from '../java/config-def.js';
import { type Properties, parseProperties } from '../java/properties.js';
import { checkSettings } from '../kafka/client-configs.js';
import { booleanSetting, numberSetting, readTimeouts } from '../kafka/client-settings.js';
import { compress, decompress } from '../protocol/records/compression.js';
import { type Address, parseBootstrap } from './cluster/bootstrap.js';
import { mendRequestQueue } from './cluster/kafkajs-connection.js';
import { openSocket } from './cluster/socket.js';
import { type Env, readProfile } from './profiles.js';
import { readSecurity } from './security/index.js';
import { resolveProviders } from './security/providers.js';

/** Which cluster to connect to, and how. Later fields override earlier ones. */
export interface ClusterSource {
  /** a profile of ts-kafka's configuration file (`ts-kafka profile`) */
  readonly profile?: string;
  /** a properties file, as for `--command-config` */
  readonly file?: string;
  /** properties under Kafka's names: { 'security.protocol': 'SASL_SSL' } */
  readonly properties?: Readonly<Record<string, string | number | boolean>>;
  /** "b1:9092,[::1]:9092"; else the properties' bootstrap.servers, else the profile's. A `Server` returned by startServer() has this field. */
  readonly bootstrapServers?: string;
  /** for `${env:NAME}` references, KAFKA_OPTS and the location of the profiles; default: process.env */
  readonly env?: Env;
  /** kafkajs's `retries`; default 5 */
  readonly retries?: number;
  /** called with kafkajs's errors and warnings, one line each; by default they are dropped */
  readonly log?: (line: string) => void;
}

/** All properties of a source, references resolved. Throws ConfigError or ProfileError, which name the invalid setting. */
function propertiesOf(source: ClusterSource): Properties {
  const env = source.env ?? process.env;
  const all = new Map<string, string>();
  const add = (more: Properties): void => {
    for (const [name, value] of more) all.set(name, value);
  };
  if (source.profile !== undefined) {
    const { 'bootstrap-server': bootstrap, 'command-config': file } = readProfile(source.profile, env);
    if (file !== undefined) add(readFile(file));
    all.set('bootstrap.servers', bootstrap);
  }
  if (source.file !== undefined) add(readFile(source.file));
  add(new Map(Object.entries(source.properties ?? {}).map(([name, value]) => [name, String(value)])));
  if (source.bootstrapServers !== undefined) all.set('bootstrap.servers', source.bootstrapServers);
  return resolveProviders(all, env);
}

function readFile(file: string): Properties {
  try {
    return parseProperties(readFileSync(file, 'latin1'));
  } catch (error) {
    throw new ConfigError(`Could not read ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/**
 * Converts Kafka properties to a kafkajs configuration: bootstrap.servers, client.id, security.protocol with ssl.* (PEM,
 * PKCS12, JKS) and sasl.* (JAAS; PLAIN, SCRAM, OAUTHBEARER), request.timeout.ms, the retry and connection timeouts, and
 * config providers. Throws ConfigError with Java's messages.
 */
export function kafkaConfig(source: ClusterSource): KafkaConfig {
  return configOf(propertiesOf(source), source);
}

function configOf(properties: Properties, source: ClusterSource): KafkaConfig {
  checkSettings(properties, 'admin');
  const timeouts = readTimeouts(properties);
  const { ssl, sasl } = readSecurity(properties, source.env ?? process.env);
  const addresses = parseBootstrap(properties.get('bootstrap.servers') ?? '');
  return {
    brokers: addresses.map(brokerName),
    clientId: properties.get('client.id') ?? 'ts-kafka',
    ...(ssl && { ssl }),
    ...(sasl && { sasl: sasl as SASLOptions }),
    connectionTimeout: timeouts.connection,
    authenticationTimeout: timeouts.connection,
    requestTimeout: timeouts.request,
    retry: { initialRetryTime: timeouts.retryBackoff, maxRetryTime: timeouts.retryBackoffMax, ...retries(source) },
    socketFactory: ({ host, port, ssl: tls, onConnect }) =>
      openSocket({ host: hostOf(host), port, ssl: tls ?? null, onConnect }),
    ...logging(source.log),
  };
}

const retries = ({ retries }: ClusterSource): { retries?: number } => (retries === undefined ? {} : { retries });

/** kafkajs splits "host:port" at the first colon, so the colons of an IPv6 address are escaped. */
const brokerName = ({ host, port }: Address): string => `${host.replaceAll(':', '~')}:${port}`;
const hostOf = (name: string): string => name.replaceAll('~', ':');

function logging(log: ClusterSource['log']): Pick<KafkaConfig, 'logLevel' | 'logCreator'> {
  if (!log) return { logLevel: kafkajs.logLevel.NOTHING };
  const logCreator: NonNullable<KafkaConfig['logCreator']> =
    () =>
    ({ namespace, log: { message, error } }) =>
      log(`${namespace}: ${message}${error === undefined ? '' : `: ${error}`}`);
  return { logLevel: kafkajs.logLevel.WARN, logCreator };
}

let prepared = false;
/** Registers the codecs kafkajs lacks and fixes its busy timer; once per process. */
function prepare(): void {
  if (prepared) return;
  prepared = true;
  mendRequestQueue();
  const { CompressionTypes, CompressionCodecs } = kafkajs;
  for (const type of [CompressionTypes.Snappy, CompressionTypes.LZ4, CompressionTypes.ZSTD] as const) {
    CompressionCodecs[type] = () => ({
      compress: async ({ buffer }: { buffer: Buffer }) => compress(type, buffer),
      decompress: async (buffer: Buffer) => decompress(type, buffer),
    });
  }
}

/** kafkajs's Kafka; its clients take their defaults from the Kafka properties. */
export class JavaConfiguredKafka extends kafkajs.Kafka {
  readonly #properties: Properties;

  constructor(properties: Properties, config: KafkaConfig) {
    super(config);
    this.#properties = properties;
  }

  /** `enable.idempotence` and `transactional.id`; records for a partition that does not exist are rejected, not dropped. */
  override producer(config: ProducerConfig = {}): Producer {
    const transactionalId = this.#properties.get('transactional.id');
    const made = super.producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      idempotent: booleanSetting(this.#properties, 'enable.idempotence', false) || transactionalId !== undefined,
      ...(transactionalId !== undefined && { transactionalId, maxInFlightRequests: 1 }),
      ...config,
    });
    return checkedProducer(made);
  }

  /** `group.id` and the consumer's timeouts, sizes, rack and isolation level; `config` overrides them. */
  override consumer(config: Partial<ConsumerConfig> = {}): Consumer {
    const groupId = config.groupId ?? this.#properties.get('group.id');
    if (groupId === undefined) throw new ConfigError('A kafkajs consumer needs a group: set group.id or groupId');
    return super.consumer({ ...consumerSettings(this.#properties), ...config, groupId });
  }
}

function consumerSettings(properties: Properties): Partial<ConsumerConfig> {
  const rackId = properties.get('client.rack');
  return {
    sessionTimeout: numberSetting(properties, 'session.timeout.ms', 45_000),
    heartbeatInterval: numberSetting(properties, 'heartbeat.interval.ms', 3_000),
    // a disconnect waits for the running long poll, so keep it short
    maxWaitTimeInMs: numberSetting(properties, 'fetch.max.wait.ms', 250),
    minBytes: numberSetting(properties, 'fetch.min.bytes', 1),
    maxBytes: numberSetting(properties, 'fetch.max.bytes', 50 * 1024 * 1024),
    maxBytesPerPartition: numberSetting(properties, 'max.partition.fetch.bytes', 1024 * 1024),
    metadataMaxAge: numberSetting(properties, 'metadata.max.age.ms', 300_000),
    readUncommitted: (properties.get('isolation.level') ?? 'read_uncommitted') === 'read_uncommitted',
    ...(rackId !== undefined && { rackId }),
  };
}

/** kafkajs silently drops records for a partition that the topic does not have; this producer rejects them. */
function checkedProducer(producer: Producer): Producer {
  const sendBatch = producer.sendBatch.bind(producer);
  producer.sendBatch = async (batch: ProducerBatch) => {
    const answer = await sendBatch(batch);
    for (const { topic, messages } of batch.topicMessages ?? []) {
      for (const { partition } of messages) if (partition !== undefined) requirePartition(answer, topic, partition);
    }
    return answer;
  };
  const send = producer.send.bind(producer);
  producer.send = async (record: ProducerRecord) => {
    const answer = await send(record);
    for (const { partition } of record.messages) {
      if (partition !== undefined) requirePartition(answer, record.topic, partition);
    }
    return answer;
  };
  return producer;
}

function requirePartition(answer: readonly RecordMetadata[], topic: string, partition: number): void {
  if (answer.some((sent) => sent.topicName === topic && sent.partition === partition)) return;
  throw new kafkajs.KafkaJSNonRetriableError(`${topic} has no partition ${partition}: its records were not sent`);
}

/** Creates a kafkajs `Kafka`. Throws ConfigError or ProfileError. Connects only when one of its clients does. */
export function createKafka(source: ClusterSource): JavaConfiguredKafka {
  prepare();
  const properties = propertiesOf(source);
  return new JavaConfiguredKafka(properties, configOf(properties, source));
}

/** `createKafka(source).admin()` */
export const admin = (source: ClusterSource): Admin => createKafka(source).admin();

/** `createKafka(source).producer(config)` */
export const producer = (source: ClusterSource, config?: ProducerConfig): Producer =>
  createKafka(source).producer(config);

/** `createKafka(source).consumer(config)` */
export const consumer = (source: ClusterSource, config?: Partial<ConsumerConfig>): Consumer =>
  createKafka(source).consumer(config);

export type { Admin, Consumer, ConsumerConfig, ConsumerSubscribeTopic, ConsumerSubscribeTopics, KafkaConfig, Producer };
