/**
 * java.util.SplittableRandom: a mixed counter, computed in 32-bit halves because a JavaScript number cannot hold 64 bits.
 * Draw `n` depends on `n` only, so a generator can return every `stride`-th draw.
 */
const GAMMA = 0x9e3779b97f4a7c15n;

/** Which draws of the sequence a generator returns. */
export interface Draws {
  /** number of the first draw, from 1 */
  readonly first: number;
  /** distance to the next draw */
  readonly stride: number;
}

/** A generator of a fixed seed. */
export class SplittableRandom {
  #high: number;
  #low: number;
  readonly #stepHigh: number;
  readonly #stepLow: number;

  constructor(seed: bigint, { first, stride }: Draws = { first: 1, stride: 1 }) {
    const step = GAMMA * BigInt(stride);
    const start = seed + GAMMA * BigInt(first) - step;
    this.#high = Number(BigInt.asUintN(32, start >> 32n)) | 0;
    this.#low = Number(BigInt.asUintN(32, start)) | 0;
    this.#stepHigh = Number(BigInt.asUintN(32, step >> 32n)) | 0;
    this.#stepLow = Number(BigInt.asUintN(32, step));
  }

  /** A signed 32-bit number. */
  nextInt(): number {
    const sum = (this.#low >>> 0) + this.#stepLow;
    this.#low = sum | 0;
    this.#high = (this.#high + this.#stepHigh + (sum > 0xffffffff ? 1 : 0)) | 0;
    const low = this.#low ^ (this.#high >>> 1);
    const high = timesHigh(low, this.#high, 0x62a9d9ed, 0x799705f5);
    const product = Math.imul(low, 0x799705f5);
    return timesHigh(product ^ ((product >>> 28) | (high << 4)), high ^ (high >>> 28), 0xcb24d0a5, 0xc88c35b3);
  }

  /** A number from 0 to `bound` - 1. */
  below(bound: number): number {
    const mask = bound - 1;
    const bits = this.nextInt();
    if ((bound & mask) === 0) return bits & mask;
    // rejection sampling: redraw numbers above the last whole multiple of the bound
    for (let u = bits >>> 1; ; u = this.nextInt() >>> 1) {
      const rest = u % bound;
      if (u + mask - rest <= 0x7fffffff) return rest;
    }
  }
}

/** The upper half of the product of two 64-bit numbers, modulo 2^64. */
function timesHigh(low: number, high: number, otherHigh: number, otherLow: number): number {
  const [a, b] = [low & 0xffff, low >>> 16];
  const [c, d] = [otherLow & 0xffff, otherLow >>> 16];
  const ad = Math.imul(a, d);
  const bc = Math.imul(b, c);
  const middle = (Math.imul(a, c) >>> 16) + (ad & 0xffff) + (bc & 0xffff);
  const carried = Math.imul(b, d) + (ad >>> 16) + (bc >>> 16) + (middle >>> 16);
  return (carried + Math.imul(low, otherHigh) + Math.imul(high, otherLow)) | 0;
}
