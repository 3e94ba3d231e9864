/** The compared programs: ts-kafka, Apache Kafka (scripts/apache-kafka.sh), kcat; and the two brokers. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { freePort } from '../lib/free-port.mjs';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
/** all files of a run, removed at its end */
export const DIR = mkdtempSync(path.join(process.env.TS_KAFKA_BENCH_DIR ?? os.tmpdir(), 'ts-kafka-bench-'));
const KAFKA = path.join(ROOT, 'scripts/apache-kafka.sh');

/** The command line of a tool, ours or Java's. */
export const ts = (name, ...args) => [process.execPath, path.join(ROOT, 'bin/ts-kafka.js'), name, ...args];
export const java = (name, ...args) => [KAFKA, name, ...args];
export const kcat = (...args) => ['kcat', ...args];

async function embedded(data) {
  const port = await freePort();
  const settings = [`listeners=PLAINTEXT://localhost:${port}`, `log.dirs=${data}`];
  const [file, ...args] = ts('server', ...settings.flatMap((s) => ['--override', s]));
  const child = spawn(file, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (d) => /ready on/.test(d) && resolve());
    child.on('close', () => reject(new Error('the embedded broker did not start')));
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const stop = () => {
    child.kill('SIGKILL');
    return ended;
  };
  return { name: 'embedded', at: `localhost:${port}`, pid: child.pid, data, stop };
}

async function apache(data) {
  const port = await freePort();
  execFileSync(KAFKA, ['up', `${port}`, data], { stdio: ['ignore', 'ignore', 'inherit'] });
  const pid = Number(readFileSync(`${data}/pid`, 'utf8'));
  return {
    name: 'Apache Kafka',
    at: `localhost:${port}`,
    pid,
    data: `${data}/data`,
    stop: () => execFileSync(KAFKA, ['down', data]),
  };
}

const kinds = { embedded, 'Apache Kafka': apache };
const running = new Set();
/** Starts a broker in a directory of the run; it is always stopped at the end. */
export async function startBroker(kind, folder) {
  const broker = await kinds[kind](path.join(DIR, folder));
  running.add(broker);
  return {
    ...broker,
    stop: async () => {
      running.delete(broker);
      await forget(broker.at);
      await broker.stop();
    },
  };
}
export async function stopAll() {
  for (const broker of running) {
    await forget(broker.at);
    await broker.stop();
  }
}

/** Arguments that the Java tools and ours share. */
export const server = (at) => ['--bootstrap-server', at];
/** The console consumer's arguments for the first `count` records of a topic's only partition. */
export const firstOf = (at, topic, count) => [
  ...server(at),
  ...['--topic', topic, '--partition', '0', '--offset', 'earliest', '--max-messages', `${count}`],
];
/** By default kcat pauses for a second whenever it has 100,000 records queued, so a faster broker would make it slower. */
export const KCAT_TIRELESS = ['-X', 'queued.min.messages=10000000', '-X', 'queued.max.messages.kbytes=2000000'];
/** The same for kcat; from offset 0, since `beginning` sometimes waits half a second (if metadata arrives before there is a leader). */
export const kcatFirstOf = (at, topic, count) =>
  kcat('-C', '-q', ...KCAT_TIRELESS, '-b', at, '-t', topic, '-p', '0', '-o', '0', '-c', `${count}`);

let made = 0;
const admins = new Map();
/** One admin connection per broker, to create, delete and count topics between samples: separate processes took a minute of a run. */
async function admin(at) {
  if (!admins.has(at)) {
    const made = new Kafka({ brokers: [at], logLevel: logLevel.NOTHING }).admin();
    await made.connect();
    admins.set(at, made);
  }
  return admins.get(at);
}
async function forget(at) {
  await admins.get(at)?.disconnect();
  admins.delete(at);
}

/** Creates a new topic. */
export async function makeTopic(at, numPartitions = 1) {
  const topic = `bench-${made++}`;
  await (await admin(at)).createTopics({
    topics: [{ topic, numPartitions, replicationFactor: 1 }],
    waitForLeaders: true,
  });
  return topic;
}
export const dropTopic = async (at, topic) => (await admin(at)).deleteTopics({ topics: [topic] });
/** The number of records in a topic. */
export async function recordsIn(at, topic) {
  const partitions = await (await admin(at)).fetchTopicOffsets(topic);
  return partitions.reduce((sum, { high }) => sum + Number(high), 0);
}
