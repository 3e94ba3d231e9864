/** Holds work to so many a second. Mirrors server/util/ThroughputThrottler. */
import { setTimeout as sleep } from 'node:timers/promises';

const NS_PER_MS = 1e6;
/** shorter sleeps are saved up */
const MIN_SLEEP_NS = 2 * NS_PER_MS;

export class Throttler {
  readonly #perSecond: number;
  readonly #startMs: number;
  readonly #sleepNs: number;
  #deficitNs = 0;

  /** Below 0: as fast as it goes; 0: not at all. */
  constructor(perSecond: number, startMs: number) {
    this.#perSecond = perSecond;
    this.#startMs = startMs;
    this.#sleepNs = perSecond > 0 ? 1e9 / perSecond : Number.POSITIVE_INFINITY;
  }

  /** Whether `amount` at this time is more than there should be. */
  isAhead(amount: number, nowMs: number): boolean {
    if (this.#perSecond < 0) return false;
    const seconds = (nowMs - this.#startMs) / 1000;
    return seconds > 0 && amount / seconds > this.#perSecond;
  }

  /** Whether `pause` would sleep now: only then there is something to wait for. */
  owes(): boolean {
    this.#deficitNs += this.#sleepNs;
    return this.#deficitNs >= MIN_SLEEP_NS;
  }

  /** Sleeps off what is owed; for ever, where nothing is wanted at all. */
  async pause(signal: AbortSignal): Promise<void> {
    const started = performance.now();
    const ms = Math.min(this.#deficitNs / NS_PER_MS, 2147483647);
    await sleep(ms, undefined, { signal }).catch(() => {});
    // a timer that came late is not slept again
    const slept = (performance.now() - started) * NS_PER_MS;
    this.#deficitNs = Number.isFinite(this.#deficitNs) ? Math.min(0, this.#deficitNs - slept) : this.#deficitNs;
    if (this.#deficitNs < 0) this.#deficitNs = 0;
  }
}
