/** kafka-verifiable-consumer.sh. Mirrors tools/VerifiableConsumer. */
import { type Arguments, parseArguments } from '../../../cli/argparse/index.js';
import { EXIT } from '../../../cli/errors.js';
import type { Command, Io } from '../../../cli/io.js';
import type { Consumer } from '../../../client/consumer/consumer.js';
import type { Fetched } from '../../../client/consumer/fetched.js';
import { javaText } from '../../../java/exceptions.js';
import type { TopicPartition } from '../../../kafka/topic-partition.js';
import { KafkaError } from '../../../protocol/errors.js';
import { RecordCursor } from '../../../protocol/records/cursor.js';
import { openConsumer, subscribe } from '../../shared/consumer-client.js';
import { logEvent } from '../../shared/log-event.js';
import { Output } from '../../shared/output.js';
import { uncaught } from '../../shared/uncaught.js';
import { eventLine } from '../json-events.js';
import { configProperties, helpWithoutArguments } from '../parser.js';
import { parser } from './parser.js';

export { parser };

/** Java's max.poll.records: how many one event speaks of */
const POLL = 500;
const FOREVER = 2147483647;
/** what a signal leaves for leaving the group, ms */
const SIGNAL_LIMIT = 3000;

export const command: Command = {
  async run(argv, io) {
    helpWithoutArguments(parser, argv, io);
    const args = parseArguments(parser, argv, io);
    const properties = consumerProperties(args, configProperties(parser, args, 'consumer.config', io));
    const consumer = open(properties, io);
    const max = args.number('max-messages') as number;
    const reading = new Reading(consumer, io, {
      max: max < 0 ? Number.POSITIVE_INFINITY : max,
      verbose: args.has('verbose'),
      commits: !args.has('enable-autocommit'),
      closeMs: args.has('close-timeout') ? Math.max(0, args.number('close-timeout') as number) : undefined,
    });
    await reading.run(args.text('topic') as string);
    return EXIT.ok;
  },
};

function consumerProperties(args: Arguments, properties: Map<string, string>): Map<string, string> {
  const set = (key: string, value: string | number | undefined) => {
    if (value !== undefined) properties.set(key, String(value));
  };
  const protocol = args.text('group-protocol') as string;
  if (protocol.toLowerCase() === 'consumer') {
    set('group.protocol', protocol);
    set('group.remote.assignor', args.text('group-remote-assignor'));
  } else {
    set('partition.assignment.strategy', args.text('assignment-strategy'));
  }
  set('session.timeout.ms', args.number('session-timeout'));
  set('group.id', args.text('group-id'));
  set('group.instance.id', args.text('group-instance-id'));
  set('bootstrap.servers', args.text('bootstrap-server'));
  set('enable.auto.commit', String(args.has('enable-autocommit')));
  set('auto.offset.reset', args.text('reset-policy'));
  return properties;
}

function open(properties: ReadonlyMap<string, string>, io: Io): Consumer {
  try {
    return openConsumer(io, properties.get('bootstrap.servers') as string, properties);
  } catch (error) {
    throw uncaught(error, 'Failed to construct kafka consumer');
  }
}

interface Options {
  readonly max: number;
  readonly verbose: boolean;
  readonly commits: boolean;
  /** what leaving the group may take; undefined: not said */
  readonly closeMs: number | undefined;
}

/** One run of the consumer. */
class Reading {
  #count = 0;
  readonly #cursor = new RecordCursor();
  readonly #out: Output;
  readonly #stop: AbortSignal;

  constructor(
    private readonly consumer: Consumer,
    private readonly io: Io,
    private readonly options: Options,
  ) {
    this.#out = new Output(io.stdout, io.signal);
    this.#stop = AbortSignal.any([io.signal, this.#out.gone]);
  }

  async run(topic: string): Promise<void> {
    const { consumer, io } = this;
    const { signal } = io;
    signal.addEventListener('abort', () => this.#event('shutdown_requested'), { once: true });
    this.#event('startup_complete');
    consumer.listener = {
      assigned: (partitions) => this.#rebalanced('partitions_assigned', partitions),
      revoked: (partitions) => this.#rebalanced('partitions_revoked', partitions),
    };
    try {
      await subscribe(consumer, { topics: [topic] });
      await this.#poll();
    } catch (error) {
      const text = `Error during processing, terminating consumer process: ${javaText(error)}`;
      io.stderr.write(logEvent('ERROR', text, 'org.apache.kafka.tools.VerifiableConsumer'));
    }
    await this.#out.settled();
    const assigned = [...consumer.partitions.values()];
    await consumer.close(this.options.closeMs ?? (signal.aborted ? SIGNAL_LIMIT : undefined));
    await consumer.cluster.close();
    if (assigned.length > 0) this.#rebalanced('partitions_revoked', assigned);
    this.#event('shutdown_complete');
    if (!signal.aborted) this.#event('shutdown_requested');
    await this.#out.settled();
  }

  #event(name: string, fields?: Readonly<Record<string, unknown>>): void {
    this.#out.line(eventLine(name, fields));
  }

  #rebalanced(name: string, partitions: readonly TopicPartition[]): void {
    this.#event(name, { partitions: partitions.map(({ topic, partition }) => ({ topic, partition })) });
  }

  get #finished(): boolean {
    return this.#count >= this.options.max || this.#stop.aborted;
  }

  async #poll(): Promise<void> {
    while (!this.#finished) {
      const fetched = await this.consumer.poll(FOREVER, this.#stop);
      if (fetched) await this.#take(fetched);
    }
  }

  /** Reads what came, at most POLL records at a time. */
  async #take(fetched: Fetched): Promise<void> {
    const cursor = this.#cursor;
    const chunk = new Chunk(fetched);
    try {
      while (!this.#finished && !fetched.stopped && fetched.nextRecord(cursor)) {
        chunk.add(cursor, this.options.verbose && this.#count + chunk.count < this.options.max);
        if (chunk.count === POLL) await this.#handOut(chunk);
      }
      if (!this.#finished && chunk.count > 0) await this.#handOut(chunk);
    } finally {
      // more may have been read than was wanted: then only what is out counts
      if (this.#finished) fetched.release();
      else this.#out.end(fetched);
    }
  }

  /** Prints what became of these records: they are consumed when that is out, and all at once. */
  async #handOut(chunk: Chunk): Promise<void> {
    const { fetched, count, first } = chunk;
    const { topic, partition } = fetched.state;
    const taken = Math.min(count, this.options.max - this.#count);
    const last = chunk.offsets[taken - 1] as number;
    const partitions = [{ topic, partition, count: taken, minOffset: first, maxOffset: last }];
    const out = this.#out;
    const before = out.count;
    out.text(chunk.lines + eventLine('records_consumed', { count, partitions }));
    out.mark(last, fetched.epoch);
    await out.flush(fetched);
    await out.settled();
    chunk.clear();
    if (out.count === before) return;
    this.#count += taken;
    if (this.options.commits && !fetched.state.gone) await this.#commit({ topic, partition, offset: last + 1 });
  }

  async #commit(offset: { topic: string; partition: number; offset: number }): Promise<void> {
    const offsets = [offset];
    try {
      await this.consumer.commit();
      this.#event('offsets_committed', { offsets, success: true });
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      this.#event('offsets_committed', { offsets, error: error.message, success: false });
    }
  }
}

/** Records that one event speaks of. */
class Chunk {
  offsets: number[] = [];
  /** the records' own lines, where they are wanted */
  lines = '';

  constructor(readonly fetched: Fetched) {}

  get count(): number {
    return this.offsets.length;
  }

  get first(): number {
    return this.offsets[0] as number;
  }

  add(cursor: RecordCursor, verbose: boolean): void {
    this.offsets.push(cursor.offset);
    if (!verbose) return;
    const { data } = cursor;
    const text = (start: number, length: number) => (length < 0 ? null : data.toString('utf8', start, start + length));
    const { topic, partition } = this.fetched.state;
    this.lines += eventLine('record_data', {
      key: text(cursor.keyStart, cursor.keyLength),
      value: text(cursor.valueStart, cursor.valueLength),
      topic,
      partition,
      offset: cursor.offset,
    });
  }

  clear(): void {
    this.offsets = [];
    this.lines = '';
  }
}
