/**
 * Where the last n records of a partition begin. Offsets do not tell: control records have some, and compaction leaves gaps.
 * So the records from n offsets before the end on are counted, and from further back as long as that was too few.
 */
export class Tail {
  /** where counting starts */
  from: number;
  readonly #n: number;
  readonly #first: number;
  readonly #end: number;
  /** the last n offsets, in a ring */
  readonly #offsets: Float64Array;
  #count = 0;

  /** The partition's records are those of [first, end). */
  constructor(n: number, first: number, end: number) {
    this.#n = n;
    this.#first = Math.min(first, end);
    this.#end = end;
    this.from = Math.max(this.#first, end - n);
    this.#offsets = new Float64Array(this.isKnown ? 0 : n);
  }

  /** Without counting, `from` is where the tail starts. */
  get isKnown(): boolean {
    return this.#n === 0 || this.#end - this.#first <= this.#n;
  }

  /** A record at or after `from`; in order. */
  add(offset: number): void {
    this.#offsets[this.#count++ % this.#n] = offset;
  }

  /** All records from `from` to the end were added: where the tail starts; undefined: count again, from a new `from` on. */
  start(): number | undefined {
    if (this.#count >= this.#n) return this.#offsets[this.#count % this.#n];
    if (this.from === this.#first) return this.from;
    this.from = Math.max(this.#first, this.#end - 4 * (this.#end - this.from));
    this.#count = 0;
    return undefined;
  }
}
