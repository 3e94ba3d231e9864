/** Maps a key to its partition: the coordinators' topics are partitioned by Java's string hash. */

import { javaHash } from '../../java/hash-order.js';

/**
 * The partition of a group id or transactional id. Like Kafka's Utils.abs, the absolute value, with -2^31 mapped to 0.
 */
export function partitionOf(key: string, partitions: number): number {
  const hash = javaHash(key);
  return hash === -2147483648 ? 0 : Math.abs(hash) % partitions;
}
