/** Files written when a segment is complete. A start does not need them: they only save scanning the segment. */
import { crc32c } from '../protocol/records/crc32c.js';
import { writeFile } from './fs.js';
import type { LogFiles } from './log-files.js';
import { encodeAborted, encodeSnapshot } from './producer-snapshot.js';
import { fileName, type Segment } from './segment.js';
import { type SegmentLine, writeState } from './state-file.js';

/** Writes the segment's indexes and the producer snapshot at its end. */
export function sealSegment(log: LogFiles, segment: Segment): void {
  const { io, warn } = log.options;
  // like Kafka: the last time index entry is always the segment's largest timestamp
  segment.timeIndex.append(segment.maxTimestamp, segment.maxTimestampOffset);
  try {
    writeIndexes(log, segment);
    const snapshot = encodeSnapshot(log.producers.entries.values());
    writeFile(io, `${log.dir}/${fileName(log.logEndOffset, '.snapshot')}`, snapshot);
  } catch (e) {
    segment.crcs = undefined;
    warn(
      `the indexes of ${segment.path('.log')} cannot be written (the next start rebuilds them): ${(e as Error).message}`,
    );
  }
}

export function writeIndexes(log: LogFiles, segment: Segment): void {
  const { io } = log.options;
  const index = segment.index.toBuffer();
  const timeIndex = segment.timeIndex.toBuffer();
  const aborted = encodeAborted(segment.aborted);
  writeFile(io, segment.path('.index'), index);
  writeFile(io, segment.path('.timeindex'), timeIndex);
  writeFile(io, segment.path('.txnindex'), aborted);
  segment.crcs = [crc32c(index), crc32c(timeIndex), crc32c(aborted)];
}

/** Replaces `ts-kafka.state` if its content changed. */
export async function saveState(log: LogFiles): Promise<void> {
  const { segments, dir } = log;
  const { topicId } = log.options;
  const synced = log.syncer.syncedOffset;
  if (segments.length === 0 || log.refusal !== undefined) return;
  const lines = new Map<number, SegmentLine>();
  for (const segment of segments.slice(0, -1)) {
    // leave a damaged segment out, so that the next start scans it again
    if (segment.crcs === undefined || segment.bad.length > 0) continue;
    const { base, endOffset, size, maxTimestamp, maxTimestampOffset, gaps, crcs } = segment;
    lines.set(base, { base, endOffset, size, maxTimestamp, maxTimestampOffset, gaps, crcs });
  }
  const fingerprint = `${synced} ${log.cleanedOffset} ${[...lines.keys()].join(' ')} ${[...lines.values()].map((l) => l.size).join(' ')}`;
  if (fingerprint === log.savedState) return;
  await writeState(log.options.io, dir, { topicId, synced, cleaned: log.cleanedOffset, segments: lines });
  log.savedState = fingerprint;
}
