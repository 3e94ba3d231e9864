/**
 * Limits log lines that a hostile or broken client could trigger by the million: one per kind and interval; the rest
 * are counted.
 */
const EVERY_MS = 1_000;
/** Maximum number of kinds tracked at once; all further ones share one kind. */
const MAX_KINDS = 100;
const OTHERS = 'others';

const LONGEST = 500;

/** Makes text that may come from a client fit for one log line, so that it cannot forge other lines. */
export function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

interface Kind {
  /** when it may be logged again */
  next: number;
  skipped: number;
}

/** A rate-limited log. */
export class RateLimited {
  readonly #write: (line: string) => void;
  readonly #kinds = new Map<string, Kind>();

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /**
   * Logs a line unless one of this kind was logged within `everyMs`. `kind` may contain text from a client: a client
   * that makes up new kinds gets at most MAX_KINDS lines per interval. A function `line` is called only if the line is
   * written.
   */
  log(kind: string, line: string | (() => string), everyMs = EVERY_MS): void {
    const now = performance.now();
    const state = this.#stateOf(kind, now);
    if (now < state.next) {
      state.skipped++;
      return;
    }
    const more = state.skipped > 0 ? ` (and ${state.skipped} more like it)` : '';
    state.next = now + everyMs;
    state.skipped = 0;
    this.#write((typeof line === 'string' ? line : line()) + more);
  }

  #stateOf(kind: string, now: number): Kind {
    const known = this.#kinds.get(kind);
    if (known) return known;
    if (this.#kinds.size >= MAX_KINDS) this.#forget(now);
    if (this.#kinds.size >= MAX_KINDS && kind !== OTHERS) return this.#stateOf(OTHERS, now);
    const state = { next: Number.NEGATIVE_INFINITY, skipped: 0 };
    this.#kinds.set(kind, state);
    return state;
  }

  #forget(now: number): void {
    for (const [kind, { next }] of this.#kinds) if (next <= now) this.#kinds.delete(kind);
  }
}
