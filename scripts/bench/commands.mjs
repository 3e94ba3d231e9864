/** The commands as whole processes: start-up, console producer, console consumer, latency of one line. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { contents, lineOf, writeLines } from './input.mjs';
import { median, percentile, timed } from './measure.mjs';
import {
  DIR,
  dropTopic,
  firstOf,
  java,
  KCAT_TIRELESS,
  kcat,
  kcatFirstOf,
  makeTopic,
  ROOT,
  recordsIn,
  server,
  ts,
} from './peers.mjs';

/** memory limit of a producer or consumer, for any input size */
const MEMORY = { peakMb: 200 };
export const OUTPUT = path.join(DIR, 'output');

export async function startUp(bench, at) {
  for (const args of [[...server(at), '--list'], ['--help'], ['--version']]) {
    const name = args.at(-1);
    // --help exits with 1, like the Java tool
    const any = (command) => timed(command, { codes: [0, 1] });
    await bench.row(
      `topics ${name}`,
      {
        'ts-kafka': () => any(ts('topics', ...args)),
        'node -e 0': () => any([process.execPath, '-e', '0']),
        Java: () => any(java('topics', ...args)),
      },
      { targets: { ms: { 'node -e 0': 1.6, Java: 0.15 } } },
    );
  }
}

/** Produces a file with a program to a new topic and counts the records in it. */
export function producing(at, input, count, command) {
  return async () => {
    const topic = await makeTopic(at);
    const measured = await timed(command(topic), { stdin: input, peak: true });
    const end = await recordsIn(at, topic);
    if (end !== count) throw new Error(`${command(topic).join(' ')} produced ${end} of ${count}`);
    await dropTopic(at, topic);
    return measured;
  };
}
const consoleProducer = (at) => (topic) => [...server(at), '--topic', topic, '--request-required-acks', 'all'];

export async function produce(bench, at, records) {
  const input = writeLines('lines', records, (i) => lineOf(i, 100));
  const args = consoleProducer(at);
  const into = (command) => producing(at, input, records, command);
  await bench.row(
    `console-producer < file, ${records} lines of 100 bytes`,
    {
      'ts-kafka': into((t) => ts('console-producer', ...args(t))),
      kcat: into((t) => kcat('-P', '-b', at, '-t', t)),
      Java: into((t) => java('console-producer', ...args(t))),
    },
    { targets: { ms: { kcat: 0.9, Java: 0.08 } }, limits: MEMORY },
  );
  for (const codec of ['gzip', 'snappy', 'lz4', 'zstd']) {
    await bench.row(
      `console-producer, ${codec}`,
      {
        'ts-kafka': into((t) => ts('console-producer', ...args(t), '--compression-codec', codec)),
        kcat: into((t) => kcat('-P', '-b', at, '-t', t, '-z', codec)),
      },
      { targets: { ms: { kcat: 1.2 } } },
    );
  }
  // a quarter of the records for rows that take Java a long time
  const part = records / 4;
  const parsed = writeLines('keyed', part, (i) => `h1:v${i % 10},h2:x\tkey-${i % 1000}\t${lineOf(i, 80)}`);
  const properties = ['parse.headers=true', 'parse.key=true'].flatMap((p) => ['--reader-property', p]);
  await bench.row(
    `console-producer, keys and headers parsed, ${part} lines`,
    {
      'ts-kafka': producing(at, parsed, part, (t) => ts('console-producer', ...args(t), ...properties)),
      Java: producing(at, parsed, part, (t) => java('console-producer', ...args(t), ...properties)),
    },
    { targets: { ms: { Java: 0.15 } } },
  );
  return input;
}

/** Consumes a topic into a file with a program; the lines and, where the order is defined, the bytes must match the input. */
export function consuming(command, wanted) {
  return async (round) => {
    const measured = await timed(command(round), { stdout: OUTPUT, peak: true });
    const { lines, sha } = await contents(OUTPUT);
    if (lines !== wanted.lines || (wanted.sha && sha !== wanted.sha))
      throw new Error(`${command(round).join(' ')} read ${lines} lines of ${wanted.lines}, sha ${sha}`);
    return measured;
  };
}

export async function consume(bench, at, input, records) {
  const wanted = await contents(input);
  const topic = await makeTopic(at);
  await timed(kcat('-P', '-b', at, '-t', topic), { stdin: input });
  const max = ['--max-messages', `${records}`];
  await bench.row(
    `console-consumer --partition, ${records} lines to a file`,
    {
      'ts-kafka': consuming(() => ts('console-consumer', ...firstOf(at, topic, records)), wanted),
      kcat: consuming(() => kcatFirstOf(at, topic, records), wanted),
    },
    { targets: { ms: { kcat: 0.9 } } },
  );
  let n = 0;
  const group = () => ['--group', `bench-group-${n++}`];
  const whole = [...server(at), '--topic', topic, '--from-beginning', ...max];
  const earliest = ['-X', 'auto.offset.reset=earliest', ...KCAT_TIRELESS];
  await bench.row(
    'console-consumer in a group',
    {
      'ts-kafka': consuming(() => ts('console-consumer', ...whole, ...group()), wanted),
      'kcat -G': consuming(() => kcat('-q', '-b', at, ...earliest, ...limit(records), '-G', group()[1], topic), wanted),
      Java: consuming(() => java('console-consumer', ...whole, ...group()), wanted),
    },
    { targets: { ms: { 'kcat -G': 0.9, Java: 0.3 } }, limits: MEMORY },
  );
  await dropTopic(at, topic);
  await spread(bench, at, records / 4);
}
const limit = (records) => ['-c', `${records}`];

/** 12 partitions; and printing everything. */
async function spread(bench, at, records) {
  const topic = await makeTopic(at, 12);
  const keyed = path.join(DIR, 'keyed');
  const properties = ['parse.headers=true', 'parse.key=true'].flatMap((p) => ['--reader-property', p]);
  await timed(ts('console-producer', ...server(at), '--topic', topic, ...properties), { stdin: keyed });
  const args = (count) => [...server(at), '--topic', topic, '--from-beginning', '--max-messages', `${count}`];
  const wanted = { lines: records };
  const target = { targets: { ms: { Java: 0.3 } } };
  await bench.row(
    `console-consumer from 12 partitions, ${records} lines`,
    {
      'ts-kafka': consuming(() => ts('console-consumer', ...args(records)), wanted),
      Java: consuming(() => java('console-consumer', ...args(records)), wanted),
    },
    target,
  );
  // half of that for the row that takes Java longest
  const half = records / 2;
  const printed = ['key', 'timestamp', 'offset', 'headers'].flatMap((p) => ['--formatter-property', `print.${p}=true`]);
  await bench.row(
    `console-consumer, key, timestamp, offset, headers printed, ${half} lines`,
    {
      'ts-kafka': consuming(() => ts('console-consumer', ...args(half), ...printed), { lines: half }),
      Java: consuming(() => java('console-consumer', ...args(half), ...printed), { lines: half }),
    },
    target,
  );
  await dropTopic(at, topic);
}

/** Messages of 900,000 bytes, produced and consumed. */
export async function large(bench, at, count = 2000) {
  if (!bench.wants('of 900,000 bytes')) return;
  const input = writeLines('large', count, (i) => `${lineOf(i, 200).slice(0, -1).repeat(4600).slice(0, 899_999)}\n`);
  const wanted = await contents(input);
  const title = `${count} messages of 900,000 bytes`;
  await bench.row(
    `console-producer, ${title}`,
    {
      'ts-kafka': producing(at, input, count, (t) => ts('console-producer', ...consoleProducer(at)(t))),
      kcat: producing(at, input, count, (t) => kcat('-P', '-b', at, '-t', t)),
    },
    { targets: { ms: { kcat: 1.2 } }, limits: MEMORY },
  );
  const topic = await makeTopic(at);
  await timed(ts('console-producer', ...consoleProducer(at)(topic)), { stdin: input });
  await bench.row(
    `console-consumer, ${title}`,
    {
      'ts-kafka': consuming(() => ts('console-consumer', ...firstOf(at, topic, count)), wanted),
      kcat: consuming(() => kcatFirstOf(at, topic, count), wanted),
    },
    { targets: { ms: { kcat: 1.2 } }, limits: MEMORY },
  );
  await dropTopic(at, topic);
}

/** Latency from a line typed into a running producer to its output by a running consumer. */
export async function latency(bench, at, title, { withJava = true } = {}) {
  const measured = (tool, lines) => async () => {
    const topic = await makeTopic(at);
    const pair = [
      tool('console-consumer', ...server(at), '--topic', topic),
      tool('console-producer', ...server(at), '--topic', topic),
    ];
    const [consumer, producer] = pair.map(([file, ...args]) =>
      spawn(file, args, { cwd: ROOT, stdio: ['pipe', 'pipe', 'ignore'] }),
    );
    const seen = new Map();
    let text = '';
    consumer.stdout.setEncoding('utf8').on('data', (d) => {
      text += d;
      const parts = text.split('\n');
      text = parts.pop();
      for (const line of parts) seen.get(line)?.();
    });
    const send = (line, ms) =>
      new Promise((resolve) => {
        const since = performance.now();
        const timer = setTimeout(() => resolve(undefined), ms);
        seen.set(line, () => {
          clearTimeout(timer);
          resolve(performance.now() - since);
        });
        producer.stdin.write(`${line}\n`);
      });
    // lines sent before the consumer has its position are not printed
    for (let i = 0; (await send(`warm-${i}`, 1500)) === undefined; i++) if (i > 30) throw new Error('no line arrived');
    const times = [];
    for (let i = 0; i < lines; i++) {
      await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 30));
      times.push((await send(`line-${i}`, 10_000)) ?? 10_000);
    }
    for (const child of [producer, consumer]) child.kill('SIGKILL');
    return { ms: median(times), p99: percentile(times, 0.99) };
  };
  await bench.row(
    title,
    { 'ts-kafka': measured(ts, 100), ...(withJava && { 'Java pair': measured(java, 3) }) },
    { targets: { ms: { 'Java pair': 0.02 } }, limits: { p99: 20 } },
  );
}
