/**
 * Compaction: keeps the last record of each key, in sealed segments only. Mirrors LogCleaner and Cleaner: map the keys of
 * the dirty section to their last offsets, then rewrite the segments from the first one, in groups that fit one segment.
 * Offsets never change. A tombstone is removed delete.retention.ms after the pass that first saw it, an aborted
 * transaction's records at once, its marker like a tombstone.
 */

import { batchSize, isControl, lastOffset, readBatchHeader } from '../protocol/records/layout.js';
import { CleanedTransactions, type Cleaning, filterBatch } from './batch-filter.js';
import { writeAll } from './fs.js';
import type { LogFiles } from './log-files.js';
import { OffsetMap } from './offset-map.js';
import type { AbortedTxn } from './producers.js';
import { scanSegment } from './scan.js';
import { writeIndexes } from './seal.js';
import { fileName, Segment } from './segment.js';
import { putInPlace } from './swap.js';

const WRITE_CHUNK = 1 << 20;

/** Compacts when enough of the log is dirty, or has been for max.compaction.lag.ms. */
export async function compactLog(log: LogFiles, now: number): Promise<void> {
  const cleanable = cleanableSegments(log, now);
  const dirty = cleanable.filter((s) => s.endOffset > log.cleanedOffset);
  if (dirty.length === 0 || !isDue(log, cleanable, dirty, now)) return;
  // a damaged segment cannot be compacted; the damage has been reported already
  if (cleanable.some((s) => s.bad.length > 0)) return;
  const map = new OffsetMap();
  for (const segment of dirty) {
    if (map.full || log.closing) break;
    await mapKeys(log, segment, map);
  }
  for (const group of groups(cleanable, log.config)) {
    if (log.closing || group[0]!.base >= map.endOffset) break;
    await rewrite(log, group, map, now);
  }
  if (!log.closing) log.cleanedOffset = Math.max(log.cleanedOffset, map.endOffset);
}

/** Sealed segments below the first open transaction and older than min.compaction.lag.ms. */
function cleanableSegments(log: LogFiles, now: number): Segment[] {
  const limit = log.lastStableOffset;
  const youngest = now - log.config.minCompactionLagMs;
  const lag = log.config.minCompactionLagMs > 0;
  const sealed = log.segments.slice(0, -1);
  const end = sealed.findIndex((s) => s.endOffset > limit || (lag && s.maxTimestamp > youngest));
  return end < 0 ? sealed : sealed.slice(0, end);
}

function isDue(log: LogFiles, cleanable: Segment[], dirty: Segment[], now: number): boolean {
  const bytes = (segments: Segment[]): number => segments.reduce((sum, s) => sum + s.size, 0);
  const total = bytes(cleanable);
  if (total === 0) return false;
  const { minCleanableDirtyRatio, maxCompactionLagMs } = log.config;
  if (bytes(dirty) / total >= minCleanableDirtyRatio) return true;
  return now - (dirty[0]!.maxTimestamp >= 0 ? dirty[0]!.maxTimestamp : dirty[0]!.created) > maxCompactionLagMs;
}

function* groups(
  segments: Segment[],
  config: { segmentBytes: number; segmentIndexBytes: number },
): Generator<Segment[]> {
  let group: Segment[] = [];
  let size = 0;
  for (const segment of segments) {
    const spans = group.length > 0 && segment.endOffset - group[0]!.base > 0x7fffffff;
    if (group.length > 0 && (size + segment.size > config.segmentBytes || spans)) {
      yield group;
      group = [];
      size = 0;
    }
    group.push(segment);
    size += segment.size;
  }
  if (group.length > 0) yield group;
}

/** Calls `visit` for every batch; throws when the segment turns out to be damaged. */
async function each(log: LogFiles, segment: Segment, visit: (buf: Buffer, at: number) => void): Promise<void> {
  segment.hold();
  try {
    const { base, size } = segment;
    const options = { position: 0, offset: base, size, gaps: true };
    const damaged = (): never => {
      throw new Error(`${segment.path('.log')} is damaged: not compacted`);
    };
    const end = await scanSegment(log.options.io, segment.fd, options, visit, damaged);
    if (end.position < size) damaged();
  } finally {
    segment.release();
  }
}

async function mapKeys(log: LogFiles, segment: Segment, map: OffsetMap): Promise<void> {
  const transactions = new CleanedTransactions(abortedFrom(log, segment.base));
  await each(log, segment, (buf, at) => {
    const batch = readBatchHeader(buf, at);
    if (batch.control) transactions.marker(buf, batch);
    else if (!transactions.isAborted(batch) && batch.lastOffset >= log.cleanedOffset) map.addBatch(buf, at);
    map.passed(batch.lastOffset);
  });
}

/** Aborted transactions that end at `offset` or later. */
const abortedFrom = (log: LogFiles, offset: number): AbortedTxn[] =>
  log.segments.flatMap((s) => s.aborted).filter((txn) => txn.lastOffset >= offset);

/** Rewrites a group of segments into one and swaps it in. */
async function rewrite(log: LogFiles, group: Segment[], map: OffsetMap, now: number): Promise<void> {
  const { io, cache } = log.options;
  const base = group[0]!.base;
  const cleaned = `${log.dir}/${fileName(base, '.log.cleaned')}`;
  const fd = io.open(cleaned, true);
  const target = new Segment(io, log.dir, base, cache, now, fd);
  target.gaps = true;
  let done = false;
  try {
    io.truncate(fd, 0);
    const removed = await copyKept(log, group, map, now, target);
    if (log.closing || !group.every((s) => log.segments.includes(s))) return;
    if (removed === 0 && group.length === 1) return;
    await io.sync(fd);
    if (log.closing || !group.every((s) => log.segments.includes(s))) return;
    io.rename(cleaned, `${log.dir}/${fileName(base, '.log.swap')}`);
    done = true;
    try {
      await io.syncDir(log.dir);
      for (const other of group.slice(1)) other.remove();
      putInPlace(log, base);
    } catch (e) {
      target.close();
      // the next start finishes the swap; an append before that would be lost
      log.refuse(`a compaction of ${log.dir} cannot be finished: ${(e as Error).message}`);
      throw e;
    }
    log.segments.splice(log.segments.indexOf(group[0]!), group.length, target);
    group[0]!.close();
    log.syncer.created(log.dir);
    writeIndexes(log, target);
  } finally {
    if (!done) {
      target.close();
      io.unlink(cleaned);
    }
  }
}

/** Copies the retained batches. Returns how many bytes were dropped or rewritten. */
async function copyKept(
  log: LogFiles,
  group: Segment[],
  map: OffsetMap,
  now: number,
  target: Segment,
): Promise<number> {
  const { io } = log.options;
  const { deleteRetentionMs, indexIntervalBytes } = log.config;
  const transactions = new CleanedTransactions(abortedFrom(log, group[0]!.base));
  const cleaning: Cleaning = { map, now, deleteRetentionMs, transactions, producers: log.producers };
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let changed = 0;
  const flush = (): void => {
    if (pendingBytes > 0) writeAll(io, target.fd, Buffer.concat(pending), target.size - pendingBytes);
    pending = [];
    pendingBytes = 0;
  };
  for (const segment of group) {
    await each(log, segment, (buf, at) => {
      if (log.closing) throw new Error('closing');
      const kept = filterBatch(buf, at, cleaning);
      if (kept === undefined) {
        changed += batchSize(buf, at);
        return;
      }
      // `buf` is a view of the scan window, which is reused: copy what is retained
      const batch = kept.buf === buf ? Buffer.from(buf.subarray(at, at + batchSize(buf, at))) : kept.buf;
      if (kept.buf !== buf) changed += batch.length;
      target.note(batch, 0, target.size, batch.length, indexIntervalBytes);
      pending.push(batch);
      pendingBytes += batch.length;
      if (isControl(batch, 0)) keepAborted(group, target, lastOffset(batch, 0));
      if (pendingBytes >= WRITE_CHUNK) flush();
    });
  }
  flush();
  target.endOffset = group[group.length - 1]!.endOffset;
  target.timeIndex.append(target.maxTimestamp, target.maxTimestampOffset);
  return changed;
}

/** An aborted transaction stays in the .txnindex as long as its marker is in the log. */
function keepAborted(group: Segment[], target: Segment, markerOffset: number): void {
  for (const segment of group) {
    const txn = segment.aborted.find((t) => t.lastOffset === markerOffset);
    if (txn !== undefined) target.aborted.push(txn);
  }
}
