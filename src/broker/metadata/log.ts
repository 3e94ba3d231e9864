/**
 * __cluster_metadata-0 on disk: at startup, replayed from the newest snapshot Kafka left and then the log; each change
 * is appended as one batch. Changes are applied in log order, and acknowledged once synced to disk.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unifyCollisionChars } from '../../kafka/topic-names.js';
import type { Partition } from '../../log/partition.js';
import { kRaftVersionRecord } from '../../protocol/messages/control-records.js';
import {
  abortTransactionRecord,
  beginTransactionRecord,
  endTransactionRecord,
  removeTopicRecord,
} from '../../protocol/messages/metadata-records.js';
import { RecordCursor } from '../../protocol/records/cursor.js';
import {
  ControlType,
  isControl,
  isWholeBatch,
  lastOffset,
  leaderEpoch,
  nextBatch,
} from '../../protocol/records/layout.js';
import { Reader } from '../../protocol/wire/buffer.js';
import { decodeMessage } from '../../protocol/wire/codec.js';
import type { ClusterMetadata, MetadataRecord, TopicState } from '../api.js';
import { decodeMetadataRecord, metadataBatch } from './codec.js';
import { MetadataState } from './metadata.js';

const SNAPSHOT = /^(\d{20})-(\d{10})\.checkpoint$/;

/** The metadata log and the state replayed from it. */
export class MetadataLog implements ClusterMetadata {
  readonly state = new MetadataState();
  readonly #log: Partition;
  readonly #now: () => number;
  readonly #listeners = new Set<(record: MetadataRecord) => void>();
  #epoch = 0;
  #lastOffset = -1;
  #blank = true;
  /** records of the metadata transaction in progress */
  #open: MetadataRecord[] | undefined;
  #deleted: (topic: TopicState) => void = () => {};
  kraftVersion = 0;
  /** called before a written record is applied, while the state still contains what it removes */
  beforeRecord: (record: MetadataRecord) => void = () => {};

  constructor(log: Partition, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  get log(): Partition {
    return this.#log;
  }
  /** KRaft's leader epoch */
  get epoch(): number {
    return this.#epoch;
  }
  get empty(): boolean {
    return this.#lastOffset < 0;
  }
  /** Whether the log contains at most control records, so the bootstrap records are missing. */
  get blank(): boolean {
    return this.#blank;
  }
  get lastOffset(): number {
    return this.#lastOffset;
  }
  get acls(): ClusterMetadata['acls'] {
    return this.state.acls;
  }
  get scramCredentials(): ClusterMetadata['scramCredentials'] {
    return this.state.scramCredentials;
  }
  get quotas(): ClusterMetadata['quotas'] {
    return this.state.quotas;
  }
  get features(): ReadonlyMap<string, number> {
    return this.state.features;
  }
  topic(name: string): TopicState | undefined {
    return this.state.byName.get(name);
  }
  topicById(id: string): TopicState | undefined {
    return this.state.byId.get(id);
  }
  topics(): Iterable<TopicState> {
    return this.state.byName.values();
  }
  collidingTopic(name: string): string | undefined {
    for (const other of this.state.colliding.get(unifyCollisionChars(name)) ?? []) return other;
    return undefined;
  }
  configs(resourceType: number, resourceName: string): ReadonlyMap<string, string> {
    return this.state.configs(resourceType, resourceName);
  }
  configuredResources(resourceType: number): Iterable<string> {
    return this.state.configuredResources(resourceType);
  }
  onRecord(listener: (record: MetadataRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Replays snapshot and log. Returns the topics deleted along the way: a crash may have left their files. */
  async replay(): Promise<TopicState[]> {
    const deleted: TopicState[] = [];
    this.#deleted = (topic) => void deleted.push(topic);
    const snapshot = newestSnapshot(this.#log.dir);
    if (snapshot) {
      this.#take(readFileSync(join(this.#log.dir, snapshot.file)));
      this.#lastOffset = snapshot.endOffset - 1;
    }
    const from = Math.max(this.#log.logStartOffset, this.#lastOffset + 1);
    await this.#log.replay((batches) => {
      this.#lastOffset = Math.max(this.#lastOffset, this.#take(batches, from));
    }, from);
    this.#open = undefined;
    return deleted;
  }

  /** Applies the whole batches in `buf`, skipping records below offset `from`; returns the last offset. */
  #take(buf: Buffer, from = -1): number {
    const cursor = new RecordCursor();
    let last = -1;
    for (let at = 0; at < buf.length && isWholeBatch(buf, at); ) {
      last = lastOffset(buf, at);
      this.#epoch = Math.max(this.#epoch, leaderEpoch(buf, at));
      cursor.open(buf, at);
      if (isControl(buf, at)) this.#control(cursor);
      else {
        while (cursor.next()) {
          const value = cursor.value();
          if (value === null || cursor.offset < from) continue;
          const record = decodeMetadataRecord(value);
          if (record) this.#replayed(record);
        }
      }
      const next = nextBatch(buf, at);
      if (next < 0) break;
      at = next;
    }
    return last;
  }

  #control(cursor: RecordCursor): void {
    while (cursor.next()) {
      const isVersion = cursor.key()?.readInt16BE(2) === ControlType.kRaftVersion;
      const value = cursor.value();
      if (isVersion && value) this.kraftVersion = decodeMessage(kRaftVersionRecord, 0, new Reader(value)).kRaftVersion;
    }
  }

  /** Records between BeginTransaction and EndTransaction are applied once the EndTransaction is read. */
  #replayed(record: MetadataRecord): void {
    this.#blank = false;
    if (record.message === beginTransactionRecord) this.#open = [];
    else if (record.message === abortTransactionRecord) this.#open = undefined;
    else if (record.message === endTransactionRecord) {
      for (const r of this.#open ?? []) this.#applyReplayed(r);
      this.#open = undefined;
    } else if (this.#open) this.#open.push(record);
    else this.#applyReplayed(record);
  }

  #applyReplayed(record: MetadataRecord): void {
    if (record.message === removeTopicRecord) {
      const topic = this.state.byId.get((record.value as { topicId: string }).topicId);
      if (topic) this.#deleted(topic);
    }
    this.state.apply(record);
  }

  async write(records: readonly MetadataRecord[]): Promise<void> {
    if (records.length === 0) return;
    await this.append(metadataBatch(records, this.#epoch, this.#now()), records);
  }

  /** Resolves once everything written so far is synced to disk. */
  settled(): Promise<void> {
    return this.#log.sync();
  }

  /** Appends an encoded batch and applies `records`, its records that change the state. */
  async append(batch: Buffer, records: readonly MetadataRecord[], epoch = this.#epoch): Promise<void> {
    this.#epoch = epoch;
    const { lastOffset: last } = this.#log.append(batch, { leaderEpoch: epoch, origin: 'coordinator' });
    // apply before the sync, so that the next validation sees the change; the caller waits for the sync
    this.#lastOffset = last;
    for (const record of records) {
      this.beforeRecord(record);
      this.state.apply(record);
      for (const listener of this.#listeners) listener(record);
    }
    await this.#log.sync();
  }
}

function newestSnapshot(dir: string): { file: string; endOffset: number } | undefined {
  const files = (existsSync(dir) ? readdirSync(dir) : []).filter((name) => SNAPSHOT.test(name));
  const file = files.sort().at(-1);
  return file === undefined ? undefined : { file, endOffset: Number(SNAPSHOT.exec(file)?.[1]) };
}
