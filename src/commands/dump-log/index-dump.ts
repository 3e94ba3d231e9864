/** The two sparse indexes of a segment, checked against its log. Mirrors DumpLogSegments.dumpIndex and dumpTimeIndex. */
import path from 'node:path';
import { JavaError } from '../../java/exceptions.js';
import { lastWhere } from '../../log/indexes.js';
import { RecordCursor } from '../../protocol/records/cursor.js';
import { lastOffset, readLong } from '../../protocol/records/layout.js';
import { BatchFile } from '../shared/batch-file.js';
import { offsetInName, readWhole } from '../shared/file-failure.js';
import type { Findings } from './findings.js';

const OFFSET_ENTRY = 8;
const TIME_ENTRY = 12;

export interface IndexDumpOptions {
  readonly sanityOnly: boolean;
  readonly verifyOnly: boolean;
  readonly maxMessageSize: number;
  readonly findings: Findings;
}

interface OffsetEntry {
  readonly offset: number;
  readonly position: number;
}

/** An index file; a partial entry at its end is ignored. */
class Index<Entry extends { readonly offset: number }> {
  readonly count: number;
  constructor(
    readonly base: number,
    readonly buf: Buffer,
    private readonly size: number,
    private readonly parse: (buf: Buffer, at: number, base: number) => Entry,
  ) {
    this.count = Math.floor(buf.length / size);
  }
  entry(i: number): Entry {
    return this.parse(this.buf, i * this.size, this.base);
  }
  get last(): Entry | undefined {
    return this.count === 0 ? undefined : this.entry(this.count - 1);
  }
  /** The entries up to the first zeroed one: after a crash, the preallocated rest of the file is zeros. */
  *written(): Generator<Entry> {
    for (let i = 0; i < this.count; i++) {
      const entry = this.entry(i);
      if (i > 0 && entry.offset === this.base) return;
      yield entry;
    }
  }
}

const offsetIndex = (file: string, base: number): Index<OffsetEntry> =>
  new Index(base, readWhole(file), OFFSET_ENTRY, (buf, at, from) => ({
    offset: from + buf.readInt32BE(at),
    position: buf.readInt32BE(at + 4),
  }));

const timeIndex = (file: string, base: number) =>
  new Index(base, readWhole(file), TIME_ENTRY, (buf, at, from) => ({
    timestamp: readLong(buf, at),
    offset: from + buf.readInt32BE(at + 8),
  }));

/** Absolute path of another file of the same segment. */
const sibling = (file: string, suffix: string): string =>
  path.join(path.dirname(path.resolve(file)), `${path.basename(file).split('.')[0]}${suffix}`);

const corrupt = (message: string): JavaError =>
  new JavaError('org.apache.kafka.storage.internals.log.CorruptIndexException', message);

export function* dumpIndex(file: string, options: IndexDumpOptions): Generator<string> {
  const base = Number(offsetInName(path.basename(file)));
  const log = new BatchFile(sibling(file, '.log'));
  try {
    const index = offsetIndex(file, base);
    if (index.count === 0) return yield `${file} is empty.\n`;
    if (options.sanityOnly) {
      checkOffsets(path.resolve(file), index);
      return yield `${file} passed sanity check.\n`;
    }
    for (const { offset, position } of index.written()) {
      const found = firstBatch(log, position, options.maxMessageSize);
      if (found !== offset) options.findings.indexMismatches.add(path.resolve(file), [offset, found]);
      if (!options.verifyOnly) yield `offset: ${offset} position: ${position}\n`;
    }
  } finally {
    log.close();
  }
}

function checkOffsets(file: string, { base, buf, last }: Index<OffsetEntry>): void {
  if (last !== undefined && last.offset < base) {
    throw corrupt(
      `Corrupt index found, index file (${file}) has non-zero size but the last offset is ${last.offset} which is less than the base offset ${base}`,
    );
  }
  if (buf.length % OFFSET_ENTRY !== 0) throw odd(`Index file ${file}`, buf.length, OFFSET_ENTRY);
}

const odd = (what: string, length: number, entry: number): JavaError =>
  corrupt(`${what} is corrupt, found ${length} bytes which is neither positive nor a multiple of ${entry}`);

function firstBatch(log: BatchFile, position: number, maxBytes: number): number {
  for (const { buf } of log.batches(position, log.end(position, maxBytes))) return lastOffset(buf, 0);
  throw new JavaError('java.util.NoSuchElementException', '');
}

export function* dumpTimeIndex(file: string, options: IndexDumpOptions): Generator<string> {
  const base = Number(offsetInName(path.basename(file)));
  const log = new BatchFile(sibling(file, '.log'));
  try {
    const offsets = offsetIndex(sibling(file, '.index'), base);
    const times = timeIndex(file, base);
    if (options.sanityOnly) {
      checkTimes(path.resolve(file), times);
      return yield `${file} passed sanity check.\n`;
    }
    let before = -1;
    for (const entry of times.written()) {
      checkEntry(path.resolve(file), entry, before, { log, offsets, findings: options.findings });
      if (!options.verifyOnly) yield `timestamp: ${entry.timestamp} offset: ${entry.offset}\n`;
      before = entry.timestamp;
    }
  } finally {
    log.close();
  }
}

function checkTimes(file: string, { base, buf, count, last }: ReturnType<typeof timeIndex>): void {
  const first = count === 0 ? undefined : readLong(buf, 0);
  const start = `Corrupt time index found, time index file (${file}) has non-zero size but the last`;
  if (last !== undefined && first !== undefined && last.timestamp < first)
    throw corrupt(`${start} timestamp is ${last.timestamp} which is less than the first timestamp ${first}`);
  if (last !== undefined && last.offset < base)
    throw corrupt(`${start} offset is ${last.offset} which is less than the first offset ${base}`);
  if (buf.length % TIME_ENTRY !== 0) throw odd(`Time index file ${file}`, buf.length, TIME_ENTRY);
}

interface Beside {
  readonly log: BatchFile;
  readonly offsets: Index<OffsetEntry>;
  readonly findings: Findings;
}

/** Checks that the entry's offset is the last of a batch whose max timestamp is the entry's timestamp. */
function checkEntry(file: string, entry: { timestamp: number; offset: number }, before: number, beside: Beside): void {
  const { log, findings } = beside;
  const from = floor(beside.offsets, entry.offset);
  for (const { buf } of log.batches(from, log.end(from, log.size))) {
    const last = lastOffset(buf, 0);
    if (last < entry.offset) continue;
    if (last !== entry.offset) return findings.timeOffsets.add(file, [entry.offset, last]);
    const latest = maxRecordTime(buf);
    if (latest !== entry.timestamp) findings.timeMismatches.add(file, [entry.timestamp, latest]);
    if (before >= entry.timestamp) findings.timeDisorder.add(file, [entry.timestamp, before]);
    return;
  }
  findings.timeOffsets.add(file, [entry.offset, -1]);
}

function floor(index: Index<OffsetEntry>, offset: number): number {
  let count = index.count;
  while (count > 1 && index.entry(count - 1).offset === index.base) count--;
  const i = lastWhere(count, (at) => index.entry(at).offset <= offset);
  return i < 0 ? 0 : index.entry(i).position;
}

function maxRecordTime(buf: Buffer): number {
  const cursor = new RecordCursor();
  cursor.open(buf);
  let latest = -1;
  while (cursor.next()) latest = Math.max(latest, cursor.timestamp);
  return latest;
}
