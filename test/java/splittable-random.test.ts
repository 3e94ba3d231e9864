/** Numbers that java.util.SplittableRandom of JDK 17 gave. */
import { expect, test } from 'vitest';
import { SplittableRandom } from '../../src/java/splittable-random.js';

const take = (count: number, next: () => number): number[] => Array.from({ length: count }, next);

test('bounded numbers of a seed', () => {
  const letters = new SplittableRandom(0n);
  expect(String.fromCharCode(...take(24, () => 65 + letters.below(26)))).toBe('YQHHNEBSEPDNSEIFGAMSUJXK');
  const numbers = new SplittableRandom(42n);
  expect(take(5, () => numbers.below(1000))).toEqual([31, 556, 481, 172, 781]);
});

test('a stride takes every so many draws', () => {
  const all = new SplittableRandom(-5n);
  const every = take(30, () => all.nextInt()).filter((_, i) => i % 10 === 9);
  const some = new SplittableRandom(-5n, { first: 10, stride: 10 });
  expect(take(3, () => some.nextInt())).toEqual(every);
});
