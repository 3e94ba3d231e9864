/** Apache Kafka continues with a directory of our broker, and our broker with one of Kafka. */

import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { afterAll, describe, expect, test } from 'vitest';
import { freePort } from '../../scripts/lib/free-port.mjs';
import { type BrokerProcess, ROOT, startBroker, tempDir, tsKafka } from '../support/process.js';

const temp = tempDir();
afterAll(temp.remove);

const ok = async (args: readonly string[], input = ''): Promise<string> => {
  const { code, stdout, stderr } = await tsKafka(args, input);
  if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}${stdout}`);
  return stdout.toString();
};
const at = (bootstrap: string) => ['--bootstrap-server', bootstrap];

/** A committed and an aborted transaction by the same producer. */
async function transact(bootstrap: string, value: string): Promise<void> {
  const producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    transactionalId: 'handover',
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  for (const commit of [true, false]) {
    const transaction = await producer.transaction();
    await transaction.send({ topic: 'exact', messages: [{ value: commit ? value : 'aborted' }] });
    await (commit ? transaction.commit() : transaction.abort());
  }
  await producer.disconnect();
}

async function fill(bootstrap: string): Promise<void> {
  const server = at(bootstrap);
  const produce = ['console-producer', ...server];
  await ok([
    'topics',
    ...server,
    '--create',
    '--topic',
    'plain',
    '--partitions',
    '3',
    '--config',
    'retention.ms=987654321',
  ]);
  await ok(['topics', ...server, '--create', '--topic', 'compacted', '--config', 'cleanup.policy=compact']);
  await ok(['topics', ...server, '--create', '--topic', 'gone']);
  await ok(['topics', ...server, '--delete', '--topic', 'gone']);
  await ok(['topics', ...server, '--create', '--topic', 'exact']);
  await transact(bootstrap, 'kept');
  const lines = (from: number) => Array.from({ length: 2000 }, (_, i) => `line ${from + i} Grüße\n`).join('');
  for (const [i, codec] of ['none', 'gzip', 'snappy', 'lz4', 'zstd'].entries()) {
    await ok([...produce, '--topic', 'plain', '--compression-codec', codec], lines(i * 2000));
  }
  const keyed = ['--property', 'parse.key=true', '--property', 'key.separator=:'];
  for (const n of [1, 2, 3]) await ok([...produce, '--topic', 'compacted', ...keyed], `a:${n}\nb:${n}\n`);
  await ok([
    'console-consumer',
    ...server,
    '--topic',
    'plain',
    '--group',
    'readers',
    '--from-beginning',
    '--max-messages',
    '4000',
  ]);
}

/** Everything that must be unchanged afterwards. */
async function state(bootstrap: string) {
  const server = at(bootstrap);
  const topics = await ok(['topics', ...server, '--describe', '--exclude-internal']);
  const consume = ['console-consumer', ...server, '--from-beginning', '--timeout-ms', '2000'];
  const plain = await ok([
    ...consume,
    '--topic',
    'plain',
    '--property',
    'print.partition=true',
    '--property',
    'print.offset=true',
  ]);
  const compacted = await ok([
    ...consume,
    '--topic',
    'compacted',
    '--property',
    'print.key=true',
    '--property',
    'print.offset=true',
  ]);
  const exact = await ok([...consume, '--topic', 'exact', '--isolation-level', 'read_committed']);
  const offsets = await ok(['consumer-groups', ...server, '--describe', '--group', 'readers']);
  return {
    // eligible leader replicas are chosen by Kafka
    topics: topics.replace(/\tElr:.*/g, ''),
    plain: plain.split('\n').sort(),
    compacted: compacted.split('\n'),
    exact: exact.split('\n'),
    offsets: offsets
      .split('\n')
      .filter((line) => line.startsWith('readers'))
      .sort(),
  };
}

/** Runs Apache Kafka with the server.properties written by `handover`. */
async function kafkaOn(dir: string, properties: string): Promise<{ bootstrap: string; stop(): Promise<void> }> {
  const port = await freePort();
  const controller = port + 1;
  const file = join(dir, 'server.properties');
  const text = properties
    .replaceAll('localhost:9092', `localhost:${port}`)
    .replaceAll('localhost:9093', `localhost:${controller}`);
  writeFileSync(file, text.replace(/^log\.dirs=.*$/m, `log.dirs=${dir}`));
  const kafka = spawn('scripts/apache-kafka.sh', ['serve', file], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [kafka.stdout, kafka.stderr]) stream.on('data', (chunk) => (said += chunk));
  const closed = new Promise<void>((done) => kafka.on('close', () => done()));
  const bootstrap = `localhost:${port}`;
  await ready(kafka, bootstrap, () => said);
  return {
    bootstrap,
    async stop() {
      kafka.kill('SIGTERM');
      await closed;
    },
  };
}

async function ready(kafka: ChildProcess, bootstrap: string, said: () => string): Promise<void> {
  for (const until = Date.now() + 60_000; Date.now() < until && kafka.exitCode === null; ) {
    const { code, stdout } = await tsKafka(['topics', ...at(bootstrap), '--list'], '', 5000);
    if (code === 0 && stdout.includes('plain')) return;
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error(`Apache Kafka did not start: ${said()}`);
}

describe.each(['SIGTERM', 'SIGKILL'] as const)('after %s', (signal) => {
  test('Apache Kafka has the same topics, configs, records and offsets, and continues; then our broker does', async () => {
    const broker: BrokerProcess = await startBroker({ dir: join(temp.path, signal) });
    await fill(broker.bootstrap);
    const before = await state(broker.bootstrap);
    expect(before.exact).toEqual(['kept', '']);
    await broker.stop(signal);
    const data = join(broker.dir, 'data');
    const copy = join(temp.path, `${signal}-copy`);
    cpSync(data, copy, { recursive: true });

    const said = await ok(['storage', 'handover', data]);
    expect(said).toContain('is whole');
    expect(said).toContain(`kafka-server-start.sh ${join(data, 'server.properties')}`);
    // with the directory as it is, without the repairs of handover
    const kafka = await kafkaOn(copy, readFileSync(join(data, 'server.properties'), 'utf8'));
    let after: Awaited<ReturnType<typeof state>>;
    try {
      expect(await state(kafka.bootstrap)).toEqual(before);
      await ok(['topics', ...at(kafka.bootstrap), '--create', '--topic', 'later']);
      await transact(kafka.bootstrap, 'kept by Kafka');
      await ok(['console-producer', ...at(kafka.bootstrap), '--topic', 'plain'], 'one more\n');
      const rest = ['--topic', 'plain', '--group', 'readers', '--timeout-ms', '3000'];
      const read = await ok(['console-consumer', ...at(kafka.bootstrap), ...rest]);
      expect(read.split('\n')).toHaveLength(6000 + 1 + 1);
      after = await state(kafka.bootstrap);
      expect(after.exact).toEqual(['kept', 'kept by Kafka', '']);
    } finally {
      await kafka.stop();
    }
    const again = await startBroker({ overrides: [`log.dirs=${copy}`] });
    try {
      expect(await state(again.bootstrap)).toEqual(after);
      await ok(['console-producer', ...at(again.bootstrap), '--topic', 'later'], 'ours again\n');
    } finally {
      await again.remove();
    }
  });
});

test('a directory whose logs Kafka would truncate is not handed over', async () => {
  const broker = await startBroker({ dir: join(temp.path, 'damaged') });
  await ok(['topics', ...at(broker.bootstrap), '--create', '--topic', 't']);
  for (const line of ['one\n', 'two\n', 'three\n']) {
    await ok(['console-producer', ...at(broker.bootstrap), '--topic', 't'], line);
  }
  await broker.stop();
  const data = join(broker.dir, 'data');
  const log = join(data, 't-0', '00000000000000000000.log');
  const bytes = readFileSync(log);
  bytes[70] = (bytes[70] as number) ^ 1;
  writeFileSync(log, bytes);
  const { code, stderr } = await tsKafka(['storage', 'handover', data]);
  expect(code).toBe(1);
  expect(stderr).toContain('damaged at byte 0');
});
