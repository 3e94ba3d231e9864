/** Lag one can act on: the flags of consumer-groups --describe that Kafka's script does not have. */
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

test.each([
  [['--describe', '--group', 'g', '--members', '--totals'], `Option "[members]" can't be used with option "[totals]"`],
])('%j is a usage error', async (args, message) => {
  const { code, stderr } = await groups(...args);
  expect([code, stderr.split('\n')[0]]).toEqual([1, message]);
});
