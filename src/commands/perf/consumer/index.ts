/** kafka-consumer-perf-test.sh: how fast a consumer reads. Mirrors tools/ConsumerPerformance. */
import { CommandError, errorLine } from '../../../cli/errors.js';
import { type Command, type Io, write } from '../../../cli/io.js';
import type { Consumer } from '../../../client/consumer/consumer.js';
import type { Fetched } from '../../../client/consumer/fetched.js';
import type { Subscription } from '../../../client/consumer/subscription.js';
import { dateFormat } from '../../../java/date-format.js';
import { JavaError } from '../../../java/exceptions.js';
import { javaRegex } from '../../../java/regex.js';
import { ClientCreationError } from '../../../kafka/client-settings.js';
import { RecordCursor } from '../../../protocol/records/cursor.js';
import { openConsumer, subscribe } from '../../shared/consumer-client.js';
import { consumedMetrics, metricLines } from '../metrics.js';
import { finalLine, header, JoinTimer, progressLine } from '../shared/consumer-stats.js';
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
import { flags, type PerfOptions } from './flags.js';

export { flags };

const TOOL = 'kafka-consumer-perf-test';
const FETCH_METRICS = 'consumer-fetch-manager-metrics';

/** what a Java consumer's poll waits for, ms, and the records that it gives at most where max.poll.records is not set */
const POLL_MS = 100;
const POLL_RECORDS = 500;

export const command: Command = {
  async run(argv, io) {
    const options = flags.parse(argv);
    const verdicts = wantedRates(TOOL, options);
    const [lines, warnings] = [forLines(io, verdicts), forWarnings(io, verdicts)];
    check(options, warnings);
    try {
      if (!options.has('hide-header')) await write(lines.stdout, header(options.has('show-detailed-stats')));
      const run = await test(options, lines, warnings);
      return await conclude(verdicts, () => run, io);
    } catch (error) {
      throw failed(error);
    }
  },
};

/** The rules that Java holds the flags to, in its order; its warnings are on stdout. */
function check(options: PerfOptions, io: Io): void {
  options.required('bootstrap-server');
  options.exactlyOne('topic', 'include');
  options.exactlyOne('messages', 'num-records');
  options.forbidden('consumer.config', 'command-config');
  warnDeprecated(options, io);
}

/** A failure's message is all that a JVM does not put into its stack trace. */
function failed(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  return new CommandError(errorLine(error));
}

/** What Java's constructor refuses is only the cause of what it throws. */
function open(options: PerfOptions, properties: Map<string, string>, io: Io): Consumer {
  try {
    return openConsumer(io, options.value('bootstrap-server') as string, properties);
  } catch (error) {
    const wrapped = error instanceof ClientCreationError || error instanceof JavaError;
    throw wrapped ? new CommandError('Failed to construct kafka consumer') : error;
  }
}

function settings(options: PerfOptions): Map<string, string> {
  const properties = givenProperties(options);
  properties.set('group.id', options.value('group'));
  properties.set('receive.buffer.bytes', String(options.value('socket-buffer-size')));
  properties.set('max.partition.fetch.bytes', String(options.value('fetch-size')));
  properties.set('auto.offset.reset', options.has('from-latest') ? 'latest' : 'earliest');
  properties.set('check.crcs', 'false');
  if (!properties.has('client.id')) properties.set('client.id', 'perf-consumer-client');
  return properties;
}

function subscription(options: PerfOptions, consumer: Consumer): Subscription {
  const topic: string | undefined = options.value('topic');
  if (topic?.trim() === '') throw new Error('Topic collection to subscribe to cannot contain null or empty topic');
  if (topic !== undefined) return { topics: [topic] };
  const include = options.value('include') as string;
  const pattern = javaRegex(include, { whole: true });
  if (include === '') throw new Error('Topic pattern to subscribe to cannot be empty');
  return { pattern, excludeInternal: consumer.config.excludeInternal };
}

async function test(options: PerfOptions, io: Io, warnings: Io): Promise<Run> {
  const properties = settings(options);
  const consumer = open(options, properties, io);
  const start = Date.now();
  try {
    const max = wantedRecords(options);
    const reading = new Reading(options, consumer, io, max, Number(properties.get('max.poll.records') ?? POLL_RECORDS));
    await reading.run(subscription(options, consumer));
    if (reading.isShort) await write(warnings.stdout, tooFew(Number(options.value('timeout'))));
    const end = Date.now();
    await consumer.close();
    if (!options.has('show-detailed-stats'))
      await write(io.stdout, finalLine(reading, start, end, reading.join.total, reading.date));
    if (options.has('print-metrics'))
      await write(
        io.stdout,
        metricLines(consumedMetrics(FETCH_METRICS, reading), properties.get('client.id') as string),
      );
    return outcome(options, properties, reading, end - start);
  } finally {
    await consumer.cluster.close();
  }
}

function outcome(
  options: PerfOptions,
  properties: ReadonlyMap<string, string>,
  { records, bytes, join }: Reading,
  elapsedMs: number,
): Run {
  const fetchMs = elapsedMs - join.total;
  const fetch = ratesOf({ records, bytes }, fetchMs);
  return {
    tool: TOOL,
    parameters: {
      topic: options.value('topic'),
      include: options.value('include'),
      group: options.value('group'),
      ...measureParameters(options, properties),
    },
    measured: ratesOf({ records, bytes }, elapsedMs),
    figures: { records, bytes, elapsedMs, rebalanceMs: join.total, fetchMs, fetch },
  };
}

/** Reads until enough is read or nothing more comes. */
class Reading {
  bytes = 0;
  records = 0;
  /** nothing more came before all was read */
  isShort = false;
  readonly join = new JoinTimer();
  readonly date: (ms: number) => string;
  readonly #intervalMs: number;
  readonly #timeoutMs: number;
  #last = { bytes: 0, records: 0, at: Date.now(), joinMs: 0 };
  readonly #cursor = new RecordCursor();

  constructor(
    private readonly options: PerfOptions,
    private readonly consumer: Consumer,
    private readonly io: Io,
    private readonly max: number,
    private readonly perPoll: number,
  ) {
    this.#timeoutMs = Number(options.value('timeout'));
    this.#intervalMs = reportingMs(options);
    this.date = dateFormat(options.value('date-format'));
    consumer.listener = this.join;
  }

  async run(wanted: Subscription): Promise<void> {
    const { signal } = this.io;
    let consumedAt = Date.now();
    if (this.records < this.max) await subscribe(this.consumer, wanted);
    for (let now = consumedAt; this.records < this.max && now - consumedAt <= this.#timeoutMs; now = Date.now()) {
      const fetched = await this.consumer.poll(POLL_MS, signal);
      if (signal.aborted) return;
      if (fetched && this.#take(fetched)) consumedAt = Date.now();
    }
    this.isShort = this.records < this.max;
  }

  /** Counts as Java does: by the polls that would have given these records. True when there were any. */
  #take(fetched: Fetched): boolean {
    const cursor = this.#cursor;
    const before = this.records;
    let left = this.perPoll;
    let now = Date.now();
    while (fetched.nextRecord(cursor)) {
      this.records++;
      this.bytes += Math.max(0, cursor.keyLength) + Math.max(0, cursor.valueLength);
      if (now - this.#last.at >= this.#intervalMs) this.#report(now);
      if (--left > 0) continue;
      left = this.perPoll;
      now = Date.now();
      if (this.records >= this.max) break;
    }
    fetched.done();
    fetched.free();
    return this.records > before;
  }

  #report(to: number): void {
    const last = this.#last;
    const joinMs = this.join.total - last.joinMs;
    if (this.options.has('show-detailed-stats'))
      this.io.stdout.write(progressLine(this, last, { from: last.at, to, joinMs }, this.date));
    this.#last = { bytes: this.bytes, records: this.records, at: to, joinMs: this.join.total };
  }
}
