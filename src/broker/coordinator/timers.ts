/**
 * Named timers on an injected clock: a name has one timer, scheduling it again replaces it. `run` fires what is due;
 * `drive` lets Node's own timer call it. Names instead of handles, so that state can be thrown away without cleaning up.
 */
export class Timers {
  readonly #clock: () => number;
  readonly #timers = new Map<string, { at: number; fire: () => void }>();
  #wake: NodeJS.Timeout | undefined;
  #wakeAt = Infinity;
  #driven = false;

  readonly #failed: (error: unknown) => void;

  /** `clock` in milliseconds, of any origin; `failed` hears what a timer throws, which must not end the others. */
  constructor(clock: () => number, failed: (error: unknown) => void) {
    this.#clock = clock;
    this.#failed = failed;
  }

  schedule(name: string, delayMs: number, fire: () => void): void {
    const at = this.#clock() + delayMs;
    this.#timers.set(name, { at, fire });
    if (at < this.#wakeAt) this.#arm(at);
  }

  cancel(name: string): void {
    this.#timers.delete(name);
  }

  has(name: string): boolean {
    return this.#timers.has(name);
  }

  /** Fires everything due, earliest first; also what that schedules for now. */
  run(): void {
    for (;;) {
      const now = this.#clock();
      let due: [string, { at: number; fire: () => void }] | undefined;
      for (const entry of this.#timers) if (entry[1].at <= now && (!due || entry[1].at < due[1].at)) due = entry;
      if (!due) return;
      this.#timers.delete(due[0]);
      try {
        due[1].fire();
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  /** From now on timers fire by themselves. They do not keep the process alive. */
  drive(): void {
    this.#driven = true;
    this.#rearm();
  }

  stop(): void {
    this.#driven = false;
    clearTimeout(this.#wake);
    this.#timers.clear();
  }

  #rearm(): void {
    this.#wakeAt = Infinity;
    let next = Infinity;
    for (const timer of this.#timers.values()) if (timer.at < next) next = timer.at;
    this.#arm(next);
  }

  #arm(at: number): void {
    if (!this.#driven || at === Infinity) return;
    clearTimeout(this.#wake);
    this.#wakeAt = at;
    // Node takes at most 2^31-1; a timer that is further away is armed again on the way
    const delay = Math.min(Math.max(0, Math.ceil(at - this.#clock())), 2 ** 31 - 1);
    this.#wake = setTimeout(() => {
      this.run();
      this.#rearm();
    }, delay);
    this.#wake.unref();
  }
}
