import { isControl, isTransactional, lastOffset, nextBatch, producerId } from '../../protocol/records/layout.js';

/** The positions of the batches that belong to aborted transactions. */
export function abortedBatches(
  records: Buffer,
  aborted: readonly { producerId: bigint; firstOffset: number }[],
): ReadonlySet<number> {
  const found = new Set<number>();
  const open = new Set<number>();
  const waiting = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  for (let at = 0, end = nextBatch(records, at); end >= 0; at = end, end = nextBatch(records, at)) {
    while (waiting[0] && waiting[0].firstOffset <= lastOffset(records, at)) {
      open.add(Number((waiting.shift() as { producerId: bigint }).producerId));
    }
    if (isControl(records, at)) open.delete(producerId(records, at));
    else if (isTransactional(records, at) && open.has(producerId(records, at))) found.add(at);
  }
  return found;
}
