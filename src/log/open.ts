/**
 * Opens the log of a partition: finds its segments, scans those that need it, truncates a torn tail, and reports damage.
 * Bad bytes below the synced offset, or followed by a good batch, are damage and stay; only a tail that was never
 * acknowledged is truncated. Also opens directories that Kafka wrote: zero-filled indexes, compacted segments, gaps, a
 * first segment above 0, `.deleted`, `.cleaned` and `.swap` files.
 */
import { crc32c } from '../protocol/records/crc32c.js';
import { leaderEpoch, readLong } from '../protocol/records/layout.js';
import { LeaderEpochs } from './epochs.js';
import { listOrNone, readFile, remove } from './fs.js';
import { OffsetIndex, TimeIndex } from './indexes.js';
import { PartitionLog } from './log.js';
import { LogFiles, type LogOptions } from './log-files.js';
import { readPartitionMetadata } from './partition-metadata.js';
import { decodeAborted, decodeSnapshot } from './producer-snapshot.js';
import { rotWarning } from './reader.js';
import { type BadRange, scanSegment } from './scan.js';
import { fileName, Segment } from './segment.js';
import { readState, type SavedState, type SegmentLine } from './state-file.js';
import { finishSwaps } from './swap.js';

export async function openLog(options: LogOptions): Promise<PartitionLog> {
  const { io, dir } = options;
  const log = new LogFiles(options);
  const names = listOrNone(io, dir);
  if (names.length === 0) return new PartitionLog(log);
  try {
    await openFiles(log, names);
    return new PartitionLog(log);
  } catch (e) {
    // the open can be retried any number of times: do not leak file descriptors
    for (const segment of log.segments.splice(0)) segment.close();
    throw e;
  }
}

async function openFiles(log: LogFiles, found: string[]): Promise<void> {
  const { io, dir, topicId, cache, now } = log.options;
  let names = found;
  const storedId = readPartitionMetadata(io, dir);
  if (storedId !== undefined && topicId !== '' && storedId !== topicId) {
    throw new Error(`${dir} belongs to topic id ${storedId}, not ${topicId}: move it away, or restore the topic's id`);
  }
  if (await finishSwaps(log, names)) names = io.list(dir);
  for (const name of names) if (/\.(deleted|cleaned|tmp)$/.test(name)) remove(io, `${dir}/${name}`);
  const bases = names
    .filter((name) => /^\d{20}\.log$/.test(name))
    .map((name) => Number(name.slice(0, 20)))
    .sort((a, b) => a - b);
  const state = readState(io, dir, topicId);
  if (bases.length === 0) {
    if (state !== undefined && state.synced > 0) {
      throw new Error(
        `${dir} holds no segment, where offsets up to ${state.synced - 1} had been on disk: put them back, or delete the topic`,
      );
    }
    return;
  }
  for (const base of bases) log.segments.push(new Segment(io, dir, base, cache, now(), false));
  log.epochs = LeaderEpochs.read(io, `${dir}/leader-epoch-checkpoint`);
  removeStraySnapshots(log, names, bases);
  await recover(log, state);
}

async function recover(log: LogFiles, state: SavedState | undefined): Promise<void> {
  const { segments } = log;
  let from = segments.length - 1;
  segments.forEach((segment, i) => {
    const line = state?.segments.get(segment.base);
    const trusted = i < segments.length - 1 && line !== undefined && adopt(log, segment, line);
    if (!trusted) from = Math.min(from, i);
  });
  // the scan needs the producer state as of its start offset
  while (from > 0 && !restoreProducers(log, segments[from]!.base)) from--;
  if (from === 0) log.producers.clear();
  for (let i = from; i < segments.length; i++) await scan(log, i, state);
  for (const [i, segment] of segments.entries()) checkFollows(log, segment, segments[i + 1]);
  const active = segments[segments.length - 1]!;
  log.logEndOffset = Math.max(active.reach, active.base);
  if (state !== undefined && state.synced > log.logEndOffset) tailLost(log, active, state.synced);
  log.logStartOffset = Math.min(Math.max(log.logStartOffset, segments[0]!.base), log.logEndOffset);
  log.cleanedOffset = Math.min(state?.cleaned ?? 0, log.logEndOffset);
  log.epochs.truncateEnd(log.logEndOffset);
  // after a crash of the process the data may only be in the page cache: the first sync covers everything scanned
  log.syncer.startAt(Math.min(state?.synced ?? 0, log.logEndOffset));
  for (const segment of segments.slice(from)) log.syncer.wrote(segment.fd, log.logEndOffset);
  log.syncer.created(log.dir);
}

/** Takes a sealed segment's state from its line in the state file, if the files match it. */
function adopt(log: LogFiles, segment: Segment, line: SegmentLine): boolean {
  const { io } = log.options;
  if (io.size(segment.fd) !== line.size) return false;
  const [index, timeIndex, aborted] = (['.index', '.timeindex', '.txnindex'] as const).map((suffix, i) => {
    const file = readFile(io, segment.path(suffix));
    return file !== undefined && crc32c(file) === line.crcs[i] ? file : undefined;
  });
  if (!index || !timeIndex || !aborted) return false;
  segment.index = OffsetIndex.fromBuffer(segment.base, index);
  segment.timeIndex = TimeIndex.fromBuffer(segment.base, timeIndex);
  segment.aborted = decodeAborted(aborted);
  segment.size = line.size;
  segment.endOffset = line.endOffset;
  segment.maxTimestamp = line.maxTimestamp;
  segment.maxTimestampOffset = line.maxTimestampOffset;
  segment.gaps = line.gaps;
  segment.crcs = line.crcs;
  return true;
}

function restoreProducers(log: LogFiles, offset: number): boolean {
  const file = readFile(log.options.io, `${log.dir}/${fileName(offset, '.snapshot')}`);
  const entries = file && decodeSnapshot(file);
  if (!entries || entries.some((e) => e.txnFirstOffset >= offset)) return false;
  log.producers.clear();
  for (const entry of entries) log.producers.restore(entry, log.options.now());
  return true;
}

async function scan(log: LogFiles, i: number, state: SavedState | undefined): Promise<void> {
  const { io } = log.options;
  const segment = log.segments[i]!;
  const next = log.segments[i + 1];
  const size = io.size(segment.fd);
  const line = state?.segments.get(segment.base);
  // our own segments have gaps only once compacted; segments that Kafka wrote can always have gaps
  const compacted = line !== undefined && line.size === size ? line.gaps : log.config.cleanupPolicy.includes('compact');
  const gaps = next !== undefined && (state === undefined || compacted);
  const interval = log.config.indexIntervalBytes;
  const now = log.options.now();
  segment.reset();
  segment.gaps = gaps;
  const end = await scanSegment(
    io,
    segment.fd,
    { position: 0, offset: segment.base, size, gaps, looseStart: state === undefined },
    (buf, at, position) => {
      segment.note(buf, at, position, buf.readInt32BE(at + 8) + 12, interval);
      const batch = buf.subarray(at, at + buf.readInt32BE(at + 8) + 12);
      const prepared = log.producers.prepare(batch, 0, 'replay', 0);
      if (prepared) segment.aborted.push(...log.producers.commit(prepared, now));
      log.epochs.assign(leaderEpoch(buf, at), readLong(buf, at));
    },
    (bad) => addBad(log, segment, bad),
  );
  if (next === undefined) {
    if (end.position < size) cutTail(log, segment, end, size, state?.synced ?? 0);
    return;
  }
  if (end.position === size) return;
  segment.size = size;
  const endOffset = Math.max(next.base, end.offset);
  addBad(log, segment, { position: end.position, end: size, firstOffset: end.offset, endOffset });
}

/** Reports a missing segment: the next one does not start where this one ends. */
function checkFollows(log: LogFiles, segment: Segment, next: Segment | undefined): void {
  const end = segment.reach;
  if (next === undefined || segment.gaps || end >= next.base) return;
  segment.bad.push({ position: segment.size, end: segment.size, firstOffset: end, endOffset: next.base });
  log.options.warn(`${log.dir}: offsets ${end} to ${next.base - 1} are missing: no segment holds them`);
}

function addBad(log: LogFiles, segment: Segment, bad: BadRange): void {
  segment.bad.push(bad);
  log.options.warn(rotWarning(segment, bad));
}

function cutTail(
  log: LogFiles,
  segment: Segment,
  end: { position: number; offset: number },
  size: number,
  synced: number,
): void {
  const path = segment.path('.log');
  if (end.offset < synced) {
    segment.size = size;
    addBad(log, segment, { position: end.position, end: size, firstOffset: end.offset, endOffset: synced });
    log.refuse(`the end of ${path} is damaged below the synced offset`);
    return;
  }
  log.options.warn(
    `${path}: cut ${size - end.position} bytes of an unfinished write after offset ${end.offset - 1} (byte ${end.position})`,
  );
  log.options.io.truncate(segment.fd, end.position);
}

/** The file is shorter than what was synced: records are lost. */
function tailLost(log: LogFiles, active: Segment, synced: number): void {
  const { size } = active;
  active.bad.push({ position: size, end: size, firstOffset: log.logEndOffset, endOffset: synced });
  log.options.warn(`${log.dir}: offsets ${log.logEndOffset} to ${synced - 1} had been on disk and are missing`);
  log.logEndOffset = synced;
  log.refuse(`the end of ${active.path('.log')} is missing`);
}

function removeStraySnapshots(log: LogFiles, names: string[], bases: number[]): void {
  const known = new Set(bases);
  for (const name of names) {
    if (name.endsWith('.snapshot') && !known.has(Number(name.slice(0, 20))))
      remove(log.options.io, `${log.dir}/${name}`);
  }
}
