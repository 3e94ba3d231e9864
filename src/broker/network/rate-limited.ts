/** Lines that hostile or broken clients could cause by the million: one of a kind a second, the others counted. */
const EVERY_MS = 1_000;

export class RateLimited {
  readonly #write: (line: string) => void;
  readonly #kinds = new Map<string, { last: number; skipped: number }>();

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  say(kind: string, line: string): void {
    const now = performance.now();
    let state = this.#kinds.get(kind);
    if (!state) this.#kinds.set(kind, (state = { last: Number.NEGATIVE_INFINITY, skipped: 0 }));
    if (now - state.last < EVERY_MS) {
      state.skipped++;
      return;
    }
    const more = state.skipped > 0 ? ` (and ${state.skipped} more like it)` : '';
    state.last = now;
    state.skipped = 0;
    this.#write(line + more);
  }
}
