/** Offsets by timestamp, for ListOffsets: the first at or after a timestamp, or the one with the largest. */

import { RecordCursor } from '../protocol/records/cursor.js';
import { Attribute, attributes, batchSize, lastOffset, maxTimestamp } from '../protocol/records/layout.js';
import type { LogFiles } from './log-files.js';
import { locate } from './reader.js';
import type { Segment } from './segment.js';

export interface TimestampOffset {
  offset: number;
  timestamp: number;
}

const NONE: TimestampOffset = { offset: -1, timestamp: -1 };
const LOOKUP_BYTES = 64 * 1024;
const cursor = new RecordCursor();

/** The first record, in offset order, whose timestamp is `timestamp` or later. */
export async function findTimestamp(log: LogFiles, timestamp: number): Promise<TimestampOffset> {
  for (let segment = log.segments[0]; segment !== undefined; segment = log.segmentAfter(segment)) {
    if (segment.maxTimestamp < timestamp || segment.endOffset <= log.logStartOffset) continue;
    const from = Math.max(segment.timeIndex.floor(timestamp), log.logStartOffset);
    const found = await walk(log, segment, from, (buf, at) =>
      maxTimestamp(buf, at) < timestamp ? undefined : firstIn(buf, at, timestamp, log.logStartOffset),
    );
    if (found !== undefined) return found;
  }
  return NONE;
}

/** The record with the largest timestamp; the first one when its batch has several. */
export async function findMaxTimestamp(log: LogFiles): Promise<TimestampOffset> {
  let best: Segment | undefined;
  for (const segment of log.segments) {
    if (segment.size > 0 && segment.maxTimestamp > (best?.maxTimestamp ?? -1)) best = segment;
  }
  if (best === undefined) return NONE;
  const { maxTimestamp: time, maxTimestampOffset } = best;
  const found = await walk(log, best, maxTimestampOffset, (buf, at) => {
    // under LogAppendTime all records of a batch share its timestamp, and Kafka returns the last
    if (attributes(buf, at) & Attribute.logAppendTime) return { offset: lastOffset(buf, at), timestamp: time };
    return firstIn(buf, at, time, 0);
  });
  return found ?? NONE;
}

async function walk(
  log: LogFiles,
  segment: Segment,
  from: number,
  visit: (buf: Buffer, at: number) => TimestampOffset | undefined,
): Promise<TimestampOffset | undefined> {
  segment.hold();
  try {
    for (let offset = from; ; ) {
      const place = await locate(log.options, segment, offset, LOOKUP_BYTES);
      if (place === undefined) return undefined;
      const { buf, length } = place.region;
      for (let at = place.at; at < length; at += batchSize(buf, at)) {
        const found = visit(buf, at);
        if (found !== undefined) return found;
        offset = lastOffset(buf, at) + 1;
      }
    }
  } finally {
    segment.release();
  }
}

function firstIn(buf: Buffer, at: number, timestamp: number, from: number): TimestampOffset | undefined {
  cursor.open(buf, at);
  while (cursor.next()) {
    if (cursor.timestamp >= timestamp && cursor.offset >= from)
      return { offset: cursor.offset, timestamp: cursor.timestamp };
  }
  return undefined;
}
