/** What the members' subscribedTopicRegex match. Mirrors GroupMetadataManager's regex executor. */
import { Re2Error } from '../../java/re2.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { BoundedPattern } from '../bounded-pattern.js';

/** Compiled patterns that are kept, the one used longest ago goes first: each may hold 8 MB of automaton. */
const KEPT = 16;

export class TopicPatterns {
  readonly #patterns = new Map<string, BoundedPattern>();
  readonly #running = new Set<BoundedPattern>();

  /** Throws the KafkaError that the member's heartbeat answers. */
  check(regex: string): void {
    try {
      this.#pattern(regex).check();
    } catch (error) {
      if (!(error instanceof Re2Error)) throw error;
      const message = `SubscribedTopicRegex \`${regex}\` is not a valid regular expression: ${error.message}.`;
      throw new KafkaError(Errors.INVALID_REGULAR_EXPRESSION, message);
    }
  }

  /**
   * The topics a regex matches, sorted: none for one that is not valid (a log may hold it), undefined while matching
   * still goes on: it is done by one of the next heartbeats, as in Kafka.
   */
  matching(regex: string, names: readonly string[]): string[] | undefined {
    try {
      const pattern = this.#pattern(regex);
      const found = this.#running.has(pattern) ? undefined : pattern.turn(names);
      if (!found) this.#goOn(pattern, names);
      return found?.sort();
    } catch (error) {
      if (error instanceof Re2Error) return [];
      throw error;
    }
  }

  #goOn(pattern: BoundedPattern, names: readonly string[]): void {
    if (this.#running.has(pattern)) return;
    this.#running.add(pattern);
    pattern
      .all(names)
      // what went wrong is met again by the next call of matching()
      .catch(() => {})
      .finally(() => this.#running.delete(pattern));
  }

  #pattern(regex: string): BoundedPattern {
    const pattern = this.#patterns.get(regex) ?? new BoundedPattern(regex);
    this.#patterns.delete(regex);
    this.#patterns.set(regex, pattern);
    const [oldest] = this.#patterns.keys();
    if (this.#patterns.size > KEPT && oldest !== undefined) this.#patterns.delete(oldest);
    return pattern;
  }
}
