import type { PartitionLog } from './log.js';

/** Compaction: to come. */
export async function compactLog(_log: PartitionLog, _now: number): Promise<void> {}
