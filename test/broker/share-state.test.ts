/** How updates, as Apache Kafka writes them between snapshots, change what is known of offsets. */
import { expect, test } from 'vitest';
import { overlaid } from '../../src/broker/share/state.js';

const batch = (first: number, last: number, state = 0, count = 1) => ({ first, last, state, count });

test('a newer batch covers what it overlaps, and only that', () => {
  expect(overlaid([batch(0, 9)], [batch(3, 5, 2)], 0)).toEqual([batch(0, 2), batch(3, 5, 2), batch(6, 9)]);
  expect(overlaid([batch(0, 4), batch(5, 9, 4)], [batch(4, 5, 2)], 0)).toEqual([
    batch(0, 3),
    batch(4, 5, 2),
    batch(6, 9, 4),
  ]);
  expect(overlaid([batch(2, 3)], [batch(0, 9, 2)], 0)).toEqual([batch(0, 9, 2)]);
});

test('the last of several counts, and nothing below the start does', () => {
  expect(overlaid([], [batch(0, 3, 2), batch(2, 5, 0, 3)], 1)).toEqual([batch(1, 1, 2), batch(2, 5, 0, 3)]);
  expect(overlaid([batch(0, 3)], [], 4)).toEqual([]);
});
