/** The result of a read, and the error of an offset out of range. */
import { Errors, KafkaError } from '../protocol/errors.js';
import { batchSize, lastOffset } from '../protocol/records/layout.js';
import type { ReadResult } from './partition.js';
import type { Segment } from './segment.js';

/** A `ReadResult` over cached chunks; `records` concatenates them on first access. */
export class ReadChunks implements ReadResult {
  readonly chunks: readonly Buffer[];
  readonly aborted: ReadResult['aborted'];
  readonly sizeInBytes: number;
  #records: Buffer | undefined;

  constructor(chunks: readonly Buffer[], aborted: ReadResult['aborted']) {
    this.chunks = chunks;
    this.aborted = aborted;
    this.sizeInBytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  get records(): Buffer {
    this.#records ??= this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks);
    return this.#records;
  }
}

/** The last offset of the chunk's last batch + 1. */
export function endOfChunk(chunk: Buffer): number {
  let at = 0;
  while (at + batchSize(chunk, at) < chunk.length) at += batchSize(chunk, at);
  return lastOffset(chunk, at) + 1;
}

/** OFFSET_OUT_OF_RANGE with the message of UnifiedLog.read. */
export const outOfRange = (
  log: { name: string; logStartOffset: number; logEndOffset: number },
  offset: number,
): KafkaError =>
  new KafkaError(
    Errors.OFFSET_OUT_OF_RANGE,
    `Received request for offset ${offset} for partition ${log.name}, but we only have log segments upto ${log.logEndOffset} with starting offset ${log.logStartOffset}.`,
  );

/** Aborted transactions that overlap [offset, end). The first of `segments` contains `offset`. */
export function abortedBetween(segments: readonly Segment[], offset: number, end: number): ReadResult['aborted'] {
  const found: ReadResult['aborted'] = [];
  for (const segment of segments) {
    for (const txn of segment.aborted) {
      if (txn.lastOffset >= offset && txn.firstOffset < end) {
        found.push({ producerId: BigInt(txn.producerId), firstOffset: txn.firstOffset });
      }
      if (txn.lastStableOffset >= end) return found;
    }
  }
  return found;
}
