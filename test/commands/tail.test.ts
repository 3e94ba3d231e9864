import { expect, test } from 'vitest';
import { Tail } from '../../src/commands/console/consumer/tail.js';

/** Where the last n of these offsets begin, and from where records were read to find that. */
function tailOf(n: number, offsets: readonly number[], first: number, end: number) {
  const tail = new Tail(n, first, end);
  const from = [tail.from];
  if (tail.isKnown) return { start: tail.from, from };
  for (;;) {
    for (const offset of offsets) if (offset >= tail.from && offset < end) tail.add(offset);
    const start = tail.start();
    if (start !== undefined) return { start, from };
    from.push(tail.from);
  }
}
const upTo = (end: number) => Array.from({ length: end }, (_, i) => i);

test.each([
  ['offsets without gaps', 3, upTo(10), 0, 10, 7, [7]],
  ['fewer than n', 20, upTo(10), 0, 10, 0, [0]],
  ['none', 0, upTo(10), 0, 10, 10, [10]],
  ['an empty log', 3, [], 5, 5, 5, [5]],
  ['a control record at the end', 3, upTo(9), 0, 10, 6, [7, 0]],
  ['every second offset is a control record', 4, upTo(50).map((i) => 2 * i), 0, 100, 92, [96, 84]],
  ['a gap larger than all that is looked at first', 2, [1, 2, 3, 99], 0, 1000, 3, [998, 992, 968, 872, 488, 0]],
  ['fewer than n in all', 5, [1, 99], 1, 200, 1, [195, 180, 120, 1]],
])('%s', (_, n, offsets, first, end, start, from) => {
  expect(tailOf(n, offsets, first, end)).toEqual({ start, from });
});
