/** What to read and records as data: the flags of the console tools that Kafka's scripts do not have. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '../support/json-schema.js';
import { type BrokerProcess, type Ended, ROOT, startBroker, tsKafka } from '../support/process.js';

let broker: BrokerProcess;
beforeAll(async () => {
  // the records of these tests are of the year 1970
  broker = await startBroker({ overrides: ['log.retention.ms=-1'] });
});
afterAll(() => broker.remove());

const SCHEMA = JSON.parse(readFileSync(path.join(ROOT, 'schemas/record.json'), 'utf8'));
const HOUR = 3_600_000;

const tool = (command: string, topic: string, args: readonly string[], input: string | Buffer = '') =>
  tsKafka([command, '--bootstrap-server', broker.bootstrap, '--topic', topic, ...args], input);
const consume = (topic: string, ...args: string[]) =>
  tool('console-consumer', topic, [...args, '--timeout-ms', '20000']);
const lines = ({ stdout }: Ended): string[] => stdout.toString().split('\n').slice(0, -1);

async function create(topic: string, partitions = 1, ...more: string[]): Promise<void> {
  const { code, stderr } = await tool('topics', topic, ['--create', '--partitions', `${partitions}`, ...more]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

type Line = Readonly<Record<string, unknown>>;

/** A topic with these records, in partition 0 unless they name another. */
async function seed(topic: string, records: readonly Line[], partitions = 1, ...more: string[]): Promise<void> {
  await create(topic, partitions);
  const input = records.map((record) => `${JSON.stringify({ partition: 0, timestamp: 1, ...record })}\n`).join('');
  const ended = await tool(
    'console-producer',
    topic,
    ['--input', 'json', '--keep', 'partition,timestamp', ...more],
    input,
  );
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
}

const timed = (...times: number[]): Line[] => times.map((timestamp) => ({ timestamp, value: `at ${timestamp}` }));
const ALL = ['--from-beginning', '--exit-at-end'];

describe('where reading ends', () => {
  test('--exit-at-end ends in a group at the ends of all partitions, with 0, and has committed them', async () => {
    const records = [0, 1, 1, 2].map((partition, i) => ({ partition, value: `${i}` }));
    await seed('ends', records, 4);
    for (const [group, protocol] of [['g1', 'classic'] as const, ['g2', 'consumer'] as const]) {
      const args = ['--group', group, '--command-property', `group.protocol=${protocol}`, ...ALL];
      const first = await consume('ends', ...args);
      expect(lines(first).sort()).toEqual(['0', '1', '2', '3']);
      expect(first.stderr).toBe('Processed a total of 4 messages\n');
      expect(first.code).toBe(0);
      expect(lines(await consume('ends', ...args))).toEqual([]);
    }
  });
  test('--exit-at-end ends a single partition, an empty one too', async () => {
    await seed('one', [{ partition: 1, value: 'x' }], 2);
    const of = (partition: string) => consume('one', '--partition', partition, ...ALL);
    expect(lines(await of('1'))).toEqual(['x']);
    const empty = await of('0');
    expect([lines(empty), empty.code]).toEqual([[], 0]);
  });
  test.each(['read_committed', 'read_uncommitted'])(
    '--exit-at-end sees the end where a control record comes last: %s',
    async (level) => {
      const topic = `transactions-${level}`;
      await create(topic);
      const perf = ['--num-records', '7', '--record-size', '10', '--throughput', '-1'];
      const settings = ['--command-property', `bootstrap.servers=${broker.bootstrap}`, '--transactional-id', topic];
      expect((await tsKafka(['producer-perf-test', '--topic', topic, ...perf, ...settings])).code).toBe(0);
      const ended = await consume(topic, '--isolation-level', level, ...ALL);
      expect(ended.stderr).toBe('Processed a total of 7 messages\n');
      const last = await consume(topic, '--isolation-level', level, '--tail', '2', '--exit-at-end', '--output', 'json');
      expect(lines(last).map((line) => JSON.parse(line).offset)).toEqual([5, 6]);
    },
  );
  test('--tail prints the last records of each partition, and all where there are fewer', async () => {
    const records = ['a', 'b', 'c', 'd'].map((value) => ({ partition: 0, value }));
    await seed('tail', [...records, { partition: 1, value: 'e' }], 3);
    const tail = async (n: string, ...more: string[]) =>
      lines(await consume('tail', '--tail', n, '--exit-at-end', ...more)).sort();
    expect(await tail('2')).toEqual(['c', 'd', 'e']);
    expect(await tail('0')).toEqual([]);
    expect(await tail('99')).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await tail('3', '--partition', '0')).toEqual(['b', 'c', 'd']);
    expect(await tail('1', '--grep', 'e')).toEqual(['e']);
  });
});

describe('times', () => {
  test.each([
    [
      ['--from', '100', '--to', '200'],
      [100, 199, 150],
    ],
    [
      ['--from', '101', '--to', '201'],
      [199, 200, 150],
    ],
    [['--to', '100'], [50]],
    [['--from', '300', '--exit-at-end'], [900]],
    [['--from', '901', '--exit-at-end'], []],
    [['--from', '1970-01-01T00:00:00.200Z', '--to', '1970-01-01T01:00:00.201+01:00'], [200]],
  ])('%j: from its first moment to before its last, whatever the order', async (args, expected) => {
    await sharedTimes();
    const ended = await consume('times', ...args);
    expect(lines(ended)).toEqual(expected.map((time) => `at ${time}`));
    expect(ended.code).toBe(0);
  });
  let seeded: Promise<void> | undefined;
  const sharedTimes = () => (seeded ??= seed('times', timed(50, 100, 199, 200, 150, 900)));

  test('times before now', async () => {
    const now = Date.now();
    await seed('ago', timed(now - 3 * HOUR, now - HOUR, now - 1000));
    const ago = async (...args: string[]) => lines(await consume('ago', ...args, '--exit-at-end')).length;
    expect(await ago('--from', '-2h')).toBe(2);
    expect(await ago('--from', '-1d', '--to', '-30m')).toBe(2);
    expect(await ago('--from', '-30m')).toBe(1);
  });
  test('--to in the future waits for it, and prints what comes meanwhile', async () => {
    await create('future');
    const reading = consume('future', '--to', String(Date.now() + 4000));
    await tool('console-producer', 'future', [], 'in time\n');
    const ended = await reading;
    expect([lines(ended), ended.code]).toEqual([['in time'], 0]);
  });
  test('the times of the broker end it as well', async () => {
    await create('append', 1, '--config', 'message.timestamp.type=LogAppendTime');
    await tool('console-producer', 'append', [], 'x\n');
    expect(lines(await consume('append', '--to', '-1h'))).toEqual([]);
    expect(lines(await consume('append', '--from', '-1h', '--exit-at-end'))).toEqual(['x']);
  });
});

describe('--grep', () => {
  const records = [
    { key: 'needle', value: 'hay', headers: [{ key: 'h', value: 'straw' }] },
    { key: 'k', value: 'a needle here', headers: [{ key: 'needle', value: 'x' }] },
    { key: null, value: null },
    { key: 'need', value: 'le', headers: [{ key: 'h', value: null }] },
    {
      key: 'k',
      value: 'b.c',
      headers: [
        { key: 'g', value: 'straw' },
        { key: 'h', value: 'x needle' },
      ],
    },
    { key: 'k', value: 'needle', headers: [] },
  ];
  const cases: [string[], number[]][] = [
    [['needle'], [1, 5]],
    [['v:^needle$'], [5]],
    [['k:needle'], [0]],
    [['k:^need'], [0, 3]],
    [['h:h=needle'], [4]],
    [['h:h=.'], [0, 4]],
    [['b.c'], [4]],
    [['(?i)NEEDLE'], [1, 5]],
    [['needle', 'k:k', 'h:needle=x'], [1]],
    [['nothing'], []],
    [[''], [0, 1, 3, 4, 5]],
  ];
  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('in batches of codec %s', async (codec) => {
    const topic = `grep-${codec}`;
    await seed(topic, records, 1, '--compression-codec', codec);
    for (const [patterns, offsets] of cases) {
      const flags = patterns.flatMap((pattern) => ['--grep', pattern]);
      const json = await consume(topic, ...flags, ...ALL, '--output', 'json');
      expect([patterns, lines(json).map((line) => JSON.parse(line).offset)]).toEqual([patterns, offsets]);
      const headers = lines(json).map((line) => JSON.parse(line).headers.length);
      expect(headers).toEqual(offsets.map((offset) => records[offset]?.headers?.length ?? 0));
      const plain = await consume(topic, ...flags, ...ALL);
      expect(lines(plain)).toEqual(offsets.map((offset) => records[offset]?.value));
    }
  });
  test('--max-messages counts what is printed', async () => {
    await seed(
      'grep-max',
      ['x1', 'y', 'x2', 'x3'].map((value) => ({ value })),
    );
    expect(lines(await consume('grep-max', '--from-beginning', '--grep', 'x', '--max-messages', '2'))).toEqual([
      'x1',
      'x2',
    ]);
  });
  test('a pattern that takes for ever is an error', async () => {
    await seed('grep-slow', [{ value: `${'a'.repeat(60)}-` }]);
    const { code, stderr } = await consume('grep-slow', ...ALL, '--grep', '^(a+)+$');
    expect(stderr).toContain('The regular expression ^(a+)+$ takes more than 3 s');
    expect(code).toBe(1);
  });
});

describe('JSON lines', () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const control = bytes.subarray(0, 128).toString();
  const seeds: Line[] = [
    { key: control, value: control, headers: [{ key: control, value: control }] },
    { keyBase64: bytes.toString('base64'), valueBase64: bytes.toString('base64') },
    {
      key: null,
      value: null,
      headers: [
        { key: 'h', value: null },
        { key: '', value: '' },
      ],
    },
    { key: '', value: '', headers: ['1', '2', '1'].map((value) => ({ key: 'twice', value })) },
    { key: 'ü€😀\u2028\ufeff', value: '\ufeff{"a":[1]}\r\n' },
    { key: null, value: 'x', headers: [{ keyBase64: '/w==', valueBase64: 'gIA=' }] },
    // half of a surrogate pair and an overlong form are no UTF-8
    { key: null, valueBase64: '7aCA' },
    { key: null, valueBase64: 'wIA=', partition: 2 },
    { key: null, value: '\u0000'.repeat(700_000), partition: 1 },
    { key: 'old', value: 'x', timestamp: 5 },
    { key: 'young', value: 'x', timestamp: 1_700_000_000_000 },
    { key: 'timeless', value: 'x', timestamp: -1 },
  ];
  /** A line as it should be read back. */
  const expected = ({ partition = 0, timestamp = 1, headers = [], ...fields }: Line) => ({
    partition,
    timestamp,
    headers,
    ...fields,
  });
  const without = (line: string) => {
    const { topic: _, offset: __, timestampType: ___, ...rest } = JSON.parse(line);
    return rest;
  };

  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('consume | produce is the identity: %s', async (codec) => {
    const [one, two] = [`json-${codec}`, `json-${codec}-copy`];
    await seed(one, seeds, 3, '--compression-codec', codec);
    const first = await consume(one, ...ALL, '--output', 'json');
    expect(lines(first).filter((line) => violations(JSON.parse(line), SCHEMA).length > 0)).toEqual([]);
    const byPartition = [0, 1, 2].flatMap((p) => seeds.filter(({ partition = 0 }) => partition === p));
    const sorted = (found: Ended) => lines(found).map((line, i) => ({ line, i, at: JSON.parse(line).partition }));
    const inOrder = sorted(first).sort((a, b) => a.at - b.at || a.i - b.i);
    expect(inOrder.map(({ line }) => without(line))).toEqual(byPartition.map(expected));
    await create(two, 3);
    const keep = ['--input', 'json', '--keep', 'partition,timestamp', '--compression-codec', codec];
    expect((await tool('console-producer', two, keep, first.stdout)).stderr).toBe('');
    const again = await consume(two, ...ALL, '--output', 'json');
    const copied = lines(again).map((line) => line.replace(two, one));
    expect(copied.sort()).toEqual(lines(first).sort());
  });
  test('the bytes are those that Kafka’s own flags print and read', async () => {
    await seed('raw', [
      { keyBase64: bytes.toString('base64'), valueBase64: 'gAA=', headers: [{ key: 'h', value: 'x' }] },
    ]);
    const print = ['key', 'headers'].flatMap((what) => ['--formatter-property', `print.${what}=true`]);
    const { stdout } = await consume('raw', ...ALL, ...print);
    expect(stdout).toEqual(Buffer.concat([Buffer.from('h:x\t'), bytes, Buffer.from('\t\x80\0\n', 'latin1')]));
    await create('typed');
    await tool('console-producer', 'typed', ['--reader-property', 'parse.key=true'], 'k\tv "q"\n');
    const [line = ''] = lines(await consume('typed', ...ALL, '--output', 'json'));
    expect(without(line)).toEqual({
      timestamp: expect.any(Number),
      partition: 0,
      headers: [],
      key: 'k',
      value: 'v "q"',
    });
    expect(JSON.parse(line)).toMatchObject({ topic: 'typed', offset: 0, timestampType: 'CreateTime' });
  });
  test('a share consumer prints the same lines, with their delivery count', async () => {
    await seed('shared', seeds, 3);
    const at = ['--bootstrap-server', broker.bootstrap, '--group', 's'];
    await tsKafka(['configs', ...at, '--alter', '--add-config', 'share.auto.offset.reset=earliest']);
    const max = ['--max-messages', String(seeds.length), '--timeout-ms', '20000'];
    const ended = await tool('console-share-consumer', 'shared', ['--group', 's', '--output', 'json', ...max]);
    expect(lines(ended).filter((line) => violations(JSON.parse(line), SCHEMA).length > 0)).toEqual([]);
    const counted = lines(ended).map((line) => line.replace(',"deliveryCount":1', ''));
    expect(counted.sort()).toEqual(lines(await consume('shared', ...ALL, '--output', 'json')).sort());
  });
  test('without --keep the producer chooses partition and time', async () => {
    await create('chosen', 2);
    const since = Date.now();
    await tool('console-producer', 'chosen', ['--input', 'json'], '{"partition":7,"timestamp":5,"value":"x"}\n\n');
    const [line = ''] = lines(await consume('chosen', ...ALL, '--output', 'json'));
    const { timestamp, partition } = JSON.parse(line);
    expect(timestamp).toBeGreaterThanOrEqual(since);
    expect([0, 1]).toContain(partition);
  });
  test.each([
    ['{"value":"x"', 'it is no JSON: '],
    ['["x"]', 'a record is a JSON object'],
    ['{"vlaue":"x"}', 'a record has no field "vlaue"'],
    ['{"key":"x"}', 'it has neither "value" nor "valueBase64"'],
    ['{"value":"x","valueBase64":"eA=="}', '"value" and "valueBase64" cannot both be given'],
    ['{"valueBase64":"eA="}', '"valueBase64" is not Base64'],
    ['{"value":7}', '"value" is neither a string nor null'],
    ['{"value":"\\ud800"}', '"value" has half a surrogate pair'],
    ['{"value":"x","headers":[{"value":"y"}]}', 'a header has no "key"'],
    ['{"value":"x","timestamp":1,"partition":1}', 'it names partition 1, and the topic has 1'],
    ['{"value":"x","timestamp":1}', '--keep partition, and it has none'],
    ['{"value":"x","partition":0,"timestamp":1.5}', '"timestamp" is not an integer from -1 to 9007199254740991'],
  ])('%s is refused with its line, and what came before it is sent', async (line, why) => {
    wrong ??= create('wrong');
    await wrong;
    const good = '{"value":"good","partition":0,"timestamp":1}\n';
    const flags = ['--input', 'json', '--keep', 'partition,timestamp'];
    const { code, stderr } = await tool('console-producer', 'wrong', flags, `${good}${line}\n`);
    expect(stderr).toMatch(/^Line 2 of the input is not a record: [^\n]*\n$/);
    expect(stderr).toContain(why);
    expect(code).toBe(1);
    expect(lines(await consume('wrong', '--tail', '1', '--exit-at-end'))).toEqual(['good']);
  });
  let wrong: Promise<void> | undefined;
  test('the schema is in the package, and refuses what is no record', () => {
    const { files, exports } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    expect(files).toContain('schemas');
    expect(exports['./schemas/record.json']).toBe('./schemas/record.json');
    const good = {
      topic: 't',
      partition: 0,
      offset: 0,
      timestamp: 1,
      timestampType: 'CreateTime',
      headers: [],
      key: null,
      value: '',
    };
    expect(violations(good, SCHEMA)).toEqual([]);
    const { value: _, ...bare } = good;
    const bad = [
      bare,
      { ...good, valueBase64: '' },
      { ...good, offset: -1 },
      { ...good, more: 1 },
      { ...good, headers: [{}] },
    ];
    for (const each of bad) expect(violations(each, SCHEMA), JSON.stringify(each)).not.toEqual([]);
  });
});

describe('flags', () => {
  test.each([
    ['console-consumer', ['--from', 'yesterday'], "--from does not understand 'yesterday'"],
    ['console-consumer', ['--from', '2026-02-31'], "--from does not understand '2026-02-31'"],
    ['console-consumer', ['--from', '5', '--to', '5'], '--from has to be before --to'],
    ['console-consumer', ['--from', '5', '--from-beginning'], 'Options --from and --from-beginning cannot'],
    ['console-consumer', ['--tail', '-1'], '--tail takes a number of records, not -1.'],
    ['console-consumer', ['--grep', '('], '--grep takes a regular expression: Unclosed group'],
    ['console-consumer', ['--grep', 'h:x'], 'a header is named as h:NAME=REGEX'],
    ['console-consumer', ['--output', 'xml'], '--output takes json, not xml.'],
    ['console-share-consumer', ['--output', 'json', '--formatter', 'x'], '--formatter has no place there.'],
    ['console-producer', ['--input', 'csv'], '--input takes json, not csv.'],
    ['console-producer', ['--keep', 'partition'], '--keep goes with --input json only.'],
    ['console-producer', ['--input', 'json', '--keep', 'offset'], '--keep takes partition and timestamp, not offset.'],
    ['console-producer', ['--input', 'json', '--reader-property', 'a=b'], '--reader-property has no place there.'],
  ])('%s %j is one line on stderr', async (command, args, said) => {
    const { code, stdout, stderr } = await tool(command, 'flags', args);
    expect(stderr).toContain(said);
    expect(stderr.split('\n')).toHaveLength(2);
    expect([stdout.length, code]).toEqual([0, 1]);
  });
  test.each(['console-consumer', 'console-producer', 'console-share-consumer', 'topics', 'consumer-groups'])(
    '%s --help is Kafka’s alone in a pipe',
    async (command) => {
      const { stderr } = await tsKafka([command, '--help']);
      const flag = command === 'console-producer' ? '--input' : '--output';
      expect(stderr).toContain('--bootstrap-server');
      expect(stderr).not.toContain(`${flag} <`);
      expect((await tsKafka([command])).stderr).not.toContain('Not in Kafka');
    },
  );
});
