/** How the share state updates that Apache Kafka writes between snapshots are merged. */
import { expect, test } from 'vitest';
import { overlaid } from '../../src/broker/share/state.js';

const batch = (first: number, last: number, state = 0, count = 1) => ({ first, last, state, count });

test('a newer batch replaces only the offsets that it overlaps', () => {
  expect(overlaid([batch(0, 9)], [batch(3, 5, 2)], 0)).toEqual([batch(0, 2), batch(3, 5, 2), batch(6, 9)]);
  expect(overlaid([batch(0, 4), batch(5, 9, 4)], [batch(4, 5, 2)], 0)).toEqual([
    batch(0, 3),
    batch(4, 5, 2),
    batch(6, 9, 4),
  ]);
  expect(overlaid([batch(2, 3)], [batch(0, 9, 2)], 0)).toEqual([batch(0, 9, 2)]);
});

test('the last of several updates wins, and offsets below the start offset are dropped', () => {
  expect(overlaid([], [batch(0, 3, 2), batch(2, 5, 0, 3)], 1)).toEqual([batch(1, 1, 2), batch(2, 5, 0, 3)]);
  expect(overlaid([batch(0, 3)], [], 4)).toEqual([]);
});
