/** A timer with several users: the earliest deadline wins. */
export class WakeTimer {
  readonly #call: () => void;
  #timer: NodeJS.Timeout | undefined;
  #atMs = Number.POSITIVE_INFINITY;

  constructor(call: () => void) {
    this.#call = call;
  }

  /** Fires after `ms`, or earlier if an earlier call is scheduled. */
  within(ms: number): void {
    const atMs = Date.now() + ms;
    if (atMs >= this.#atMs) return;
    clearTimeout(this.#timer);
    this.#atMs = atMs;
    this.#timer = setTimeout(() => {
      this.#atMs = Number.POSITIVE_INFINITY;
      this.#call();
    }, ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#atMs = Number.NEGATIVE_INFINITY;
  }
}
