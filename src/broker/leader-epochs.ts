/**
 * Leader epochs of a partition as Kafka's cache has them: a leader's epoch begins where the log ended when it became
 * leader, also before anything was written in it. The log itself knows only epochs that were written.
 */
import type { Partition } from '../log/partition.js';

const UNKNOWN = { epoch: -1, endOffset: -1 };

/** The largest epoch at or below `epoch`, and where it ended; -1 / -1 for one that is not yet. Mirrors LeaderEpochFileCache.endOffsetFor. */
export function endOfEpoch(log: Partition, leaderEpoch: number, epoch: number): { epoch: number; endOffset: number } {
  if (epoch > leaderEpoch || epoch < 0) return UNKNOWN;
  if (epoch === leaderEpoch) return { epoch, endOffset: log.logEndOffset };
  for (let asked = epoch; asked >= 0; asked--) {
    const found = log.endOffsetForEpoch(asked);
    if (found.epoch >= 0) return found;
  }
  return { epoch, endOffset: log.logEndOffset };
}

/** The epoch in which the record at `offset` was, or will be, written. */
export function epochAt(log: Partition, leaderEpoch: number, offset: number): number {
  if (offset >= log.logEndOffset) return leaderEpoch;
  let epoch = leaderEpoch;
  for (;;) {
    const before = endOfEpoch(log, leaderEpoch, epoch - 1);
    if (before.epoch < 0 || before.endOffset <= offset) return epoch;
    epoch = before.epoch;
  }
}
