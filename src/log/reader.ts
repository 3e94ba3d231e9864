/** Finds batches in a segment, in the cache or in the file. Every CRC is checked when a batch is loaded. */
import { Errors, KafkaError } from '../protocol/errors.js';
import { BATCH_HEADER, batchSize, isWholeBatch, lastOffset, readLong } from '../protocol/records/layout.js';
import type { Region } from './cache.js';
import { type LogFs, readAll } from './fs.js';
import { type BadRange, scanSegment } from './scan.js';
import type { Segment } from './segment.js';

/** Bounds of one read from the file, bytes (a larger batch is read whole). */
const MIN_LOAD = 64 * 1024;
const MAX_LOAD = 4 * 1024 * 1024;

export interface ReaderContext {
  readonly io: LogFs;
  readonly warn: (line: string) => void;
}

/** A batch: `at` is its position in the region's buffer. */
export interface Place {
  region: Region;
  at: number;
}

const loading = new WeakMap<Segment, Map<number, Promise<Region>>>();

/** The requested offsets are in a damaged range of a segment. */
export class DamagedError extends KafkaError {
  /** the first offset after the damaged range */
  readonly endOffset: number;
  constructor(message: string, endOffset: number) {
    super(Errors.CORRUPT_MESSAGE, message);
    this.endOffset = endOffset;
  }
}

function corrupt(segment: Segment, bad: BadRange): never {
  throw new DamagedError(
    `Offsets ${bad.firstOffset} to ${bad.endOffset - 1} cannot be read: ${segment.path('.log')} holds no valid record batches from byte ${bad.position} to ${bad.end}`,
    bad.endOffset,
  );
}

/** The batch that contains `offset`, or the first one after it; undefined when the segment ends before. */
export async function locate(
  context: ReaderContext,
  segment: Segment,
  offset: number,
  wantBytes: number,
): Promise<Place | undefined> {
  let position = segment.index.floor(offset);
  let known = segment.base;
  for (;;) {
    const bad = segment.bad.find((b) => position >= b.position && (position < b.end || b.end === b.position));
    if (bad !== undefined) {
      if (offset < bad.endOffset) corrupt(segment, bad);
      if (bad.end > position) {
        position = bad.end;
        known = bad.endOffset;
        continue;
      }
    }
    if (position >= segment.size) return undefined;
    const region = segment.regions.at(position) ?? (await load(context, segment, position, wantBytes, known));
    if (region.endOffset > offset) {
      let at = position - region.position;
      while (lastOffset(region.buf, at) < offset) at += batchSize(region.buf, at);
      return { region, at };
    }
    position = region.position + region.length;
    known = region.endOffset;
  }
}

/** Loads whole batches from `position`; concurrent callers share one load. */
export function load(
  context: ReaderContext,
  segment: Segment,
  position: number,
  wantBytes: number,
  known: number,
): Promise<Region> {
  const pending = loading.get(segment) ?? new Map<number, Promise<Region>>();
  loading.set(segment, pending);
  let promise = pending.get(position);
  if (promise === undefined) {
    promise = loadRegion(context, segment, position, wantBytes, known).finally(() => pending.delete(position));
    pending.set(position, promise);
  }
  return promise;
}

async function loadRegion(
  context: ReaderContext,
  segment: Segment,
  position: number,
  wantBytes: number,
  known: number,
): Promise<Region> {
  segment.hold();
  try {
    const badAhead = segment.bad.find((b) => b.position >= position)?.position ?? segment.size;
    const end = Math.min(badAhead, segment.size, segment.regions.nextPosition(position));
    const want = Math.min(Math.max(wantBytes, MIN_LOAD), MAX_LOAD, end - position);
    let buf = await readAll(context.io, segment.fd, want, position);
    const first = buf.length >= BATCH_HEADER ? batchSize(buf, 0) : 0;
    if (first > buf.length && first <= end - position) {
      buf = await readAll(context.io, segment.fd, first, position);
    }
    const { length, endOffset } = wholeBatches(buf, position === 0 ? segment.base : known, segment.gaps);
    if (length === 0) return await foundRot(context, segment, position, known);
    // a load that finished while this one waited can have covered the position
    const there = segment.regions.at(position);
    if (there !== undefined) return there;
    const kept = length * 2 < buf.length ? Buffer.from(buf.subarray(0, length)) : buf.subarray(0, length);
    return segment.regions.add(position, kept, endOffset);
  } finally {
    segment.release();
  }
}

function wholeBatches(buf: Buffer, known: number, gaps: boolean): { length: number; endOffset: number } {
  let length = 0;
  let endOffset = known;
  while (isWholeBatch(buf, length)) {
    const base = readLong(buf, length);
    // the first batch can start above `endOffset`: the sparse index leads into the middle of a segment
    if (base < endOffset || (base > endOffset && !gaps && length > 0)) break;
    endOffset = lastOffset(buf, length) + 1;
    length += batchSize(buf, length);
  }
  return { length, endOffset };
}

/** A batch on disk is corrupt: warns once and records the damaged range. */
async function foundRot(context: ReaderContext, segment: Segment, position: number, known: number): Promise<never> {
  let bad: BadRange | undefined;
  const { size } = segment;
  const scan = { position, offset: known, size, gaps: true };
  await scanSegment(
    context.io,
    segment.fd,
    scan,
    () => {},
    (found) => {
      bad ??= found;
    },
  );
  bad ??= { position, end: size, firstOffset: known, endOffset: segment.endOffset };
  if (!segment.bad.some((b) => b.position === position)) {
    segment.bad.push(bad);
    context.warn(rotWarning(segment, bad));
  }
  return corrupt(segment, bad);
}

/** The warning for a damaged range, for the operator. */
export const rotWarning = (segment: Segment, bad: BadRange): string =>
  `${segment.path('.log')}: bytes ${bad.position} to ${bad.end} are damaged; the records there (offsets ${bad.firstOffset} to ${bad.endOffset - 1}) are kept as they are and not served`;

/** Views of whole batches of one segment from `place`, none at or above `upTo`. */
export async function gather(
  context: ReaderContext,
  segment: Segment,
  from: Place,
  options: { maxBytes: number; minOne: boolean; upTo: number },
): Promise<{ chunks: Buffer[]; endOffset: number }> {
  const { maxBytes, minOne, upTo } = options;
  const chunks: Buffer[] = [];
  let total = 0;
  let endOffset = -1;
  let { region, at }: Place = from;
  for (;;) {
    const taken = take(region, at, maxBytes - total, minOne && total === 0, upTo);
    if (taken > 0) {
      chunks.push(region.buf.subarray(at, at + taken));
      total += taken;
      endOffset = at + taken === region.length ? region.endOffset : readLong(region.buf, at + taken);
    }
    const position = region.position + region.length;
    if (at + taken < region.length || total >= maxBytes || position >= segment.size || endOffset >= upTo) break;
    if (segment.bad.some((b) => b.position === position)) break;
    const next =
      segment.regions.at(position) ??
      (total < MIN_LOAD ? await loadQuietly(context, segment, position, maxBytes, endOffset) : undefined);
    if (next === undefined) break;
    region = next;
    at = position - next.position;
  }
  return { chunks, endOffset };
}

/** Returns undefined instead of failing, so that batches already gathered are returned; the next read reports the damage. */
async function loadQuietly(
  context: ReaderContext,
  segment: Segment,
  position: number,
  bytes: number,
  known: number,
): Promise<Region | undefined> {
  try {
    return await load(context, segment, position, bytes, known);
  } catch {
    return undefined;
  }
}

/** Bytes of whole batches from `at` that fit the budget and end below `upTo`. */
function take(region: Region, at: number, budget: number, one: boolean, upTo: number): number {
  const rest = region.length - at;
  if (rest <= budget && region.endOffset <= upTo) return rest;
  let end = at;
  while (end < region.length && readLong(region.buf, end) < upTo) {
    const size = batchSize(region.buf, end);
    if (end + size - at > budget && !(one && end === at)) break;
    end += size;
  }
  return end - at;
}
