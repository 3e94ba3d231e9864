/** Where a key's state lives: the coordinators' topics are partitioned by Java's string hash. */

/** `String.hashCode`: h = 31·h + UTF-16 unit, as a signed 32-bit number. */
export function javaHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash;
}

/** The partition of a group id or a transactional id. Kafka takes the absolute value, not a mask; -2^31 becomes 0. */
export function partitionOf(key: string, partitions: number): number {
  const hash = javaHash(key);
  return hash === -2147483648 ? 0 : Math.abs(hash) % partitions;
}
