/**
 * A coordinator's state as a log: an internal topic in which Java's hash of a key selects its partition. As in Kafka,
 * records that belong together are written as one batch, and the log is replayed at startup.
 */

import type { Partition, ReadResult } from '../../log/partition.js';
import { DamagedError } from '../../log/reader.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { buildBatch, controlBatch } from '../../protocol/records/builder.js';
import { RecordCursor } from '../../protocol/records/cursor.js';
import { At, batchSize, readBatchHeader } from '../../protocol/records/layout.js';
import type { Broker } from '../api.js';
import { partitionOf } from './partition-of.js';
import { type CoordinatorRecord, decodeRecord, encodeKey, encodeValue, type RecordType } from './record.js';

/** Receives what is replayed. */
export interface Replay {
  /** `producerId` is the producer of a transactional batch, else -1n */
  record(record: CoordinatorRecord, offset: number, producerId: bigint): void;
  marker?(producerId: bigint, commit: boolean): void;
}

/** Options of `write`. */
export interface WriteOptions {
  /** replay the records into the state once they are appended; true by default */
  readonly apply?: boolean;
  /** make the batch part of this producer's transaction */
  readonly producer?: { readonly id: bigint; readonly epoch: number };
}

/**
 * Records are split into batches of this size, so that thousands of tombstones stay below the topic's
 * max.message.bytes.
 */
const BATCH_BYTES = 512 * 1024;
const READ_BYTES = 4 * 1024 * 1024;

/** One coordinator's topic. */
export class StateLog {
  readonly topic: string;
  readonly #broker: Broker;
  readonly #types: ReadonlyMap<number, RecordType>;
  readonly #replay: Replay;
  readonly #baseSequence: number;
  readonly #logs = new Map<number, Partition>();
  readonly #unsynced = new Map<number, number>();

  constructor(
    broker: Broker,
    options: { topic: string; types: ReadonlyMap<number, RecordType>; replay: Replay; baseSequence: number },
  ) {
    this.#broker = broker;
    this.topic = options.topic;
    this.#types = options.types;
    this.#replay = options.replay;
    this.#baseSequence = options.baseSequence;
  }

  /** The key's partition; undefined while the topic does not exist. */
  partition(key: string): number | undefined {
    const topic = this.#broker.metadata.topic(this.topic);
    return topic && partitionOf(key, topic.partitions.length);
  }

  /**
   * Creates the topic if necessary and opens the key's partition; must be awaited before the first `write` for a key.
   */
  async ready(key: string): Promise<void> {
    const known = this.partition(key);
    if (known !== undefined && this.#logs.has(known)) return;
    if (known === undefined) await this.#broker.ensureTopic(this.topic);
    const partition = this.partition(key) as number;
    const log = await this.#broker.log(this.topic, partition);
    if (!log) throw new KafkaError(Errors.COORDINATOR_NOT_AVAILABLE);
    this.#logs.set(partition, log);
  }

  /**
   * Appends and applies the records immediately; resolves once they are synced to disk. If the append is rejected,
   * throws its KafkaError and changes nothing.
   */
  async write(key: string, records: readonly CoordinatorRecord[], options: WriteOptions = {}): Promise<void> {
    const partition = this.#openPartition(key);
    const { baseOffset } = this.#append(partition, Buffer.concat(this.#batches(records, options)));
    if (options.apply !== false) {
      const producerId = options.producer?.id ?? -1n;
      let offset = baseOffset;
      for (const r of records) this.#replay.record(r, offset++, producerId);
    }
    await this.#sync(partition);
  }

  /** Appends a transaction marker to one partition; a commit applies the transaction's records. */
  async writeMarker(
    partition: number,
    producer: { id: bigint; epoch: number },
    commit: boolean,
    coordinatorEpoch: number,
  ): Promise<void> {
    const log = await this.#broker.log(this.topic, partition);
    if (!log) throw new KafkaError(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    this.#logs.set(partition, log);
    const batch = controlBatch({
      type: commit ? 'commit' : 'abort',
      producerId: producer.id,
      producerEpoch: producer.epoch,
      coordinatorEpoch,
      timestamp: this.#broker.now(),
    });
    this.#append(partition, batch);
    this.#replay.marker?.(producer.id, commit);
    await this.#sync(partition);
  }

  /** Resolves once everything written for the key is synced: a reader must not see state that a crash could undo. */
  async settled(key: string): Promise<void> {
    const partition = this.partition(key);
    if (partition !== undefined && this.#unsynced.has(partition)) await this.#logs.get(partition)?.sync();
  }

  /** Replays all partitions. A record that cannot be decoded is logged and skipped. */
  async load(): Promise<void> {
    const topic = this.#broker.metadata.topic(this.topic);
    for (const { index } of topic?.partitions ?? []) {
      const log = await this.#broker.log(this.topic, index);
      if (!log) continue;
      this.#logs.set(index, log);
      await this.#load(log, index);
    }
  }

  /** The open logs, by partition number. */
  get logs(): ReadonlyMap<number, Partition> {
    return this.#logs;
  }

  /** Called when the topic was deleted. */
  forget(): void {
    this.#logs.clear();
    this.#unsynced.clear();
  }

  #openPartition(key: string): number {
    const partition = this.partition(key);
    if (partition === undefined || !this.#logs.has(partition)) throw new KafkaError(Errors.NOT_COORDINATOR);
    return partition;
  }

  #append(partition: number, batches: Buffer) {
    const log = this.#logs.get(partition) as Partition;
    const leaderEpoch = this.#broker.metadata.topic(this.topic)?.partitions[partition]?.leaderEpoch ?? 0;
    return log.append(batches, { leaderEpoch, origin: 'coordinator' });
  }

  async #sync(partition: number): Promise<void> {
    this.#unsynced.set(partition, (this.#unsynced.get(partition) ?? 0) + 1);
    try {
      await this.#logs.get(partition)?.sync();
    } finally {
      const left = (this.#unsynced.get(partition) ?? 1) - 1;
      if (left > 0) this.#unsynced.set(partition, left);
      else this.#unsynced.delete(partition);
    }
  }

  #batches(records: readonly CoordinatorRecord[], { producer }: WriteOptions): Buffer[] {
    const timestamp = this.#broker.now();
    const batches: Buffer[] = [];
    let part: { key: Buffer; value: Buffer | null }[] = [];
    let bytes = 0;
    const close = (): void => {
      const base = { records: part, timestamp, baseSequence: this.#baseSequence };
      const of = producer && { producerId: producer.id, producerEpoch: producer.epoch, transactional: true };
      batches.push(buildBatch({ ...base, ...of }));
      part = [];
      bytes = 0;
    };
    for (const r of records) {
      const key = encodeKey(r);
      const value = encodeValue(r);
      const size = key.length + (value?.length ?? 0);
      if (part.length > 0 && bytes + size > BATCH_BYTES) close();
      part.push({ key, value });
      bytes += size;
    }
    close();
    return batches;
  }

  async #load(log: Partition, partition: number): Promise<void> {
    const end = log.logEndOffset;
    let offset = log.logStartOffset;
    const cursor = new RecordCursor();
    while (offset < end) {
      const found = await this.#read(log, offset, end);
      if (typeof found === 'number') {
        offset = Math.max(found, offset + 1);
        continue;
      }
      const { records } = found;
      if (records.length === 0) return;
      for (let at = 0; at < records.length; at += batchSize(records, at)) {
        const header = readBatchHeader(records, at);
        if (header.lastOffset >= offset) this.#replayBatch(records, at, cursor, offset, partition);
        offset = Math.max(offset, header.lastOffset + 1);
      }
    }
  }

  /**
   * Reads batches, or returns the offset after a corrupt range: the keys in it keep their previous values, and the
   * broker can serve all others.
   */
  async #read(log: Partition, offset: number, upTo: number): Promise<ReadResult | number> {
    try {
      return await log.read(offset, READ_BYTES, { minOne: true, upTo, aborted: false });
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
      this.#broker.warn(`${this.topic}: skipped: ${error.message}`);
      return error.endOffset;
    }
  }

  #replayBatch(buf: Buffer, at: number, cursor: RecordCursor, from: number, partition: number): void {
    const { control, transactional, lastOffset } = readBatchHeader(buf, at);
    const producerId = transactional ? buf.readBigInt64BE(at + At.producerId) : -1n;
    try {
      cursor.open(buf, at);
      while (cursor.next()) {
        const key = cursor.key();
        if (cursor.offset < from || !key) continue;
        if (control) this.#replay.marker?.(producerId, key.readInt16BE(2) === 1);
        else {
          const record = decodeRecord(this.#types, key, cursor.value());
          if (record) this.#replay.record(record, cursor.offset, producerId);
        }
      }
    } catch (error) {
      const where = `${this.topic}-${partition}, batch that ends at offset ${lastOffset}`;
      this.#broker.warn(`${where}: a record cannot be read and is skipped: ${(error as Error).message}`);
    }
  }
}
