/** The longest that Node's timers take, ms. */
const LONGEST = 2147483647;

/** One who waits, and may be woken. */
export class Waiter {
  #wake: (() => void) | undefined;

  /** Resolves after so many ms (at once below 1), when `wake` is called, or `signal` aborts. One wait at a time. */
  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, Math.min(Math.max(0, ms), LONGEST));
      signal?.addEventListener('abort', done);
      this.#wake = done;
    });
  }

  wake(): void {
    this.#wake?.();
  }
}
