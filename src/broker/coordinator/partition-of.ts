/** Where a key's state lives: the coordinators' topics are partitioned by Java's string hash. */

import { javaHash } from '../../java/hash-order.js';

/** The partition of a group id or a transactional id. Kafka takes the absolute value, not a mask; -2^31 becomes 0. */
export function partitionOf(key: string, partitions: number): number {
  const hash = javaHash(key);
  return hash === -2147483648 ? 0 : Math.abs(hash) % partitions;
}
