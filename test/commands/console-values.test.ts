import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { Fetched } from '../../src/client/consumer/fetched.js';
import { PartitionState } from '../../src/client/consumer/partition-state.js';
import { Printer } from '../../src/commands/console/consumer/print.js';
import type { Formatter } from '../../src/commands/console/formatters/formatter.js';
import { Output } from '../../src/commands/shared/output.js';
import { buildBatch } from '../../src/protocol/records/builder.js';

/** The lines that the console consumer prints for batches of these values (null: a tombstone), and its position after them. */
async function printed(batches: (string | null)[][], { max = 1000, start = 0, separator = '\n', codec = 0 } = {}) {
  let baseOffset = 0;
  const bytes = batches.map((values) => {
    const headers = [{ key: 'h', value: 'x' }];
    const batch = buildBatch({ baseOffset, codec, records: values.map((value) => ({ value, headers })) });
    baseOffset += values.length;
    return batch;
  });
  const state = new PartitionState('t', 0);
  state.seek(start);
  const fetched = new Fetched(state, start, Buffer.concat(bytes), null, { checkCrcs: true, readCommitted: false });
  const plain = { separator: Buffer.from(separator), nullLiteral: Buffer.from('null') };
  const formatter: Formatter = { plain, write: () => expect.fail('nothing is formatted here') };
  const stream = new PassThrough({ highWaterMark: 1 << 24 });
  const out = new Output(stream, new AbortController().signal);
  const printer = new Printer(formatter, out, { max });
  await printer.print(fetched);
  await out.settled();
  const text = (stream.read() as Buffer | null)?.toString() ?? '';
  return {
    lines: text === '' ? [] : text.slice(0, -separator.length).split(separator),
    count: out.count,
    position: state.position,
  };
}

const large = (letter: string, bytes = 100_000) => letter.repeat(bytes);
const sizes = [
  ['a', large('b'), 'c', null, large('d'), large('e', 64 * 1024), 'f'],
  [large('g'), 'h'],
  [large('i')],
  ['j', ''],
];
const all = sizes.flat().map((value) => value ?? 'null');

test.each([
  ['as they came', 0],
  ['compressed', 1],
])('small and large values, tombstones, several batches: %s', async (_, codec) => {
  expect(await printed(sizes, { codec })).toEqual({ lines: all, count: all.length, position: all.length });
});

test('a separator can have several bytes', async () => {
  expect((await printed(sizes, { separator: '--' })).lines).toEqual(all);
});

test.each([1, 2, 3, 5, 6, 7, 8, 9, 10])(
  '--max-messages %i ends at that message, and the position behind it',
  async (max) => {
    expect(await printed(sizes, { max })).toEqual({ lines: all.slice(0, max), count: max, position: max });
  },
);

test.each([1, 2, 5, 8])('records before offset %i are not printed', async (start) => {
  expect((await printed(sizes, { start })).lines).toEqual(all.slice(start));
});
