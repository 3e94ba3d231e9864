/**
 * The log of one partition. On disk it is Kafka's: `<topic>-<n>/` with segments `<first offset>.log`, their indexes,
 * `.txnindex`, `.snapshot` and `partition.metadata`; batches are stored as received, except for offset and leader
 * epoch. Simpler than Kafka's because there is one replica and one process: the high watermark is the log end offset;
 * indexes are held in memory and written when a segment is sealed; the whole active segment is scanned at every start,
 * so there is no recovery point to get wrong; `ts-kafka.state` (state-file.ts) records what is known to be on disk.
 *
 * acks=all waits for `sync()`, a group commit: all waiters share one fdatasync. A failed sync is never retried (the
 * kernel may have dropped the dirty pages): the log refuses appends from then on. A failed write is rolled back; after a
 * full disk the next append can succeed.
 */
import { Errors, KafkaError } from '../protocol/errors.js';
import { At, assignOffset, batchSize, maxTimestamp } from '../protocol/records/layout.js';
import { writeAll } from './fs.js';
import { type LogFiles, segmentMsOf } from './log-files.js';
import { findMaxTimestamp, findTimestamp } from './lookup.js';
import { maintainLog } from './maintain.js';
import type { AppendOptions, AppendResult, LogConfig, Partition, ReadResult } from './partition.js';
import { abortedBetween, endOfChunk, outOfRange, ReadChunks } from './read-result.js';
import { gather, locate } from './reader.js';
import { roll } from './roll.js';
import { saveState, sealSegment } from './seal.js';
import type { Segment } from './segment.js';
import { validateClientBatch, validateOwnBatches } from './validate.js';

/** Appends are cached only if the log was read within this time; otherwise they would evict data that is being read. */
const FOLLOWED_MS = 10_000;
const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const storageError = (message: string): KafkaError => new KafkaError(Errors.KAFKA_STORAGE_ERROR, message);

export class PartitionLog implements Partition {
  readonly #files: LogFiles;
  readonly #listeners = new Set<() => void>();
  #maintaining: Promise<void> | undefined;
  #lastRead = Number.NEGATIVE_INFINITY;

  /** `files` as `open.ts` recovered them. */
  constructor(files: LogFiles) {
    this.#files = files;
  }

  get topic(): string {
    return this.#files.options.topic;
  }
  get partition(): number {
    return this.#files.options.partition;
  }
  get topicId(): string {
    return this.#files.options.topicId;
  }
  /** "topic-0" */
  get name(): string {
    return this.#files.name;
  }
  get dir(): string {
    return this.#files.dir;
  }
  set dir(dir: string) {
    this.#files.dir = dir;
  }
  get config(): LogConfig {
    return this.#files.config;
  }
  set config(config: LogConfig) {
    this.#files.config = config;
  }
  get logStartOffset(): number {
    return this.#files.logStartOffset;
  }
  get logEndOffset(): number {
    return this.#files.logEndOffset;
  }
  get lastStableOffset(): number {
    return this.#files.lastStableOffset;
  }
  get sizeBytes(): number {
    return this.#files.sizeBytes;
  }
  /** Why appends are refused; undefined while they are not. */
  get refusal(): string | undefined {
    return this.#files.refusal;
  }
  /** For directory checks and tests. */
  get segments(): readonly Segment[] {
    return this.#files.segments;
  }

  append(records: Buffer, options: AppendOptions): AppendResult {
    this.#requireWritable();
    const now = this.#files.options.now();
    let buf = records;
    if (options.origin === 'client') buf = validateClientBatch(records, this.#files.name, this.#files.config, now);
    else validateOwnBatches(records, this.#files.name);
    const baseOffset = this.#files.logEndOffset;
    const prepared = this.#files.producers.prepare(buf, baseOffset, options.origin, options.transactionVersion ?? 0);
    const stamped = this.#files.config.messageTimestampType === 'LogAppendTime' && options.origin === 'client';
    if (prepared?.duplicate) {
      const { lastOffset, offsetDelta, timestamp } = prepared.duplicate;
      const baseOffset = lastOffset - offsetDelta;
      return { baseOffset, lastOffset, logAppendTime: timestamp, duplicate: true, kept: false };
    }
    const end = this.#assignOffsets(buf, baseOffset, options.leaderEpoch);
    const segment = this.#segmentFor(buf.length, end - 1, maxTimestamp(buf, 0), now);
    const position = segment.size;
    this.#write(segment, buf, position);
    for (let at = 0; at < buf.length; ) {
      const size = batchSize(buf, at);
      segment.note(buf, at, position + at, size, this.#files.config.indexIntervalBytes);
      at += size;
    }
    const kept = this.#followed() && segment.regions.append(position, buf, end);
    this.#files.logEndOffset = end;
    this.#files.syncer.wrote(segment.fd, end);
    if (prepared) segment.aborted.push(...this.#files.producers.commit(prepared, now));
    if (this.#files.epochs.assign(options.leaderEpoch, baseOffset)) this.#saveEpochs();
    this.#wake();
    return { baseOffset, lastOffset: end - 1, logAppendTime: stamped ? now : -1, duplicate: false, kept };
  }

  sync(): Promise<void> {
    return this.#files.sync();
  }

  async read(
    offset: number,
    maxBytes: number,
    options: { minOne: boolean; upTo: number; aborted: boolean },
  ): Promise<ReadResult> {
    if (offset < this.#files.logStartOffset || offset > this.#files.logEndOffset) throw outOfRange(this.#files, offset);
    this.#lastRead = performance.now();
    const upTo = Math.min(options.upTo, this.#files.logEndOffset);
    let chunks: Buffer[] = [];
    let endOffset = offset;
    let segment = offset < upTo ? this.#files.segments[this.#files.segmentAt(offset)] : undefined;
    while (segment !== undefined) {
      segment.hold();
      try {
        const place = await locate(this.#files.options, segment, offset, maxBytes);
        if (place !== undefined) {
          ({ chunks, endOffset } = await gather(this.#files.options, segment, place, { ...options, maxBytes, upTo }));
          break;
        }
      } finally {
        segment.release();
      }
      segment = this.#files.segmentAfter(segment);
    }
    return new ReadChunks(
      chunks,
      options.aborted
        ? abortedBetween(this.#files.segments.slice(this.#files.segmentAt(offset)), offset, endOffset)
        : [],
    );
  }

  offsetForTime(timestamp: number): Promise<{ offset: number; timestamp: number }> {
    return findTimestamp(this.#files, timestamp);
  }
  maxTimestamp(): Promise<{ offset: number; timestamp: number }> {
    return findMaxTimestamp(this.#files);
  }
  endOffsetForEpoch(epoch: number): { epoch: number; endOffset: number } {
    return this.#files.epochs.endOffset(epoch, this.#files.logEndOffset);
  }

  async deleteRecordsBefore(offset: number): Promise<void> {
    if (offset > this.#files.logEndOffset) {
      throw new KafkaError(
        Errors.OFFSET_OUT_OF_RANGE,
        `Cannot increment the log start offset to ${offset} of partition ${this.#files.name} since it is larger than the high watermark ${this.#files.logEndOffset}`,
      );
    }
    if (offset <= this.#files.logStartOffset) return;
    await this.#files.options.saveLogStart(offset);
    this.#files.logStartOffset = Math.max(offset, this.#files.logStartOffset);
    // a running maintenance drops them when it finishes
    if (this.#maintaining === undefined) this.#files.dropBelowStart();
  }

  /** Rolls the active segment now, regardless of its age and size. */
  roll(now: number): void {
    roll(this.#files, now);
  }

  onAppend(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  activeProducers(): ReturnType<Partition['activeProducers']> {
    return this.#files.producers.describe();
  }

  openTransaction(producerId: bigint): number | undefined {
    return this.#files.producers.openTransaction(Number(producerId));
  }

  async replay(visit: (batches: Buffer) => void | Promise<void>, from = this.#files.logStartOffset): Promise<void> {
    const upTo = this.#files.logEndOffset;
    for (let offset = from; offset < upTo; ) {
      const { chunks } = await this.read(offset, 1 << 20, { minOne: true, upTo, aborted: false });
      if (chunks.length === 0) return;
      for (const chunk of chunks) {
        await visit(chunk);
        offset = endOfChunk(chunk);
      }
    }
  }

  maintain(now: number): Promise<void> {
    // one at a time: a compaction can take longer than the maintenance interval
    this.#maintaining ??= maintainLog(this.#files, now).finally(() => {
      this.#maintaining = undefined;
    });
    return this.#maintaining;
  }

  async close(): Promise<void> {
    if (this.#files.closing) return;
    this.#files.closing = true;
    await this.#maintaining?.catch(() => {});
    if (this.#files.refusal === undefined) {
      await this.#files.syncer.sync();
      if (this.#files.active !== undefined) sealSegment(this.#files, this.#files.active);
      await saveState(this.#files);
    }
    this.#wake();
    for (const segment of this.#files.segments) segment.close();
  }

  /** Closes without syncing or saving state: the topic was deleted. */
  async abandon(): Promise<void> {
    this.#files.closing = true;
    this.#wake();
    await this.#files.syncer.settled();
    await this.#maintaining?.catch(() => {});
    for (const segment of this.#files.segments.splice(0)) segment.close();
  }

  /** Whether a consumer is tailing the log: such consumers fetch at least every half second. */
  #followed(): boolean {
    return performance.now() - this.#lastRead < FOLLOWED_MS;
  }

  #requireWritable(): void {
    if (this.#files.closing)
      throw new KafkaError(Errors.NOT_LEADER_OR_FOLLOWER, `The log of ${this.#files.name} is closed`);
    if (this.#files.refusal !== undefined) throw storageError(this.#files.refusal);
  }

  #assignOffsets(buf: Buffer, first: number, epoch: number): number {
    let offset = first;
    for (let at = 0; at < buf.length; at += batchSize(buf, at)) {
      assignOffset(buf, at, offset, epoch);
      offset += buf.readInt32BE(at + At.lastOffsetDelta) + 1;
    }
    return offset;
  }

  #segmentFor(bytes: number, last: number, timestamp: number, now: number): Segment {
    const active = this.#files.active;
    if (active !== undefined && !this.#isFull(active, bytes, last, timestamp, now)) return active;
    try {
      return roll(this.#files, now);
    } catch (e) {
      throw storageError(`cannot create a new segment in ${this.#files.dir}: ${(e as Error).message}`);
    }
  }

  #isFull(active: Segment, bytes: number, last: number, timestamp: number, now: number): boolean {
    // like Kafka: segment.ms is measured in record timestamps where there are any
    const waited = active.firstTimestamp >= 0 ? timestamp - active.firstTimestamp : now - active.created;
    const aged = active.size > 0 && waited > segmentMsOf(this.#files.config);
    return aged || !active.hasRoom(bytes, last, this.#files.config);
  }

  #write(segment: Segment, buf: Buffer, position: number): void {
    try {
      writeAll(this.#files.options.io, segment.fd, buf, position);
    } catch (e) {
      const { code, message } = e as NodeJS.ErrnoException;
      try {
        this.#files.options.io.truncate(segment.fd, position);
        if (!DISK_FULL.has(code ?? '')) this.#files.refuse(`a write to ${segment.path('.log')} failed: ${message}`);
      } catch {
        this.#files.refuse(`a write to ${segment.path('.log')} failed and could not be rolled back: ${message}`);
      }
      throw storageError(`cannot write to ${segment.path('.log')}: ${message}`);
    }
  }

  #saveEpochs(): void {
    try {
      this.#files.epochs.write(this.#files.options.io, `${this.#files.dir}/leader-epoch-checkpoint`);
    } catch (e) {
      this.#files.options.warn(`${this.#files.dir}/leader-epoch-checkpoint cannot be written: ${(e as Error).message}`);
    }
  }

  #wake(): void {
    if (this.#listeners.size === 0) return;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }
}
