/** kafka-verifiable-consumer.sh. Mirrors tools/VerifiableConsumer. */
import { type Arguments, parseArguments } from '../../../cli/argparse/index.js';
import { EXIT } from '../../../cli/errors.js';
import { type Command, type Io, write } from '../../../cli/io.js';
import { consumerConfig } from '../../../client/consumer/config.js';
import { Consumer } from '../../../client/consumer/consumer.js';
import type { Fetched } from '../../../client/consumer/fetched.js';
import { ClassicGroup } from '../../../client/groups/classic.js';
import { ModernGroup } from '../../../client/groups/modern.js';
import { resolveProviders } from '../../../client/security/providers.js';
import { javaText } from '../../../java/exceptions.js';
import type { TopicPartition } from '../../../kafka/topic-partition.js';
import { KafkaError } from '../../../protocol/errors.js';
import { RecordCursor } from '../../../protocol/records/cursor.js';
import { openCluster } from '../../shared/connection.js';
import { logEvent } from '../../shared/log-event.js';
import { uncaught } from '../../shared/uncaught.js';
import { eventLine, printEvent } from '../json-events.js';
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

function open(given: ReadonlyMap<string, string>, io: Io): Consumer {
  try {
    const properties = resolveProviders(given, io.env);
    const config = consumerConfig(properties);
    const apiTimeout = String(Math.max(config.apiTimeoutMs, config.requestTimeoutMs));
    const raised = new Map([...properties, ['default.api.timeout.ms', apiTimeout]]);
    const bootstrap = properties.get('bootstrap.servers') as string;
    return new Consumer(openCluster(io, { bootstrap, properties: raised }), config);
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
  /** nobody reads the events any more */
  readonly #gone = new AbortController();

  constructor(
    private readonly consumer: Consumer,
    private readonly io: Io,
    private readonly options: Options,
  ) {}

  async run(topic: string): Promise<void> {
    const { consumer, io } = this;
    const { stdout, signal } = io;
    for (const event of ['close', 'error']) stdout.once(event, () => this.#gone.abort());
    signal.addEventListener('abort', () => printEvent(stdout, 'shutdown_requested'), { once: true });
    printEvent(stdout, 'startup_complete');
    consumer.listener = {
      assigned: (partitions) => this.#rebalanced('partitions_assigned', partitions),
      revoked: (partitions) => this.#rebalanced('partitions_revoked', partitions),
    };
    const Group = consumer.config.groupProtocol === 'classic' ? ClassicGroup : ModernGroup;
    consumer.subscribe(new Group(consumer, { topics: [topic] }));
    try {
      await this.#poll();
    } catch (error) {
      const text = `Error during processing, terminating consumer process: ${javaText(error)}`;
      io.stderr.write(logEvent('ERROR', text, 'org.apache.kafka.tools.VerifiableConsumer'));
    }
    const assigned = [...consumer.partitions.values()];
    await consumer.close(this.options.closeMs ?? (signal.aborted ? SIGNAL_LIMIT : undefined));
    await consumer.cluster.close();
    if (assigned.length > 0) this.#rebalanced('partitions_revoked', assigned);
    printEvent(stdout, 'shutdown_complete');
    if (!signal.aborted) printEvent(stdout, 'shutdown_requested');
  }

  #rebalanced(name: string, partitions: readonly TopicPartition[]): void {
    printEvent(this.io.stdout, name, {
      partitions: partitions.map(({ topic, partition }) => ({ topic, partition })),
    });
  }

  get #finished(): boolean {
    return this.#count >= this.options.max || this.io.signal.aborted || this.#gone.signal.aborted;
  }

  async #poll(): Promise<void> {
    const stop = AbortSignal.any([this.io.signal, this.#gone.signal]);
    while (!this.#finished) {
      const fetched = await this.consumer.poll(FOREVER, stop);
      if (fetched) await this.#take(fetched);
    }
  }

  /** Reads what came, at most POLL records at a time. */
  async #take(fetched: Fetched): Promise<void> {
    const cursor = this.#cursor;
    const chunk = new Chunk(fetched);
    while (!this.#finished && fetched.next(cursor)) {
      while (cursor.next()) {
        if (cursor.offset < fetched.position) continue;
        chunk.add(cursor, this.options.verbose && this.#count + chunk.count < this.options.max);
        if (chunk.count < POLL) continue;
        await this.#handOut(chunk);
        if (this.#finished) break;
      }
    }
    if (!this.#finished && chunk.count > 0) await this.#handOut(chunk);
    fetched.done();
  }

  async #handOut(chunk: Chunk): Promise<void> {
    const { fetched, count, first } = chunk;
    const { topic, partition } = fetched.state;
    const taken = Math.min(count, this.options.max - this.#count);
    const last = chunk.offsets[taken - 1] as number;
    this.#count += taken;
    const partitions = [{ topic, partition, count: taken, minOffset: first, maxOffset: last }];
    await write(this.io.stdout, chunk.lines + eventLine('records_consumed', { count, partitions }));
    if (this.#count >= this.options.max) fetched.stopAt(last + 1);
    else fetched.readTo(last + 1);
    fetched.done();
    chunk.clear();
    if (this.options.commits && !fetched.stale) await this.#commit({ topic, partition, offset: last + 1 });
  }

  async #commit(offset: { topic: string; partition: number; offset: number }): Promise<void> {
    const offsets = [offset];
    try {
      await this.consumer.commit();
      printEvent(this.io.stdout, 'offsets_committed', { offsets, success: true });
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      printEvent(this.io.stdout, 'offsets_committed', { offsets, error: error.message, success: false });
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
