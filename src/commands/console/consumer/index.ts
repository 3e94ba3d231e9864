/** kafka-console-consumer.sh. Mirrors tools/consumer/ConsoleConsumer. */
import { CommandError, FlagError } from '../../../cli/errors.js';
import type { Command, Io } from '../../../cli/io.js';
import type { ConsumerConfig } from '../../../client/consumer/config.js';
import type { Consumer } from '../../../client/consumer/consumer.js';
import { ConsumerError } from '../../../client/consumer/consumer-error.js';
import type { Subscription } from '../../../client/consumer/subscription.js';
import { JavaError, javaText } from '../../../java/exceptions.js';
import { javaRegex } from '../../../java/regex.js';
import { ClientCreationError } from '../../../kafka/client-settings.js';
import { Errors, KafkaError } from '../../../protocol/errors.js';
import { openConsumer, subscribe } from '../../shared/consumer-client.js';
import { logEvent } from '../../shared/log-event.js';
import type { Formatter } from '../formatters/formatter.js';
import { consoleRun, prepareConsole } from '../run.js';
import { type ConsumerOptions, flags } from './flags.js';
import { type ConsumerSettings, consumerSettings } from './options.js';
import { FormatError, Printer } from './print.js';
import { Window } from './window.js';

export { flags };

const LOGGER = 'org.apache.kafka.tools.consumer.ConsoleConsumer';
const FOREVER = Number.MAX_SAFE_INTEGER;

export const command: Command = {
  async run(argv, io) {
    const options = flags.parse(argv);
    const { settings, formatter } = await prepareConsole(options, io, (say) => consumerSettings(options, say));
    let consumer: Consumer;
    try {
      consumer = openConsumer(io, settings.bootstrap, settings.consumer);
    } catch (error) {
      throw failed(error);
    }
    const printer = new Printing(options, settings, formatter, consumer, io);
    return printer.run();
  },
};

function failed(error: unknown): CommandError {
  // its message shows the pattern, on lines of its own
  if (error instanceof SyntaxError) {
    const event = logEvent('ERROR', 'Unknown error when running consumer: ', LOGGER);
    return new CommandError('', { stderr: `${event}java.util.regex.PatternSyntaxException: ${error.message}\n` });
  }
  let text = javaText(error);
  if (error instanceof ClientCreationError) {
    text = `org.apache.kafka.common.KafkaException: Failed to construct kafka consumer: ${text}`;
  } else if (error instanceof FlagError) text = `${error.javaClass}: ${error.message}`;
  return new CommandError('', { stderr: logEvent('ERROR', `Unknown error when running consumer: ${text}`, LOGGER) });
}

const refused = (message: string) => new JavaError('java.lang.IllegalArgumentException', message);

/** One run of the consumer, from its start to its clean end. */
class Printing {
  readonly #options: ConsumerOptions;
  readonly #settings: ConsumerSettings;
  readonly #formatter: Formatter;
  readonly #consumer: Consumer;
  readonly #io: Io;

  constructor(options: ConsumerOptions, settings: ConsumerSettings, formatter: Formatter, consumer: Consumer, io: Io) {
    this.#options = options;
    this.#settings = settings;
    this.#formatter = formatter;
    this.#consumer = consumer;
    this.#io = io;
  }

  run(): Promise<number> {
    const subscription = this.#subscription();
    return consoleRun(this.#io, {
      consumer: this.#consumer,
      read: async (out, signal) => {
        const max = this.#max();
        const printer = new Printer(this.#formatter, out, {
          max,
          selection: this.#settings.read.selection,
          onSkipped: this.#settings.skipOnError
            ? (error) => this.#log('Error processing message, skipping this message', error)
            : undefined,
        });
        // like Java's consumer, one that is to read nothing does not connect
        if (max > 0) await this.#read(printer, subscription, signal);
      },
      failed,
      codeOf: (failure) => this.#codeOf(failure),
      systestEvents: this.#settings.systestEvents,
      commits: this.#config.autoCommit && subscription !== undefined,
    });
  }

  #subscription(): Subscription | undefined {
    try {
      const { topic, include, partition } = this.#settings;
      if (partition !== undefined) return undefined;
      if (topic?.trim() === '') throw refused('Topic collection to subscribe to cannot contain null or empty topic');
      if (topic !== undefined) return { topics: [topic] };
      if (include === '') throw refused('Topic pattern to subscribe to cannot be empty');
      return { pattern: javaRegex(include as string, { whole: true }), excludeInternal: this.#config.excludeInternal };
    } catch (error) {
      throw failed(error);
    }
  }

  get #config(): ConsumerConfig {
    return this.#consumer.config;
  }

  /** Java looks at this flag only when the consumer is there, and shows the class of what is wrong with it. */
  #max(): number {
    const max: number | undefined = this.#options.value('max-messages');
    return max === undefined || max === -1 ? FOREVER : Math.max(0, max);
  }

  async #read(printer: Printer, subscription: Subscription | undefined, signal: AbortSignal): Promise<void> {
    const { topic, partition, offset, timeoutMs = FOREVER, read } = this.#settings;
    const window = read.window && new Window(this.#consumer, read.window);
    if (subscription) await subscribe(this.#consumer, subscription);
    else this.#consumer.assign({ topic: topic as string, partition: partition as number }, offset);
    while (!signal.aborted && !(await printer.finished())) {
      const fetched = await (window ?? this.#consumer).poll(timeoutMs, signal);
      if (!fetched) return;
      await printer.print(fetched);
      window?.wasRead(fetched, read.selection?.isPast);
    }
  }

  /**
   * Java ends with 0 whatever goes wrong while it polls, and with 1 when a message cannot be printed. What would hide a
   * record from the user (it is there, and cannot be read) is 1 with us.
   */
  #codeOf(failure: unknown): number {
    if (failure instanceof FormatError) {
      this.#log('Unknown error when running consumer', failure.cause);
      return 1;
    }
    if (failure instanceof FlagError) {
      this.#log('Unknown error when running consumer', `${failure.javaClass}: ${failure.message}`);
      return 1;
    }
    this.#log('Error processing message, terminating consumer process', failure);
    const lost = !(failure instanceof KafkaError) || failure.code === Errors.CORRUPT_MESSAGE;
    return lost ? 1 : 0;
  }

  #log(what: string, error: unknown): void {
    const text = typeof error === 'string' ? error : textOf(error);
    this.#io.stderr.write(logEvent('ERROR', `${what}: ${text}`, LOGGER));
  }
}

const textOf = (error: unknown): string =>
  error instanceof ConsumerError ? `${error.javaClass}: ${error.message}` : javaText(error);
