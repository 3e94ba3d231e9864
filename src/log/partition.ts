/** The interface of a partition's log; log.ts implements it, directory.ts opens it. Offsets, sizes and times are numbers (checked below 2^53). */
export interface AppendResult {
  baseOffset: number;
  lastOffset: number;
  /** -1 under CreateTime */
  logAppendTime: number;
  /** the batch is already in the log (idempotent producer): nothing was written */
  duplicate: boolean;
  /** the log retains the `records` buffer: the caller must not write into it again */
  kept: boolean;
}

export interface AppendOptions {
  leaderEpoch: number;
  origin: 'client' | 'coordinator';
  /** of the transaction that a marker ends: from 2 on the marker's epoch must be above the producer's (KIP-890); default 0 */
  transactionVersion?: number;
}

export interface ReadResult {
  /** whole batches as stored; the first can start below the requested offset. Concatenated from `chunks` on first access. */
  readonly records: Buffer;
  /** the same bytes as views of the cache, for `Writer.records`; read-only */
  readonly chunks: readonly Buffer[];
  /** total bytes of `chunks` */
  readonly sizeInBytes: number;
  /** for read_committed: aborted transactions that overlap the records */
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
  /** log.cleaner.enable; false: topics with cleanup.policy compact are not compacted, nor is their retention applied */
  cleanerEnabled: boolean;
  /** 'producer' or a codec name */
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
  /** offset of the next record; everything below is readable (one replica: high watermark = log end offset) */
  readonly logEndOffset: number;
  /** first offset of the earliest open transaction, else logEndOffset */
  readonly lastStableOffset: number;
  readonly sizeBytes: number;
  /**
   * Validates one client batch or several coordinator batches, assigns offsets in place and writes them to the page
   * cache before it returns. When consumers tail the log, a large `records` is cached without a copy: see
   * `AppendResult.kept`. Throws KafkaError (CORRUPT_MESSAGE, MESSAGE_TOO_LARGE, INVALID_RECORD, INVALID_TIMESTAMP,
   * OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH, KAFKA_STORAGE_ERROR …).
   */
  append(records: Buffer, options: AppendOptions): AppendResult;
  /** Resolves when everything appended so far is on disk; callers share one fdatasync (group commit). */
  sync(): Promise<void>;
  /** Reads whole batches from `offset`, at most `maxBytes` (but at least one batch when `minOne`), none at or above `upTo`. */
  read(
    offset: number,
    maxBytes: number,
    options: { minOne: boolean; upTo: number; aborted: boolean },
  ): Promise<ReadResult>;
  /** The first record at or after a timestamp; -1 / -1 when there is none. */
  offsetForTime(timestamp: number): Promise<{ offset: number; timestamp: number }>;
  /** The record with the largest timestamp. */
  maxTimestamp(): Promise<{ offset: number; timestamp: number }>;
  /** For OffsetsForLeaderEpoch: the largest epoch at or below `epoch`, and its end offset. */
  endOffsetForEpoch(epoch: number): { epoch: number; endOffset: number };
  /** DeleteRecords: moves the log start offset. */
  deleteRecordsBefore(offset: number): Promise<void>;
  /** Calls `listener` once, when the log end offset (or the last stable offset) moves. Returns a function that cancels it. */
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
   * Visits every batch from the log start offset (or `from`) to the current end, one or more whole batches at a time:
   * used to load the coordinators and the metadata. Read them with `nextBatch` and `RecordCursor`; do not keep the buffer.
   */
  replay(visit: (batches: Buffer) => void | Promise<void>, from?: number): Promise<void>;
  /** Rolls, applies retention and compacts as the topic's configs require. */
  maintain(now: number): Promise<void>;
  close(): Promise<void>;
}
