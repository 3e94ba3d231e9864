/** What a partition's log can do; log.ts is behind it, directory.ts opens it. Offsets, sizes and times are numbers (checked below 2^53). */
export interface AppendResult {
  baseOffset: number;
  lastOffset: number;
  /** -1 under CreateTime */
  logAppendTime: number;
  /** the append repeated one that is already in the log (idempotent producer): nothing was written */
  duplicate: boolean;
  /** it holds on to the `records` it was given, which must never be written into again */
  kept: boolean;
}

export interface AppendOptions {
  leaderEpoch: number;
  origin: 'client' | 'coordinator';
  /** of the transaction that a marker ends: from 2 on its epoch must be above the producer's (KIP-890); 0 when left out */
  transactionVersion?: number;
}

export interface ReadResult {
  /** whole batches as they lie in the file; the first may begin below the asked offset. Joined from `chunks` when asked for. */
  readonly records: Buffer;
  /** the same as views of the cache, for a response that takes pieces (`Writer.records`); not to be written into */
  readonly chunks: readonly Buffer[];
  /** their bytes together */
  readonly sizeInBytes: number;
  /** for read_committed: aborted transactions that overlap */
  aborted: { producerId: bigint; firstOffset: number }[];
}

export interface LogConfig {
  segmentBytes: number;
  segmentMs: number;
  indexIntervalBytes: number;
  segmentIndexBytes: number;
  retentionMs: number;
  retentionBytes: number;
  maxMessageBytes: number;
  /** 'CreateTime' | 'LogAppendTime' */
  messageTimestampType: string;
  messageTimestampBeforeMaxMs: number;
  messageTimestampAfterMaxMs: number;
  /** 'delete', 'compact' or both */
  cleanupPolicy: readonly string[];
  /** false: what is compacted is neither compacted nor, where that is asked for too, deleted */
  cleanerEnabled: boolean;
  /** 'producer' or a codec's name */
  compressionType: string;
  deleteRetentionMs: number;
  minCompactionLagMs: number;
  maxCompactionLagMs: number;
  minCleanableDirtyRatio: number;
  fileDeleteDelayMs: number;
}

export interface Partition {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string;
  readonly dir: string;
  config: LogConfig;
  readonly logStartOffset: number;
  /** the next offset to be written; everything below is readable (one node: high watermark = log end) */
  readonly logEndOffset: number;
  /** first offset of the earliest open transaction, else logEndOffset */
  readonly lastStableOffset: number;
  readonly sizeBytes: number;
  /**
   * Validates one client batch or several coordinator batches, assigns offsets in place and hands them to the operating
   * system before it returns. Where consumers follow the log, a large `records` is kept as the cache, not copied: see
   * `AppendResult.kept`. Throws KafkaError (CORRUPT_MESSAGE, MESSAGE_TOO_LARGE, INVALID_RECORD, INVALID_TIMESTAMP,
   * OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH, KAFKA_STORAGE_ERROR …).
   */
  append(records: Buffer, options: AppendOptions): AppendResult;
  /** Resolves when everything appended so far is on disk; callers share one fdatasync (group commit). */
  sync(): Promise<void>;
  /** Whole batches from `offset` on, at most `maxBytes` (but one batch at least when `minOne`), none at or above `upTo`. */
  read(
    offset: number,
    maxBytes: number,
    options: { minOne: boolean; upTo: number; aborted: boolean },
  ): Promise<ReadResult>;
  /** The first record at or after a time; -1 / -1 when there is none. */
  offsetForTime(timestamp: number): Promise<{ offset: number; timestamp: number }>;
  /** The record with the largest time. */
  maxTimestamp(): Promise<{ offset: number; timestamp: number }>;
  /** End offset of a leader epoch (OffsetsForLeaderEpoch): the largest epoch at or below, and where it ends. */
  endOffsetForEpoch(epoch: number): { epoch: number; endOffset: number };
  /** DeleteRecords: moves the log start. */
  deleteRecordsBefore(offset: number): Promise<void>;
  /** Called back, once, when the log end (or the last stable offset) moves. */
  onAppend(listener: () => void): () => void;
  activeProducers(): {
    producerId: bigint;
    producerEpoch: number;
    lastSequence: number;
    lastTimestamp: number;
    coordinatorEpoch: number;
    currentTxnStartOffset: number;
  }[];
  /** First offset of the producer's open transaction; undefined when it has none. */
  openTransaction(producerId: bigint): number | undefined;
  /**
   * Every whole batch from the log start (or `from`) to the end as it is now, in pieces of one batch or more: how the
   * coordinators and the metadata load. Walk a piece with `nextBatch` and `RecordCursor`; it must not be kept.
   */
  replay(visit: (batches: Buffer) => void | Promise<void>, from?: number): Promise<void>;
  /** Rolls, deletes and compacts what is due. */
  maintain(now: number): Promise<void>;
  close(): Promise<void>;
}
