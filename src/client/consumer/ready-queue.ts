/** What has been fetched and waits for its reader, and what went wrong meanwhile. */
import { Waiter } from '../cluster/waiter.js';

export interface Readable {
  /** its partition was given up: nobody is to read it */
  readonly stopped: boolean;
  /** its reader has it */
  hold(): void;
}

export class ReadyQueue<T extends Readable> {
  #items: T[] = [];
  #error: Error | undefined;
  #closed = false;
  readonly #waiter = new Waiter();
  readonly #dropped: (item: T) => void;

  /** `dropped` is called with what nobody will read: its partition was given up before it was asked for. */
  constructor(dropped: (item: T) => void) {
    this.#dropped = dropped;
  }

  get closed(): boolean {
    return this.#closed;
  }

  push(item: T): void {
    this.#items.push(item);
    this.#waiter.wake();
  }

  /** The first failure is what the reader is told, until the queue is closed. */
  fail(error: Error): void {
    if (this.#closed) return;
    this.#error ??= error;
    this.#waiter.wake();
  }

  /** What came next, held; undefined when nothing did in this time, or `signal` aborted. Throws what went wrong meanwhile. */
  async next(timeoutMs: number, signal: AbortSignal): Promise<T | undefined> {
    const ends = Date.now() + timeoutMs;
    for (;;) {
      if (this.#error) throw this.#error;
      const next = this.#items.shift();
      if (next && !next.stopped) {
        // at once: a partition may be given up before the caller runs
        next.hold();
        return next;
      }
      if (next) {
        this.#dropped(next);
        continue;
      }
      const left = ends - Date.now();
      if (signal.aborted || left <= 0) return undefined;
      await this.#waiter.wait(left, signal);
    }
  }

  /** Drops what waits; failures are nobody's concern from now on. */
  close(): void {
    this.#closed = true;
    const waiting = this.#items;
    this.#items = [];
    for (const item of waiting) this.#dropped(item);
  }
}
