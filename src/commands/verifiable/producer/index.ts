/** kafka-verifiable-producer.sh. Mirrors tools/VerifiableProducer. */
import { parseArguments } from '../../../cli/argparse/index.js';
import { EXIT } from '../../../cli/errors.js';
import { type Command, type Io, write } from '../../../cli/io.js';
import { producerConfig } from '../../../client/producer/config.js';
import type { Acked } from '../../../client/producer/deliveries.js';
import { Producer } from '../../../client/producer/producer.js';
import { RecordSlice } from '../../../client/producer/record-slice.js';
import { resolveProviders } from '../../../client/security/providers.js';
import { formatDouble } from '../../../java/double.js';
import { KafkaError } from '../../../protocol/errors.js';
import { openCluster } from '../../shared/connection.js';
import { Throttler } from '../../shared/throttler.js';
import { uncaught } from '../../shared/uncaught.js';
import { eventLine, printEvent, RawNumber } from '../json-events.js';
import { configProperties, helpWithoutArguments } from '../parser.js';
import { parser } from './parser.js';

export { parser };

/** bytes in front of the producer's memory: a key, then a value */
const RESERVE = 64;
const VALUE_AT = 24;
/** records between two looks at what came in */
const STRETCH = 2000;
/** how long what is under way is waited for once a signal came, ms */
const CLOSE_LIMIT = 5000;

interface Settings {
  readonly topic: string;
  readonly max: number;
  readonly perSecond: number;
  readonly prefix: string;
  readonly keys: number | undefined;
  readonly createTime: number | undefined;
}

export const command: Command = {
  async run(argv, io) {
    helpWithoutArguments(parser, argv, io);
    const args = parseArguments(parser, argv, io);
    const own = configProperties(parser, args, 'producer.config', io);
    const properties = new Map([
      ['bootstrap.servers', args.text('bootstrap-server') as string],
      ['acks', String(args.number('acks'))],
      ['retries', '0'],
      ...own,
    ]);
    const max = args.number('max-messages') as number;
    const prefix = args.number('value-prefix');
    const created = Number(args.long('message-create-time'));
    const settings: Settings = {
      topic: args.text('topic') as string,
      max: max < 0 ? Number.POSITIVE_INFINITY : max,
      perSecond: args.number('throughput') as number,
      prefix: prefix === undefined ? '' : `${prefix}.`,
      keys: args.number('repeating-keys'),
      createTime: created === -1 ? undefined : created,
    };
    await new VerifiableProducer(settings, io).run(properties);
    return EXIT.ok;
  },
};

class VerifiableProducer {
  #sent = 0;
  #acked = 0;
  #answered = 0;

  constructor(
    private readonly settings: Settings,
    private readonly io: Io,
  ) {}

  async run(properties: ReadonlyMap<string, string>): Promise<void> {
    const { io, settings } = this;
    const { producer, close } = this.#open(properties);
    const startMs = Date.now();
    try {
      printEvent(io.stdout, 'startup_complete');
      await this.#send(producer, startMs);
      await this.#flushed(producer);
    } catch (error) {
      // a topic that is not there is said of each message
      if (!(error instanceof KafkaError)) throw uncaught(error, CANNOT);
      if (this.#sent > this.#answered) this.#failedEvent(null, this.#value(this.#answered), error);
    } finally {
      await close();
    }
    printEvent(io.stdout, 'shutdown_complete');
    printEvent(io.stdout, 'tool_data', {
      sent: this.#sent,
      acked: this.#acked,
      target_throughput: settings.perSecond,
      avg_throughput: new RawNumber(formatDouble((1000 * this.#acked) / (Date.now() - startMs))),
    });
  }

  #open(given: ReadonlyMap<string, string>) {
    try {
      const properties = resolveProviders(given, this.io.env);
      const config = producerConfig(properties);
      const cluster = openCluster(this.io, { bootstrap: properties.get('bootstrap.servers') ?? '', properties });
      const producer = new Producer(cluster, this.settings.topic, config, {
        keyed: this.settings.keys !== undefined,
        reserve: RESERVE,
        onAcked: (acked) => this.#onAcked(acked),
        onLost: (records, error) => {
          for (const { key, value } of records) this.#failedEvent(key, value?.toString() ?? null, error);
        },
        onLoss: () => {},
      });
      const close = async () => {
        producer.close();
        await cluster.close();
      };
      return { producer, close };
    } catch (error) {
      throw uncaught(error, CANNOT);
    }
  }

  async #send(producer: Producer, startMs: number): Promise<void> {
    const { max, perSecond } = this.settings;
    const { signal } = this.io;
    const throttler = new Throttler(perSecond, startMs);
    const slice = new RecordSlice(producer.buffer);
    let time = this.settings.createTime;
    for (let i = 0; i < max && !signal.aborted; i++) {
      const now = Date.now();
      producer.tick(time ?? now);
      if (time !== undefined) time += now - startMs;
      this.#sent++;
      await this.#append(producer, slice, i);
      const ahead = throttler.isAhead(i, now);
      if (ahead && throttler.owes()) {
        producer.idle();
        await throttler.pause(signal);
      } else if (i % STRETCH === STRETCH - 1 && !(await this.#turn())) return;
    }
  }

  async #append(producer: Producer, slice: RecordSlice, i: number): Promise<void> {
    const { src } = slice;
    const { keys } = this.settings;
    if (keys !== undefined) {
      slice.keyStart = 0;
      slice.keyEnd = src.write(String(i % Math.max(1, keys)), 0, 'latin1');
    }
    slice.valueStart = VALUE_AT;
    slice.valueEnd = VALUE_AT + src.write(this.#value(i), VALUE_AT, 'latin1');
    while (!producer.append(slice)) await producer.room();
  }

  #value(i: number): string {
    return `${this.settings.prefix}${i}`;
  }

  /** Lets sockets have their turn, and waits for a reader that is slow; false once nobody reads. */
  async #turn(): Promise<boolean> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    return this.io.stdout.writableNeedDrain ? write(this.io.stdout, '') : !this.io.stdout.destroyed;
  }

  async #flushed(producer: Producer): Promise<void> {
    const { signal } = this.io;
    if (!signal.aborted) return producer.flush();
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_LIMIT);
    });
    await Promise.race([producer.flush(), limit]).finally(() => clearTimeout(timer));
  }

  #onAcked({ partition, baseOffset, records }: Acked): void {
    const { topic } = this.settings;
    let lines = '';
    let offset = baseOffset;
    for (const { key, value } of records) {
      const fields = { key: key?.toString() ?? null, value: value?.toString() ?? null, offset, partition, topic };
      lines += eventLine('producer_send_success', fields);
      this.#acked++;
      this.#answered++;
      if (offset >= 0) offset++;
    }
    this.io.stdout.write(lines);
  }

  #failedEvent(key: Buffer | null, value: string | null, error: KafkaError): void {
    this.#answered++;
    printEvent(this.io.stdout, 'producer_send_error', {
      topic: this.settings.topic,
      key: key?.toString() ?? null,
      value,
      exception: `class ${error.javaClass}`,
      message: error.message,
    });
  }
}

const CANNOT = 'Failed to construct kafka producer';
