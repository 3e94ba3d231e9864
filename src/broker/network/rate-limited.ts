/** Lines that hostile or broken clients could cause by the million: one of a kind in a while, the others counted. */
const EVERY_MS = 1_000;
/** Kinds remembered at once; what comes beyond them is one kind of its own. */
const MAX_KINDS = 100;
const OTHERS = 'others';

const LONGEST = 500;

/** Text that a client may have made up, fit for one line of a log: it cannot forge another. */
export function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

interface Kind {
  /** when it may be said again */
  next: number;
  skipped: number;
}

export class RateLimited {
  readonly #write: (line: string) => void;
  readonly #kinds = new Map<string, Kind>();

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /**
   * `kind` may hold what a client sent: a client that makes up new ones gets at most MAX_KINDS lines in `everyMs`.
   * `line` may be a function, called only when the line is written.
   */
  say(kind: string, line: string | (() => string), everyMs = EVERY_MS): void {
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
