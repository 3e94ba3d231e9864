/**
 * The log of one partition. On disk it is Kafka's: `<topic>-<n>/` with segments `<first offset>.log`, their indexes,
 * `.txnindex`, `.snapshot` and `partition.metadata`; batches lie there as they were received, but for offset and leader
 * epoch. Simpler than Kafka's because one process on one node has it: the high watermark is the log end; indexes are
 * held in memory and written when a segment is sealed; the active segment is read from end to end at every start, so
 * that there is no recovery point to be wrong; `ts-kafka.state` (state-file.ts) says what was surely on disk.
 *
 * acks=all waits for `sync()`, which groups: all who wait share one fdatasync. A failed sync is never tried again
 * (pages may have been dropped as clean): the log refuses appends from then on. A failed write is taken back; when the
 * disk was full the next append may succeed.
 */
import { Errors, KafkaError } from '../protocol/errors.js';
import { At, assignOffset, batchSize, maxTimestamp } from '../protocol/records/layout.js';
import type { LogCache } from './cache.js';
import { LeaderEpochs } from './epochs.js';
import { type LogFs, writeAll } from './fs.js';
import { lastWhere } from './indexes.js';
import { findMaxTimestamp, findTimestamp } from './lookup.js';
import { maintainLog } from './maintain.js';
import type { AppendOptions, AppendResult, LogConfig, Partition, ReadResult } from './partition.js';
import { writePartitionMetadata } from './partition-metadata.js';
import { Producers } from './producers.js';
import { abortedBetween, endOfChunk, outOfRange, ReadChunks } from './read-result.js';
import { gather, locate } from './reader.js';
import { saveState, sealSegment } from './seal.js';
import { Segment } from './segment.js';
import { writeFirstState } from './state-file.js';
import { GroupSync } from './sync.js';
import { validateClientBatch, validateOwnBatches } from './validate.js';

export interface LogOptions {
  readonly io: LogFs;
  readonly cache: LogCache;
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string;
  readonly dir: string;
  readonly config: LogConfig;
  readonly now: () => number;
  /** one line for the operator */
  readonly warn: (line: string) => void;
  readonly logStartOffset: number;
  /** the log start moved: it is to be remembered (log-start-offset-checkpoint) before this resolves */
  readonly saveLogStart: (offset: number) => Promise<void>;
}

/** A compacted topic's records must be sealed in time to be compacted. */
export const segmentMsOf = (config: LogConfig): number =>
  config.cleanupPolicy.includes('compact') ? Math.min(config.segmentMs, config.maxCompactionLagMs) : config.segmentMs;

/** A log that was read within this time keeps in memory what is appended; of others it would only push out what is read. */
const FOLLOWED_MS = 10_000;
const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const storageError = (message: string): KafkaError => new KafkaError(Errors.KAFKA_STORAGE_ERROR, message);

export class PartitionLog implements Partition {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string;
  dir: string;
  config: LogConfig;
  readonly options: LogOptions;
  /** "topic-0" */
  readonly name: string;
  /** ordered; the last is the active one; empty until the first append */
  readonly segments: Segment[] = [];
  readonly producers: Producers;
  epochs = new LeaderEpochs();
  readonly syncer: GroupSync;
  logStartOffset: number;
  logEndOffset: number;
  /** end of what compaction has gone through */
  cleanedOffset = 0;
  /** what ts-kafka.state says, in short */
  savedState = '';
  maintaining: Promise<void> | undefined;
  #refusal: string | undefined;
  #lastRead = Number.NEGATIVE_INFINITY;
  /** it is being closed: what takes long is to stop */
  closing = false;
  readonly #listeners = new Set<() => void>();

  constructor(options: LogOptions) {
    this.options = options;
    this.topic = options.topic;
    this.partition = options.partition;
    this.topicId = options.topicId;
    this.dir = options.dir;
    this.config = options.config;
    this.name = `${options.topic}-${options.partition}`;
    this.logStartOffset = options.logStartOffset;
    this.logEndOffset = options.logStartOffset;
    this.producers = new Producers(this.name);
    this.syncer = new GroupSync(options.io, (e) => this.refuse(`a sync of ${this.dir} failed: ${e.message}`));
  }

  get lastStableOffset(): number {
    return this.producers.firstOpenOffset ?? this.logEndOffset;
  }
  get sizeBytes(): number {
    return this.segments.reduce((sum, segment) => sum + segment.size, 0);
  }
  /** Why appends are refused; undefined while they are not. */
  get refusal(): string | undefined {
    return this.#refusal;
  }
  get active(): Segment | undefined {
    return this.segments[this.segments.length - 1];
  }

  /** Takes no append from here on; reads go on. Said once. */
  refuse(why: string): void {
    if (this.#refusal !== undefined) return;
    this.#refusal = why;
    this.options.warn(`${this.name}: ${why}; it takes no more records until the next start`);
  }

  append(records: Buffer, options: AppendOptions): AppendResult {
    this.#mayAppend();
    const now = this.options.now();
    let buf = records;
    if (options.origin === 'client') buf = validateClientBatch(records, this.name, this.config, now);
    else validateOwnBatches(records, this.name);
    const baseOffset = this.logEndOffset;
    const prepared = this.producers.prepare(buf, baseOffset, options.origin, options.transactionVersion ?? 0);
    const stamped = this.config.messageTimestampType === 'LogAppendTime' && options.origin === 'client';
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
      segment.note(buf, at, position + at, size, this.config.indexIntervalBytes);
      at += size;
    }
    const kept = this.#followed() && segment.regions.append(position, buf, end);
    this.logEndOffset = end;
    this.syncer.wrote(segment.fd, end);
    if (prepared) segment.aborted.push(...this.producers.commit(prepared, now));
    if (this.epochs.assign(options.leaderEpoch, baseOffset)) this.#saveEpochs();
    this.#wake();
    return { baseOffset, lastOffset: end - 1, logAppendTime: stamped ? now : -1, duplicate: false, kept };
  }

  async sync(): Promise<void> {
    if (this.#refusal !== undefined && this.syncer.pending) throw storageError(this.#refusal);
    await this.syncer.sync();
  }

  async read(
    offset: number,
    maxBytes: number,
    options: { minOne: boolean; upTo: number; aborted: boolean },
  ): Promise<ReadResult> {
    if (offset < this.logStartOffset || offset > this.logEndOffset) throw outOfRange(this, offset);
    this.#lastRead = performance.now();
    const upTo = Math.min(options.upTo, this.logEndOffset);
    let chunks: Buffer[] = [];
    let endOffset = offset;
    let segment = offset < upTo ? this.segments[this.#segmentAt(offset)] : undefined;
    while (segment !== undefined) {
      segment.hold();
      try {
        const place = await locate(this.context, segment, offset, maxBytes);
        if (place !== undefined) {
          ({ chunks, endOffset } = await gather(this.context, segment, place, { ...options, maxBytes, upTo }));
          break;
        }
      } finally {
        segment.release();
      }
      segment = this.segmentBehind(segment);
    }
    return new ReadChunks(
      chunks,
      options.aborted ? abortedBetween(this.segments.slice(this.#segmentAt(offset)), offset, endOffset) : [],
    );
  }

  offsetForTime(timestamp: number): Promise<{ offset: number; timestamp: number }> {
    return findTimestamp(this, timestamp);
  }
  maxTimestamp(): Promise<{ offset: number; timestamp: number }> {
    return findMaxTimestamp(this);
  }
  endOffsetForEpoch(epoch: number): { epoch: number; endOffset: number } {
    return this.epochs.endOffset(epoch, this.logEndOffset);
  }

  async deleteRecordsBefore(offset: number): Promise<void> {
    if (offset > this.logEndOffset) {
      throw new KafkaError(
        Errors.OFFSET_OUT_OF_RANGE,
        `Cannot increment the log start offset to ${offset} of partition ${this.name} since it is larger than the high watermark ${this.logEndOffset}`,
      );
    }
    if (offset <= this.logStartOffset) return;
    await this.options.saveLogStart(offset);
    this.logStartOffset = Math.max(offset, this.logStartOffset);
    // what is under way there drops them itself when it is through
    if (this.maintaining === undefined) this.dropBelowStart();
  }

  /** Removes sealed segments that lie wholly below the log start. */
  dropBelowStart(): void {
    const { segments } = this;
    while (segments.length > 1 && segments[1]!.base <= this.logStartOffset && !this.syncer.busy(segments[0]!.fd)) {
      segments.shift()!.remove();
    }
  }

  onAppend(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  activeProducers(): ReturnType<Partition['activeProducers']> {
    return this.producers.describe();
  }

  openTransaction(producerId: bigint): number | undefined {
    return this.producers.openTransaction(Number(producerId));
  }

  async replay(visit: (batches: Buffer) => void | Promise<void>, from = this.logStartOffset): Promise<void> {
    const upTo = this.logEndOffset;
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
    // one at a time: a compaction may outlast the timer
    this.maintaining ??= maintainLog(this, now).finally(() => {
      this.maintaining = undefined;
    });
    return this.maintaining;
  }

  /** Seals the active segment and begins a new one at the log end. */
  roll(now: number): Segment {
    const { io, cache } = this.options;
    const old = this.active;
    if (old !== undefined && old.size === 0 && old.base === this.logEndOffset) return old;
    if (old === undefined) this.#makeDirectory();
    else sealSegment(this, old);
    const segment = new Segment(io, this.dir, this.logEndOffset, cache, now, true);
    // what a crash left there is no part of the log
    if (io.size(segment.fd) > 0) io.truncate(segment.fd, 0);
    this.segments.push(segment);
    this.syncer.created(this.dir);
    return segment;
  }

  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    await this.maintaining?.catch(() => {});
    if (this.#refusal === undefined) {
      await this.syncer.sync();
      if (this.active !== undefined) sealSegment(this, this.active);
      await saveState(this);
    }
    this.#wake();
    for (const segment of this.segments) segment.close();
  }

  /** Closes without keeping anything: the topic was deleted. */
  async abandon(): Promise<void> {
    this.closing = true;
    this.#wake();
    await this.syncer.settled();
    await this.maintaining?.catch(() => {});
    for (const segment of this.segments.splice(0)) segment.close();
  }

  get context(): { io: LogFs; warn: (line: string) => void } {
    return this.options;
  }

  /** Whether somebody will want what is appended now: consumers ask at least every half second. */
  #followed(): boolean {
    return performance.now() - this.#lastRead < FOLLOWED_MS;
  }

  #mayAppend(): void {
    if (this.closing) throw new KafkaError(Errors.NOT_LEADER_OR_FOLLOWER, `The log of ${this.name} is closed`);
    if (this.#refusal !== undefined) throw storageError(this.#refusal);
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
    const active = this.active;
    if (active !== undefined && !this.#isFull(active, bytes, last, timestamp, now)) return active;
    try {
      return this.roll(now);
    } catch (e) {
      throw storageError(`cannot begin a new segment in ${this.dir}: ${(e as Error).message}`);
    }
  }

  #isFull(active: Segment, bytes: number, last: number, timestamp: number, now: number): boolean {
    // as Kafka counts: in the records' own time, where they have one
    const waited = active.firstTimestamp >= 0 ? timestamp - active.firstTimestamp : now - active.created;
    const aged = active.size > 0 && waited > segmentMsOf(this.config);
    return aged || !active.hasRoom(bytes, last, this.config);
  }

  #write(segment: Segment, buf: Buffer, position: number): void {
    try {
      writeAll(this.options.io, segment.fd, buf, position);
    } catch (e) {
      const { code, message } = e as NodeJS.ErrnoException;
      try {
        this.options.io.truncate(segment.fd, position);
        if (!DISK_FULL.has(code ?? '')) this.refuse(`a write to ${segment.path('.log')} failed: ${message}`);
      } catch {
        this.refuse(`a write to ${segment.path('.log')} failed and could not be taken back: ${message}`);
      }
      throw storageError(`cannot write to ${segment.path('.log')}: ${message}`);
    }
  }

  #makeDirectory(): void {
    const { io } = this.options;
    try {
      io.mkdir(this.dir);
      writePartitionMetadata(io, this.dir, this.topicId);
      writeFirstState(io, this.dir, this.topicId);
      this.syncer.created(this.dir.slice(0, this.dir.lastIndexOf('/')));
    } catch (e) {
      throw storageError(`cannot make ${this.dir}: ${(e as Error).message}`);
    }
  }

  #saveEpochs(): void {
    try {
      this.epochs.write(this.options.io, `${this.dir}/leader-epoch-checkpoint`);
    } catch (e) {
      this.options.warn(`${this.dir}/leader-epoch-checkpoint cannot be written: ${(e as Error).message}`);
    }
  }

  #wake(): void {
    if (this.#listeners.size === 0) return;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }

  /** The segment that goes on where this one ends, which may meanwhile have been removed, or compacted into another. */
  segmentBehind({ reach }: Segment): Segment | undefined {
    const { segments } = this;
    return segments[lastWhere(segments.length, (i) => segments[i]!.reach <= reach) + 1];
  }

  /** Index of the segment that may hold `offset`. */
  #segmentAt(offset: number): number {
    return Math.max(
      0,
      lastWhere(this.segments.length, (i) => this.segments[i]!.base <= offset),
    );
  }
}
