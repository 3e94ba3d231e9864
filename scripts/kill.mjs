#!/usr/bin/env node
/**
 * Kills the embedded broker with kill -9 at random times under load, repeatedly:
 *   kill.mjs [--rounds 30] [--seed N] [--no-java] [--keep]
 * Two of our console producers (idempotent, acks=all) and Apache Kafka's VerifiableProducer write continuously, a group
 * reads and commits, transactions commit and abort, topics are created and deleted. Invariants at the end: every
 * acknowledged record exists exactly once and in order, and no others do; committed offsets never went back; the group saw
 * every record; transactions are atomic; topics match the acknowledged creations and deletions.
 */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { freePort } from './lib/free-port.mjs';
import { churnTopics } from './lib/kill-topics.mjs';
import { transactions } from './lib/kill-transactions.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({
  allowNegative: true,
  options: {
    rounds: { type: 'string', default: '30' },
    seed: { type: 'string', default: `${Date.now() % 1e6}` },
    java: { type: 'boolean', default: true },
    keep: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const DIR = mkdtempSync(path.join(tmpdir(), 'ts-kafka-kill-'));
const say = (line) => process.stdout.write(`${line}\n`);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const faults = [];
const fault = (words) => {
  faults.push(words);
  say(`FAULT: ${words}`);
};

let state = Number(values.seed) || 1;
const random = (n) => {
  state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
  return state % n;
};

const port = await freePort();
const B = `localhost:${port}`;
const children = new Set();

function program(file, args, options = {}) {
  const child = spawn(file, args, { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe'], ...options });
  const run = { child, stdout: '', stderr: '' };
  children.add(child);
  child.stdin?.on('error', () => {});
  child.stdout?.setEncoding('utf8').on('data', (d) => (run.stdout += d));
  child.stderr?.setEncoding('utf8').on('data', (d) => (run.stderr += d));
  run.ended = new Promise((resolve) =>
    child.on('close', (code, signal) => {
      children.delete(child);
      resolve(code ?? signal);
    }),
  );
  return run;
}
const tool = (name, ...args) => program(process.execPath, ['bin/ts-kafka.js', name, '--bootstrap-server', B, ...args]);
async function within(run, ms, what) {
  const timer = setTimeout(() => run.child.kill('SIGKILL'), ms);
  const code = await run.ended;
  clearTimeout(timer);
  if (code !== 0) fault(`${what} ended with ${code}: ${run.stderr.slice(-300)}`);
  return run.stdout;
}

async function startBroker() {
  const settings = [`listeners=PLAINTEXT://localhost:${port}`, `log.dirs=${DIR}/data`, 'log.segment.bytes=1048576'];
  const broker = program(process.execPath, [
    'bin/ts-kafka.js',
    'server',
    ...settings.flatMap((s) => ['--override', s]),
  ]);
  for (const until = Date.now() + 30_000; !/ready on/.test(broker.stdout); await sleep(10)) {
    if (broker.child.exitCode !== null || Date.now() > until)
      throw new Error(`the broker did not start: ${broker.stdout}${broker.stderr}`);
  }
  return broker;
}

/** Feeds numbered lines into a console producer until stopped. */
function feed(topic, rate) {
  const producer = tool('console-producer', '--topic', topic, '--command-property', 'delivery.timeout.ms=120000');
  let sent = 0;
  const timer = setInterval(() => {
    let lines = '';
    for (let i = 0; i < rate / 50; i++) lines += `${topic}-${sent++}\n`;
    producer.child.stdin.write(lines);
  }, 20);
  const finish = async () => {
    clearInterval(timer);
    producer.child.stdin.end();
    await within(producer, 150_000, `the producer of ${topic}`);
    return sent;
  };
  return { topic, finish };
}

function verifiable(topic) {
  const run = program('scripts/apache-kafka.sh', [
    'verifiable-producer',
    ...['--bootstrap-server', B, '--topic', topic, '--throughput', '300', '--max-messages', '-1'],
  ]);
  const finish = async () => {
    run.child.kill('SIGTERM');
    await run.ended;
    return run.stdout
      .split('\n')
      .filter((line) => line.includes('"producer_send_success"'))
      .map((line) => JSON.parse(line))
      .map(({ value, offset }) => ({ value, offset }));
  };
  return { topic, finish };
}

async function committed() {
  const out = await within(
    tool('consumer-groups', '--describe', '--group', 'kill-group', '--offsets'),
    30_000,
    'consumer-groups',
  );
  const offsets = new Map();
  for (const line of out.split('\n')) {
    const [group, topic, partition, offset] = line.trim().split(/\s+/);
    if (group === 'kill-group' && offset !== '-') offsets.set(`${topic}-${partition}`, Number(offset));
  }
  return offsets;
}

async function readBack(topic) {
  const [, , end] = (await endOffset(topic)) ?? [];
  const count = Number(end ?? 0);
  if (count === 0) return [];
  const args = ['--topic', topic, '--partition', '0', '--offset', 'earliest', '--max-messages', `${count}`];
  const out = await within(tool('console-consumer', ...args, '--timeout-ms', '20000'), 60_000, `reading ${topic}`);
  return out.split('\n').slice(0, -1);
}
/** The log end offset of a topic, from a dry run of `--reset-offsets --to-latest`. */
async function endOffset(topic) {
  const args = ['--reset-offsets', '--group', `end-${topic}`, '--topic', topic, '--to-latest', '--dry-run', '--export'];
  const out = await within(tool('consumer-groups', ...args), 30_000, 'consumer-groups');
  return out
    .split('\n')
    .map((line) => line.split(','))
    .find(([name]) => name === topic);
}

function checkOwn(topic, sent, lines) {
  const wanted = Array.from({ length: sent }, (_, i) => `${topic}-${i}`);
  if (lines.length !== sent) fault(`${topic}: ${sent} lines were sent and acknowledged, ${lines.length} are there`);
  const at = wanted.findIndex((line, i) => lines[i] !== line);
  if (at >= 0) fault(`${topic}: line ${at} is "${lines[at]}", not "${wanted[at]}"`);
}
function checkVerifiable(topic, acks, lines) {
  for (const { value, offset } of acks) {
    if (lines[offset] !== value) {
      fault(`${topic}: ${value} was acknowledged at offset ${offset}, where "${lines[offset]}" is`);
      break;
    }
  }
  const seen = new Set(lines);
  if (seen.size !== lines.length) fault(`${topic}: ${lines.length - seen.size} records are there twice`);
  const order = lines.every((line, i) => i === 0 || Number(line) > Number(lines[i - 1]));
  if (!order) fault(`${topic}: out of order`);
}

async function main() {
  let broker = await startBroker();
  for (const topic of ['kill-a', 'kill-b', 'kill-v'])
    await within(tool('topics', '--create', '--topic', topic), 20_000, 'topics');
  const own = [feed('kill-a', 500), feed('kill-b', 5000)];
  const java = values.java ? verifiable('kill-v') : undefined;
  const topics = churnTopics(tool, within, fault);
  const transacted = await transactions(B, tool, within, fault);
  const file = path.join(DIR, 'seen');
  const group = tool(
    'console-consumer',
    '--include',
    'kill-.*',
    '--group',
    'kill-group',
    '--from-beginning',
    '--command-property',
    'auto.commit.interval.ms=100',
  );
  group.child.stdout.removeAllListeners('data');
  group.child.stdout.pipe(createWriteStream(file));
  await sleep(3000);

  let before = new Map();
  for (let round = 1; round <= rounds; round++) {
    const moment = 100 + random(1400);
    await sleep(random(moment));
    topics.begin(round);
    await sleep(random(moment));
    broker.child.kill('SIGKILL');
    await broker.ended;
    const since = performance.now();
    broker = await startBroker();
    const ms = Math.round(performance.now() - since);
    const now = await committed();
    for (const [partition, offset] of before) {
      if ((now.get(partition) ?? -1) < offset)
        fault(`committed offset of ${partition} went from ${offset} to ${now.get(partition)}`);
    }
    before = now;
    await topics.check();
    say(`round ${round}: up again after ${ms} ms, committed ${[...now].map(([p, o]) => `${p}=${o}`).join(' ')}`);
  }

  let total = 0;
  const acks = java ? await java.finish() : [];
  for (const producer of own) {
    const sent = await producer.finish();
    total += sent;
    checkOwn(producer.topic, sent, await readBack(producer.topic));
  }
  if (java) {
    if (acks.length === 0) fault('the VerifiableProducer had nothing acknowledged');
    checkVerifiable('kill-v', acks, await readBack('kill-v'));
  }
  const done = await transacted.finish();
  await sleep(3000);
  group.child.kill('SIGTERM');
  await group.ended;
  const seen = new Set(readFileSync(file, 'utf8').split('\n'));
  for (const { topic } of own) {
    const lines = await readBack(topic);
    const missing = lines.filter((line) => !seen.has(line));
    if (missing.length > 0)
      fault(`the group did not see ${missing.length} records of ${topic}, the first ${missing[0]}`);
  }
  broker.child.kill('SIGTERM');
  await broker.ended;
  say(
    `${rounds} rounds, seed ${values.seed}: ${total} lines of ours, ${acks.length} acknowledgements of Java's, ${done} transactions; ${faults.length} faults`,
  );
}

try {
  await main();
} catch (error) {
  fault(error.message);
} finally {
  for (const child of children) child.kill('SIGKILL');
  if (values.keep || faults.length > 0) say(`the directory stays: ${DIR}`);
  else rmSync(DIR, { recursive: true, force: true });
}
// an interrupted client of the loop can still be retrying
process.exit(faults.length > 0 ? 1 : 0);
