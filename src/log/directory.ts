/**
 * The logs of a directory (log.dirs): `<topic>-<n>/` per partition, `log-start-offset-checkpoint`. Opening it is cheap:
 * a partition's log is opened when it is first asked for, its files made with the first append. The lock and
 * meta.properties are the broker's.
 *
 * A directory that is no `<topic>-<n>` is fatal to Kafka, so whatever is ours alone is a file. Kafka's own checkpoints,
 * snapshots of the metadata and the clean-shutdown marker would be lies after we wrote: they go when we open.
 */
import { randomBytes } from 'node:crypto';
import { LogCache } from './cache.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { type LogFs, listOrNone, nodeFs, remove } from './fs.js';
import type { PartitionLog } from './log.js';
import type { LogOptions } from './log-files.js';
import { openLog } from './open.js';
import type { LogConfig } from './partition.js';
import { readPartitionMetadata } from './partition-metadata.js';

export interface DirectoryOptions {
  readonly io?: LogFs;
  readonly now?: () => number;
  /** one line for the operator */
  readonly warn: (line: string) => void;
  /** bytes of recent and read batches kept in memory, all partitions together; 128 MiB */
  readonly cacheBytes?: number;
  /** leaves what Kafka left until `tidy` is called: whether the directory may be changed is not known yet */
  readonly untidied?: boolean;
}

const LOG_START = 'log-start-offset-checkpoint';
const STALE = [
  '.kafka_cleanshutdown',
  'replication-offset-checkpoint',
  'recovery-point-offset-checkpoint',
  'cleaner-offset-checkpoint',
];

export class LogDirectory {
  readonly path: string;
  readonly io: LogFs;
  readonly #options: DirectoryOptions;
  readonly #cache: LogCache;
  readonly #logs = new Map<string, Promise<PartitionLog>>();
  readonly #logStarts: Map<string, number>;
  #savingStarts: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(path: string, io: LogFs, options: DirectoryOptions) {
    this.path = path;
    this.io = io;
    this.#options = options;
    this.#cache = new LogCache(options.cacheBytes);
    this.#logStarts = readCheckpoint(io, `${path}/${LOG_START}`);
  }

  /** Makes the directory if need be. Only one process may have it: the caller holds the lock. */
  static async open(path: string, options: DirectoryOptions): Promise<LogDirectory> {
    const io = options.io ?? nodeFs;
    io.mkdir(path);
    const directory = new LogDirectory(path, io, options);
    if (!options.untidied) directory.tidy();
    return directory;
  }

  /** Names of the partition directories that are there: "topic-0". */
  list(): string[] {
    return listOrNone(this.io, this.path).filter((name) => /^.+-\d+$/.test(name));
  }

  /** Whose the files of a partition are; undefined where they do not say. */
  topicIdOf(topic: string, partition: number): string | undefined {
    return readPartitionMetadata(this.io, `${this.path}/${topic}-${partition}`);
  }

  /**
   * The partition's log, opened (and recovered) on first use. Its files appear with the first append. `topicId` is ''
   * where there is none.
   */
  openPartition(topic: string, partition: number, topicId: string, config: LogConfig): Promise<PartitionLog> {
    if (this.#closed) return Promise.reject(new Error(`${this.path} is closed`));
    const name = `${topic}-${partition}`;
    let log = this.#logs.get(name);
    if (log === undefined) {
      log = this.#open(name, { topic, partition, topicId, config });
      this.#logs.set(name, log);
      // a failed opening may be tried again
      log.catch(() => this.#logs.delete(name));
    }
    return log;
  }

  /** The logs that are open now. */
  async opened(): Promise<PartitionLog[]> {
    const all = await Promise.allSettled(this.#logs.values());
    return all.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  }

  /** Deletes a partition: renamed at once to `<topic>-<n>.<32 hex>-delete`, as Kafka does, then removed. */
  async delete(topic: string, partition: number): Promise<void> {
    const name = `${topic}-${partition}`;
    const log = await this.#logs.get(name)?.catch(() => undefined);
    this.#logs.delete(name);
    await log?.abandon();
    const unique = randomBytes(16).toString('hex');
    const doomed = `${this.path}/${name.slice(0, 255 - 40)}.${unique}-delete`;
    if (this.#logStarts.delete(name)) await this.#saveStarts();
    if (!listOrNone(this.io, this.path).includes(name)) return;
    this.io.rename(`${this.path}/${name}`, doomed);
    await this.io.syncDir(this.path);
    this.#removeTree(doomed);
  }

  /** What is due in every open log, one after the other; a log that fails does not stop the others. */
  async maintain(now: number): Promise<void> {
    for (const log of await this.opened()) {
      try {
        await log.maintain(now);
      } catch (e) {
        this.#options.warn(`${log.name}: ${(e as Error).message}`);
      }
    }
  }

  /** Syncs and closes everything. */
  async close(): Promise<void> {
    this.#closed = true;
    const logs = await this.opened();
    const results = await Promise.allSettled(logs.map((log) => log.close()));
    this.#logs.clear();
    await this.#savingStarts.catch(() => {});
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  #open(name: string, spec: Pick<LogOptions, 'topic' | 'partition' | 'topicId' | 'config'>): Promise<PartitionLog> {
    const { warn, now = Date.now } = this.#options;
    return openLog({
      ...spec,
      io: this.io,
      cache: this.#cache,
      dir: `${this.path}/${name}`,
      now,
      warn,
      logStartOffset: this.#logStarts.get(name) ?? 0,
      saveLogStart: (offset) => {
        this.#logStarts.set(name, offset);
        return this.#saveStarts();
      },
    });
  }

  #saveStarts(): Promise<void> {
    const path = `${this.path}/${LOG_START}`;
    this.#savingStarts = this.#savingStarts.catch(() => {}).then(() => writeCheckpoint(this.io, path, this.#logStarts));
    return this.#savingStarts;
  }

  /** Removes what is left of deleted partitions, and files of Kafka's that would be lies after we wrote. */
  tidy(): void {
    for (const name of listOrNone(this.io, this.path)) {
      if (/\.[0-9a-f]{32}-delete$/.test(name)) this.#removeTree(`${this.path}/${name}`);
      else if (STALE.includes(name)) remove(this.io, `${this.path}/${name}`);
    }
  }

  /** Partition directories are flat. What cannot be removed now goes at the next start. */
  #removeTree(path: string): void {
    try {
      for (const file of listOrNone(this.io, path)) remove(this.io, `${path}/${file}`);
      this.io.rmdir(path);
    } catch (e) {
      this.#options.warn(`${path} cannot be removed now: ${(e as Error).message}`);
    }
  }
}
