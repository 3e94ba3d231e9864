/** Lag one can act on: the flags of consumer-groups --describe that Kafka's script does not have. */
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrokerProcess, startBroker, tsKafka } from '../support/process.js';

let broker: BrokerProcess;
beforeAll(async () => {
  // the records of these tests are of the year 1970
  broker = await startBroker({ overrides: ['log.retention.ms=-1', 'log.cleaner.backoff.ms=100'] });
});
afterAll(() => broker.remove());

const tool = async (command: string, args: readonly string[], input = '') => {
  const ended = await tsKafka([command, '--bootstrap-server', broker.bootstrap, ...args], input);
  return { ...ended, text: ended.stdout.toString() };
};
const groups = (...args: string[]) => tool('consumer-groups', args);

type Line = { readonly partition?: number; readonly timestamp?: number; readonly key?: string; readonly value: string };

async function create(topic: string, ...more: string[]): Promise<void> {
  const { code, stderr } = await tool('topics', ['--topic', topic, '--create', ...more]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

async function produce(topic: string, records: readonly Line[], ...more: string[]): Promise<void> {
  const input = records.map((record) => `${JSON.stringify({ partition: 0, timestamp: 1, ...record })}\n`).join('');
  const args = ['--topic', topic, '--input', 'json', '--keep', 'partition,timestamp', ...more];
  const { code, stderr } = await tool('console-producer', args, input);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

/** Gives the group committed offsets: `topic:partition` to an offset. */
async function commit(group: string, where: string, offset: number): Promise<void> {
  const to = ['--topic', where, '--to-offset', String(offset), '--execute'];
  const { code } = await groups('--group', group, '--reset-offsets', ...to);
  expect(code).toBe(0);
}

describe('--totals', () => {
  beforeAll(async () => {
    for (const topic of ['totals-a', 'totals-b']) {
      await create(topic, '--partitions', '2');
      await produce(topic, [{ value: 'x' }, { value: 'y' }, { value: 'z', partition: 1 }]);
    }
    await commit('totals', 'totals-a', 0);
    await commit('totals', 'totals-b:0', 1);
  });

  test('adds lines for each topic and the group after the table, and changes nothing in it', async () => {
    const plain = await groups('--describe', '--group', 'totals');
    const { text, code, stderr } = await groups('--describe', '--group', 'totals', '--totals');
    expect([code, stderr]).toEqual([0, plain.stderr]);
    expect(text).toBe(
      `${plain.text}
GROUP           TOPIC           TOTAL-LAG       PARTITIONS      UNKNOWN-LAG
totals          totals-a        3               2               0
totals          totals-b        1               1               0
totals          *               4               3               0
`,
    );
  });

  test('is in the JSON document, and only with the flag', async () => {
    const args = ['--describe', '--group', 'totals', '--output', 'json'];
    const [plain] = JSON.parse((await groups(...args)).text);
    const [group] = JSON.parse((await groups(...args, '--totals')).text);
    const topics = [
      { topic: 'totals-a', lag: 3, partitions: 2, unknown: 0 },
      { topic: 'totals-b', lag: 1, partitions: 1, unknown: 0 },
    ];
    expect(group).toEqual({ ...plain, totals: { lag: 4, partitions: 3, unknown: 0, topics } });
  });
});

describe('--lag-time', () => {
  const ages = async (group: string): Promise<(number | null)[]> => {
    const [found] = JSON.parse((await groups('--describe', '--group', group, '--lag-time', '--output', 'json')).text);
    return found.offsets.map(({ lagTimeMs }: { lagTimeMs: number | null }) => lagTimeMs);
  };
  const SECOND = 1000;
  const HOUR = 3600 * SECOND;
  /** The timestamps, in hours before now, that these ages come from. */
  const hours = (list: readonly (number | null)[]) => list.map((age) => age && Math.round(age / HOUR));
  const ago = (n: number, more: Partial<Line> = {}): Line => ({
    timestamp: Date.now() - n * HOUR,
    value: 'x',
    ...more,
  });

  test('is the age of the record at the committed offset, 0 without lag, in a column and in ms', async () => {
    await create('aged', '--partitions', '2');
    await produce('aged', [ago(5), ago(4), ago(3), ago(2, { partition: 1 })]);
    await commit('aged', 'aged:0', 1);
    await commit('aged', 'aged:1', 1);
    expect(hours(await ages('aged'))).toEqual([4, 0]);
    const { text } = await groups('--describe', '--group', 'aged', '--lag-time');
    const [heading, ...rows] = text
      .split('\n')
      .slice(1, -1)
      .map((line) => line.trim().split(/ +/).slice(2, 7));
    expect(heading).toEqual(['PARTITION', 'CURRENT-OFFSET', 'LOG-END-OFFSET', 'LAG', 'LAG-TIME']);
    expect(rows).toEqual([
      ['0', '1', '3', '2', expect.stringMatching(/^4h(\d+m)?$/)],
      ['1', '1', '1', '0', '0'],
    ]);
  });

  test('groups at different offsets of one partition each get their own', async () => {
    await create('shared');
    await produce('shared', [ago(5), ago(4), ago(3)]);
    for (const [i, group] of ['one', 'two', 'three'].entries()) await commit(group, 'shared', i);
    const args = ['one', 'two', 'three'].flatMap((group) => ['--group', group]);
    const found = JSON.parse((await groups('--describe', ...args, '--lag-time', '--output', 'json')).text);
    const shown = found.map((g: { groupId: string; offsets: [{ lagTimeMs: number }] }) => [
      g.groupId,
      ...hours([g.offsets[0].lagTimeMs]),
    ]);
    expect(shown).toEqual([
      ['one', 5],
      ['three', 3],
      ['two', 4],
    ]);
  });

  test('passes over the markers of transactions, and is 0 where nothing else is left', async () => {
    await create('marked');
    const settings = ['--command-property', `bootstrap.servers=${broker.bootstrap}`];
    const transaction = async (id: string) => {
      const perf = ['--num-records', '2', '--record-size', '10', '--throughput', '-1', '--transactional-id', id];
      expect((await tsKafka(['producer-perf-test', '--topic', 'marked', ...perf, ...settings])).code).toBe(0);
    };
    await transaction('t1');
    await commit('marked', 'marked', 2);
    expect(await ages('marked')).toEqual([0]);
    await produce('marked', [ago(7)]);
    expect(hours(await ages('marked'))).toEqual([7]);
  });

  test('passes over what compaction took away', async () => {
    await create(
      'compacted',
      '--config',
      'cleanup.policy=compact',
      '--config',
      'segment.bytes=1048576',
      '--config',
      'min.cleanable.dirty.ratio=0.01',
    );
    await produce('compacted', [ago(9, { key: 'a' })]);
    await produce('compacted', [ago(8, { key: 'b' }), ago(7, { key: 'a' }), ago(6, { key: 'b' })]);
    await commit('compacted', 'compacted', 0);
    // fills the segment up, so that the cleaner may have it
    const filler = Array.from({ length: 3 }, (_, i) => ago(5, { key: `f${i}`, value: 'x'.repeat(500_000) }));
    await produce('compacted', filler);
    await expect.poll(async () => hours(await ages('compacted')), { timeout: 20_000, interval: 500 }).toEqual([7]);
  }, 40_000);

  test('is found in batches that are larger than what is asked for first', async () => {
    await create('large', '--partitions', '3', '--config', 'max.message.bytes=4000000');
    const big = 'x'.repeat(700_000);
    for (const partition of [0, 1, 2]) {
      await produce(
        'large',
        [3, 2].map((n) => ago(n + partition, { partition, value: big })),
      );
      await commit('large', `large:${partition}`, 1);
    }
    expect(hours(await ages('large'))).toEqual([2, 3, 4]);
  });

  test('is unknown where the committed offset is no longer in the log', async () => {
    await create('cut');
    await produce('cut', [ago(5), ago(4), ago(3)]);
    await commit('cut', 'cut', 0);
    const file = `${broker.dir}/cut.json`;
    writeFileSync(file, JSON.stringify({ version: 1, partitions: [{ topic: 'cut', partition: 0, offset: 2 }] }));
    expect((await tool('delete-records', ['--offset-json-file', file])).code).toBe(0);
    expect(await ages('cut')).toEqual([null]);
    expect((await groups('--describe', '--group', 'cut', '--lag-time')).text).toMatch(/ 0 +3 +3 +- +-/);
  });
});

test.each([
  [['--describe', '--group', 'g', '--members', '--totals'], `Option "[members]" can't be used with option "[totals]"`],
])('%j is a usage error', async (args, message) => {
  const { code, stderr } = await groups(...args);
  expect([code, stderr.split('\n')[0]]).toEqual([1, message]);
});
