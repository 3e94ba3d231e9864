/** `--slo` and `--output json` of the measuring tools: the expressions, the verdicts, and the tools as processes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { histogramOf, latencyPercentiles } from '../../src/commands/perf/shared/histogram.js';
import {
  judge,
  LATENCIES,
  type Measure,
  type Measured,
  parseSlo,
  verdictLine,
} from '../../src/commands/perf/shared/slo.js';
import { type BrokerProcess, startBroker, tsKafka } from '../support/process.js';

const ALL: readonly Measure[] = [...LATENCIES, 'rate'];
const MEASURED: Measured = {
  latencyMs: { p50: 0.5, p95: 3, p99: 12, 'p99.9': 199.9996, avg: 1.23456, max: 1500 },
  recordsPerSec: 16_667,
  mbPerSec: 9.5,
};

describe('expressions', () => {
  test.each([
    ['p99<200ms', 'PASS p99 12 ms < 200 ms'],
    ['p99 <= 12ms', 'PASS p99 12 ms <= 12 ms'],
    ['p99<12ms', 'FAIL p99 12 ms < 12 ms'],
    ['p99>12ms', 'FAIL p99 12 ms > 12 ms'],
    ['p99>=12ms', 'PASS p99 12 ms >= 12 ms'],
    ['max<1s', 'FAIL max 1.5 s < 1 s'],
    ['p50<600us', 'PASS p50 500 us < 600 us'],
    ['p50<600000ns', 'PASS p50 500000 ns < 600000 ns'],
    ['p95<2.5ms', 'FAIL p95 3 ms < 2.5 ms'],
    ['avg<2ms', 'PASS avg 1.235 ms < 2 ms'],
    ['p99.9<200ms', 'PASS p99.9 199.9996 ms < 200 ms'],
    ['rate>=16667/s', 'PASS rate 16667 records/s >= 16667 records/s'],
    ['rate>16667 records/s', 'FAIL rate 16667 records/s > 16667 records/s'],
    ['rate>10MB/s', 'FAIL rate 9.5 MB/s > 10 MB/s'],
  ])('%s: %s', (text, line) => {
    const verdicts = judge([parseSlo(text, 'tool', ALL)], MEASURED);
    expect(verdicts.map(verdictLine)).toEqual([line]);
    expect(verdicts[0]?.pass).toBe(line.startsWith('PASS'));
  });

  test.each([
    ['p99', '--slo p99: expected a figure, an operator (< <= > >=), a number and a unit, as in p99<200ms.'],
    ['', '--slo : expected a figure, an operator (< <= > >=), a number and a unit, as in p99<200ms.'],
    ['p99=200ms', '--slo p99=200ms: expected a figure, an operator (< <= > >=), a number and a unit, as in p99<200ms.'],
    ['p99<-1ms', '--slo p99<-1ms: expected a figure, an operator (< <= > >=), a number and a unit, as in p99<200ms.'],
    ['p75<1s', '--slo p75<1s: tool measures p50, p95, p99, p99.9, avg, max and rate, not p75.'],
    ['p99<200', '--slo p99<200: the unit of p99 is ns, us, ms or s.'],
    ['p99<200/s', '--slo p99<200/s: the unit of p99 is ns, us, ms or s.'],
    ['p99<2constructor', '--slo p99<2constructor: the unit of p99 is ns, us, ms or s.'],
    ['rate>5ms', '--slo rate>5ms: the unit of rate is /s (records) or MB/s.'],
  ])('refuses "%s"', (text, message) => {
    expect(() => parseSlo(text, 'tool', ALL)).toThrow(new Error(message));
  });

  test('a figure that the run did not yield fails, whatever the operator', () => {
    const slos = ['p99<1s', 'p99>=0ms', 'rate>=0/s'].map((text) => parseSlo(text, 'tool', ALL));
    const verdicts = judge(slos, { latencyMs: {}, recordsPerSec: Number.NaN });
    expect(verdicts.map(({ pass, value }) => [pass, value])).toEqual([
      [false, null],
      [false, null],
      [false, null],
    ]);
    expect(verdictLine(verdicts[0]!)).toBe('FAIL p99 not measured, expected < 1 s');
  });
});

test('percentiles take the index that Java takes; buckets count every sample once', () => {
  const sorted = [0, 0, 0.3, 1, 2, 3, 4, 7, 8, 100];
  expect(latencyPercentiles(sorted)).toEqual({ p50: 3, p95: 100, p99: 100, 'p99.9': 100 });
  expect(latencyPercentiles([])).toEqual({});
  expect(histogramOf(sorted).buckets).toEqual([
    { fromMs: 0, count: 2 },
    { fromMs: 0.25, count: 1 },
    { fromMs: 1, count: 1 },
    { fromMs: 2, count: 2 },
    { fromMs: 4, count: 2 },
    { fromMs: 8, count: 1 },
    { fromMs: 64, count: 1 },
  ]);
});

describe('by process', () => {
  let broker: BrokerProcess;
  const run = async (tool: string, ...args: string[]) => {
    const { stdout, stderr, code } = await tsKafka([tool, '--bootstrap-server', broker.bootstrap, ...args]);
    return { lines: stdout.toString().split('\n').slice(0, -1), text: stdout.toString(), stderr, code };
  };
  const PRODUCE = ['--topic', 't', '--num-records', '2000', '--record-size', '10', '--throughput', '-1'];
  const CONSUME = ['--topic', 't', '--num-records', '2000'];
  const SHARE = ['--topic', 't', '--group', 'share', '--num-records', '2000'];
  const LATENCY = ['--topic', 't', '--num-records', '20', '--producer-acks', 'all', '--record-size', '10'];
  const TOTAL = /^2000 records sent, .* ms 50th, \d+ ms 95th, \d+ ms 99th, \d+ ms 99\.9th\.$/;

  beforeAll(async () => {
    broker = await startBroker();
    await run('topics', '--create', '--topic', 't');
    await run('configs', '--alter', '--group', 'share', '--add-config', 'share.auto.offset.reset=earliest');
    await run('producer-perf-test', ...PRODUCE);
  });
  afterAll(() => broker.remove());

  test('producer-perf-test: the verdicts follow Java’s last line and agree with it', async () => {
    const { lines, stderr, code } = await run(
      'producer-perf-test',
      ...PRODUCE,
      '--slo',
      'p99<30s',
      '--slo',
      'rate>1/s',
    );
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const [total = '', p99 = '', rate = ''] = lines.slice(-3);
    expect(total).toMatch(TOTAL);
    const inSeconds = Number(/(\d+) ms 99th/.exec(total)?.[1]) / 1000;
    expect(p99).toBe(`PASS p99 ${inSeconds} s < 30 s`);
    const java = Number(/sent, ([\d.]+) records/.exec(total)?.[1]);
    expect(Number(/^PASS rate ([\d.]+) records\/s > 1 records\/s$/.exec(rate)?.[1])).toBeCloseTo(java, 2);
  });

  test('one FAIL among PASSes ends with 1', async () => {
    const { lines, code } = await run('producer-perf-test', ...PRODUCE, '--slo', 'p99<30s', '--slo', 'max<0ms');
    expect(code).toBe(1);
    expect(lines.at(-2)).toMatch(/^PASS p99 /);
    expect(lines.at(-1)).toMatch(/^FAIL max \d+ ms < 0 ms$/);
  });

  test('without the flags nothing follows Java’s last line', async () => {
    const { lines, code } = await run('producer-perf-test', ...PRODUCE);
    expect(code).toBe(0);
    expect(lines.at(-1)).toMatch(TOTAL);
    expect((await run('consumer-perf-test', ...CONSUME)).lines).toHaveLength(2);
  });

  test('with a warm-up the verdict is on the steady state', async () => {
    const { lines } = await run('producer-perf-test', ...PRODUCE, '--warmup-records', '500', '--slo', 'avg<30000ms');
    const java = Number(/^1500 steady state records sent, .* ([\d.]+) ms avg/.exec(lines.at(-2) ?? '')?.[1]);
    expect(Number(/^PASS avg ([\d.]+) ms/.exec(lines.at(-1) ?? '')?.[1])).toBeCloseTo(java, 1);
  });

  test('consumer-perf-test: nMsg.sec', async () => {
    const { lines, stderr, code } = await run('consumer-perf-test', ...CONSUME, '--slo', 'rate>1/s');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const java = Number(lines.at(-2)?.split(', ')[5]);
    expect(Number(/^PASS rate ([\d.]+) records\/s > 1 /.exec(lines.at(-1) ?? '')?.[1])).toBeCloseTo(java, 2);
  });

  test('share-consumer-perf-test: MB.sec', async () => {
    const { lines, stderr, code } = await run('share-consumer-perf-test', ...SHARE, '--slo', 'rate>=100000MB/s');
    expect({ stderr, code }).toEqual({ stderr: '', code: 1 });
    const java = Number(lines.at(-2)?.split(', ')[3]);
    expect(Number(/^FAIL rate ([\d.]+) MB\/s >= 100000 /.exec(lines.at(-1) ?? '')?.[1])).toBeCloseTo(java, 2);
  });

  test('e2e-latency: as Java’s percentiles, which are whole milliseconds', async () => {
    const { lines, stderr, code } = await run('e2e-latency', ...LATENCY, '--slo', 'p99<=30000ms', '--slo', 'avg<30s');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const java = Number(/99th = (\d+)/.exec(lines.at(-3) ?? '')?.[1]);
    expect(Math.floor(Number(/^PASS p99 ([\d.]+) ms/.exec(lines.at(-2) ?? '')?.[1]))).toBe(java);
    expect(lines.at(-1)).toMatch(/^PASS avg /);
  });

  test('--output json: one document from each tool', async () => {
    const secret = ['--command-property', 'acks=all', 'ssl.key.password=hush'];
    const produced = await run('producer-perf-test', ...PRODUCE, ...secret, '--output', 'json', '--slo', 'max<0ms');
    expect(produced.code).toBe(1);
    expect(produced.text).not.toContain('hush');
    expect(JSON.parse(produced.text)).toMatchObject({
      tool: 'kafka-producer-perf-test',
      parameters: { topic: 't', 'num-records': 2000, 'record-size': 10, properties: { acks: 'all' } },
      figures: { records: 2000, bytes: 20_000, lost: 0, latencyMs: { p99: expect.any(Number) } },
      histogram: { samples: 2000 },
      verdicts: [{ slo: 'max<0ms', pass: false, measure: 'max', operator: '<', limit: 0, unit: 'ms' }],
      pass: false,
    });

    const latency = await run('e2e-latency', ...LATENCY, '--output', 'json');
    expect({ stderr: latency.stderr, code: latency.code }).toEqual({ stderr: '', code: 0 });
    expect(JSON.parse(latency.text)).toMatchObject({
      figures: { records: 20 },
      histogram: { samples: 20 },
      verdicts: [],
      pass: true,
    });

    const consumed = await run('consumer-perf-test', ...CONSUME, '--messages', '2000', '--output', 'json');
    expect(consumed.code).toBe(1);
    expect(consumed.text).toBe('');
    const read = await run('consumer-perf-test', '--topic', 't', '--messages', '2000', '--output', 'json');
    expect(read.stderr).toBe('Warning: --messages is deprecated. Use --num-records instead.\n');
    expect(JSON.parse(read.text)).toMatchObject({
      figures: { recordsPerSec: expect.any(Number) },
      verdicts: [],
      pass: true,
    });
    expect(JSON.parse(read.text).figures.records).toBeGreaterThanOrEqual(2000);

    const shared = await run('share-consumer-perf-test', ...SHARE, '--output', 'json');
    expect(shared.code).toBe(0);
    expect(JSON.parse(shared.text)).toMatchObject({ parameters: { group: 'share', threads: 1 }, pass: true });
  });

  test.each([
    ['consumer-perf-test', CONSUME, 'p99<1s', 'kafka-consumer-perf-test measures rate, not p99.'],
    ['share-consumer-perf-test', SHARE, 'max<1s', 'kafka-share-consumer-perf-test measures rate, not max.'],
    ['e2e-latency', LATENCY, 'rate>1/s', 'kafka-e2e-latency measures p50, p95, p99, p99.9, avg and max, not rate.'],
    ['producer-perf-test', PRODUCE, 'p99<1h', 'the unit of p99 is ns, us, ms or s.'],
  ])('%s: a wrong --slo is a usage error and nothing is sent', async (tool, args, slo, why) => {
    const before = await run('get-offsets', '--topic', 't');
    const { text, stderr, code } = await run(tool, ...args, '--slo', slo);
    expect({ text, code }).toEqual({ text: '', code: 1 });
    expect(stderr).toContain(`--slo ${slo}: ${why}`);
    expect((await run('get-offsets', '--topic', 't')).text).toBe(before.text);
  });

  test('only --help lists them, after Java’s, and only the full name reaches them', async () => {
    for (const tool of ['producer-perf-test', 'consumer-perf-test', 'share-consumer-perf-test', 'e2e-latency']) {
      const { stdout, stderr } = await tsKafka([tool, '--help']);
      const [java = '', ours = ''] = `${stdout}${stderr}`.split("\nNot in Kafka's own script:\n");
      expect(java).not.toContain('--slo');
      expect(ours).toContain('--slo');
      expect(ours).toContain('--output');
    }
    const { stderr, code } = await run('producer-perf-test', ...PRODUCE, '--sl', 'p99<1s');
    expect(code).toBe(1);
    expect(stderr).toContain("unrecognized arguments: '--sl'");
    expect(stderr).not.toContain('--slo');
  });
});
