/** kafka-share-consumer-perf-test.sh: how fast share consumers read. Mirrors tools/ShareConsumerPerformance. */
import { CommandError, errorLine } from '../../../cli/errors.js';
import { type Command, type Io, write } from '../../../cli/io.js';
import { shareConsumerConfig } from '../../../client/consumer/share-config.js';
import { ShareConsumer } from '../../../client/consumer/share-consumer.js';
import { Acknowledge, type ShareFetched } from '../../../client/consumer/share-fetched.js';
import { resolveProviders } from '../../../client/security/providers.js';
import { dateFormat } from '../../../java/date-format.js';
import { ClientCreationError } from '../../../kafka/client-settings.js';
import { RecordCursor } from '../../../protocol/records/cursor.js';
import { consumerCluster } from '../../shared/consumer-client.js';
import { consumedMetrics, metricLines } from '../metrics.js';
import type { Totals } from '../shared/consumer-stats.js';
import {
  givenProperties,
  measureParameters,
  ratesOf,
  reportingMs,
  tooFew,
  wantedRates,
  wantedRecords,
  warnDeprecated,
} from '../shared/measuring.js';
import { conclude, forLines, forWarnings, type Run } from '../shared/verdicts.js';
import { flags, type SharePerfOptions } from './flags.js';
import { HEADER, spanLine } from './stats.js';

export { flags };

/** what a Java consumer's poll waits for, ms, and what the last acknowledgements and the leaving may take */
const POLL_MS = 100;
const CLOSE_MS = 5000;
const NOTHING: Totals = { bytes: 0, records: 0 };

export const command: Command = {
  async run(argv, io) {
    const options = flags.parse(argv);
    const verdicts = wantedRates(TOOL, options);
    const [lines, warnings] = [forLines(io, verdicts), forWarnings(io, verdicts)];
    options.required('topic', 'bootstrap-server');
    options.exactlyOne('messages', 'num-records');
    options.forbidden('consumer.config', 'command-config');
    warnDeprecated(options, warnings);
    try {
      if (!options.has('hide-header')) await write(lines.stdout, HEADER);
      const run = await test(options, lines, warnings);
      return await conclude(verdicts, () => run, io);
    } catch (error) {
      if (error instanceof CommandError) throw error;
      throw new CommandError(error instanceof ClientCreationError ? CANNOT : errorLine(error));
    }
  },
};

const TOOL = 'kafka-share-consumer-perf-test';
const CANNOT = 'Failed to construct Kafka share consumer';

function settings(options: SharePerfOptions): Map<string, string> {
  const properties = givenProperties(options);
  properties.set('group.id', options.value('group'));
  properties.set('receive.buffer.bytes', String(options.value('socket-buffer-size')));
  properties.set('fetch.max.bytes', String(options.value('fetch-size')));
  properties.set('check.crcs', 'false');
  if (!properties.has('client.id')) properties.set('client.id', 'perf-share-consumer-client');
  return properties;
}

/** Several consumers have their number in their client ids. */
function open(options: SharePerfOptions, io: Io): [clientId: string, consumer: ShareConsumer][] {
  const threads = options.value('threads');
  return Array.from({ length: Math.max(0, threads) }, (_, i) => {
    const properties = resolveProviders(settings(options), io.env);
    const name = properties.get('client.id') as string;
    const clientId = threads > 1 ? `${name}-${i + 1}` : name;
    const numbered = new Map([...properties, ['client.id', clientId]]);
    const config = shareConsumerConfig(numbered);
    const bootstrap = options.value('bootstrap-server') as string;
    return [clientId, new ShareConsumer(consumerCluster(io, bootstrap, numbered, config), config)];
  });
}

async function test(options: SharePerfOptions, io: Io, warnings: Io): Promise<Run> {
  const consumers = open(options, io);
  try {
    const { test: shared, readings } = prepare(options, consumers, io);
    const start = Date.now();
    await Promise.all(readings.map((reading) => reading.run()));
    const span = { from: start, to: Date.now() };
    if (options.has('show-consumer-stats')) {
      for (const [i, reading] of readings.entries()) {
        const line = spanLine(reading, NOTHING, span, shared.date);
        const who = `Share consumer ${i + 1} having client id ${reading.clientId} consumption metrics-`;
        await write(io.stdout, `${who} ${line}\n`);
      }
    }
    if (shared.records < shared.max && !io.signal.aborted) await write(warnings.stdout, tooFew(shared.timeoutMs));
    await Promise.all(consumers.map(([, consumer]) => consumer.close(CLOSE_MS)));
    await write(io.stdout, `${spanLine(shared, NOTHING, span, shared.date)}\n`);
    if (options.has('print-metrics'))
      for (const reading of readings)
        await write(
          io.stdout,
          metricLines(consumedMetrics('consumer-share-fetch-manager-metrics', reading), reading.clientId),
        );
    return outcome(options, shared, readings, span.to - span.from);
  } finally {
    await Promise.all(consumers.map(([, consumer]) => consumer.cluster.close()));
  }
}

function outcome(options: SharePerfOptions, total: Totals, readings: readonly Reading[], elapsedMs: number): Run {
  const { records, bytes } = total;
  const consumers = readings.map((one) => ({ clientId: one.clientId, records: one.records, bytes: one.bytes }));
  return {
    tool: TOOL,
    parameters: {
      topic: options.value('topic'),
      group: options.value('group'),
      threads: options.value('threads'),
      ...measureParameters(options, settings(options)),
    },
    measured: ratesOf(total, elapsedMs),
    figures: { records, bytes, elapsedMs, consumers },
  };
}

function prepare(options: SharePerfOptions, consumers: readonly [string, ShareConsumer][], io: Io) {
  const topic = options.value('topic') as string;
  if (topic.trim() === '') throw new Error('Topic collection to subscribe to cannot contain null or empty topic');
  // Java's pool of threads refuses to be empty, without a word
  if (consumers.length === 0) throw new Error('null');
  const shared = new Shared(options);
  for (const [, consumer] of consumers) consumer.subscribe([topic]);
  const readings = consumers.map(
    ([clientId, consumer], i) => new Reading(options, consumer, io, shared, clientId, i + 1),
  );
  return { test: shared, readings };
}

/** What the consumers count together. */
class Shared {
  bytes = 0;
  records = 0;
  readonly max: number;
  readonly timeoutMs: number;
  readonly date: (ms: number) => string;

  constructor(options: SharePerfOptions) {
    this.max = wantedRecords(options);
    this.timeoutMs = Number(options.value('timeout'));
    this.date = dateFormat(options.value('date-format'));
  }
}

/** One consumer; reads until all together have enough, or nothing more comes to it. */
class Reading {
  bytes = 0;
  records = 0;
  #last = { bytes: 0, records: 0, at: Date.now() };
  #intervalMs: number | undefined;
  readonly #cursor = new RecordCursor();

  constructor(
    private readonly options: SharePerfOptions,
    private readonly consumer: ShareConsumer,
    private readonly io: Io,
    private readonly shared: Shared,
    readonly clientId: string,
    private readonly index: number,
  ) {}

  async run(): Promise<void> {
    const { shared } = this;
    const { signal } = this.io;
    let consumedAt = Date.now();
    while (shared.records < shared.max && Date.now() - consumedAt <= shared.timeoutMs && !signal.aborted) {
      const fetched = await this.consumer.poll(POLL_MS, signal);
      if (fetched && this.#take(fetched)) consumedAt = Date.now();
    }
  }

  #take(fetched: ShareFetched): boolean {
    const cursor = this.#cursor;
    const before = this.records;
    const now = Date.now();
    while (fetched.nextRecord(cursor)) {
      const size = Math.max(0, cursor.keyLength) + Math.max(0, cursor.valueLength);
      this.records++;
      this.bytes += size;
      this.shared.records++;
      this.shared.bytes += size;
      fetched.acknowledge(Acknowledge.accept);
      if (now - this.#last.at >= this.#interval()) this.#report(now);
    }
    fetched.done();
    return this.records > before;
  }

  /** Java looks at it with the first record. */
  #interval(): number {
    try {
      this.#intervalMs ??= reportingMs(this.options);
      return this.#intervalMs;
    } catch (error) {
      throw new Error(`java.lang.IllegalArgumentException: ${errorLine(error)}`);
    }
  }

  #report(to: number): void {
    const last = this.#last;
    if (this.options.has('show-detailed-stats')) {
      const line = spanLine(this, last, { from: last.at, to }, this.shared.date);
      this.io.stdout.write(`${line} for share consumer ${this.index}\n`);
    }
    this.#last = { bytes: this.bytes, records: this.records, at: to };
  }
}
