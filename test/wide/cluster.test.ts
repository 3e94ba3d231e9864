/** Consumers on a cluster of three Apache Kafka nodes: follower fetching by rack, and an unclean election. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../scripts/lib/free-port.mjs';
import { connect } from '../../src/client/cluster/connect.js';
import type { BrokerConnection, Cluster } from '../../src/client/cluster/types.js';
import { consumerConfig } from '../../src/client/consumer/config.js';
import { Consumer, EARLIEST } from '../../src/client/consumer/consumer.js';
import { RecordCursor } from '../../src/protocol/records/cursor.js';
import { BIN, ROOT, run, tempDir, tsKafka } from '../support/process.js';

const temp = tempDir();
const KAFKA = path.join(ROOT, 'scripts/apache-kafka.sh');
const SETTINGS = [
  'replica.selector.class=org.apache.kafka.common.replica.RackAwareReplicaSelector',
  'unclean.leader.election.enable=true',
  'broker.heartbeat.interval.ms=500',
  'broker.session.timeout.ms=3000',
];
let bootstrap = '';

const script = async (...args: string[]): Promise<void> => {
  const { code, stderr } = await run(KAFKA, args, '', 170_000);
  if (code !== 0) throw new Error(`apache-kafka.sh ${args.join(' ')}: ${stderr}`);
};
const ok = async (args: readonly string[], input = ''): Promise<string> => {
  const { code, stdout, stderr } = await tsKafka(
    [args[0] as string, '--bootstrap-server', bootstrap, ...args.slice(1)],
    input,
  );
  if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}${stdout}`);
  return stdout.toString();
};
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, i) => `${from + i}\n`).join('');

beforeAll(async () => {
  process.env.APACHE_KAFKA_XMS = '256M';
  const port = await freePort(4);
  bootstrap = `localhost:${port}`;
  await script('nodes', String(port), temp.path, '3', ...SETTINGS);
}, 180_000);
afterAll(async () => {
  await script('down', temp.path);
  temp.remove();
}, 120_000);

/** The cluster, counting the record bytes in Fetch responses of each node. */
function counted(cluster: Cluster): { cluster: Cluster; bytes: Map<number, number> } {
  const bytes = new Map<number, number>();
  const of = (connection: BrokerConnection, node: number) =>
    new Proxy(connection, {
      get(target, name) {
        if (name !== 'send') return Reflect.get(target, name, target)?.bind(target);
        return async (...args: Parameters<BrokerConnection['send']>) => {
          const response: any = await target.send(...args);
          for (const topic of args[0].name === 'Fetch' ? response.responses : []) {
            for (const { records } of topic.partitions)
              bytes.set(node, (bytes.get(node) ?? 0) + (records?.length ?? 0));
          }
          return response;
        };
      },
    });
  const watched = new Proxy(cluster, {
    get(target, name) {
      if (name !== 'connection') return Reflect.get(target, name, target)?.bind(target);
      return async (node: number, purpose?: string) => of(await target.connection(node, purpose), node);
    },
  });
  return { cluster: watched, bytes };
}

test('with client.rack of a follower, all 5,000 records are read from the follower', async () => {
  await ok(['topics', '--create', '--topic', 'racks', '--replica-assignment', '2:3']);
  await ok(['console-producer', '--topic', 'racks'], lines(1, 5000));

  const rack = ['--command-property', 'client.rack=rack-3'];
  const printed = await ok([
    'console-consumer',
    '--topic',
    'racks',
    '--from-beginning',
    '--max-messages',
    '5000',
    ...rack,
  ]);
  expect(printed).toBe(lines(1, 5000));

  const properties = new Map([['client.rack', 'rack-3']]);
  const { cluster, bytes } = counted(connect({ bootstrap, properties }));
  const consumer = new Consumer(cluster, consumerConfig(properties));
  consumer.assign({ topic: 'racks', partition: 0 }, EARLIEST);
  const cursor = new RecordCursor();
  let count = 0;
  while (count < 5000) {
    const fetched = await consumer.poll(20_000, new AbortController().signal);
    if (!fetched) break;
    while (fetched.next(cursor)) while (cursor.next()) count++;
    fetched.done();
  }
  await consumer.close();
  await cluster.close();
  expect(count).toBe(5000);
  expect(bytes.get(2) ?? 0).toBe(0);
  expect(bytes.get(3)).toBeGreaterThan(5000);
});

interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly out: { stdout: string; stderr: string };
  readonly closed: Promise<number | null>;
}
const running: Running[] = [];
function start(file: string, ...args: string[]): Running {
  const child = spawn(file, args, { cwd: ROOT });
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (out.stdout += chunk));
  child.stderr.on('data', (chunk) => (out.stderr += chunk));
  const started = { child, out, closed: new Promise<number | null>((resolve) => child.on('close', resolve)) };
  running.push(started);
  return started;
}
afterAll(() => {
  for (const { child } of running) child.kill('SIGKILL');
});

test('after an unclean election truncates the log, reading continues from there; without a reset policy it fails as in Java', async () => {
  await ok(['topics', '--create', '--topic', 'cut', '--replica-assignment', '2:3']);
  await ok(['console-producer', '--topic', 'cut'], lines(1, 100));
  const consume = ['console-consumer', '--bootstrap-server', bootstrap, '--topic', 'cut', '--partition', '0'];
  const strict = [...consume, '--offset', '0', '--command-property', 'auto.offset.reset=none'];
  const lenient = start(process.execPath, BIN, ...consume, '--offset', 'earliest');
  const ours = start(process.execPath, BIN, ...strict);
  const javas = start('bash', KAFKA, ...strict);
  const all = [lenient, ours, javas];
  const printed = (text: string) =>
    expect.poll(() => all.map(({ out }) => out.stdout === text), { timeout: 40_000 }).toEqual([true, true, true]);
  await printed(lines(1, 100));

  // the follower stops, the leader continues alone and dies: the follower becomes leader with a shorter log
  await script('down', path.join(temp.path, '3'));
  await ok(['console-producer', '--topic', 'cut'], lines(101, 200));
  await printed(lines(1, 200));
  process.kill(Number(readFileSync(path.join(temp.path, '2', 'pid'), 'utf8')), 'SIGKILL');
  await script('start', path.join(temp.path, '3'));
  const leader = async () => /Leader: (\S+)/.exec(await ok(['topics', '--describe', '--topic', 'cut']))?.[1];
  await expect.poll(leader, { timeout: 30_000 }).toBe('3');
  await ok(['console-producer', '--topic', 'cut'], lines(301, 310));

  await expect.poll(() => lenient.out.stdout, { timeout: 20_000 }).toBe(lines(1, 200) + lines(301, 310));
  expect(lenient.out.stderr).toBe(
    'Partition cut-0 was truncated: its log had been read up to offset 200 and is another from offset 100 on, where reading continues.\n',
  );
  expect(await ours.closed).toBe(await javas.closed);
  const words = /Truncated partitions detected with divergent offsets \{.*\}/;
  const said = words.exec(javas.out.stderr)?.[0];
  expect(said).toContain('cut-0=OffsetAndMetadata{offset=100');
  expect(words.exec(ours.out.stderr)?.[0]).toBe(said);
  await script('start', path.join(temp.path, '2'));
}, 170_000);
