/** kafka-e2e-latency.sh: how long a message takes from producer to consumer. Mirrors tools/EndToEndLatency. */
import { CommandError, errorLine } from '../../../cli/errors.js';
import { type Command, type Io, write } from '../../../cli/io.js';
import { LATEST, listOffsets } from '../../../client/admin/list-offsets.js';
import { describeTopics } from '../../../client/admin/topics.js';
import type { Cluster } from '../../../client/cluster/types.js';
import type { Consumer } from '../../../client/consumer/consumer.js';
import type { Fetched } from '../../../client/consumer/fetched.js';
import { producerConfig } from '../../../client/producer/config.js';
import { Producer } from '../../../client/producer/producer.js';
import { RecordSlice } from '../../../client/producer/record-slice.js';
import { formatDouble } from '../../../java/double.js';
import { executionException, javaText } from '../../../java/exceptions.js';
import { ClientCreationError } from '../../../kafka/client-settings.js';
import { createTopics } from '../../../protocol/apis/19-create-topics.js';
import { KafkaError } from '../../../protocol/errors.js';
import { RecordCursor } from '../../../protocol/records/cursor.js';
import { openConsumer } from '../../shared/consumer-client.js';
import { propertiesFile } from '../../shared/properties-file.js';
import { histogramOf, latencyPercentiles, percentile } from '../shared/histogram.js';
import { LATENCIES } from '../shared/slo.js';
import { conclude, forLines, type Run, shownProperties, wanted } from '../shared/verdicts.js';
import { checkOptions, flags, type LatencyOptions, namedArguments } from './flags.js';
import { difference, type Message, messageOf, type Sizes } from './record.js';

export { flags };

const TOOL = 'kafka-e2e-latency';
const POLL_MS = 60_000;

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    const options = flags.parse(namedArguments(argv, (line) => io.stdout.write(line)));
    try {
      checkOptions(options);
      const given = { slo: options.values('slo'), output: options.value('output') };
      const verdicts = wanted({ name: TOOL, measures: LATENCIES }, given, (why) => options.usage(why));
      const run = await measure(options, forLines(io, verdicts));
      return await conclude(verdicts, () => run, io);
    } catch (error) {
      throw error instanceof CommandError ? error : new CommandError(errorLine(error));
    }
  },
};

async function measure(options: LatencyOptions, io: Io): Promise<Run> {
  const topic = options.value('topic') as string;
  const file = options.value('command-config');
  const properties = file?.trim() ? propertiesFile(file) : new Map<string, string>();
  const consumer = open(options, properties, io);
  const producer = producerOf(options, properties, consumer.cluster);
  try {
    if (!(await exists(consumer.cluster, topic))) await create(consumer.cluster, topic, io);
    await goToEnd(consumer, topic);
    await producer.start();
    const latencies = await new Latencies(options, producer, consumer, io).run();
    return outcome(options, properties, latencies);
  } finally {
    producer.close();
    await consumer.close();
    await consumer.cluster.close();
  }
}

/** `latencies`: in ms, ascending. */
function outcome(options: LatencyOptions, properties: ReadonlyMap<string, string>, latencies: number[]): Run {
  const avg = latencies.reduce((sum, one) => sum + one, 0) / latencies.length;
  const max = latencies.at(-1) ?? 0;
  return {
    tool: TOOL,
    parameters: {
      topic: options.value('topic'),
      'num-records': options.value('num-records'),
      'producer-acks': options.value('producer-acks'),
      'record-size': options.value('record-size'),
      'record-key-size': options.value('record-key-size'),
      'num-headers': options.value('num-headers'),
      'record-header-key-size': options.value('record-header-key-size'),
      'record-header-size': options.value('record-header-size'),
      properties: shownProperties(properties),
    },
    measured: { latencyMs: { ...latencyPercentiles(latencies), avg, max } },
    figures: { records: latencies.length },
    histogram: histogramOf(latencies),
  };
}

function open(options: LatencyOptions, properties: ReadonlyMap<string, string>, io: Io): Consumer {
  const bootstrap = options.value('bootstrap-server') as string;
  // Java sets fetch.max.wait.ms=0 and polls; a fetch that waits is answered as soon as there are records
  const own = { 'group.id': `test-group-${Date.now()}`, 'enable.auto.commit': 'false', 'auto.offset.reset': 'latest' };
  try {
    return openConsumer(io, bootstrap, new Map([...properties, ...Object.entries(own)]));
  } catch (error) {
    throw error instanceof ClientCreationError ? new CommandError('Failed to construct kafka consumer') : error;
  }
}

function producerOf(options: LatencyOptions, properties: ReadonlyMap<string, string>, cluster: Cluster): Producer {
  const own = { 'linger.ms': '0', acks: options.value('producer-acks') as string };
  const onLoss = ({ error }: { error: KafkaError }): never => {
    throw executionException(error);
  };
  const config = producerConfig(new Map([...properties, ...Object.entries(own)]));
  const keyed = options.value('record-key-size') > 0;
  return new Producer(cluster, options.value('topic') as string, config, { keyed, reserve: 0, onLoss });
}

async function exists(cluster: Cluster, topic: string): Promise<boolean> {
  const { topics } = await cluster.metadata(null, { call: 'listTopics' });
  return topics.some(({ name }) => name === topic);
}

async function create(cluster: Cluster, name: string, io: Io): Promise<void> {
  io.stdout.write(`Topic "${name}" does not exist. Will create topic with 1 partition(s) and replication factor = 1\n`);
  const topic = { name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
  const { topics } = await cluster.send(
    createTopics,
    { topics: [topic], timeoutMs: 30_000, validateOnly: false },
    { to: 'controller', call: 'createTopics' },
  );
  const { errorCode = 0, errorMessage } = topics[0] ?? {};
  if (errorCode === 0) return;
  io.stdout.write(`Creation of topic ${name} failed\n`);
  throw new Error(javaText(executionException(new KafkaError(errorCode, errorMessage))));
}

/** Assigns all partitions of the topic and seeks to their ends. */
async function goToEnd(consumer: Consumer, topic: string): Promise<void> {
  const [info] = await describeTopics(consumer.cluster, [topic]);
  const places = (info?.partitions ?? []).map(({ partition }) => ({ topic, partition }));
  for (const found of (await listOffsets(consumer.cluster, places, LATEST)).values()) {
    if (found instanceof KafkaError) throw found;
    consumer.assign(found, Number(found.offset));
  }
}

class Latencies {
  readonly #count: number;
  readonly #sizes: Sizes;
  readonly #cursor = new RecordCursor();

  constructor(
    options: LatencyOptions,
    private readonly producer: Producer,
    private readonly consumer: Consumer,
    private readonly io: Io,
  ) {
    this.#count = options.value('num-records') as number;
    this.#sizes = {
      value: options.value('record-size') as number,
      key: options.value('record-key-size'),
      headers: options.value('num-headers'),
      headerKey: options.value('record-header-key-size'),
      headerValue: options.value('record-header-size'),
    };
  }

  /** All latencies in ms, ascending. */
  async run(): Promise<number[]> {
    const latencies: number[] = [];
    let total = 0;
    for (let i = 0; i < this.#count; i++) {
      const message = messageOf(this.#sizes, i);
      const begin = process.hrtime.bigint();
      await this.#send(message);
      const fetched = await this.consumer.poll(POLL_MS, this.io.signal);
      const elapsed = Number(process.hrtime.bigint() - begin);
      if (!fetched) throw new Error('poll() timed out before finding a result (timeout:[60000ms])');
      this.#check(message, fetched);
      if (i % 1000 === 0) await write(this.io.stdout, `${i}\t${formatDouble(elapsed / 1000 / 1000)}\n`);
      total += elapsed;
      latencies.push(elapsed / 1e6);
    }
    latencies.sort((a, b) => a - b);
    await write(this.io.stdout, this.#results(total, latencies));
    return latencies;
  }

  async #send({ key, value, headers }: Message): Promise<void> {
    const slice = new RecordSlice(key === null ? value : Buffer.concat([key, value]));
    slice.keyStart = key === null ? -1 : 0;
    slice.keyEnd = slice.valueStart = key?.length ?? 0;
    slice.valueEnd = slice.src.length;
    slice.headers = headers;
    slice.headersEnd = headers.length;
    if (!this.producer.append(slice)) throw new Error('The producer has no room for a message');
    await this.producer.flush();
  }

  #check(message: Message, fetched: Fetched): void {
    let count = 0;
    while (fetched.nextRecord(this.#cursor)) {
      const wrong = count++ === 0 ? difference(message, this.#cursor) : undefined;
      if (wrong !== undefined) throw new Error(wrong);
    }
    fetched.done();
    if (count !== 1) throw new Error(`Only one result was expected during this test. We found [${count}]`);
  }

  /** Java keeps whole milliseconds. */
  #results(total: number, sorted: readonly number[]): string {
    const at = (share: number) => Math.floor(percentile(sorted, share) ?? 0);
    return (
      `Avg latency: ${(total / this.#count / 1000 / 1000).toFixed(4)} ms\n` +
      `Percentiles: 50th = ${at(0.5)}, 99th = ${at(0.99)}, 99.9th = ${at(0.999)}\n`
    );
  }
}
