#!/usr/bin/env node
/**
 * How ts-kafka compares with its peers, side by side in one run: bench.mjs [--rounds 5] [--records 1000000] [--out FILE]
 * Every row is one job done by several programs (whole processes, wall time), in shuffled order, round after round. What each
 * moved is counted. Printed are medians, their spread, and the ratios: ratios travel, seconds do not.
 * Peers: Apache Kafka's tools and broker (scripts/apache-kafka.sh), kcat.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    records: { type: 'string', default: '1000000' },
    out: { type: 'string' },
  },
});
const ROUNDS = Number(values.rounds);
const RECORDS = Number(values.records);
const KAFKA = path.join(ROOT, 'scripts/apache-kafka.sh');
const DIR = mkdtempSync(path.join(os.tmpdir(), 'ts-kafka-bench-'));
const INPUT = path.join(DIR, 'lines');
const OUTPUT = path.join(DIR, 'output');
const say = (line) => process.stdout.write(`${line}\n`);

const ours = (name) => [process.execPath, path.join(ROOT, 'bin/ts-kafka.js'), name];

/** Runs a program to its end and returns its wall time in ms. */
function timed(command, { stdin, stdout } = {}) {
  const since = performance.now();
  const child = spawn(command[0], command.slice(1), {
    cwd: ROOT,
    stdio: [stdin ? openSync(stdin) : 'ignore', stdout ? openSync(stdout, 'w') : 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (d) => (errors += d));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(performance.now() - since);
      else reject(new Error(`${command.join(' ')} ended with ${code}: ${errors.slice(-500)}`));
    });
  });
}

async function freePort() {
  const server = createServer().listen(0);
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const brokers = {
  async embedded(name) {
    const port = await freePort();
    const child = spawn(
      process.execPath,
      [
        'bin/ts-kafka.js',
        'server',
        '--override',
        `listeners=PLAINTEXT://localhost:${port}`,
        '--override',
        `log.dirs=${DIR}/${name}`,
      ],
      { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await new Promise((resolve, reject) => {
      child.stdout.on('data', (d) => /ready on/.test(d) && resolve());
      child.on('close', () => reject(new Error('the embedded broker did not start')));
    });
    return { at: `localhost:${port}`, stop: () => child.kill('SIGKILL') };
  },
  async apache(name) {
    const port = await freePort();
    execFileSync(KAFKA, ['up', `${port}`, `${DIR}/${name}`], { stdio: ['ignore', 'ignore', 'inherit'] });
    return { at: `localhost:${port}`, stop: () => execFileSync(KAFKA, ['down', `${DIR}/${name}`]) };
  },
};

async function lineCount(file) {
  let n = 0;
  for await (const chunk of createReadStream(file))
    for (let i = chunk.indexOf(10); i >= 0; i = chunk.indexOf(10, i + 1)) n++;
  return n;
}
async function endOffset(at, topic) {
  const out = execFileSync('kcat', ['-Q', '-b', at, '-t', `${topic}:0:-1`], { encoding: 'utf8' });
  return Number(/offset (\d+)/.exec(out)?.[1]);
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const results = [];
/** One row: programs is name -> (round) => ms; the first is ours. */
async function row(title, programs) {
  const times = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of Object.keys(programs).sort(() => Math.random() - 0.5))
      times[name].push(await programs[name](round));
  }
  const [own, ...peers] = Object.keys(programs);
  const medians = Object.fromEntries(Object.entries(times).map(([name, list]) => [name, Math.round(median(list))]));
  const ratios = Object.fromEntries(peers.map((name) => [name, Number((medians[own] / medians[name]).toFixed(2))]));
  results.push({ title, medians, ratios, times });
  const spread = (list) => `${Math.round(Math.min(...list))}-${Math.round(Math.max(...list))}`;
  say(`${title}`);
  for (const [name, list] of Object.entries(times)) {
    const ratio = name === own ? '' : `   ${own} takes ${ratios[name]} x`;
    say(`  ${name.padEnd(16)} ${String(medians[name]).padStart(7)} ms  (${spread(list)})${ratio}`);
  }
}

let made = 0;
const topicOf = (at, name) => {
  const topic = `${name}-${made++}`;
  execFileSync(ours('topics')[0], [
    ...ours('topics').slice(1),
    '--bootstrap-server',
    at,
    '--create',
    '--topic',
    topic,
    '--partitions',
    '1',
  ]);
  return topic;
};

async function startUp(at) {
  const list = ['--bootstrap-server', at, '--list'];
  await row('topics --list', {
    'ts-kafka': () => timed([...ours('topics'), ...list]),
    'node -e 0': () => timed([process.execPath, '-e', '0']),
    Java: () => timed([KAFKA, 'topics', ...list]),
  });
}

/** Produces the input with a program, and counts what arrived. */
function producing(at, command) {
  return async () => {
    const topic = topicOf(at, 'p');
    const ms = await timed(command(topic), { stdin: INPUT });
    const end = await endOffset(at, topic);
    if (end !== RECORDS) throw new Error(`${command(topic)[0]} produced ${end} of ${RECORDS}`);
    return ms;
  };
}
async function produce(at, codec) {
  const z = codec ? ['--compression-codec', codec] : [];
  const args = (topic) => ['--bootstrap-server', at, '--topic', topic, '--request-required-acks', 'all', ...z];
  await row(`console-producer, ${RECORDS} lines of 100 bytes${codec ? `, ${codec}` : ''}`, {
    'ts-kafka': producing(at, (topic) => [...ours('console-producer'), ...args(topic)]),
    kcat: producing(at, (topic) => ['kcat', '-P', '-b', at, '-t', topic, ...(codec ? ['-z', codec] : [])]),
    ...(codec ? {} : { Java: producing(at, (topic) => [KAFKA, 'console-producer', ...args(topic)]) }),
  });
}

async function consume(at) {
  const topic = topicOf(at, 'c');
  await timed(['kcat', '-P', '-b', at, '-t', topic], { stdin: INPUT });
  const consuming = (command) => async () => {
    const ms = await timed(command, { stdout: OUTPUT });
    const lines = await lineCount(OUTPUT);
    if (lines !== RECORDS || statSync(OUTPUT).size !== statSync(INPUT).size)
      throw new Error(`${command[0]} read ${lines} lines`);
    return ms;
  };
  const args = [
    '--bootstrap-server',
    at,
    '--topic',
    topic,
    '--partition',
    '0',
    '--offset',
    'earliest',
    '--max-messages',
    `${RECORDS}`,
  ];
  await row(`console-consumer of ${RECORDS} lines to a file`, {
    'ts-kafka': consuming([...ours('console-consumer'), ...args]),
    kcat: consuming(['kcat', '-C', '-q', '-b', at, '-t', topic, '-p', '0', '-o', 'beginning', '-c', `${RECORDS}`]),
    Java: consuming([KAFKA, 'console-consumer', ...args]),
  });
}

async function brokerRows(embedded, apache) {
  const kcat = (at) => producing(at, (topic) => ['kcat', '-P', '-b', at, '-t', topic, '-X', 'acks=all']);
  await row(`kcat -P of ${RECORDS} lines into the broker, acks=all`, {
    embedded: kcat(embedded),
    'Apache Kafka': kcat(apache),
  });
  const reads = {};
  for (const [name, at] of [
    ['embedded', embedded],
    ['Apache Kafka', apache],
  ]) {
    const topic = topicOf(at, 'r');
    await timed(['kcat', '-P', '-b', at, '-t', topic], { stdin: INPUT });
    reads[name] = () =>
      timed(['kcat', '-C', '-q', '-b', at, '-t', topic, '-p', '0', '-o', 'beginning', '-c', `${RECORDS}`], {
        stdout: OUTPUT,
      });
  }
  await row(`kcat -C of ${RECORDS} lines out of the broker`, reads);
  let n = 0;
  const start = (kind) => async () => {
    const since = performance.now();
    const broker = await brokers[kind](`start-${n++}`);
    const ms = performance.now() - since;
    broker.stop();
    return ms;
  };
  await row('broker: start to ready', { embedded: start('embedded'), 'Apache Kafka': start('apache') });
}

writeFileSync(INPUT, '');
const fd = openSync(INPUT, 'w');
for (let i = 0; i < RECORDS; i += 10_000) {
  let text = '';
  for (let j = i; j < Math.min(i + 10_000, RECORDS); j++) text += `${String(j).padStart(10, '0')}${'x'.repeat(89)}\n`;
  writeFileSync(fd, text);
}
const running = [];
try {
  const apache = await brokers.apache('apache');
  running.push(apache);
  const embedded = await brokers.embedded('embedded');
  running.push(embedded);
  await startUp(apache.at);
  await produce(apache.at);
  for (const codec of ['gzip', 'snappy', 'lz4', 'zstd']) await produce(apache.at, codec);
  await consume(apache.at);
  await brokerRows(embedded.at, apache.at);
  const machine = {
    date: new Date().toISOString().slice(0, 10),
    cpu: os.cpus()[0]?.model,
    cores: os.cpus().length,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GB`,
    node: process.version,
    load: os.loadavg()[0],
    kernel: os.release(),
    version: JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')).version,
  };
  say(`${JSON.stringify(machine)}`);
  if (values.out)
    writeFileSync(values.out, `${JSON.stringify({ machine, rounds: ROUNDS, records: RECORDS, results }, null, 2)}\n`);
} finally {
  for (const broker of running) broker.stop();
  rmSync(DIR, { recursive: true, force: true });
}
