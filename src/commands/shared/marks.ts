/** Where the records of a piece of output end in it, and which they are. */
const FIRST = 1024;

export class Marks {
  count = 0;
  /** where each record's output ends */
  ends = new Int32Array(FIRST);
  offsets = new Float64Array(FIRST);
  /** a number that goes with each: its batch's leader epoch, or how it is acknowledged */
  kinds = new Int32Array(FIRST);

  add(end: number, offset: number, kind: number): void {
    const i = this.count++;
    if (i === this.ends.length) this.#grow();
    this.ends[i] = end;
    this.offsets[i] = offset;
    this.kinds[i] = kind;
  }

  #grow(): void {
    const { ends, offsets, kinds } = this;
    const room = ends.length * 2;
    this.ends = new Int32Array(room);
    this.ends.set(ends);
    this.offsets = new Float64Array(room);
    this.offsets.set(offsets);
    this.kinds = new Int32Array(room);
    this.kinds.set(kinds);
  }
}
