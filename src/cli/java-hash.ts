/** The order in which a java.util.HashMap hands out its keys: what the Java tools print in it, scripts have seen. */

/** java.lang.String.hashCode */
export function javaHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/** The bucket count of `new HashMap<>(initialCapacity)` once `size` keys are in it. */
function buckets(size: number, initialCapacity: number): number {
  let count = 1;
  while (count < initialCapacity) count *= 2;
  while (size > count * 0.75) count *= 2;
  return count;
}

/** `keys`, put into `new HashMap<>(initialCapacity)` in this order, as the map iterates over them. */
export function hashOrder(keys: readonly string[], initialCapacity = 16): string[] {
  const mask = buckets(keys.length, initialCapacity) - 1;
  const placed = keys.map((key) => {
    const hash = javaHash(key);
    return { key, bucket: (hash ^ (hash >>> 16)) & mask };
  });
  return placed.sort((a, b) => a.bucket - b.bucket).map(({ key }) => key);
}

/** `new HashMap<>(map)` of a map that iterates as `keys`. */
export function hashCopyOrder(keys: readonly string[]): string[] {
  return hashOrder(keys, Math.floor(keys.length / 0.75 + 1));
}
