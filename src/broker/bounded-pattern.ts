/**
 * A regular expression sent by a client, matched against the broker's topic names without blocking other clients: its
 * length, repetition counts and program size are limited, and it runs in short slices up to a total time. Kafka also
 * uses RE2/J for such patterns, but on separate threads and without these limits.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { compileRe2, Re2Error, type Re2Pattern } from '../java/re2.js';

/** maximum length of a pattern, in characters */
const MAX_LENGTH = 4096;
/** limit on the pattern's length times the sum of its counted repetitions, an estimate of its compiled size */
const MAX_GROWTH = 50_000;
/** maximum size of the compiled program, in instructions */
const MAX_PROGRAM = 5_000;
/** time limits of one slice, and of all slices together */
const TURN_MS = 20;
const TOTAL_MS = 2_000;
/**
 * instructions × characters that every slice may spend without looking at the clock, so that few names match
 * deterministically
 */
const FREE_WORK = 500_000;

/** An RE2 pattern with a budget. */
export class BoundedPattern {
  readonly #pattern: Re2Pattern;
  #known = new Map<string, boolean>();
  #spentMs = 0;

  /** Throws Re2Error if the pattern is invalid or exceeds a limit. */
  constructor(source: string) {
    if (source.length > MAX_LENGTH) throw new Re2Error(`longer than ${MAX_LENGTH} characters`);
    if (source.length * repetitions(source) > MAX_GROWTH) throw new Re2Error('expression too large');
    this.#pattern = compileRe2(source);
    if (this.#pattern.size > MAX_PROGRAM) throw new Re2Error('expression too large');
  }

  /** Throws Re2Error if the pattern has used up its total time. */
  check(): void {
    if (this.#spentMs > TOTAL_MS) throw new Re2Error(`it takes longer than ${TOTAL_MS} ms`);
  }

  /**
   * The names that match as a whole, in the order given; undefined if the slice's time ran out before all names were
   * tested. The next call then continues where this one stopped. Throws as check().
   */
  turn(names: readonly string[]): string[] | undefined {
    this.check();
    const start = performance.now();
    let free = FREE_WORK;
    for (const name of names) {
      if (this.#known.has(name)) continue;
      if (free <= 0 && performance.now() - start > TURN_MS) {
        this.#spentMs += performance.now() - start;
        return undefined;
      }
      this.#known.set(name, this.#pattern.matches(name));
      free -= this.#pattern.size * name.length;
    }
    this.#spentMs = 0;
    const matching = names.filter((name) => this.#known.get(name));
    // drop the results of deleted topics once they outnumber the current ones
    if (this.#known.size > 2 * names.length) this.#known = new Map();
    return matching;
  }

  /** Runs slices until all names are tested, yielding to other work in between. */
  async all(names: readonly string[]): Promise<string[]> {
    for (;;) {
      const found = this.turn(names);
      if (found) return found;
      await nextTurn();
    }
  }
}

/** The sum of the counted repetitions' upper bounds, at least 1. */
function repetitions(source: string): number {
  let sum = 0;
  for (const [, from = '', to = ''] of source.matchAll(/\{(\d+)(?:,(\d*))?\}/g))
    sum += Math.max(Number(from), Number(to));
  return Math.max(1, sum);
}
