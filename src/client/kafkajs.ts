/**
 * The front door to kafkajs: its Kafka, Admin, Producer and Consumer, configured by what Java clients are configured
 * with. Public as `ts-kafka-cli/client`.
 *
 *     import { createKafka } from 'ts-kafka-cli/client';
 *     const kafka = createKafka({ bootstrapServers: 'b1:9094', file: 'client.properties' });
 *     const admin = kafka.admin();
 *
 * What kafkajs 2.2.4 cannot do or does wrong, and that does not reach a user of this module: its busy timer (kafkajs#1556),
 * JSON log lines on stderr (#1457), a 1 s connect timeout (#931), IPv6 bootstrap addresses (#1589), the partitioner warning,
 * snappy, lz4 and zstd, records for a partition that does not exist (dropped in silence), up to 5 s of waiting in
 * `consumer.disconnect()` (#1606). The rest of its limits remain: docs/client.md lists them.
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

/** Which cluster, and how to reach it. What is given later here overrides what is given earlier. */
export interface ClusterSource {
  /** a profile of ts-kafka's configuration file (`ts-kafka profile`) */
  readonly profile?: string;
  /** a properties file as `--command-config` takes it */
  readonly file?: string;
  /** properties under Kafka's names: { 'security.protocol': 'SASL_SSL' } */
  readonly properties?: Readonly<Record<string, string | number | boolean>>;
  /** "b1:9092,[::1]:9092"; else the properties' bootstrap.servers, else the profile's. A `Server` of startServer() has it. */
  readonly bootstrapServers?: string;
  /** for `${env:NAME}` references, KAFKA_OPTS and the place of the profiles; default: process.env */
  readonly env?: Env;
  /** kafkajs's attempts after the first; its default is 5 */
  readonly retries?: number;
  /** is told kafkajs's errors and warnings, one line each; nothing by default */
  readonly log?: (line: string) => void;
}

/** All properties of a source, references resolved. Throws ConfigError or ProfileError; both name what cannot be used. */
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
 * kafkajs's configuration out of Kafka's property names: bootstrap.servers, client.id, security.protocol with ssl.* (PEM,
 * PKCS12, JKS) and sasl.* (JAAS; PLAIN, SCRAM, OAUTHBEARER), request.timeout.ms, the retry and connection timeouts, and
 * config providers. Throws ConfigError in Java's words.
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

/** kafkajs splits "host:port" at the first colon: an IPv6 address goes through with its colons replaced. */
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
/** Registers the codecs kafkajs lacks and stops its busy timer; once a process, whatever it makes afterwards. */
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

/** kafkajs's Kafka whose clients take their defaults from Kafka's properties. */
export class JavaConfiguredKafka extends kafkajs.Kafka {
  readonly #properties: Properties;

  constructor(properties: Properties, config: KafkaConfig) {
    super(config);
    this.#properties = properties;
  }

  /** `enable.idempotence` and `transactional.id`; records for a partition that does not exist are refused, not dropped. */
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
    // kafkajs waits for its long poll when it disconnects
    maxWaitTimeInMs: numberSetting(properties, 'fetch.max.wait.ms', 250),
    minBytes: numberSetting(properties, 'fetch.min.bytes', 1),
    maxBytes: numberSetting(properties, 'fetch.max.bytes', 50 * 1024 * 1024),
    maxBytesPerPartition: numberSetting(properties, 'max.partition.fetch.bytes', 1024 * 1024),
    metadataMaxAge: numberSetting(properties, 'metadata.max.age.ms', 300_000),
    readUncommitted: (properties.get('isolation.level') ?? 'read_uncommitted') === 'read_uncommitted',
    ...(rackId !== undefined && { rackId }),
  };
}

/** kafkajs resolves with nothing for a partition that the topic does not have: that is a lost record, hence an error. */
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

/** A kafkajs `Kafka` for the source. Throws ConfigError or ProfileError; connects when one of its clients does. */
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
