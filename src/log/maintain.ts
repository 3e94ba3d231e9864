/** Periodic maintenance: rolling by age, retention, compaction, producer id expiration, a sync. */
import { compactLog } from './cleaner.js';
import { type LogFiles, segmentMsOf } from './log-files.js';
import { roll } from './roll.js';
import { saveState } from './seal.js';
import type { Segment } from './segment.js';

/** producer.id.expiration.ms */
const PRODUCER_EXPIRY_MS = 86_400_000;

export async function maintainLog(log: LogFiles, now: number): Promise<void> {
  if (log.segments.length === 0 || log.refusal !== undefined) return;
  rollIfOld(log, now);
  await log.sync();
  const compacted = log.config.cleanupPolicy.includes('compact');
  // in Kafka the cleaner applies retention to compacted topics, so with log.cleaner.enable=false nothing does
  if (!compacted || log.config.cleanerEnabled) {
    if (log.config.cleanupPolicy.includes('delete')) applyRetention(log, now);
    if (compacted) await compactLog(log, now);
  }
  log.dropBelowStart();
  log.producers.expire(now, PRODUCER_EXPIRY_MS);
  await log.sync();
  await saveState(log);
}

/** Rolls an old active segment so that it can be compacted; Kafka rolls only on the next append. */
function rollIfOld(log: LogFiles, now: number): void {
  const { active } = log;
  if (active === undefined || active.size === 0) return;
  // not by record timestamps alone: a segment of old records would roll on every pass
  const since = Math.max(active.firstTimestamp, active.created);
  if (now - since > segmentMsOf(log.config)) roll(log, now);
}

/** Mirrors UnifiedLog.deleteOldSegments: oldest first, by retention.ms, then by retention.bytes. */
function applyRetention(log: LogFiles, now: number): void {
  const { retentionMs, retentionBytes } = log.config;
  if (retentionMs >= 0) {
    dropWhile(log, now, (s) => now - (s.maxTimestamp >= 0 ? s.maxTimestamp : s.created) > retentionMs);
  }
  if (retentionBytes >= 0) {
    let over = log.sizeBytes - retentionBytes;
    dropWhile(log, now, (s) => {
      if (over - s.size < 0) return false;
      over -= s.size;
      return true;
    });
  }
}

function dropWhile(log: LogFiles, now: number, due: (segment: Segment) => boolean): void {
  let count = 0;
  const { segments } = log;
  while (count < segments.length && segments[count]!.size > 0 && due(segments[count]!)) count++;
  if (count === 0) return;
  // the active segment can expire too: roll first, since a log always has one
  if (count === segments.length) roll(log, now);
  log.logStartOffset = Math.max(log.logStartOffset, segments[count]!.base);
  log.dropBelowStart();
}
