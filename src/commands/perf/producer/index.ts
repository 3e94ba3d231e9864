/** kafka-producer-perf-test.sh. Mirrors tools/ProducerPerformance. */
import { type Arguments, parseArguments, programHelp, refused } from '../../../cli/argparse/index.js';
import { CommandError, EXIT } from '../../../cli/errors.js';
import type { Command, Io } from '../../../cli/io.js';
import { producerConfig } from '../../../client/producer/config.js';
import { Producer } from '../../../client/producer/producer.js';
import { RecordSlice } from '../../../client/producer/record-slice.js';
import { resolveProviders } from '../../../client/security/providers.js';
import { JavaError, javaText } from '../../../java/exceptions.js';
import { numberSetting } from '../../../kafka/client-settings.js';
import { KafkaError } from '../../../protocol/errors.js';
import { openCluster } from '../../shared/connection.js';
import { Throttler } from '../../shared/throttler.js';
import { uncaught } from '../../shared/uncaught.js';
import { metricLines, producedMetrics } from '../metrics.js';
import { LATENCIES } from '../shared/slo.js';
import { conclude, forLines, forWarnings, type Run, shownProperties, wanted } from '../shared/verdicts.js';
import { keysOf, LONGEST_KEY } from './keys.js';
import { parser } from './parser.js';
import { listPayload, numberPayload, type Payload, randomPayload, readPayloads } from './payload.js';
import { readSettings, type Settings } from './settings.js';
import { Stats } from './stats.js';

export { parser };

/** Bytes to append before yielding to the event loop, so that sockets make progress. */
const STRETCH = 256 * 1024;

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    if (argv.length === 0) throw new CommandError('help', { stdout: programHelp(parser, io), code: EXIT.ok });
    const args = parseArguments(parser, argv, io);
    const given = { slo: args.texts('slo'), output: args.text('output'), metrics: args.has('print-metrics') };
    const verdicts = wanted(TOOL, given, (why) => refused(parser, why, io));
    const settings = readSettings(args, forWarnings(io, verdicts));
    const lines = forLines(io, verdicts);
    const payload = payloadOf(args, settings, lines);
    const { code, run } = await measure(settings, payload, lines, args.has('print-metrics'));
    const judged = await conclude(
      verdicts,
      () => ({ tool: TOOL.name, parameters: parameters(args, settings), ...run() }),
      io,
    );
    return Math.max(code, judged);
  },
};

const TOOL = { name: 'kafka-producer-perf-test', measures: [...LATENCIES, 'rate'] } as const;

function payloadOf(args: Arguments, { seed, keys, records }: Settings, io: Io): Payload {
  const randomness = { seed, keyed: keys?.random === true, records };
  const file = args.text('payload-file');
  if (file !== undefined) {
    const delimiter = args.text('payload-delimiter') as string;
    return listPayload(
      readPayloads(file, delimiter, (line) => void io.stdout.write(`${line}\n`)),
      randomness,
    );
  }
  const size = args.number('record-size');
  return size === undefined ? numberPayload() : randomPayload(size, randomness);
}

/** What was asked for and what else decides the figures, without secrets. */
function parameters(args: Arguments, { topic, records, warmup, throughput, properties, transaction }: Settings) {
  return {
    topic,
    'num-records': records,
    'warmup-records': warmup,
    throughput,
    'record-size': args.number('record-size'),
    'payload-file': args.text('payload-file'),
    'payload-monotonic': args.has('payload-monotonic') || undefined,
    'key-distribution': args.text('key-distribution'),
    'transaction-duration-ms': transaction?.durationMs,
    properties: shownProperties(properties),
  };
}

type Outcome = { readonly code: number; readonly run: () => Omit<Run, 'tool' | 'parameters'> };

/** Sends the records and says how it went; exit code 1 where some were lost. */
async function measure(settings: Settings, payload: Payload, io: Io, metrics: boolean): Promise<Outcome> {
  const { records, warmup, intervalMs } = settings;
  const say = (line: string) => void io.stdout.write(`${line}\n`);
  const reported = new Set<string>();
  let lost = 0;
  const { producer, cluster } = open(settings, payload, io, {
    onAcked: (acked) => {
      const now = Date.now();
      acked.sizes((timestamp, bytes) => {
        stats.record(now - timestamp, bytes, now);
        if (acknowledged++ >= warmup) steady?.record(now - timestamp, bytes, now);
      });
    },
    onLoss: ({ count, error }) => {
      lost += count;
      const text = javaText(error);
      if (!reported.has(text)) io.stderr.write(`${text}\n`);
      reported.add(text);
    },
  });
  let acknowledged = 0;
  let steady: Stats | undefined;
  if (warmup > 0) {
    say(`Warmup first ${warmup} records. Steady state results will print after the complete test summary.`);
  }
  let stats = new Stats(records, intervalMs, say);
  const atRecord = (i: number) => {
    if (warmup === 0 || i !== warmup) return;
    steady = new Stats(records - warmup, intervalMs, say, { steady: true });
    stats.quiet = true;
  };
  try {
    await producer.init();
    stats = new Stats(records, intervalMs, say);
    await send(producer, settings, payload, atRecord, io.signal);
    await producer.commit();
  } catch (error) {
    // onLoss has already reported errors that lost records, such as an unknown topic
    if (!(error instanceof KafkaError)) throw uncaught(error, CANNOT);
    if (lost === 0) throw new CommandError(javaText(error));
  } finally {
    producer.close();
    await cluster.close();
  }
  const endMs = Date.now();
  say(stats.totalLine(endMs));
  if (steady) say(steady.totalLine(endMs));
  if (metrics) {
    const clientId = settings.properties.get('client.id') as string;
    io.stdout.write(metricLines(producedMetrics(settings.topic, { acked: acknowledged, lost }), clientId));
  }
  const run = () => {
    const { measured, histogram, ...total } = stats.figures(endMs);
    const figures = { ...total, lost };
    if (!steady) return { measured, histogram, figures };
    // a warm-up is given so that it does not count: the verdicts are on the steady state
    const { records, bytes, elapsedMs, ...judged } = steady.figures(endMs);
    return { ...judged, figures: { records, bytes, elapsedMs, lost, withWarmup: { ...total, ...measured } } };
  };
  return { code: lost > 0 ? EXIT.failure : EXIT.ok, run };
}

const CANNOT = 'Failed to construct kafka producer';

type Listeners = Pick<ConstructorParameters<typeof Producer>[3], 'onAcked' | 'onLoss'>;

function open(
  { topic, properties: given, transaction: asked, keys }: Settings,
  { reserve }: Payload,
  io: Io,
  listeners: Listeners,
) {
  try {
    const properties = new Map(resolveProviders(given, io.env));
    // the id is passed to the producer through `transaction`
    properties.delete('transactional.id');
    const config = producerConfig(properties);
    const timeoutMs = numberSetting(properties, 'transaction.timeout.ms', 60_000);
    const transaction = asked && { transaction: { transactionalId: asked.id, timeoutMs } };
    const bootstrap = properties.get('bootstrap.servers') ?? '';
    const cluster = openCluster(io, { bootstrap, properties });
    return {
      producer: new Producer(cluster, topic, config, {
        keyed: keys !== undefined,
        reserve: reserve + LONGEST_KEY,
        ...listeners,
        ...transaction,
      }),
      cluster,
    };
  } catch (error) {
    throw uncaught(error instanceof Error ? error : new JavaError('java.lang.Exception', String(error)), CANNOT);
  }
}

async function send(
  producer: Producer,
  settings: Settings,
  payload: Payload,
  atRecord: (i: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { records, throughput, transaction } = settings;
  const buf = producer.buffer;
  const slice = new RecordSlice(buf);
  const writeKey = keysOf(settings, payload.draws);
  if (writeKey) slice.keyStart = payload.reserve;
  payload.fill(buf);
  const throttler = new Throttler(throughput, Date.now());
  let stretch = 0;
  let begun = -1;
  for (let i = 0; i < records && !signal.aborted; i++) {
    atRecord(i);
    slice.valueStart = payload.next(i, buf);
    slice.valueEnd = payload.end;
    if (writeKey) slice.keyEnd = writeKey(i, buf, slice.keyStart);
    const now = Date.now();
    producer.tick(now);
    while (!producer.append(slice)) await producer.room();
    stretch += slice.valueSize;
    if (begun < 0) begun = now;
    if (transaction && now - begun >= transaction.durationMs) {
      await producer.commit();
      begun = -1;
    }
    if (throttler.isAhead(i, now)) {
      if (!throttler.owes()) continue;
      producer.idle();
      await throttler.pause(signal);
    } else if (stretch >= STRETCH) await turn();
    else continue;
    stretch = 0;
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
