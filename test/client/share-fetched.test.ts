/** How a share consumer acknowledges acquired offsets: those it read, and gaps without a record. */
import { expect, test } from 'vitest';
import { Acknowledge, ShareFetched } from '../../src/client/consumer/share-fetched.js';
import { buildBatch, controlBatch } from '../../src/protocol/records/builder.js';
import { RecordCursor } from '../../src/protocol/records/cursor.js';
import { At, writeLong } from '../../src/protocol/records/layout.js';

const place = { topic: 't', partition: 0 };
const range = (first: number, last: number, deliveryCount = 1) => ({
  firstOffset: BigInt(first),
  lastOffset: BigInt(last),
  deliveryCount,
});

/** Records 0, 1, 3 (2 was compacted away), a commit marker at 4, then 5. */
function log(): Buffer {
  const records = [{ value: 'a' }, { value: 'b' }, { value: 'd', offsetDelta: 3 }];
  const marker = controlBatch({ type: 'commit', producerId: 1, producerEpoch: 0, coordinatorEpoch: 0 });
  writeLong(marker, At.baseOffset, 4);
  return Buffer.concat([buildBatch({ records }), marker, buildBatch({ records: [{ value: 'f' }], baseOffset: 5 })]);
}

function read(fetched: ShareFetched, type: number = Acknowledge.accept): [offset: number, count: number][] {
  const cursor = new RecordCursor();
  const seen: [number, number][] = [];
  while (fetched.nextRecord(cursor)) {
    seen.push([cursor.offset, fetched.deliveryCount]);
    fetched.acknowledge(type);
  }
  fetched.done();
  return seen;
}

const said = (fetched: ShareFetched) =>
  fetched.acknowledged.map((a) => [Number(a.firstOffset), Number(a.lastOffset), ...a.acknowledgeTypes]);

test('records are read in order, and what is no record is a gap', () => {
  const fetched = new ShareFetched(place, log(), [range(0, 5)], { checkCrcs: true });
  expect(read(fetched)).toEqual([[0, 1], [1, 1], [3, 1], [5, 1]]); // biome-ignore format: offset, count
  expect(said(fetched)).toEqual([[0, 1, 1], [2, 2, 0], [3, 3, 1], [4, 4, 0], [5, 5, 1]]); // biome-ignore format: ranges
});

test('only what was acquired is read, with its own delivery count', () => {
  const fetched = new ShareFetched(place, log(), [range(1, 1, 3), range(3, 4, 2)], { checkCrcs: true });
  expect(read(fetched, Acknowledge.release)).toEqual([[1, 3], [3, 2]]); // biome-ignore format: offset, count
  expect(said(fetched)).toEqual([[1, 1, 2], [3, 3, 2], [4, 4, 0]]); // biome-ignore format: ranges
});

test('acquired offsets behind the last record are gaps', () => {
  const fetched = new ShareFetched(place, log(), [range(5, 8)], { checkCrcs: true });
  expect(read(fetched)).toEqual([[5, 1]]);
  expect(said(fetched)).toEqual([[5, 5, 1], [6, 8, 0]]); // biome-ignore format: ranges
});

test('who stops reading says nothing of the rest', () => {
  const fetched = new ShareFetched(place, log(), [range(0, 5)], { checkCrcs: true });
  expect(fetched.nextRecord(new RecordCursor())).toBe(true);
  fetched.acknowledge(Acknowledge.reject);
  fetched.done();
  expect(said(fetched)).toEqual([[0, 0, 3]]);
});
