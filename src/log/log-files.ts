/**
 * The internal state of a partition's log: its open segments, producers and leader epochs. `log.ts` is the API for the
 * broker; opening, rolling, sealing, maintenance, compaction and lookup work on this state, one file each.
 */
import { Errors, KafkaError } from '../protocol/errors.js';
import type { LogCache } from './cache.js';
import { LeaderEpochs } from './epochs.js';
import type { LogFs } from './fs.js';
import { lastWhere } from './indexes.js';
import type { LogConfig } from './partition.js';
import { Producers } from './producers.js';
import type { Segment } from './segment.js';
import { GroupSync } from './sync.js';

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
  /** the log start offset moved: persists it (log-start-offset-checkpoint) before it resolves */
  readonly saveLogStart: (offset: number) => Promise<void>;
}

/** segment.ms, capped at max.compaction.lag.ms on compacted topics: only sealed segments can be compacted. */
export const segmentMsOf = (config: LogConfig): number =>
  config.cleanupPolicy.includes('compact') ? Math.min(config.segmentMs, config.maxCompactionLagMs) : config.segmentMs;

export class LogFiles {
  readonly options: LogOptions;
  /** "topic-0" */
  readonly name: string;
  /** replaced when the topic's configs change */
  config: LogConfig;
  /** changes when the directory is renamed for deletion */
  dir: string;
  /** in offset order; the last is the active segment; empty until the first append */
  readonly segments: Segment[] = [];
  readonly producers: Producers;
  epochs = new LeaderEpochs();
  readonly syncer: GroupSync;
  logStartOffset: number;
  logEndOffset: number;
  /** the offset up to which the log has been compacted */
  cleanedOffset = 0;
  /** a fingerprint of the saved ts-kafka.state, so that the file is only replaced when it changes */
  savedState = '';
  /** the log is being closed: long-running work stops */
  closing = false;
  #refusal: string | undefined;

  constructor(options: LogOptions) {
    this.options = options;
    this.name = `${options.topic}-${options.partition}`;
    this.config = options.config;
    this.dir = options.dir;
    this.logStartOffset = options.logStartOffset;
    this.logEndOffset = options.logStartOffset;
    this.producers = new Producers(this.name);
    this.syncer = new GroupSync(options.io, (e) => this.refuse(`a sync of ${this.dir} failed: ${e.message}`));
  }

  get active(): Segment | undefined {
    return this.segments[this.segments.length - 1];
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

  /** Refuses appends from here on, with one warning; reads continue. */
  refuse(why: string): void {
    if (this.#refusal !== undefined) return;
    this.#refusal = why;
    this.options.warn(`${this.name}: ${why}; no more records are accepted until the next start`);
  }

  /** Waits until everything written so far is on disk. Throws KAFKA_STORAGE_ERROR once appends are refused. */
  async sync(): Promise<void> {
    if (this.#refusal !== undefined && this.syncer.pending) {
      throw new KafkaError(Errors.KAFKA_STORAGE_ERROR, this.#refusal);
    }
    await this.syncer.sync();
  }

  /** Removes sealed segments that are entirely below the log start offset. */
  dropBelowStart(): void {
    const { segments } = this;
    while (segments.length > 1 && segments[1]!.base <= this.logStartOffset && !this.syncer.busy(segments[0]!.fd)) {
      segments.shift()!.remove();
    }
  }

  /** Index of the segment that would contain `offset`. */
  segmentAt(offset: number): number {
    const { segments } = this;
    return Math.max(
      0,
      lastWhere(segments.length, (i) => segments[i]!.base <= offset),
    );
  }

  /** The segment that follows this one, even if this one has been removed or compacted away since. */
  segmentAfter({ reach }: Segment): Segment | undefined {
    const { segments } = this;
    return segments[lastWhere(segments.length, (i) => segments[i]!.reach <= reach) + 1];
  }
}
