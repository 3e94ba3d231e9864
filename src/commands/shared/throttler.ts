/** Limits a rate per second. Mirrors server/util/ThroughputThrottler. */
import { setTimeout as sleep } from 'node:timers/promises';

const NS_PER_MS = 1e6;
/** shorter sleeps accumulate until they reach this */
const MIN_SLEEP_NS = 2 * NS_PER_MS;

export class Throttler {
  readonly #perSecond: number;
  readonly #startMs: number;
  readonly #sleepNs: number;
  #deficitNs = 0;

  /** `perSecond`: negative for unlimited, 0 to block forever. */
  constructor(perSecond: number, startMs: number) {
    this.#perSecond = perSecond;
    this.#startMs = startMs;
    this.#sleepNs = perSecond > 0 ? 1e9 / perSecond : Number.POSITIVE_INFINITY;
  }

  /** Whether `amount` so far exceeds the rate. */
  isAhead(amount: number, nowMs: number): boolean {
    if (this.#perSecond < 0) return false;
    const seconds = (nowMs - this.#startMs) / 1000;
    return seconds > 0 && amount / seconds > this.#perSecond;
  }

  /** Adds one unit to the deficit. Returns whether it is large enough to call `pause`. */
  owes(): boolean {
    this.#deficitNs += this.#sleepNs;
    return this.#deficitNs >= MIN_SLEEP_NS;
  }

  /** Sleeps for the deficit; forever with a rate of 0. */
  async pause(signal: AbortSignal): Promise<void> {
    const started = performance.now();
    const ms = Math.min(this.#deficitNs / NS_PER_MS, 2147483647);
    await sleep(ms, undefined, { signal }).catch(() => {});
    // subtract the time actually slept, since timers fire late
    const slept = (performance.now() - started) * NS_PER_MS;
    this.#deficitNs = Number.isFinite(this.#deficitNs) ? Math.min(0, this.#deficitNs - slept) : this.#deficitNs;
    if (this.#deficitNs < 0) this.#deficitNs = 0;
  }
}
