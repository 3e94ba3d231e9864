/** The iteration order of java.util.HashMap, in which the Java tools print some lists. */

/** java.lang.String.hashCode */
export function javaHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/** The bucket count of `new HashMap<>(initialCapacity)` with `size` keys. */
function buckets(size: number, initialCapacity: number): number {
  let count = 1;
  while (count < initialCapacity) count *= 2;
  while (size > count * 0.75) count *= 2;
  return count;
}

/** `items` in the iteration order of a `new HashMap<>(initialCapacity)` they were put into in this order; `hash` is their hashCode. */
export function hashOrderBy<T>(items: readonly T[], hash: (item: T) => number, initialCapacity = 16): T[] {
  const mask = buckets(items.length, initialCapacity) - 1;
  const placed = items.map((item) => {
    const code = hash(item);
    return { item, bucket: (code ^ (code >>> 16)) & mask };
  });
  return placed.sort((a, b) => a.bucket - b.bucket).map(({ item }) => item);
}

/** `hashOrderBy` for strings. */
export const hashOrder = (keys: readonly string[], initialCapacity = 16): string[] =>
  hashOrderBy(keys, javaHash, initialCapacity);

/** The iteration order of `new HashMap<>(map)`, where `map` iterates in the order of `keys`. */
export function hashCopyOrder(keys: readonly string[]): string[] {
  return hashOrder(keys, Math.floor(keys.length / 0.75 + 1));
}
