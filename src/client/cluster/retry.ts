import { setTimeout as sleep } from 'node:timers/promises';
import type { Timeouts } from '../../kafka/client-settings.js';
import { KafkaError } from '../../protocol/errors.js';

/** Java's TimeoutException. */
export const timeoutError = (message: string): KafkaError => new KafkaError(7, message);

/** The timeout of one call including its retries: time left, number of attempts, timeout message. */
export class Deadline {
  readonly call: string;
  readonly at: number;
  /** requests sent */
  tries = 0;
  readonly #timeouts: Timeouts;
  readonly #signal: AbortSignal;
  #failures = 0;

  constructor(call: string, timeoutMs: number, timeouts: Timeouts, signal: AbortSignal) {
    this.call = call;
    this.at = Date.now() + timeoutMs;
    this.#timeouts = timeouts;
    this.#signal = signal;
  }

  /** ms left, at least 0 */
  get left(): number {
    return Math.max(0, this.at - Date.now());
  }

  /** Waits before the next attempt: exponential backoff, 20 % jitter, like Java. Throws when the wait would exceed the timeout. */
  async backoff(): Promise<void> {
    const { retryBackoff, retryBackoffMax } = this.#timeouts;
    const jitter = 0.8 + Math.random() * 0.4;
    const wait = Math.min(retryBackoff * 2 ** this.#failures++, Math.max(retryBackoff, retryBackoffMax)) * jitter;
    const ends = wait >= this.left;
    await sleep(Math.min(wait, this.left), undefined, { signal: this.#signal });
    if (ends) throw this.expired();
  }

  /** Awaits `work`; throws the call's timeout error when the time is up first. */
  async within<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.expired()), Math.min(this.left, 2147483647));
    });
    try {
      return await Promise.race([work, over]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The timeout error, with the message of Java's admin client. */
  expired(): KafkaError {
    if (this.tries === 0) return timeoutError(`Timed out waiting for a node assignment. Call: ${this.call}`);
    const now = Date.now();
    return timeoutError(
      `Call(callName=${this.call}, deadlineMs=${this.at}, tries=${this.tries}, nextAllowedTryMs=${now}) timed out at ${now} after ${this.tries} attempt(s)`,
    );
  }
}
