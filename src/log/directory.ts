/**
 * The logs of one log directory (log.dirs): `<topic>-<n>/` per partition, `log-start-offset-checkpoint`. Opening it is
 * cheap: a partition's log is opened on first use and its files are created by the first append. The lock and
 * meta.properties belong to the broker.
 *
 * Kafka refuses to start on a directory not named `<topic>-<n>`, so everything ts-kafka adds is a file. Kafka's own
 * checkpoints, metadata snapshots and clean-shutdown marker would be wrong after our writes: opening removes them.
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
  /** budget of the batch cache, shared by all partitions, bytes; default 128 MiB */
  readonly cacheBytes?: number;
  /** keeps Kafka's files until `tidy` is called: the caller does not know yet whether it is allowed to change the directory */
  readonly untidied?: boolean;
}

const LOG_START = 'log-start-offset-checkpoint';
const STALE = [
  '.kafka_cleanshutdown',
  'replication-offset-checkpoint',
  'recovery-point-offset-checkpoint',
  'cleaner-offset-checkpoint',
];

/** Opens, deletes and maintains the logs of one log directory. */
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

  /** Creates the directory if necessary. The caller holds its lock: only one process can use it. */
  static async open(path: string, options: DirectoryOptions): Promise<LogDirectory> {
    const io = options.io ?? nodeFs;
    io.mkdir(path);
    const directory = new LogDirectory(path, io, options);
    if (!options.untidied) directory.tidy();
    return directory;
  }

  /** Names of the existing partition directories: "topic-0". */
  list(): string[] {
    return listOrNone(this.io, this.path).filter((name) => /^.+-\d+$/.test(name));
  }

  /** The topic id in a partition's directory; undefined when it has no partition.metadata. */
  topicIdOf(topic: string, partition: number): string | undefined {
    return readPartitionMetadata(this.io, `${this.path}/${topic}-${partition}`);
  }

  /**
   * The partition's log, opened (and recovered) on first use. The first append creates its files. `topicId` is '' when
   * the topic has none.
   */
  openPartition(topic: string, partition: number, topicId: string, config: LogConfig): Promise<PartitionLog> {
    if (this.#closed) return Promise.reject(new Error(`${this.path} is closed`));
    const name = `${topic}-${partition}`;
    let log = this.#logs.get(name);
    if (log === undefined) {
      log = this.#open(name, { topic, partition, topicId, config });
      this.#logs.set(name, log);
      // a failed open can be retried
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

  /** Runs maintenance on every open log, one at a time; a failing log does not stop the others. */
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

  /** Removes leftovers of deleted partitions, and Kafka's files that our writes would make wrong. */
  tidy(): void {
    for (const name of listOrNone(this.io, this.path)) {
      if (/\.[0-9a-f]{32}-delete$/.test(name)) this.#removeTree(`${this.path}/${name}`);
      else if (STALE.includes(name)) remove(this.io, `${this.path}/${name}`);
    }
  }

  /** Partition directories are flat. What cannot be removed now is removed at the next start. */
  #removeTree(path: string): void {
    try {
      for (const file of listOrNone(this.io, path)) remove(this.io, `${path}/${file}`);
      this.io.rmdir(path);
    } catch (e) {
      this.#options.warn(`${path} cannot be removed now: ${(e as Error).message}`);
    }
  }
}
