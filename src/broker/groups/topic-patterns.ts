/** Resolves the members' SubscribedTopicRegex. Mirrors GroupMetadataManager's regex executor. */
import { Re2Error } from '../../java/re2.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { BoundedPattern } from '../bounded-pattern.js';

/** Size of the LRU cache of compiled patterns; each can use 8 MB. */
const MAX_CACHED = 16;

/** Matches topic names against cached patterns. */
export class TopicPatterns {
  readonly #patterns = new Map<string, BoundedPattern>();
  readonly #running = new Set<BoundedPattern>();

  /** Throws KafkaError with INVALID_REGULAR_EXPRESSION, for the heartbeat's response. */
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
   * The sorted names that match; empty for an invalid regex, which a log can contain. Undefined while matching is still
   * in progress; as in Kafka, a later heartbeat gets the result.
   */
  matching(regex: string, names: readonly string[]): string[] | undefined {
    try {
      const pattern = this.#pattern(regex);
      const found = this.#running.has(pattern) ? undefined : pattern.turn(names);
      if (!found) this.#continue(pattern, names);
      return found?.sort();
    } catch (error) {
      if (error instanceof Re2Error) return [];
      throw error;
    }
  }

  #continue(pattern: BoundedPattern, names: readonly string[]): void {
    if (this.#running.has(pattern)) return;
    this.#running.add(pattern);
    pattern
      .all(names)
      // the next call of matching() runs into the same error and handles it
      .catch(() => {})
      .finally(() => this.#running.delete(pattern));
  }

  #pattern(regex: string): BoundedPattern {
    const pattern = this.#patterns.get(regex) ?? new BoundedPattern(regex);
    this.#patterns.delete(regex);
    this.#patterns.set(regex, pattern);
    const [oldest] = this.#patterns.keys();
    if (this.#patterns.size > MAX_CACHED && oldest !== undefined) this.#patterns.delete(oldest);
    return pattern;
  }
}
