/** One record for each partition in turn, those without a leader left out. Mirrors producer/RoundRobinPartitioner. */
import type { PartitionInfo } from '../cluster/types.js';

export class RoundRobinPartitioner {
  #turn = 0;

  partition(partitions: readonly PartitionInfo[]): number {
    const led = partitions.filter((p) => p.leader >= 0);
    const among = led.length > 0 ? led : partitions;
    return among[this.#turn++ % among.length]?.partition ?? 0;
  }
}
