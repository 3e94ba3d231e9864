/** The partition of a keyed record, as chosen by the Java producer. */

const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** murmur2 of buf[start, end), as Kafka computes it, so that a key maps to the same partition as with the Java producer. */
export function murmur2(buf: Uint8Array, start: number, end: number): number {
  const length = end - start;
  let h = SEED ^ length;
  const whole = start + (length & ~3);
  for (let i = start; i < whole; i += 4) {
    let k =
      (buf[i] as number) |
      ((buf[i + 1] as number) << 8) |
      ((buf[i + 2] as number) << 16) |
      ((buf[i + 3] as number) << 24);
    k = Math.imul(k, M);
    k ^= k >>> 24;
    h = Math.imul(h, M) ^ Math.imul(k, M);
  }
  const rest = length & 3;
  if (rest === 3) h ^= (buf[whole + 2] as number) << 16;
  if (rest >= 2) h ^= (buf[whole + 1] as number) << 8;
  if (rest >= 1) h = Math.imul(h ^ (buf[whole] as number), M);
  h ^= h >>> 13;
  h = Math.imul(h, M);
  return h ^ (h >>> 15);
}

/** The partition of a key. */
export const partitionOfKey = (buf: Uint8Array, start: number, end: number, partitions: number): number =>
  partitions === 1 ? 0 : (murmur2(buf, start, end) & 0x7fffffff) % partitions;
