/** Commands with a pattern that backtracks forever fail after some seconds instead of hanging. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BrokerProcess, startBroker, tempDir, tsKafka } from '../support/process.js';

const LONG = `${'a'.repeat(60)}-`;
const SLOW = '(a+)+';
const SAID = 'The regular expression (a+)+ takes more than 3 s';

let broker: BrokerProcess;
let bootstrap: string[];
const folder = tempDir();
beforeAll(async () => {
  broker = await startBroker();
  bootstrap = ['--bootstrap-server', broker.bootstrap];
  await tsKafka(['topics', ...bootstrap, '--create', '--topic', LONG]);
});
afterAll(() => {
  folder.remove();
  return broker.remove();
});

test.concurrent.each([
  ['topics', ['--list', '--topic', SLOW]],
  ['topics', ['--delete', '--topic', SLOW]],
  ['get-offsets', ['--topic', SLOW]],
  ['get-offsets', ['--topic-partitions', `${SLOW}:0`]],
  ['console-consumer', ['--include', SLOW, '--timeout-ms', '20000']],
  ['console-consumer', ['--include', SLOW, '--consumer-property', 'group.protocol=consumer']],
  ['consumer-perf-test', ['--include', SLOW, '--num-records', '1']],
  ['replica-verification', ['--topics-include', SLOW]],
])(
  '%s %j',
  async (command, args) => {
    const servers = command === 'replica-verification' ? ['--broker-list', broker.bootstrap] : bootstrap;
    const { code, signal, stdout, stderr } = await tsKafka([command, ...servers, ...args], '', 15_000);
    expect({ said: `${stdout}${stderr}`, signal }).toEqual({ said: expect.stringContaining(SAID), signal: null });
    expect(code).toBe(1);
    expect(stderr).not.toMatch(/^\s+at /m);
  },
  30_000,
);

test.concurrent('producer-perf-test: a delimiter that backtracks, one with groups, and an invalid one', async () => {
  const file = path.join(folder.path, 'payloads');
  const perf = (delimiter: string) =>
    tsKafka([
      ...['producer-perf-test', '--topic', 't', '--num-records', '1', '--throughput', '-1', ...bootstrap],
      ...['--payload-file', file, '--payload-delimiter', delimiter],
    ]);
  writeFileSync(file, 'a;b\nc;d\n');
  expect((await perf('(\n|;)')).stdout.toString()).toContain('Number of records read: 4\n');
  expect((await perf('[')).stderr).toContain(
    'Exception in thread "main" java.util.regex.PatternSyntaxException: Unclosed character class near index 0\n[\n^\n',
  );
  writeFileSync(file, LONG);
  const slow = await perf(`${SLOW}!`);
  expect(slow.stderr).toContain('The regular expression (a+)+! takes more than 3 s');
  expect(slow.code).toBe(1);
}, 30_000);
