/**
 * Leader epochs of a partition as Kafka's LeaderEpochFileCache holds them: an epoch starts at the log end offset at
 * which the leader was elected, even before a record is written in it. The log itself knows only epochs of written
 * records.
 */
import type { Partition } from '../log/partition.js';

const UNKNOWN = { epoch: -1, endOffset: -1 };

/**
 * The largest epoch up to `epoch` and its end offset; -1 / -1 for an epoch in the future. Mirrors
 * LeaderEpochFileCache.endOffsetFor.
 */
export function endOfEpoch(log: Partition, leaderEpoch: number, epoch: number): { epoch: number; endOffset: number } {
  if (epoch > leaderEpoch || epoch < 0) return UNKNOWN;
  if (epoch === leaderEpoch) return { epoch, endOffset: log.logEndOffset };
  for (let candidate = epoch; candidate >= 0; candidate--) {
    const found = log.endOffsetForEpoch(candidate);
    if (found.epoch >= 0) return found;
  }
  return { epoch, endOffset: log.logEndOffset };
}

/** The leader epoch of the record at `offset`; the current one for a record not yet written. */
export function epochAt(log: Partition, leaderEpoch: number, offset: number): number {
  if (offset >= log.logEndOffset) return leaderEpoch;
  let epoch = leaderEpoch;
  for (;;) {
    const before = endOfEpoch(log, leaderEpoch, epoch - 1);
    if (before.epoch < 0 || before.endOffset <= offset) return epoch;
    epoch = before.epoch;
  }
}
