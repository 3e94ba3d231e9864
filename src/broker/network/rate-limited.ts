/** Lines that hostile or broken clients could cause by the million: one of a kind in a while, the others counted. */
const EVERY_MS = 1_000;
/** Kinds remembered at once; what comes beyond them is one kind of its own. */
const MAX_KINDS = 100;
const OTHERS = 'others';

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

  /** `kind` may hold what a client sent: who makes up new ones gets no more lines by it than MAX_KINDS an `everyMs`. */
  say(kind: string, line: string, everyMs = EVERY_MS): void {
    const now = performance.now();
    const state = this.#stateOf(kind, now);
    if (now < state.next) {
      state.skipped++;
      return;
    }
    const more = state.skipped > 0 ? ` (and ${state.skipped} more like it)` : '';
    state.next = now + everyMs;
    state.skipped = 0;
    this.#write(line + more);
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
