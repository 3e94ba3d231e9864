/**
 * User-supplied regular expressions on a backtracking engine: a pattern that would run forever fails after a few seconds,
 * instead of hanging the process so that not even ^C works. Patterns that cannot be slow run at full speed.
 */
import { createContext, Script } from 'node:vm';

/** Total time limit of a pattern's slow matches, ms; matches faster than SLOW_MS do not count. */
const LIMIT_MS = 3_000;
const SLOW_MS = 10;
/** text to split can be as long as a file: the limit grows with its length */
const SPLIT_CHARS_PER_MS = 1_000;

/** A pattern exceeded the time limit. The message is one line that names it. */
export class SlowPatternError extends Error {
  override readonly name = 'SlowPatternError';
  constructor(pattern: string, text: string) {
    const shown = text.length > 60 ? `${text.slice(0, 60)}...` : text;
    super(`The regular expression ${pattern} takes more than ${LIMIT_MS / 1000} s on "${shown}": simplify it`);
  }
}

/** Repeated groups, four repetitions or ten groups: the ingredients of exponential or high polynomial time. */
const canBeSlow = (source: string): boolean =>
  /\)[*+{]/.test(source) || (source.match(/[*+?{]/g)?.length ?? 0) >= 4 || source.split('(').length > 10;

/** A RegExp with a time limit. `typed` is the user's pattern, for messages. Throws SyntaxError. */
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

/** Runs `job` with V8's script timeout, which its regex engine checks while it backtracks. Costs 0.1 ms per call. */
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
