/** The first record at or after an offset, of many partitions: what a consumer with these offsets would read next. */
import { byTopic, partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import { fetch } from '../../protocol/apis/01-fetch.js';
import { KafkaError } from '../../protocol/errors.js';
import { RecordCursor } from '../../protocol/records/cursor.js';
import { baseOffset, isControl, lastOffset, nextBatch, recordCount } from '../../protocol/records/layout.js';
import type { Deadline } from '../cluster/retry.js';
import type { Cluster } from '../cluster/types.js';
import { byLeader, type Outcomes } from './by-leader.js';

/** Where one partition is read: its records of [offset, end). */
export interface ReadFrom extends TopicPartition {
  readonly offset: number;
  readonly end: number;
}

/** The record's timestamp, ms; or that there is no record between the offsets, or that it could not be found out. */
export type FirstTimestamp = number | 'none' | 'unknown';

/** Fetches of one leader: what is not found in that many is unknown. */
const ROUNDS = 8;
const FIRST_BYTES = 16 * 1024;
const MOST_BYTES = 16 * 1024 * 1024;
const RESPONSE_BYTES = 32 * 1024 * 1024;

interface Reading extends ReadFrom {
  readonly position: number;
  /** how many bytes of it are asked for: more after an answer that held no whole batch */
  readonly bytes: number;
}

/**
 * The timestamp of each partition's first record of [offset, end), by partition name; each partition once. Control records
 * and what compaction took away are passed over; records of aborted or open transactions count, as they do for the lag.
 * One Fetch for all partitions of a leader, and further small ones for those that need it. Never waits beyond `timeoutMs`
 * and throws nothing: a partition that cannot be read is `unknown`.
 */
export async function firstTimestamps(
  cluster: Cluster,
  places: readonly ReadFrom[],
  timeoutMs: number,
): Promise<Map<string, FirstTimestamp>> {
  const deadline = cluster.deadline('firstRecords', timeoutMs);
  const byName = new Map(places.map((place) => [partitionName(place), place]));
  const ask = (node: number, list: readonly TopicPartition[]) => {
    const readings = list.flatMap((place) => byName.get(partitionName(place)) ?? []);
    return readFrom(cluster, node, readings, deadline);
  };
  const outcomes = await byLeader<FirstTimestamp>(cluster, places, deadline, ask).catch(
    (): Outcomes<FirstTimestamp> => new Map(),
  );
  const known = (name: string): FirstTimestamp => {
    const outcome = outcomes.get(name);
    return outcome === undefined || outcome instanceof KafkaError ? 'unknown' : outcome;
  };
  return new Map([...byName.keys()].map((name) => [name, known(name)]));
}

/** What one leader's logs hold; a partition that this broker cannot serve now is left out, to be asked for again. */
async function readFrom(cluster: Cluster, node: number, places: readonly ReadFrom[], deadline: Deadline) {
  const outcomes: Outcomes<FirstTimestamp> = new Map();
  let waiting: Reading[] = places.map((place) => ({ ...place, position: place.offset, bytes: FIRST_BYTES }));
  for (let round = 0; round < ROUNDS && waiting.length > 0; round++) {
    const answers = await fetchOnce(cluster, node, waiting, deadline);
    const next: Reading[] = [];
    for (const reading of waiting) {
      const answer = answers.get(partitionName(reading));
      if (answer instanceof KafkaError && answer.retriable) continue;
      const found = answer === undefined || answer instanceof KafkaError ? 'unknown' : look(answer, reading);
      if (typeof found === 'object') next.push(found);
      else outcomes.set(partitionName(reading), found);
    }
    // brokers return a batch of any size only for the first partition of a request
    waiting = next.sort((a, b) => b.bytes - a.bytes);
  }
  for (const reading of waiting) outcomes.set(partitionName(reading), 'unknown');
  return outcomes;
}

/** One Fetch; partitions that the answer leaves out have not been read. Retriable failures of the request are the partitions'. */
async function fetchOnce(
  cluster: Cluster,
  node: number,
  readings: readonly Reading[],
  deadline: Deadline,
): Promise<Outcomes<Buffer>> {
  const byName = new Map(readings.map((reading) => [partitionName(reading), reading]));
  const topics = [...byTopic(readings)].map(([topic, partitions]) => ({
    topic,
    partitions: partitions.flatMap((partition) => {
      const reading = byName.get(partitionName({ topic, partition }));
      return reading
        ? [{ partition, fetchOffset: BigInt(reading.position), partitionMaxBytes: reading.bytes, logStartOffset: -1n }]
        : [];
    }),
  }));
  const body = { maxWaitMs: 0, minBytes: 0, maxBytes: RESPONSE_BYTES, isolationLevel: 0, sessionId: 0, topics };
  // up to version 12 topics have names
  const options = { to: { node }, retry: false, timeoutMs: deadline.left, atMost: 12, call: deadline.call } as const;
  const request = { ...body, forgottenTopicsData: [], rackId: '' };
  try {
    const { responses } = await cluster.send(fetch, request, options);
    return new Map(
      responses.flatMap(({ topic, partitions }) =>
        partitions.map(({ partitionIndex: partition, errorCode, records }) => [
          partitionName({ topic, partition }),
          errorCode === 0 ? (records ?? Buffer.alloc(0)) : new KafkaError(errorCode),
        ]),
      ),
    );
  } catch (error) {
    const failed = error instanceof KafkaError ? error : undefined;
    if (failed === undefined) throw error;
    return new Map(readings.map((reading) => [partitionName(reading), failed]));
  }
}

/** What these records tell, or where to read on. */
function look(records: Buffer, reading: Reading): FirstTimestamp | Reading {
  let found: number | 'none' | { position: number };
  try {
    found = scan(records, reading.position, reading.end);
  } catch {
    // an old format, or bytes that are no records
    return 'unknown';
  }
  if (typeof found === 'number') return found < 0 ? 'unknown' : found;
  if (found === 'none') return 'none';
  const { position } = found;
  if (position > reading.position) return { ...reading, position };
  return { ...reading, bytes: Math.min(MOST_BYTES, reading.bytes * 16) };
}

/** The timestamp of the first record of [position, end) in these batches; else the position after the last whole one. */
export function scan(records: Buffer, position: number, end: number): number | 'none' | { position: number } {
  const cursor = new RecordCursor();
  let from = position;
  for (let at = 0; from < end; ) {
    const next = nextBatch(records, at);
    if (next < 0) return { position: from };
    if (baseOffset(records, at) >= end) return 'none';
    if (lastOffset(records, at) >= from && !isControl(records, at) && recordCount(records, at) > 0) {
      cursor.open(records, at, MOST_BYTES);
      while (cursor.next()) {
        if (cursor.offset >= end) return 'none';
        if (cursor.offset >= from) return cursor.timestamp;
      }
    }
    from = Math.max(from, lastOffset(records, at) + 1);
    at = next;
  }
  return 'none';
}
