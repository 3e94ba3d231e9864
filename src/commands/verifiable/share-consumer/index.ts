/** kafka-verifiable-share-consumer.sh. Mirrors tools/VerifiableShareConsumer. */
import { type Arguments, parseArguments } from '../../../cli/argparse/index.js';
import { EXIT } from '../../../cli/errors.js';
import type { Command, Io } from '../../../cli/io.js';
import { alterConfigs, Resource } from '../../../client/admin/configs.js';
import { shareConsumerConfig } from '../../../client/consumer/share-config.js';
import { type AcknowledgedPartition, ShareConsumer } from '../../../client/consumer/share-consumer.js';
import { Acknowledge, type ShareFetched } from '../../../client/consumer/share-fetched.js';
import { resolveProviders } from '../../../client/security/providers.js';
import { JavaError, javaText } from '../../../java/exceptions.js';
import { hashOrder } from '../../../java/hash-order.js';
import { RecordCursor } from '../../../protocol/records/cursor.js';
import { consumerCluster } from '../../shared/consumer-client.js';
import { logEvent } from '../../shared/log-event.js';
import { Output } from '../../shared/output.js';
import { uncaught, uncaughtClass } from '../../shared/uncaught.js';
import { eventLine } from '../json-events.js';
import { configProperties, helpWithoutArguments } from '../parser.js';
import { acknowledgementName, readAckPattern } from './ack-pattern.js';
import { parser } from './parser.js';

export { parser };

const LOGGER = 'org.apache.kafka.tools.VerifiableShareConsumer';
/** what Java's poll waits for, what it gives the group's config, and what a signal leaves for leaving the group, ms */
const POLL_MS = 5000;
const ALTER_MS = 60_000;
const SIGNAL_LIMIT = 3000;

export const command: Command = {
  async run(argv, io) {
    helpWithoutArguments(parser, argv, io);
    const args = parseArguments(parser, argv, io);
    checkMode(args.text('acknowledgement-mode') as string);
    const pattern = readAckPattern(args, io);
    const properties = configProperties(parser, args, undefined, io);
    properties.set('group.id', args.text('group-id') as string);
    properties.set('bootstrap.servers', args.text('bootstrap-server') as string);
    await new Reading(open(properties, io), args, io, pattern).run();
    return EXIT.ok;
  },
};

/** Acknowledgements go out behind each poll here, whichever it is. */
function checkMode(given: string): void {
  const mode = given.toUpperCase();
  if (['AUTO', 'ASYNC', 'SYNC'].includes(mode)) return;
  throw uncaughtClass('java.lang.IllegalArgumentException', `No enum constant ${LOGGER}.AcknowledgementMode.${mode}`);
}

function open(given: ReadonlyMap<string, string>, io: Io): ShareConsumer {
  try {
    const properties = resolveProviders(given, io.env);
    const config = shareConsumerConfig(properties);
    const bootstrap = properties.get('bootstrap.servers') as string;
    return new ShareConsumer(consumerCluster(io, bootstrap, properties, config), config);
  } catch (error) {
    throw uncaught(error, 'Failed to construct Kafka share consumer');
  }
}

/** One run of the consumer. */
class Reading {
  #acknowledged = 0;
  readonly #max: number;
  readonly #cursor = new RecordCursor();
  readonly #out: Output;
  /** enough is acknowledged */
  readonly #over = new AbortController();

  constructor(
    private readonly consumer: ShareConsumer,
    private readonly args: Arguments,
    private readonly io: Io,
    /** answers by offset modulo its length; empty: every record is accepted */
    private readonly pattern: readonly number[],
  ) {
    this.#out = new Output(io.stdout, io.signal);
    const max = args.number('max-messages') as number;
    this.#max = max < 0 ? Number.POSITIVE_INFINITY : max;
  }

  async run(): Promise<void> {
    const { consumer, io } = this;
    const { signal } = io;
    signal.addEventListener('abort', () => this.#event('shutdown_requested'), { once: true });
    this.#event('startup_complete');
    try {
      await this.#setReset();
      await this.#read(AbortSignal.any([signal, this.#out.gone, this.#over.signal]));
    } catch (error) {
      const text = `Error during processing, terminating share consumer process: ${javaText(error)}`;
      io.stderr.write(logEvent('ERROR', text, LOGGER));
    }
    await consumer.close(signal.aborted ? SIGNAL_LIMIT : undefined);
    await consumer.cluster.close();
    this.#event('shutdown_complete');
    if (!signal.aborted) this.#event('shutdown_requested');
    await this.#out.settled();
  }

  #event(name: string, fields?: Readonly<Record<string, unknown>>): void {
    this.#out.line(eventLine(name, fields));
  }

  /** Where the group begins is the group's config. */
  async #setReset(): Promise<void> {
    const strategy = (this.args.text('offset-reset-strategy') as string).toLowerCase();
    if (strategy === '') return;
    if (!/^(earliest|latest|by_duration:.+)$/.test(strategy))
      throw new JavaError('java.lang.IllegalArgumentException', `Unknown auto offset reset strategy: ${strategy}`);
    const set = new Map([['share.auto.offset.reset', strategy]]);
    const group = this.args.text('group-id') as string;
    await alterConfigs(this.consumer.cluster, Resource.group, group, { set, unset: [] }, ALTER_MS);
    this.#event('offset_reset_strategy_set', { offsetResetStrategy: strategy });
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { consumer } = this;
    if (this.#acknowledged >= this.#max) return;
    consumer.onAcknowledged = (answer) => this.#answered(answer);
    consumer.subscribe([this.args.text('topic') as string]);
    while (!signal.aborted) {
      const fetched = await consumer.poll(POLL_MS, signal);
      if (fetched) await this.#take(fetched);
    }
  }

  async #take(fetched: ShareFetched): Promise<void> {
    const cursor = this.#cursor;
    const { topic, partition } = fetched.state;
    const offsets: number[] = [];
    let lines = '';
    while (fetched.nextRecord(cursor)) {
      offsets.push(cursor.offset);
      fetched.acknowledge(this.#answerTo(cursor.offset));
      if (!this.args.has('verbose')) continue;
      const { data, offset } = cursor;
      const text = (start: number, length: number) =>
        length < 0 ? null : data.toString('utf8', start, start + length);
      const key = text(cursor.keyStart, cursor.keyLength);
      const value = text(cursor.valueStart, cursor.valueLength);
      lines += eventLine('record_data', { key, value, topic, partition, offset });
    }
    const count = offsets.length;
    if (count > 0) {
      const partitions = [{ topic, partition, count, offsets }];
      this.#out.text(lines + eventLine('records_consumed', { count, partitions }));
      this.#out.mark(offsets[count - 1] as number, 0);
      await this.#out.flush(fetched);
    }
    this.#out.end(fetched);
    await this.#out.settled();
  }

  #answerTo(offset: number): number {
    const { pattern } = this;
    return pattern.length === 0 ? Acknowledge.accept : (pattern[offset % pattern.length] as number);
  }

  /** How many records had which answer. */
  #counts(offsets: readonly number[]): Record<string, number> {
    const counts = new Map<string, number>();
    for (const offset of offsets) {
      const name = acknowledgementName(this.#answerTo(offset)) as string;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return Object.fromEntries(hashOrder([...counts.keys()]).map((name) => [name, counts.get(name) as number]));
  }

  #answered({ topic, partition, batches, error }: AcknowledgedPartition): void {
    const offsets = batches.flatMap(({ firstOffset, lastOffset }) =>
      Array.from({ length: Number(lastOffset - firstOffset) + 1 }, (_, i) => Number(firstOffset) + i),
    );
    const count = offsets.length;
    const failure = error && { error: error.message };
    const partitions = [{ topic, partition, count, offsets }];
    const counted = !error && this.pattern.length > 0 && { ackTypeCounts: this.#counts(offsets) };
    this.#event('offsets_acknowledged', { count, partitions, success: !error, ...failure, ...counted });
    if (error) return;
    this.#acknowledged += count;
    if (this.#acknowledged >= this.#max) this.#over.abort();
  }
}
