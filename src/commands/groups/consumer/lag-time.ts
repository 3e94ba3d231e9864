/** `--lag-time`: how old the oldest unread record of each partition is. */
import { type FirstTimestamp, firstTimestamps, type ReadFrom } from '../../../client/admin/first-records.js';
import type { Cluster } from '../../../client/cluster/types.js';
import { partitionName } from '../../../kafka/topic-partition.js';
import type { OffsetRow } from '../shared/describe-offsets.js';

/** Reading records takes no longer than this, ms: what is not read by then is unknown. */
const LIMIT = 5000;

const place = (row: OffsetRow): ReadFrom => ({
  topic: row.topic,
  partition: row.partition,
  offset: Number(row.offset),
  end: Number(row.logEndOffset),
});

const key = (row: OffsetRow): string => `${partitionName(row)}@${row.offset}`;

/**
 * Adds the ages to the rows of each group. Partitions without lag are not read; groups that stand at the same offset share
 * one read. A Fetch takes a partition once only, so groups at different offsets of it take one Fetch each.
 */
export async function withLagTimes(
  cluster: Cluster,
  groups: readonly (readonly OffsetRow[])[],
  timeoutMs: number,
): Promise<OffsetRow[][]> {
  const until = Date.now() + Math.min(LIMIT, timeoutMs);
  const lagging = groups.flat().filter(({ lag }) => lag !== undefined && lag > 0n);
  const found = new Map<string, FirstTimestamp>();
  for (const wave of waves([...new Map(lagging.map((row) => [key(row), row])).values()])) {
    const left = until - Date.now();
    if (left <= 0) break;
    const timestamps = await firstTimestamps(cluster, wave.map(place), left);
    for (const row of wave) found.set(key(row), timestamps.get(partitionName(row)) ?? 'unknown');
  }
  const now = Date.now();
  const timed = (row: OffsetRow) => ({ ...row, lagTimeMs: ageOf(row, found.get(key(row)) ?? 'unknown', now) });
  return groups.map((rows) => rows.map(timed));
}

/** Lists in which each partition stands at most once. */
function waves(rows: readonly OffsetRow[]): OffsetRow[][] {
  const lists: OffsetRow[][] = [];
  const count = new Map<string, number>();
  for (const row of rows) {
    const name = partitionName(row);
    const n = count.get(name) ?? 0;
    count.set(name, n + 1);
    const list = lists[n];
    if (list) list.push(row);
    else lists[n] = [row];
  }
  return lists;
}

/** 0 where nothing is left to read: without lag, or where only control records follow. A time to come has no age yet. */
function ageOf({ lag }: OffsetRow, timestamp: FirstTimestamp, now: number): number | null {
  if (lag === 0n || timestamp === 'none') return 0;
  return timestamp === 'unknown' ? null : Math.max(0, now - timestamp);
}
