import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BrokerProcess, startBroker, tsKafka } from '../support/process.js';

const LINES = 200_000;
const LONG = 900_000;
const ALPHABET = [...'abc XYZ 019\täößéñ漢字かな한글😀🎉'];

/** Deterministic lines: xorshift32 with a fixed seed. Some are empty, one is 900 kB. */
function seededLines(): Buffer {
  let state = 20_260_101;
  const next = (bound: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
  const lines: string[] = [];
  for (let i = 0; i < LINES; i++) {
    const length = i === LINES / 2 ? LONG : next(20) === 0 ? 0 : next(60);
    let line = '';
    for (let n = 0; n < length; n++) line += length === LONG ? 'L' : ALPHABET[next(ALPHABET.length)];
    lines.push(line);
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

let broker: BrokerProcess;
beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker.remove());

const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

test('200,000 lines are read back byte for byte, with a broker restart in between', async () => {
  const input = seededLines();
  const middle = input.indexOf(10, Math.floor(input.length / 2)) + 1;
  const produce = (part: Buffer) =>
    tsKafka(['console-producer', '--bootstrap-server', broker.bootstrap, '--topic', 'lines'], part, 60_000);
  expect(await produce(input.subarray(0, middle))).toMatchObject({ code: 0, stderr: '' });
  await broker.stop();
  broker = await startBroker({ dir: broker.dir, port: broker.port });
  expect(await produce(input.subarray(middle))).toMatchObject({ code: 0, stderr: '' });
  const count = ['--from-beginning', '--max-messages', String(LINES), '--timeout-ms', '30000'];
  const back = await tsKafka(
    ['console-consumer', '--bootstrap-server', broker.bootstrap, '--topic', 'lines', ...count],
    '',
    60_000,
  );
  expect(back.stderr).toBe(`Processed a total of ${LINES} messages\n`);
  expect(back.code).toBe(0);
  expect(back.stdout.length).toBe(input.length);
  expect(sha(back.stdout)).toBe(sha(input));
}, 120_000);
