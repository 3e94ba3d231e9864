/** How producing commands spread a stream of keyless records over partitions. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { producerCluster } from '../client/producer-cluster.js';
import { BIN, type BrokerProcess, ROOT, startBroker, tsKafka } from '../support/process.js';

let broker: BrokerProcess;
let at: string[];
beforeAll(async () => {
  broker = await startBroker();
  at = ['--bootstrap-server', broker.bootstrap];
});
afterAll(() => broker.remove());

const topic = (name: string, partitions: number) =>
  tsKafka(['topics', ...at, '--create', '--topic', name, '--partitions', String(partitions)]);

/** The number of records in each partition. */
async function counts(name: string): Promise<number[]> {
  const { stdout } = await tsKafka(['get-offsets', ...at, '--topic', name]);
  const lines = stdout.toString().trim().split('\n');
  return lines.map((line) => Number(line.split(':')[2]));
}

const line = (i: number, bytes = 1000) => `${String(i).padStart(bytes - 1, '0')}\n`;

/** A console producer with its stdin open. */
function producer(...args: string[]) {
  const child = spawn(process.execPath, [BIN, 'console-producer', ...args], { cwd: ROOT });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const type = async (from: number, to: number) => {
    for (let i = from; i < to; i += 10) {
      child.stdin.write(Array.from({ length: 10 }, (_, k) => line(i + k)).join(''));
      await sleep(10);
    }
  };
  const end = async () => {
    child.stdin.end();
    return { code: await closed, stderr };
  };
  return { type, end };
}

test.each([
  [[], 'by-default'],
  [['--batch-size', '16384'], 'batch-size'],
])('console-producer %j: lines of 1,000 bytes arriving a few at a time go to all 6 partitions', async (more, name) => {
  await topic(name, 6);
  const { type, end } = producer(...at, '--topic', name, ...more);
  await type(0, 2000);
  expect(await end()).toEqual({ code: 0, stderr: '' });
  const spread = await counts(name);
  expect(spread.reduce((sum, count) => sum + count)).toBe(2000);
  // 60 to 125 batches of 16 kB: no partition is left out, and none has most of them
  for (const count of spread) expect(count).toBeGreaterThan(0);
  expect(Math.max(...spread)).toBeLessThan(1000);
});

test('console-producer: a file of 4 MB goes to all 3 partitions', async () => {
  await topic('file', 3);
  const input = Array.from({ length: 4000 }, (_, i) => line(i)).join('');
  expect((await tsKafka(['console-producer', ...at, '--topic', 'file'], input)).code).toBe(0);
  for (const count of await counts('file')) expect(count).toBeGreaterThan(0);
});

test.each([
  ['verifiable-producer', ['--max-messages', '40000', '--throughput', '20000']],
  ['producer-perf-test', ['--num-records', '20000', '--record-size', '100', '--throughput', '10000']],
])('%s with a throughput goes to all of 3 partitions', async (command, more) => {
  await topic(command, 3);
  expect((await tsKafka([command, ...at, '--topic', command, ...more])).code).toBe(0);
  for (const count of await counts(command)) expect(count).toBeGreaterThan(0);
});

test('console-producer: when one of two leaders goes down the other gets the lines, and lost ones are reported', async () => {
  const cluster = await producerCluster(2, 6);
  try {
    const timeouts = ['delivery.timeout.ms=3000', 'request.timeout.ms=1000'].flatMap((p) => ['--producer-property', p]);
    const { type, end } = producer('--bootstrap-server', cluster.bootstrap, '--topic', 't', ...timeouts);
    const taken = () => cluster.model.log.length;
    await type(0, 500);
    await expect.poll(taken, { timeout: 10_000 }).toBe(500);
    await cluster.stop(2);
    await type(500, 1500);
    const { code, stderr } = await end();
    const lost = [...stderr.matchAll(/^Error when sending (?:(\d+) messages|message) /gm)];
    const lines = lost.reduce((sum, [, count = '1']) => sum + Number(count), 0);
    expect(new Set(cluster.model.log).size).toBe(taken());
    expect(taken() + lines).toBe(1500);
    expect(lines).toBeLessThan(300);
    expect(code).toBe(lines > 0 ? 1 : 0);
    for (const partition of [0, 2, 4]) expect(cluster.model.counts[partition]).toBeGreaterThan(100);
  } finally {
    await cluster.close();
  }
});
