/**
 * `ts-kafka.state` next to a partition's segments (Kafka ignores it): saves a start from scanning, and records what a
 * scan could not find out. Text that ends with a CRC, replaced atomically:
 *
 *     ts-kafka log state 1
 *     topic-id <uuid>
 *     synced <offset>        everything below was on disk: bad bytes there are corruption, never a torn tail
 *     cleaned <offset>       compacted up to here
 *     segment <base> <end> <bytes> <max time> <its offset> <gaps 0|1> <crc of .index> <of .timeindex> <of .txnindex>
 *     crc <hex>
 *
 * A sealed segment whose files match its line is not scanned; any other is.
 */
import { crc32c } from '../protocol/records/crc32c.js';
import { type LogFs, readFile, replaceFile, writeFile } from './fs.js';

export const STATE_FILE = 'ts-kafka.state';
const FIRST = 'ts-kafka log state 1';

/** A sealed segment's line in the state file. */
export interface SegmentLine {
  base: number;
  endOffset: number;
  size: number;
  maxTimestamp: number;
  maxTimestampOffset: number;
  gaps: boolean;
  /** CRCs of `.index`, `.timeindex`, `.txnindex` */
  crcs: readonly [number, number, number];
}

/** The content of the state file. */
export interface SavedState {
  topicId: string;
  synced: number;
  cleaned: number;
  segments: Map<number, SegmentLine>;
}

/** Replaces the state file atomically and durably. */
export const writeState = (io: LogFs, dir: string, state: SavedState): Promise<void> =>
  replaceFile(io, `${dir}/${STATE_FILE}`, encodeState(state));

/** Written with a log's first segment: marks the log as ours. Not synced: it promises nothing. */
export const writeFirstState = (io: LogFs, dir: string, topicId: string): void =>
  writeFile(io, `${dir}/${STATE_FILE}`, encodeState({ topicId, synced: 0, cleaned: 0, segments: new Map() }));

function encodeState(state: SavedState): Buffer {
  const lines = [FIRST, `topic-id ${state.topicId}`, `synced ${state.synced}`, `cleaned ${state.cleaned}`];
  for (const s of state.segments.values()) {
    const numbers = [s.base, s.endOffset, s.size, s.maxTimestamp, s.maxTimestampOffset, s.gaps ? 1 : 0, ...s.crcs];
    lines.push(`segment ${numbers.join(' ')}`);
  }
  const text = `${lines.join('\n')}\n`;
  const crc = crc32c(Buffer.from(text)).toString(16);
  return Buffer.from(`${text}crc ${crc}\n`);
}

/** The saved state; undefined when it is missing, incomplete or another topic's. */
export function readState(io: LogFs, dir: string, topicId: string): SavedState | undefined {
  const text = readFile(io, `${dir}/${STATE_FILE}`)?.toString('latin1') ?? '';
  const end = text.lastIndexOf('crc ');
  if (!text.startsWith(`${FIRST}\n`) || end < 0) return undefined;
  if (text.slice(end) !== `crc ${crc32c(Buffer.from(text.slice(0, end), 'latin1')).toString(16)}\n`) return undefined;
  const state: SavedState = { topicId: '', synced: 0, cleaned: 0, segments: new Map() };
  for (const line of text.slice(0, end).split('\n')) {
    const [word, ...rest] = line.split(' ');
    if (word === 'topic-id') state.topicId = rest[0] ?? '';
    else if (word === 'synced') state.synced = Number(rest[0]);
    else if (word === 'cleaned') state.cleaned = Number(rest[0]);
    else if (word === 'segment') addSegment(state, rest.map(Number));
  }
  return state.topicId === topicId ? state : undefined;
}

function addSegment(state: SavedState, n: number[]): void {
  const [base, endOffset, size, maxTimestamp, maxTimestampOffset, gaps, index, time, txn] = n;
  if (base === undefined || txn === undefined) return;
  state.segments.set(base, {
    base,
    endOffset: endOffset!,
    size: size!,
    maxTimestamp: maxTimestamp!,
    maxTimestampOffset: maxTimestampOffset!,
    gaps: gaps === 1,
    crcs: [index!, time!, txn],
  });
}
