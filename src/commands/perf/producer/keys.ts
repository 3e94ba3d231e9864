/** `--key-distribution`: the records' keys, as decimal numbers. Mirrors ProducerPerformance.generateKey. */
import { SplittableRandom } from '../../../java/splittable-random.js';
import type { Settings } from './settings.js';

/** Writes the key of record `i` to `buf` at `at`. Returns its end. */
export type WriteKey = (i: number, buf: Buffer, at: number) => number;

/** size of the longest key, bytes */
export const LONGEST_KEY = 10;

/** `draws`: random numbers that each record's payload takes from the sequence before its key. */
export function keysOf({ keys, seed }: Pick<Settings, 'keys' | 'seed'>, draws: number): WriteKey | undefined {
  if (keys === undefined) return undefined;
  const { range } = keys;
  if (!keys.random) return (i, buf, at) => at + buf.write(String(i % range), at, 'latin1');
  const random = new SplittableRandom(seed, { first: draws + 1, stride: draws + 1 });
  return (_i, buf, at) => at + buf.write(String(random.below(range)), at, 'latin1');
}
