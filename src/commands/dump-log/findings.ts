/** Problems found in the files, printed to stderr after all of them have been dumped. */
import { hashOrder } from '../../java/hash-order.js';

type Pairs = (readonly [number, number])[];

class ByFile {
  readonly #files = new Map<string, Pairs>();

  add(file: string, pair: readonly [number, number]): void {
    const pairs = this.#files.get(file) ?? [];
    this.#files.set(file, pairs);
    // as in Java's map, a later pair for the same offset replaces the earlier one
    const known = pairs.findIndex(([first]) => first === pair[0]);
    if (this.replaces && known >= 0) pairs[known] = pair;
    else pairs.push(pair);
  }

  constructor(
    private readonly title: string,
    private readonly line: (first: number, second: number) => string,
    private readonly order?: (a: number, b: number) => number,
    private readonly replaces = order !== undefined,
  ) {}

  *lines(): Generator<string> {
    for (const file of hashOrder([...this.#files.keys()])) {
      yield `${this.title}${file}`;
      const pairs = this.#files.get(file) as Pairs;
      const { order } = this;
      if (order) pairs.sort(([a], [b]) => order(a, b));
      for (const [first, second] of pairs) yield this.line(first, second);
    }
  }
}

export class Findings {
  readonly indexMismatches = new ByFile(
    'Mismatches in :',
    (index, log) => `  Index offset: ${index}, log offset: ${log}`,
    (a, b) => b - a,
  );
  readonly timeMismatches = new ByFile(
    'Found timestamp mismatch in :',
    (index, log) => `  Index timestamp: ${index}, log timestamp: ${log}`,
  );
  readonly timeDisorder = new ByFile(
    'Found out of order timestamp in :',
    (index, before) => `  Index timestamp: ${index}, Previously indexed timestamp: ${before}`,
  );
  readonly timeOffsets = new ByFile(
    'The following indexed offsets are not found in :',
    (index, log) => `Indexed offset: ${index}, found log offset: ${log}`,
  );
  readonly gaps = new ByFile(
    'Non-consecutive offsets in ',
    (before, after) => `  ${before} is followed by ${after}`,
    (a, b) => a - b,
  );

  *lines(): Generator<string> {
    for (const kind of [this.indexMismatches, this.timeMismatches, this.timeDisorder, this.timeOffsets, this.gaps])
      yield* kind.lines();
  }
}
