/**
 * Regular expressions that a user typed, where the engine backtracks: one that would take for ever is an error after
 * some seconds instead of a process that does not even see ^C. Patterns that cannot take long run at full speed.
 */
import { createContext, Script } from 'node:vm';

/** What the slow matches of a pattern may take together, ms; a match of less than SLOW_MS does not count. */
const LIMIT_MS = 3_000;
const SLOW_MS = 10;
/** a text to split is as long as a file: more of it may take longer */
const SPLIT_CHARS_PER_MS = 1_000;

/** A pattern took too long. The message is one line that names it. */
export class SlowPatternError extends Error {
  override readonly name = 'SlowPatternError';
  constructor(pattern: string, text: string) {
    const shown = text.length > 60 ? `${text.slice(0, 60)}...` : text;
    super(`The regular expression ${pattern} takes more than ${LIMIT_MS / 1000} s on "${shown}": simplify it`);
  }
}

/** Repeated groups, four repetitions or ten groups: what exponential or high polynomial time is made of. */
const canBeSlow = (source: string): boolean =>
  /\)[*+{]/.test(source) || (source.match(/[*+?{]/g)?.length ?? 0) >= 4 || source.split('(').length > 10;

/** A RegExp whose matching is bounded. `typed` is the pattern as the user knows it. Throws SyntaxError. */
export function boundedRegex(typed: string, source: string, flags: string): RegExp {
  return canBeSlow(source) ? new BoundedRegex(typed, source, flags) : new RegExp(source, flags);
}

/** RegExp's own test(), match() and replace() all go through exec(). */
class BoundedRegex extends RegExp {
  readonly #typed: string;
  #leftMs = LIMIT_MS;

  constructor(typed: string, source: string, flags: string) {
    super(source, flags);
    this.#typed = typed;
  }

  override exec(text: string): RegExpExecArray | null {
    return this.#bounded(text, 0, () => super.exec(text));
  }

  override [Symbol.matchAll](text: string): RegExpStringIterator<RegExpExecArray> {
    const plain = new RegExp(this.source, this.flags);
    const found = this.#bounded(text, text.length / SPLIT_CHARS_PER_MS, () => [...text.matchAll(plain)]);
    return found.values();
  }

  #bounded<T>(text: string, moreMs: number, match: () => T): T {
    const start = performance.now();
    try {
      return within(Math.max(1, Math.ceil(this.#leftMs + moreMs)), match);
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      throw new SlowPatternError(this.#typed, text);
    } finally {
      const tookMs = performance.now() - start - moreMs;
      if (tookMs > SLOW_MS) this.#leftMs -= tookMs;
    }
  }
}

let runner: ((ms: number, job: () => unknown) => unknown) | undefined;

/** Runs `job`, which V8 ends after `ms`: its regex engine looks for that while it backtracks. 0.1 ms a call. */
function within<T>(ms: number, job: () => T): T {
  if (!runner) {
    const sandbox: { job?: () => unknown } = {};
    const context = createContext(sandbox);
    const script = new Script('job()');
    runner = (timeout, next) => {
      sandbox.job = next;
      return script.runInContext(context, { timeout });
    };
  }
  return runner(ms, job) as T;
}
