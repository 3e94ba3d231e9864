/** kafka-console-share-consumer.sh. Mirrors tools/consumer/ConsoleShareConsumer. */
import { CommandError, FlagError } from '../../../cli/errors.js';
import type { Command, Io } from '../../../cli/io.js';
import { shareConsumerConfig } from '../../../client/consumer/share-config.js';
import { ShareConsumer } from '../../../client/consumer/share-consumer.js';
import { Acknowledge, type ShareFetched } from '../../../client/consumer/share-fetched.js';
import { resolveProviders } from '../../../client/security/providers.js';
import { JavaError, javaText, rootCause } from '../../../java/exceptions.js';
import { ClientCreationError } from '../../../kafka/client-settings.js';
import { Errors, KafkaError } from '../../../protocol/errors.js';
import { RecordCursor } from '../../../protocol/records/cursor.js';
import { consumerCluster } from '../../shared/consumer-client.js';
import { logEvent } from '../../shared/log-event.js';
import type { Output } from '../../shared/output.js';
import { FormatError } from '../consumer/print.js';
import type { Formatter } from '../formatters/formatter.js';
import { consoleRun, prepareConsole } from '../run.js';
import { flags, type ShareConsumerOptions } from './flags.js';
import { acknowledgeType, shareSettings } from './options.js';

export { flags };

const LOGGER = 'org.apache.kafka.tools.consumer.ConsoleShareConsumer';
const FOREVER = Number.MAX_SAFE_INTEGER;

export const command: Command = {
  async run(argv, io) {
    const options = flags.parse(argv);
    const { settings, formatter } = await prepareConsole(options, io, (say) => shareSettings(options, say));
    const consumer = open(options, settings, io);
    return new Reading(options, formatter, consumer, io).run();
  },
};

function open(options: ShareConsumerOptions, given: ReadonlyMap<string, string>, io: Io): ShareConsumer {
  try {
    // looked at in this order, as in Java
    options.value('timeout-ms');
    const properties = resolveProviders(given, io.env);
    const config = shareConsumerConfig(properties);
    const bootstrap = options.value('bootstrap-server') as string;
    const topic = options.value('topic') as string;
    if (topic.trim() === '') {
      const why = 'Topic collection to subscribe to cannot contain null or empty topic';
      throw new JavaError('java.lang.IllegalArgumentException', why);
    }
    return new ShareConsumer(consumerCluster(io, bootstrap, properties, config), config);
  } catch (error) {
    throw failed(error);
  }
}

const textOf = (error: unknown): string =>
  error instanceof FlagError ? `${error.javaClass}: ${error.message}` : javaText(error);

function failed(error: unknown): CommandError {
  if (error instanceof ClientCreationError) {
    const what = 'Failed to construct Kafka share consumer';
    return failed(new JavaError('org.apache.kafka.common.KafkaException', what, error));
  }
  const root = rootCause(error);
  const cause = root === error ? '' : `Caused by: ${textOf(root)}\n`;
  const event = logEvent('ERROR', `Unknown error when running consumer: ${textOf(error)}`, LOGGER);
  return new CommandError('', { stderr: event + cause });
}

/** One run of the consumer, from its start to its clean end. */
class Reading {
  readonly #options: ShareConsumerOptions;
  readonly #formatter: Formatter;
  readonly #consumer: ShareConsumer;
  readonly #io: Io;
  readonly #cursor = new RecordCursor();
  /** messages that are out, or on their way */
  #count = 0;

  constructor(options: ShareConsumerOptions, formatter: Formatter, consumer: ShareConsumer, io: Io) {
    this.#options = options;
    this.#formatter = formatter;
    this.#consumer = consumer;
    this.#io = io;
  }

  run(): Promise<number> {
    return consoleRun(this.#io, {
      consumer: this.#consumer,
      read: (out, signal) => this.#read(out, signal),
      failed,
      codeOf: (failure) => this.#codeOf(failure),
      systestEvents: this.#options.has('enable-systest-events'),
      commits: true,
    });
  }

  async #read(out: Output, signal: AbortSignal): Promise<void> {
    const max = this.#options.value('max-messages') ?? -1;
    const enough = max === -1 ? FOREVER : max;
    const timeoutMs = this.#options.value('timeout-ms') ?? -1;
    // like Java's consumer, one that is to read nothing does not wait for anything
    if (enough <= 0) return;
    this.#consumer.subscribe([this.#options.value('topic') as string]);
    const type = acknowledgeType(this.#options);
    while (this.#count < enough && !signal.aborted) {
      const fetched = await this.#consumer.poll(timeoutMs < 0 ? FOREVER : timeoutMs, signal);
      if (!fetched) return;
      try {
        while (this.#count < enough && fetched.nextRecord(this.#cursor)) {
          this.#count++;
          this.#one(fetched, out, type);
          if (out.full && !(await out.flush(fetched))) break;
        }
      } finally {
        await out.flush(fetched);
        out.end(fetched);
        // the broker is asked for more only when it has heard of these
        await out.settled();
        this.#count = out.count;
      }
    }
  }

  /** One that ends the run is neither accepted nor rejected. */
  #one(fetched: ShareFetched, out: Output, type: number): void {
    try {
      fetched.acknowledge(this.#print(fetched, out) ? type : Acknowledge.reject);
    } finally {
      out.mark(this.#cursor.offset, 0);
    }
  }

  /** False for a message that could not be printed, where that is to be rejected. */
  #print(source: Parameters<Formatter['write']>[1], out: Output): boolean {
    try {
      this.#formatter.write(this.#cursor, source, out);
      return true;
    } catch (error) {
      if (!this.#options.has('reject-message-on-error')) throw new FormatError('', { cause: error });
      this.#log('Error processing message, rejecting this message', error);
      return false;
    }
  }

  /** As with the console consumer: 1 where a record is there and cannot be read, and where no retry can help. */
  #codeOf(failure: unknown): number {
    if (failure instanceof FormatError) {
      this.#log('Unknown error when running consumer', failure.cause);
      return 1;
    }
    if (failure instanceof FlagError) {
      this.#log('Unknown error when running consumer', failure);
      return 1;
    }
    this.#log('Error processing message, terminating consumer process', failure);
    if (!(failure instanceof KafkaError)) return 1;
    return failure.code === Errors.CORRUPT_MESSAGE || failure.code === Errors.SASL_AUTHENTICATION_FAILED ? 1 : 0;
  }

  #log(what: string, error: unknown): void {
    this.#io.stderr.write(logEvent('ERROR', `${what}: ${textOf(error)}`, LOGGER));
  }
}
