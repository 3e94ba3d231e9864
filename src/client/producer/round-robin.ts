/** One record per partition in turn, skipping partitions without a leader. Mirrors producer/RoundRobinPartitioner. */
import type { PartitionInfo } from '../cluster/types.js';

/** Cycles through the partitions that have a leader. */
export class RoundRobinPartitioner {
  #turn = 0;

  partition(partitions: readonly PartitionInfo[]): number {
    const led = partitions.filter((p) => p.leader >= 0);
    const among = led.length > 0 ? led : partitions;
    return among[this.#turn++ % among.length]?.partition ?? 0;
  }
}
