/** Lines that hostile or broken clients could cause by the million: one of a kind a second, the others counted. */
const EVERY_MS = 1_000;
/** Kinds remembered: whoever makes up new ones has them forgotten, the oldest first. */
const MAX_KINDS = 1_000;

const LONGEST = 500;

/** Text that a client may have made up, fit for one line of a log: it cannot forge another. */
export function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

export class RateLimited {
  readonly #write: (line: string) => void;
  readonly #kinds = new Map<string, { last: number; skipped: number }>();

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  say(kind: string, line: string | (() => string)): void {
    const now = performance.now();
    const state = this.#kinds.get(kind) ?? { last: Number.NEGATIVE_INFINITY, skipped: 0 };
    if (now - state.last < EVERY_MS) {
      state.skipped++;
      return;
    }
    const more = state.skipped > 0 ? ` (and ${state.skipped} more like it)` : '';
    this.#kinds.delete(kind);
    this.#kinds.set(kind, { last: now, skipped: 0 });
    const [oldest] = this.#kinds.keys();
    if (this.#kinds.size > MAX_KINDS && oldest !== undefined) this.#kinds.delete(oldest);
    this.#write((typeof line === 'string' ? line : line()) + more);
  }
}
