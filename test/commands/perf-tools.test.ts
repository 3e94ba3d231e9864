/** The perf tools against the embedded broker: counts are checked exactly, times only by their format. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrokerProcess, startBroker, tsKafka } from '../support/process.js';

let broker: BrokerProcess;
const HEADER =
  'start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec';
const DATE = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d:\d{3}`;

async function perf(...args: string[]) {
  const { stdout, stderr, code } = await tsKafka([
    'consumer-perf-test',
    '--bootstrap-server',
    broker.bootstrap,
    ...args,
  ]);
  return { lines: stdout.toString().split('\n').slice(0, -1), stderr, code };
}

beforeAll(async () => {
  broker = await startBroker();
  const at = ['--bootstrap-server', broker.bootstrap];
  await tsKafka(['topics', '--create', '--topic', 'numbers', '--partitions', '2', ...at]);
  const input = Array.from({ length: 1200 }, (_, i) => `key:${String(i).padStart(5, '0')}\n`).join('');
  const reader = ['--reader-property', 'parse.key=true', '--reader-property', 'key.separator=:'];
  await tsKafka(['console-producer', '--topic', 'numbers', ...at, ...reader], input);
});
afterAll(() => broker.remove());

describe('consumer-perf-test', () => {
  test('counts records and the bytes of keys and values', async () => {
    const { lines, stderr, code } = await perf('--topic', 'numbers', '--num-records', '1200');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe(HEADER);
    expect(lines[1]).toMatch(
      new RegExp(
        `^${DATE}, ${DATE}, ${((1200 * 8) / 1048576).toFixed(4)}, [\\d.]+, 1200, [\\d.]+, \\d+, \\d+, [\\d.]+`,
      ),
    );
  });

  test('stops between polls of 500, as Java does', async () => {
    const { lines } = await perf('--topic', 'numbers', '--messages', '600', '--hide-header');
    expect(lines[0]).toBe('Warning: --messages is deprecated. Use --num-records instead.');
    expect(lines[1]?.split(', ')[4]).toBe('1000');
  });

  test('a group continues from its committed offsets, and warns if there are too few records', async () => {
    const args = ['--topic', 'numbers', '--group', 'measured', '--hide-header'];
    expect((await perf(...args, '--num-records', '1200')).lines[0]?.split(', ')[4]).toBe('1200');
    const { lines, code } = await perf(...args, '--num-records', '10', '--timeout', '700', '--date-format', "HH'h'");
    expect(code).toBe(0);
    expect(lines[0]).toBe(
      'WARNING: Exiting before consuming the expected number of records: timeout (700 ms) exceeded. You can use the --timeout option to increase the timeout.',
    );
    expect(lines[1]).toMatch(/^\d\dh, \d\dh, 0\.0000, 0\.0000, 0, /);
  });

  test('detailed statistics print progress lines instead of the summary', async () => {
    const { lines } = await perf(
      ...['--topic', 'numbers', '--num-records', '1200', '--show-detailed-stats', '--reporting-interval', '1'],
    );
    expect(lines[0]).toBe(HEADER.replace('start.time, end.time', 'time, threadId'));
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.at(-1)).toMatch(new RegExp(`^${DATE}, 0, `));
  });
});

describe('e2e-latency', () => {
  const latency = async (...args: string[]) => {
    const { stdout, stderr, code } = await tsKafka(['e2e-latency', ...args]);
    return { lines: stdout.toString().split('\n').slice(0, -1), stderr, code };
  };
  const named = (...more: string[]) =>
    latency('--bootstrap-server', broker.bootstrap, '--producer-acks', 'all', '--record-size', '20', ...more);

  test('creates the topic, sends and reads one message at a time, with keys and headers', async () => {
    const { lines, stderr, code } = await named(
      ...['--topic', 'latency', '--num-records', '20', '--record-key-size', '5', '--num-headers', '2'],
      ...['--record-header-key-size', '3', '--record-header-size', '-1'],
    );
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(lines[0]).toBe(
      'Topic "latency" does not exist. Will create topic with 1 partition(s) and replication factor = 1',
    );
    expect(lines[1]).toMatch(/^0\t\d+\.\d+$/);
    expect(lines[2]).toMatch(/^Avg latency: \d+\.\d{4} ms$/);
    expect(lines[3]).toMatch(/^Percentiles: 50th = \d+, 99th = \d+, 99\.9th = \d+$/);
    expect(lines).toHaveLength(4);
    const { stdout } = await tsKafka(['get-offsets', '--bootstrap-server', broker.bootstrap, '--topic', 'latency']);
    expect(stdout.toString()).toBe('latency:0:20\n');
  });

  test('accepts positional arguments, with a warning', async () => {
    const { lines, code } = await latency(broker.bootstrap, 'numbers', '5', '1', '10');
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/^WARNING: Positional argument usage is deprecated/);
    expect(lines[1]).toMatch(/^0\t/);
  });

  test.each([
    [['--topic', 'latency', '--num-records', '0'], 'Value for --num-records must be a positive integer.'],
    [['--topic', 'latency', '--num-records', 'x'], "Cannot parse argument 'x' of option num-records"],
    [['--num-records', '1'], 'Missing required argument "[topic]"'],
    [
      ['--topic', 'latency', '--num-records', '1', '--record-header-size', '-2'],
      'Value for --record-header-size must be a non-negative integer or -1 for null header value.',
    ],
  ])('refuses %j', async (args, message) => {
    const { stderr, code } = await named(...args);
    expect(stderr.split('\n')[0]).toBe(message);
    expect(code).toBe(1);
  });
});

test('share-consumer-perf-test: the counts of parallel consumers are added up', async () => {
  const at = ['--bootstrap-server', broker.bootstrap];
  await tsKafka(['topics', '--create', '--topic', 'side', '--partitions', '2', ...at]);
  await tsKafka(['console-producer', '--topic', 'side', ...at], '12345678\n'.repeat(1200));
  await tsKafka(['configs', ...at, '--alter', '--group', 'side', '--add-config', 'share.auto.offset.reset=earliest']);
  const args = ['--topic', 'side', '--group', 'side', '--num-records', '1200', '--threads', '2'];
  const { stdout, stderr, code } = await tsKafka([
    'share-consumer-perf-test',
    ...at,
    ...args,
    '--show-consumer-stats',
    '--print-metrics',
  ]);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  const lines = stdout.toString().split('\n').slice(0, -1);
  expect(lines[0]).toBe(
    'start.time, end.time, data.consumed.in.MB, MB.sec, nMsg.sec, data.consumed.in.nMsg, fetch.time.ms',
  );
  const each = lines.slice(1, 3).map((line, i) => {
    const start = `Share consumer ${i + 1} having client id perf-share-consumer-client-${i + 1} consumption metrics- `;
    expect(line.startsWith(start)).toBe(true);
    return Number(line.split(', ')[5]);
  });
  expect(each.reduce((a, b) => a + b)).toBe(1200);
  const megabytes = ((1200 * 8) / 1048576).toFixed(4);
  expect(lines[3]).toMatch(new RegExp(`^${DATE}, ${DATE}, ${megabytes}, [\\d.]+, [\\d.]+, 1200, \\d+$`));
  expect(
    lines.filter((line) => line.includes('records-consumed-total')).map((line) => Number(line.split(' : ')[1])),
  ).toEqual(each);
});
