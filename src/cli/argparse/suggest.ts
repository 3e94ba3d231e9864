/** argparse4j's "Did you mean" suggestions. */

/** The block after an error message, with the nearest candidates; empty if none is near. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const rated = candidates
    .map((name) => {
      const body = name.replace(/^-+/, '');
      return { name, cost: body.startsWith(word) ? 0 : distance(word, body) };
    })
    .sort((a, b) => a.cost - b.cost || (a.name < b.name ? -1 : 1));
  const best = rated[0]?.cost ?? FAR;
  if (best >= FAR) return '';
  const near = rated.filter(({ cost }) => cost === best).map(({ name }) => `\t${name}\n`);
  return `\nDid you mean:\n${near.join('')}`;
}

const FAR = 7;
const COST = { swap: 0, replace: 2, add: 1, remove: 4 } as const;

/** Weighted edit distance from `a` to `b`: an insertion costs less than a deletion. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = last[j - 1]! + (same ? 0 : COST.replace);
      const swapped = i >= 2 && j >= 2 && !same && a[i - 2] === b[j - 1] && a[i - 1] === b[j - 2];
      if (swapped) cost = Math.min(cost, before[j - 2]! + COST.swap);
      row[j] = Math.min(cost, last[j]! + COST.remove, row[j - 1]! + COST.add);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
