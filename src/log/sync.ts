/** Group commit: all waiters share one fdatasync. */
import { Errors, KafkaError } from '../protocol/errors.js';
import type { LogFs } from './fs.js';

/** Tracks unsynced files and directories of one log, and syncs them. */
export class GroupSync {
  /** everything below is on disk */
  syncedOffset = 0;
  readonly #io: LogFs;
  readonly #failed: (e: Error) => void;
  #writtenOffset = 0;
  readonly #fds = new Set<number>();
  readonly #dirs = new Set<string>();
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #error: KafkaError | undefined;
  /** file descriptors of the running sync; undefined until it starts */
  #syncing: readonly number[] | undefined;

  constructor(io: LogFs, failed: (e: Error) => void) {
    this.#io = io;
    this.#failed = failed;
  }

  /** Whether anything is not synced yet. */
  get pending(): boolean {
    return this.#fds.size > 0 || this.#dirs.size > 0 || this.#running !== undefined;
  }

  wrote(fd: number, endOffset: number): void {
    this.#fds.add(fd);
    this.#writtenOffset = endOffset;
  }
  /** A file was created in a directory: the next sync covers the directory too. */
  created(dir: string): void {
    this.#dirs.add(dir);
  }
  /** Whether a sync of the file is pending or running: it must not be closed. */
  busy(fd: number): boolean {
    return this.#fds.has(fd) || (this.#syncing?.includes(fd) ?? false);
  }
  /** Resolves when no sync is running. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running.catch(() => {});
  }
  startAt(offset: number): void {
    this.syncedOffset = offset;
    this.#writtenOffset = offset;
  }

  /** Resolves when everything written before the call is on disk. */
  sync(): Promise<void> {
    if (this.#error) return Promise.reject(this.#error);
    if (this.#fds.size === 0 && this.#dirs.size === 0) return this.#running ?? Promise.resolve();
    if (this.#running === undefined) return this.#begin();
    if (this.#syncing === undefined) return this.#running;
    // the running sync started before the last write
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      return this.#begin();
    });
    return this.#next;
  }

  #begin(): Promise<void> {
    const run = this.#run().finally(() => {
      this.#syncing = undefined;
      this.#running = undefined;
    });
    this.#running = run;
    return run;
  }

  async #run(): Promise<void> {
    // include appends of the same event loop turn in this sync
    await new Promise((resolve) => setImmediate(resolve));
    const end = this.#writtenOffset;
    const fds = [...this.#fds];
    this.#syncing = fds;
    const dirs = [...this.#dirs];
    this.#fds.clear();
    this.#dirs.clear();
    try {
      await Promise.all(fds.map((fd) => this.#io.sync(fd)));
      for (const dir of dirs) await this.#io.syncDir(dir);
    } catch (e) {
      this.#error = new KafkaError(Errors.KAFKA_STORAGE_ERROR, `A sync failed: ${(e as Error).message}`);
      this.#failed(e as Error);
      throw this.#error;
    }
    this.syncedOffset = Math.max(this.syncedOffset, end);
  }
}
