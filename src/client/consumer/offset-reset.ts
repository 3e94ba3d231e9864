/** Partitions without a position get one: what could not be told is left out and asked again. */
import type { Cluster } from '../cluster/types.js';
import type { ConsumerMetadata } from './metadata.js';
import { type LookupOptions, lookUp } from './offset-lookup.js';
import type { PartitionState } from './partition-state.js';

const LATEST = -1;

/** Moves every state that has a `reset` to its offset. True when all of them got there; else refresh metadata first. */
export function resetOffsets(
  cluster: Cluster,
  metadata: ConsumerMetadata,
  states: readonly PartitionState[],
  options: LookupOptions,
): Promise<boolean> {
  const wanted = states.map((state) => {
    const { topic, partition, reset = LATEST, seeks } = state;
    return { topic, partition, time: reset, state, seeks };
  });
  return lookUp(cluster, metadata, wanted, options, ({ state, seeks }, offset) => {
    // it was sought elsewhere meanwhile
    if (state.seeks !== seeks) return true;
    if (offset < 0) {
      // no record is as young as that: the end is where such will be
      state.seekToTime(LATEST);
      return false;
    }
    // without an epoch: the leader has just told it, so there is nothing to validate
    state.seek(offset);
    return true;
  });
}
