import { LogCache } from '../../src/log/cache.js';
import type { PartitionLog } from '../../src/log/log.js';
import { openLog } from '../../src/log/open.js';
import type { LogConfig } from '../../src/log/partition.js';
import { type BatchInput, buildBatch } from '../../src/protocol/records/builder.js';
import { RecordCursor } from '../../src/protocol/records/cursor.js';
import { nextBatch } from '../../src/protocol/records/layout.js';
import { CrashFs } from './crash-fs.js';

export const DIR = '/data/t-0';
export const TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAFQ';
export const NOW = 1_700_000_000_000;

export const config = (over: Partial<LogConfig> = {}): LogConfig => ({
  segmentBytes: 1 << 30,
  segmentMs: 604_800_000,
  indexIntervalBytes: 4096,
  segmentIndexBytes: 10 << 20,
  retentionMs: -1,
  retentionBytes: -1,
  maxMessageBytes: 1_048_588,
  messageTimestampType: 'CreateTime',
  messageTimestampBeforeMaxMs: Number.MAX_VALUE,
  messageTimestampAfterMaxMs: 3_600_000,
  cleanupPolicy: ['delete'],
  cleanerEnabled: true,
  compressionType: 'producer',
  deleteRetentionMs: 86_400_000,
  minCompactionLagMs: 0,
  maxCompactionLagMs: Number.MAX_VALUE,
  minCleanableDirtyRatio: 0.5,
  fileDeleteDelayMs: 60_000,
  ...over,
});

export function newFs(): CrashFs {
  const io = new CrashFs();
  io.mkdir('/data');
  // the log directory was created and synced by format
  void io.syncDir('');
  return io;
}

export interface Opened {
  log: PartitionLog;
  warnings: string[];
}

export async function open(
  io: CrashFs,
  over: Partial<LogConfig> = {},
  options: { logStartOffset?: number; cacheBytes?: number; now?: () => number } = {},
): Promise<Opened> {
  const warnings: string[] = [];
  const log = await openLog({
    io,
    cache: new LogCache(options.cacheBytes),
    topic: 't',
    partition: 0,
    topicId: TOPIC_ID,
    dir: DIR,
    config: config(over),
    now: options.now ?? (() => NOW),
    warn: (line) => warnings.push(line),
    logStartOffset: options.logStartOffset ?? 0,
    saveLogStart: async () => {},
  });
  return { log, warnings };
}

/** A client's batch with these values; by default, the key is the value's first letter. */
export const batchOf = (values: (string | null)[], over: Partial<BatchInput> = {}): Buffer =>
  buildBatch({ records: values.map((value) => ({ key: 'k', value })), timestamp: NOW, ...over });

export const client = { leaderEpoch: 0, origin: 'client' } as const;
export const coordinator = { leaderEpoch: 0, origin: 'coordinator' } as const;

export interface Got {
  offset: number;
  key: string | null;
  value: string | null;
  timestamp: number;
  control: boolean;
}

export function recordsIn(buf: Buffer): Got[] {
  const got: Got[] = [];
  const cursor = new RecordCursor();
  for (let at = 0; at < buf.length; at = nextBatch(buf, at)) {
    cursor.open(buf, at);
    while (cursor.next()) {
      const text = (b: Buffer | null): string | null => (b === null ? null : b.toString());
      const control = (buf.readInt16BE(at + 21) & 0x20) !== 0;
      const { offset, timestamp } = cursor;
      got.push({ offset, key: text(cursor.key()), value: text(cursor.value()), timestamp, control });
    }
  }
  return got;
}

/** Every record from `from` on, read like a consumer with `maxBytes` per fetch. */
export async function readAllFrom(log: PartitionLog, from = log.logStartOffset, maxBytes = 4096): Promise<Got[]> {
  const got: Got[] = [];
  for (let offset = from; offset < log.logEndOffset; ) {
    const upTo = log.logEndOffset;
    const { records } = await log.read(offset, maxBytes, { minOne: true, upTo, aborted: false });
    const found = recordsIn(records).filter((r) => r.offset >= offset);
    if (found.length === 0) break;
    got.push(...found);
    offset = found[found.length - 1]!.offset + 1;
  }
  return got;
}
