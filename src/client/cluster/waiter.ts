/** The longest delay that Node's timers support, ms. */
const LONGEST = 2147483647;

/** A sleep that can be cut short. */
export class Waiter {
  #wake: (() => void) | undefined;

  /** Resolves after `ms` (at once below 1), when `wake` is called, or when `signal` aborts. One wait at a time. */
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

/** Waits for `work`, and no longer than so many ms; what it rejects with is its own matter. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => {}), limit]);
  clearTimeout(timer);
}
