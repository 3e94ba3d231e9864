/** The embedded broker compared with Apache Kafka's, both driven by the same third-party clients; wall time and broker CPU. */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, createReadStream, fdatasyncSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { consuming, producing } from './commands.mjs';
import { contents } from './input.mjs';
import { cpuMs, median, memoryMb, timed } from './measure.mjs';
import { DIR, dropTopic, java, kcat, kcatFirstOf, makeTopic, ROOT, recordsIn, startBroker } from './peers.mjs';

const both = (brokers, program) => Object.fromEntries(brokers.map((broker) => [broker.name, program(broker)]));
const targets = (ms, cpu) => ({ targets: { ms: { 'Apache Kafka': ms }, cpuMs: { 'Apache Kafka': cpu } } });

/** Adds the CPU time that the broker's process used during the work. */
const withCpu = (broker, work) => async (round) => {
  const before = cpuMs(broker.pid);
  const { ms } = await work(round);
  return { ms, cpuMs: cpuMs(broker.pid) - before };
};

/** The CPU time of a bare Node process that receives (writes, syncs) or sends as many bytes as `input` has. */
function bare(job, input) {
  return () =>
    new Promise((resolve, reject) => {
      const server = createServer((socket) => {
        server.close();
        if (job === 'receive') createReadStream(input, { highWaterMark: 1 << 20 }).pipe(socket);
        else socket.resume();
      });
      server.listen(0, '127.0.0.1', () => {
        const what = job === 'receive' ? path.join(DIR, 'floor') : `${statSync(input).size}`;
        const args = [path.join(ROOT, 'scripts/bench/floor.mjs'), job, `${server.address().port}`, what];
        const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
        child.stdout.once('data', (d) => resolve({ cpuMs: Number(d) }));
        child.once('close', (code) => code !== 0 && reject(new Error(`floor.mjs ended with ${code}`)));
      });
    });
}
const FLOOR = 'a bare Node process';

async function produceRows(bench, brokers, input, records) {
  const acks = ['-X', 'acks=all'];
  const floor = async () =>
    timed(kcat('-P', '-b', 'x:1', '-X', 'test.mock.num.brokers=1', '-t', 'floor', ...acks), { stdin: input });
  const one = (broker) =>
    withCpu(
      broker,
      producing(broker.at, input, records, (t) => kcat('-P', '-b', broker.at, '-t', t, ...acks)),
    );
  await bench.row(
    `broker: kcat -P of ${records} records, acks=all`,
    { ...both(brokers, one), 'kcat against its own mock': floor, [FLOOR]: bare('receive', input) },
    targets(1, 0.4),
  );
  const eight = (broker) =>
    withCpu(broker, async () => {
      const topic = await makeTopic(broker.at);
      const since = performance.now();
      const part = () => timed(kcat('-P', '-b', broker.at, '-t', topic, ...acks), { stdin: path.join(DIR, 'eighth') });
      await Promise.all(Array.from({ length: 8 }, part));
      const ms = performance.now() - since;
      const there = await recordsIn(broker.at, topic);
      if (there !== records) throw new Error(`${there} of ${records} records arrived`);
      await dropTopic(broker.at, topic);
      return { ms };
    });
  await bench.row(`broker: kcat -P of ${records} records by 8 producers`, both(brokers, eight), targets(1, 0.4));
}

/** Evicts a topic's files from the page cache. */
function evict(broker, topic) {
  const folder = path.join(broker.data, `${topic}-0`);
  for (const name of readdirSync(folder).filter((n) => n.endsWith('.log')))
    execFileSync('dd', [`of=${path.join(folder, name)}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0'], {
      stdio: 'ignore',
    });
}

async function fetchRows(bench, brokers, input, records) {
  const wanted = await contents(input);
  const topics = new Map();
  for (const broker of brokers) {
    const topic = await makeTopic(broker.at);
    await timed(kcat('-P', '-b', broker.at, '-t', topic), { stdin: input });
    topics.set(broker, topic);
  }
  const reading = (broker, count = records) => kcatFirstOf(broker.at, topics.get(broker), count);
  const one = (broker) =>
    withCpu(
      broker,
      consuming(() => reading(broker), wanted),
    );
  await bench.row(
    `broker: kcat -C of ${records} records, warm`,
    { ...both(brokers, one), [FLOOR]: bare('send', input) },
    targets(1, 0.5),
  );
  const cold = (broker) => (round) => {
    evict(broker, topics.get(broker));
    return one(broker)(round);
  };
  await bench.row(`broker: kcat -C of ${records} records, cold`, both(brokers, cold), targets(1, 0.5));
  const twenty = (broker) =>
    withCpu(broker, async () => {
      const since = performance.now();
      await Promise.all(Array.from({ length: 20 }, () => timed(reading(broker, records / 8))));
      return { ms: performance.now() - since };
    });
  await bench.row(`broker: 20 consumers at once, ${records / 8} records each`, both(brokers, twenty), targets(1, 0.5));
  for (const [broker, topic] of topics) await dropTopic(broker.at, topic);
}

async function javaRows(bench, brokers) {
  const perf = (broker) => async () => {
    const topic = await makeTopic(broker.at);
    const args = ['--topic', topic, '--num-records', '500000', '--record-size', '100', '--throughput', '-1'];
    const [file, ...rest] = java('producer-perf-test', ...args, '--producer-props', `bootstrap.servers=${broker.at}`);
    const out = execFileSync(file, rest, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    await dropTopic(broker.at, topic);
    const [, perSecond, p99] = /500000 records sent, ([\d.]+) records\/sec.* ([\d.]+) ms 99th/.exec(out) ?? [];
    return { perSecond: Number(perSecond), p99: Number(p99) };
  };
  await bench.row('broker: producer-perf-test (Java), 500,000 records', both(brokers, perf), {
    targets: { perSecond: { 'Apache Kafka': 1 }, p99: { 'Apache Kafka': 1 } },
  });
  const e2e = (broker) => async () => {
    const topic = await makeTopic(broker.at);
    const [file, ...args] = java('e2e-latency', broker.at, topic, '500', 'all', '100');
    const out = execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    await dropTopic(broker.at, topic);
    return {
      ms: Number(/Avg latency: ([\d.]+)/.exec(out)?.[1]),
      p99: Number(/99th = (\d+)/.exec(out)?.[1]),
    };
  };
  await bench.row('broker: e2e-latency (Java), 500 records', both(brokers, e2e), {
    targets: { p99: { 'Apache Kafka': 1 } },
  });
}

async function startRow(bench) {
  let n = 0;
  const start = (kind) => async () => {
    const since = performance.now();
    const broker = await startBroker(kind, `start-${n++}`);
    // until the first response, not only until the port is open
    await timed(kcat('-L', '-b', broker.at));
    const ms = performance.now() - since;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const rssMb = memoryMb(broker.pid);
    await broker.stop();
    return { ms, rssMb };
  };
  await bench.row(
    'broker: start to first answer, and memory when idle',
    { embedded: start('embedded'), 'Apache Kafka': start('Apache Kafka') },
    { targets: { ms: { 'Apache Kafka': 0.1 }, rssMb: { 'Apache Kafka': 0.2 } } },
  );
}

/** The disk's sync latency: writes of 4 KiB and 1 MiB, each followed by fdatasync, ms. */
async function diskRow(bench) {
  const syncing = (bytes) => () => {
    const fd = openSync(path.join(DIR, 'disk'), 'w');
    const block = Buffer.alloc(bytes, 1);
    const times = [];
    for (let i = 0; i < 50; i++) {
      const since = performance.now();
      writeSync(fd, block);
      fdatasyncSync(fd);
      times.push(performance.now() - since);
    }
    closeSync(fd);
    return { ms: median(times) };
  };
  await bench.row('disk: write and fdatasync', { '4 KiB': syncing(4096), '1 MiB': syncing(1 << 20) }, { curve: true });
}

export async function brokerRows(bench, brokers, input, records) {
  await diskRow(bench);
  await startRow(bench);
  await produceRows(bench, brokers, input, records);
  await fetchRows(bench, brokers, input, records);
  await javaRows(bench, brokers);
  await bench.row(
    'broker: most memory, after all of the above',
    both(brokers, (broker) => () => ({ peakMb: memoryMb(broker.pid, 'VmHWM') })),
    { targets: { peakMb: { 'Apache Kafka': 0.3 } }, rounds: 1 },
  );
}
