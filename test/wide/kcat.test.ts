import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrokerProcess, run, startBroker } from '../support/process.js';

let broker: BrokerProcess;
beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker.remove());

const kcat = (args: readonly string[], input = '') => run('kcat', ['-b', broker.bootstrap, ...args], input);

async function produce(topic: string, input: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await kcat(['-P', '-t', topic, ...args], input);
  expect(stderr).toBe('');
  expect(code).toBe(0);
}
async function consume(topic: string, ...args: string[]): Promise<string> {
  const { code, stdout } = await kcat(['-C', '-q', '-e', '-t', topic, ...args]);
  expect(code).toBe(0);
  return stdout.toString();
}

describe('kcat x the embedded broker', () => {
  test('-L lists the broker and the topic', async () => {
    await produce('listed', 'x\n');
    const { stdout } = await kcat(['-L', '-t', 'listed']);
    expect(stdout.toString()).toMatch(
      new RegExp(
        ` broker 1 at localhost:${broker.port} \\(controller\\)[^]*topic "listed" with 1 partitions:\\s+partition 0, leader 1, replicas: 1, isrs: 1`,
      ),
    );
  });

  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('%s-compressed records are written and read', async (codec) => {
    const lines = Array.from({ length: 2000 }, (_, i) => `line ${i} Grüße 😀\n`).join('');
    await produce(`codec-${codec}`, lines, '-z', codec);
    expect(await consume(`codec-${codec}`, '-o', 'beginning')).toBe(lines);
  });

  test('keys, headers and tombstones are written and read', async () => {
    await produce('keyed', 'k1:v1\nk2:\n', '-K:', '-Z', '-H', 'a=1', '-H', 'b=2');
    expect(await consume('keyed', '-o', 'beginning', '-f', '%k|%S|%h\n')).toBe('k1|2|a=1,b=2\nk2|-1|a=1,b=2\n');
  });

  test('enable.idempotence works', async () => {
    await produce('idempotent', 'a\nb\nc\n', '-X', 'enable.idempotence=true');
    expect(await consume('idempotent', '-o', 'beginning')).toBe('a\nb\nc\n');
  });

  test('-Q finds offsets, -o s@ and -o e@ start and end by time', async () => {
    await produce('timed', 'early\n');
    await new Promise((resolve) => setTimeout(resolve, 30));
    const between = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await produce('timed', 'late\n');
    const { stdout } = await kcat(['-Q', '-t', `timed:0:${between}`]);
    expect(stdout.toString()).toBe('timed [0] offset 1\n');
    expect(await consume('timed', '-p', '0', '-o', `s@${between}`)).toBe('late\n');
    expect(await consume('timed', '-p', '0', '-o', 'beginning', '-o', `e@${between}`)).toBe('early\n');
  });

  test('-G with two members reads each message once', async () => {
    const created = await run(process.execPath, [
      'bin/ts-kafka.js',
      'topics',
      '--bootstrap-server',
      broker.bootstrap,
      '--create',
      '--topic',
      'shared',
      '--partitions',
      '4',
    ]);
    expect(created.code).toBe(0);
    const member = () =>
      run('timeout', [
        '8',
        'kcat',
        '-b',
        broker.bootstrap,
        '-q',
        '-u',
        '-X',
        'auto.offset.reset=earliest',
        '-G',
        'g2',
        'shared',
      ]);
    const members = [member(), member()];
    await new Promise((resolve) => setTimeout(resolve, 4000));
    const lines = Array.from({ length: 400 }, (_, i) => `m${i}`);
    for (let p = 0; p < 4; p++)
      await produce('shared', `${lines.filter((_, i) => i % 4 === p).join('\n')}\n`, '-p', `${p}`);
    const got = (await Promise.all(members)).map((m) => m.stdout.toString().trim().split('\n'));
    expect(got.map((lines) => lines.length)).toEqual([200, 200]);
    expect(got.flat().sort()).toEqual([...lines].sort());
  });
});
