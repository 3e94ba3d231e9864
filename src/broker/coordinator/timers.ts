/**
 * Named timers on an injected clock; scheduling a name again replaces its timer. `run` fires all due timers, `drive`
 * makes Node call it. Names are used instead of handles so that state can be dropped without cleaning up its timers.
 */
export class Timers {
  readonly #clock: () => number;
  readonly #timers = new Map<string, { at: number; fire: () => void }>();
  #wake: NodeJS.Timeout | undefined;
  #wakeAt = Infinity;
  #driven = false;

  readonly #failed: (error: unknown) => void;

  /**
   * `clock` returns milliseconds from any origin; `failed` receives a timer's exception, which must not stop the
   * others.
   */
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

  /** Fires all due timers, earliest first, including any that they schedule for now. */
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

  /** Fires timers automatically from now on. They do not keep the process alive. */
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
    // Node's limit is 2^31-1; a later timer is rescheduled when that elapses
    const delay = Math.min(Math.max(0, Math.ceil(at - this.#clock())), 2 ** 31 - 1);
    this.#wake = setTimeout(() => {
      this.run();
      this.#rearm();
    }, delay);
    this.#wake.unref();
  }
}
