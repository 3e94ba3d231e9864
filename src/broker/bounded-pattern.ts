/**
 * A client's pattern, matched against the broker's names without keeping the other clients waiting: its length, its
 * repetitions and its program are bounded before it runs, and it runs in short turns up to a total. Kafka gives such
 * patterns to RE2/J too, on threads of their own and without these bounds.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { compileRe2, Re2Error, type Re2Pattern } from '../java/re2.js';

/** characters */
const MAX_LENGTH = 4096;
/** length times the sum of counted repetitions: what the program may grow to before it is compiled */
const MAX_GROWTH = 50_000;
/** instructions */
const MAX_PROGRAM = 5_000;
/** how long one turn may take, and all of them together */
const TURN_MS = 20;
const TOTAL_MS = 2_000;
/** instructions times characters that a turn may always spend, so that few names never depend on the clock */
const FREE_WORK = 500_000;

export class BoundedPattern {
  readonly #pattern: Re2Pattern;
  #known = new Map<string, boolean>();
  #spentMs = 0;

  /** Throws Re2Error for what is no pattern or is larger than the bounds. */
  constructor(source: string) {
    if (source.length > MAX_LENGTH) throw new Re2Error(`longer than ${MAX_LENGTH} characters`);
    if (source.length * repetitions(source) > MAX_GROWTH) throw new Re2Error('expression too large');
    this.#pattern = compileRe2(source);
    if (this.#pattern.size > MAX_PROGRAM) throw new Re2Error('expression too large');
  }

  /** Throws Re2Error when the pattern has taken too long in all. */
  check(): void {
    if (this.#spentMs > TOTAL_MS) throw new Re2Error(`it takes longer than ${TOTAL_MS} ms`);
  }

  /**
   * The names that match as a whole, in their order; undefined when the turn ended before all were tried: the next call
   * goes on from there. Throws as check().
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
    // names that are gone are forgotten once they are the larger part
    if (this.#known.size > 2 * names.length) this.#known = new Map();
    return matching;
  }

  /** The same to its end, with other work between the turns. */
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
