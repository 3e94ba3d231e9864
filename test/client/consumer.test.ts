import { expect, test } from 'vitest';
import { consumerConfig } from '../../src/client/consumer/config.js';
import { Fetched, nextFetchPosition } from '../../src/client/consumer/fetched.js';
import { PartitionState } from '../../src/client/consumer/partition-state.js';
import type { GroupMember } from '../../src/client/groups/assignment.js';
import { assign } from '../../src/client/groups/assignors.js';
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '../../src/client/groups/messages.js';
import { buildBatch, controlBatch } from '../../src/protocol/records/builder.js';
import { RecordCursor } from '../../src/protocol/records/cursor.js';

const member = (memberId: string, topics: string[], owned: [string, number][] = []): GroupMember => ({
  memberId,
  groupInstanceId: null,
  topics,
  owned: owned.map(([topic, partition]) => ({ topic, partition })),
  generation: 1,
});
const shown = (assignment: ReturnType<typeof assign>) =>
  Object.fromEntries([...assignment].map(([id, list]) => [id, list.map((p) => `${p.topic}${p.partition}`).sort()]));

test('range gives each member consecutive partitions of each topic', () => {
  const members = [member('b', ['t', 'u']), member('a', ['t', 'u'])];
  expect(
    shown(
      assign(
        'range',
        members,
        new Map([
          ['t', 3],
          ['u', 2],
        ]),
      ),
    ),
  ).toEqual({
    a: ['t0', 't1', 'u0'],
    b: ['t2', 'u1'],
  });
});

test('round robin skips members that are not subscribed to a topic', () => {
  const members = [member('a', ['t', 'u']), member('b', ['t'])];
  expect(
    shown(
      assign(
        'roundrobin',
        members,
        new Map([
          ['t', 2],
          ['u', 2],
        ]),
      ),
    ),
  ).toEqual({ a: ['t0', 'u0', 'u1'], b: ['t1'] });
});

test('sticky keeps as many partitions as it can; cooperative does not assign a partition before its owner has revoked it', () => {
  const before = [
    member(
      'a',
      ['t'],
      [
        ['t', 0],
        ['t', 1],
        ['t', 2],
        ['t', 3],
      ],
    ),
    member('b', ['t']),
  ];
  const moved = shown(assign('sticky', before, new Map([['t', 4]])));
  expect(moved.a).toHaveLength(2);
  expect(moved.b).toHaveLength(2);
  const cooperative = shown(assign('cooperative-sticky', before, new Map([['t', 4]])));
  expect(cooperative).toEqual({ a: moved.a, b: [] });
});

test('subscriptions and assignments survive encoding and decoding', () => {
  const owned = [{ topic: 't', partition: 1 }];
  const bytes = encodeSubscription('cooperative-sticky', ['u', 't'], owned, 4, '');
  expect(decodeSubscription(bytes)).toEqual({ topics: ['t', 'u'], owned, generation: 4 });
  expect(decodeAssignment(encodeAssignment(owned))).toEqual(owned);
  expect(decodeAssignment(Buffer.alloc(0))).toEqual([]);
});

function read(
  batches: Buffer[],
  options: { readCommitted?: boolean; aborted?: [number, number][]; start?: number } = {},
) {
  const { readCommitted = false, aborted = [], start = 0 } = options;
  const state = new PartitionState('t', 0);
  state.seek(start);
  const list = aborted.map(([id, first]) => ({ producerId: BigInt(id), firstOffset: BigInt(first) }));
  const fetched = new Fetched(state, start, Buffer.concat(batches), list, { checkCrcs: true, readCommitted });
  const cursor = new RecordCursor();
  const values: string[] = [];
  while (fetched.next(cursor)) {
    while (cursor.next()) if (cursor.offset >= fetched.position) values.push(`${cursor.offset}:${cursor.value()}`);
  }
  fetched.done();
  return { values, position: state.position };
}

test('a compacted batch advances the position past removed records', () => {
  const batch = buildBatch({ baseOffset: 10, records: [{ value: 'a', offsetDelta: 2 }], lastOffsetDelta: 9 });
  const empty = buildBatch({ baseOffset: 20, records: [], lastOffsetDelta: 4 });
  expect(read([batch, empty], { start: 10 })).toEqual({ values: ['12:a'], position: 25 });
  expect(nextFetchPosition(Buffer.concat([batch, empty, batch.subarray(0, 30)]))).toEqual({ offset: 25, epoch: -1 });
});

test('records before the position are skipped', () => {
  const batch = buildBatch({ baseOffset: 0, records: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] });
  expect(read([batch], { start: 2 })).toEqual({ values: ['2:c'], position: 3 });
});

test('read_committed skips aborted records, and only those', () => {
  const records = (value: string, baseOffset: number, producerId: number) =>
    buildBatch({
      baseOffset,
      records: [{ value }],
      producerId,
      producerEpoch: 0,
      baseSequence: 0,
      transactional: true,
    });
  const end = (type: 'commit' | 'abort', offset: number, producerId: number) => {
    const batch = Buffer.from(controlBatch({ type, producerId, producerEpoch: 0, coordinatorEpoch: 0 }));
    batch.writeBigInt64BE(BigInt(offset), 0);
    return batch;
  };
  const log = [
    records('aborted', 0, 1),
    records('other', 1, 2),
    end('abort', 2, 1),
    records('later', 3, 1),
    end('commit', 4, 2),
    end('commit', 5, 1),
  ];
  expect(read(log, { readCommitted: true, aborted: [[1, 0]] })).toEqual({
    values: ['1:other', '3:later'],
    position: 6,
  });
  expect(read(log, { aborted: [[1, 0]] }).values).toEqual(['0:aborted', '1:other', '3:later']);
});

test('a batch with a wrong CRC is an error that names the batch', () => {
  const batch = Buffer.from(buildBatch({ baseOffset: 5, records: [{ value: 'abc' }] }));
  batch[batch.length - 2]! ^= 1;
  expect(() => read([batch], { start: 5 })).toThrow(
    /^Record batch for partition t-0 at offset 5 is invalid, cause: Record is corrupt \(stored crc = \d+, computed crc = \d+\)$/,
  );
});

test.each([
  [
    { 'isolation.level': 'chaos' },
    'Invalid value chaos for configuration isolation.level: String must be one of: read_committed, read_uncommitted',
  ],
  [
    { 'group.protocol': 'consumer', 'session.timeout.ms': '9000' },
    'session.timeout.ms cannot be set when group.protocol=CONSUMER',
  ],
  [{ 'auto.offset.reset': 'middle' }, 'Invalid value middle for configuration auto.offset.reset'],
])('%o is refused', (settings, message) => {
  expect(() => consumerConfig(new Map(Object.entries(settings)))).toThrow(message);
});

test('by_duration is an ISO 8601 duration', () => {
  const reset = (text: string) => consumerConfig(new Map([['auto.offset.reset', text]])).offsetReset;
  expect(reset('by_duration:PT1H30M')).toEqual({ durationMs: 5_400_000 });
  expect(reset('by_duration:P1DT0.5S')).toEqual({ durationMs: 86_400_500 });
  expect(() => reset('by_duration:1h')).toThrow();
});
