/** kafka-console-producer.sh. Mirrors tools/ConsoleProducer. */
import { CommandError, EXIT, errorLine, FlagError } from '../../../cli/errors.js';
import type { Command, Io } from '../../../cli/io.js';
import { checkResolvable } from '../../../client/cluster/bootstrap.js';
import { type ProducerConfig, producerConfig } from '../../../client/producer/config.js';
import type { Loss } from '../../../client/producer/deliveries.js';
import { Producer } from '../../../client/producer/producer.js';
import { resolveProviders } from '../../../client/security/providers.js';
import { ConfigError } from '../../../java/config-def.js';
import { JavaError, javaText } from '../../../java/exceptions.js';
import { ClientCreationError } from '../../../kafka/client-settings.js';
import { KafkaError } from '../../../protocol/errors.js';
import { openCluster } from '../../shared/connection.js';
import { logEvent } from '../../shared/log-event.js';
import { megabytes, progress } from '../../shared/progress.js';
import { flags, type ProducerOptions } from './flags.js';
import { counted, type Input, openInput } from './input.js';
import { BYTES_PER_BYTE, JsonLines, type Keep } from './json-lines.js';
import { JsonRecordError } from './json-record.js';
import { LineReader } from './line-reader.js';
import { bootstrapOf, checkOptions, jsonInput, producerProperties, readerProperties } from './options.js';
import { pump } from './pump.js';
import { type ReaderConfig, ReaderError, readerConfig } from './reader-config.js';

export { flags };

const READER = 'org.apache.kafka.tools.LineMessageReader';
const INPUT = 4 * 1024 * 1024;
/** what a signal leaves for sending what was read, ms */
const STOP_LIMIT = 5000;
const AWAY_LIMIT = 500;
const CHECK = 100;

export const command: Command = {
  async run(argv, io) {
    const options = flags.parse(argv);
    const warnings = checkOptions(options);
    if (warnings !== '') io.stdout.write(warnings);
    const bootstrap = bootstrapOf(options);
    const settings = asJavaPrints(() => prepare(options, io));
    return produce(bootstrap, options, settings, io);
  },
};

interface Prepared {
  readonly reader: ReaderConfig;
  /** lines are JSON, and this of them is kept */
  readonly json: Keep | undefined;
  readonly properties: ReadonlyMap<string, string>;
  readonly config: ProducerConfig;
}

function prepare(options: ProducerOptions, io: Io): Prepared {
  const readerClass = options.value('line-reader') as string;
  if (readerClass !== READER) throw new CommandError(`java.lang.ClassNotFoundException: ${readerClass}`);
  const reader = readerConfig(readerProperties(options));
  const properties = resolveProviders(producerProperties(options), io.env);
  return { reader, json: jsonInput(options), properties, config: producerConfig(properties) };
}

/** Java prints a flag's error alone, and any other with its class. */
function asJavaPrints<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asCommandError(error);
  }
}

function asCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  if (error instanceof FlagError) return new CommandError(error.message);
  if (error instanceof ClientCreationError) {
    const cause = `Caused by: org.apache.kafka.common.config.ConfigException: ${error.message}`;
    return new CommandError(`org.apache.kafka.common.KafkaException: Failed to construct kafka producer\n${cause}`);
  }
  if (error instanceof ConfigError) {
    return new CommandError(`org.apache.kafka.common.config.ConfigException: ${error.message}`);
  }
  if (error instanceof JsonRecordError) return new CommandError(error.message);
  if (error instanceof ReaderError) return new CommandError(`org.apache.kafka.common.KafkaException: ${error.message}`);
  if (error instanceof SyntaxError) return new CommandError(`java.util.regex.PatternSyntaxException: ${error.message}`);
  if (error instanceof JavaError) return new CommandError(javaText(error));
  if (error instanceof KafkaError) return new CommandError(javaText(error));
  return new CommandError(errorLine(error));
}

async function produce(bootstrap: string, options: ProducerOptions, prepared: Prepared, io: Io): Promise<number> {
  const { reader, json, properties, config } = prepared;
  const topic = options.value('topic') as string;
  const sync = options.has('sync');
  const prompting = io.isTTY.stdin && io.isTTY.stdout;
  let lost: Loss | undefined;
  const onLoss = (loss: Loss) => {
    if (lost?.error !== loss.error) io.stderr.write(topicEvent(topic, properties, loss.error));
    lost = loss;
    if (!sync) io.stderr.write(`${lossLine(topic, loss)}\n`);
  };
  const cluster = asJavaPrints(() => openCluster(io, { bootstrap, properties }));
  const { input, stop } = asJavaPrints(() => openWatched(io));
  const reserve = Math.max(INPUT, (json ? BYTES_PER_BYTE : 1) * config.maxRequestSize + 1024 * 1024);
  const keyed = reader.parseKey || json !== undefined;
  const producer = new Producer(cluster, topic, config, { keyed, reserve, onLoss });
  const unusable = producer.warmUp();
  const jsonLines = json && new JsonLines(producer, json);
  const take = jsonLines?.take.bind(jsonLines);
  const lines = new LineReader(producer, reader, sync || prompting, take);
  const afterLine = async () => {
    if (sync) await flushed(producer, io.signal);
    if (lost && sync) throw new CommandError(`java.util.concurrent.ExecutionException: ${javaText(lost.error)}`);
    if (prompting) io.stdout.write('>');
  };
  try {
    const pumping = pump(input, lines, producer, { reserve, signal: io.signal, onLine: afterLine });
    await Promise.race([pumping, unusable]);
    // with nothing to send nobody would wait to hear that there is no broker of that name
    if (lines.lines === 0) await checkResolvable(bootstrap);
    if (sync) await afterLine();
    else await flushed(producer, io.signal);
  } catch (error) {
    if (lost && error === lost.error) {
      // said already, unless records go one by one
      if (sync) throw new CommandError(`java.util.concurrent.ExecutionException: ${javaText(lost.error)}`);
      return 1;
    }
    if (error instanceof ReaderError) await flushed(producer, io.signal).catch(() => {});
    throw asCommandError(error);
  } finally {
    stop();
    producer.close();
    await cluster.close();
  }
  return lost ? 1 : 0;
}

/** The input; one that nobody types is counted, for who watches on a terminal. */
function openWatched(io: Io): { input: Input; stop: () => void } {
  const input = openInput(io.stdin);
  if (!io.isTTY.stderr || io.isTTY.stdin) return { input, stop: () => {} };
  const watched = counted(input);
  return { input: watched, stop: progress(io, () => `Sending: ${megabytes(watched.bytes, input.size)}`) };
}

/** Waits until everything is answered; once a signal came, not for ever. */
async function flushed(producer: Producer, signal: AbortSignal): Promise<void> {
  let checking: NodeJS.Timeout | undefined;
  const limit = new Promise<'late'>((resolve) => {
    const start = () => {
      let left = STOP_LIMIT;
      checking = setInterval(() => {
        // a broker that is away is not waited for
        left = producer.isStalled ? Math.min(left, AWAY_LIMIT) : left;
        left -= CHECK;
        if (left <= 0) resolve('late');
      }, CHECK);
    };
    if (signal.aborted) start();
    else signal.addEventListener('abort', start, { once: true });
  });
  const late = await Promise.race([producer.flush(), limit]).finally(() => clearInterval(checking));
  if (!late) return;
  const code = signal.reason === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
  throw new CommandError('Stopped before every message was acknowledged by the broker.', { code });
}

/** Why a topic was not found in time, as Java says it meanwhile. */
function topicEvent(topic: string, properties: ReadonlyMap<string, string>, error: KafkaError): string {
  if (!(error.cause instanceof KafkaError)) return '';
  const what = `The metadata response from the cluster reported a recoverable issue: {${topic}=${error.cause.error}}`;
  const logger = 'org.apache.kafka.clients.NetworkClient';
  return logEvent('WARN', `[Producer clientId=${properties.get('client.id')}] ${what}`, logger);
}

function lossLine(topic: string, loss: Loss): string {
  const bytes = (n: number) => (n < 0 ? 'null' : `${n} bytes`);
  const what =
    loss.count === 1
      ? `message to topic ${topic} with key: ${bytes(loss.key)}, value: ${bytes(loss.value)} with error`
      : `${loss.count} messages to topic ${topic} with error`;
  return `Error when sending ${what}: ${javaText(loss.error)}`;
}
