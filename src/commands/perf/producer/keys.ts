/** `--key-distribution`: the records' keys, as decimal numbers. Mirrors ProducerPerformance.generateKey. */
import { SplittableRandom } from '../../../java/splittable-random.js';
import type { Settings } from './settings.js';

/** Writes the key of record `i` into `buf`; where it ends, or `at` where there is none. */
export type WriteKey = (i: number, buf: Buffer, at: number) => number;

/** bytes of the longest key */
export const LONGEST_KEY = 10;

/** `draws`: how many random numbers a record's payload takes before its key does. */
export function keysOf({ keys, seed }: Pick<Settings, 'keys' | 'seed'>, draws: number): WriteKey | undefined {
  if (keys === undefined) return undefined;
  const { range } = keys;
  if (!keys.random) return (i, buf, at) => at + buf.write(String(i % range), at, 'latin1');
  const random = new SplittableRandom(seed, { first: draws + 1, stride: draws + 1 });
  return (_i, buf, at) => at + buf.write(String(random.below(range)), at, 'latin1');
}
