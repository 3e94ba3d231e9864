import { expect, test } from 'vitest';
import { Batch, PART } from '../../src/client/producer/batch.js';
import { producerConfig } from '../../src/client/producer/config.js';
import type { Loss } from '../../src/client/producer/deliveries.js';
import { murmur2, partitionOfKey } from '../../src/client/producer/partitioner.js';
import { Producer } from '../../src/client/producer/producer.js';
import { firstRecord, splitBatch } from '../../src/client/producer/record-parts.js';
import { NO_HEADERS } from '../../src/client/producer/record-slice.js';
import { RecordCursor } from '../../src/protocol/records/cursor.js';
import { type Fault, ModelCluster } from './producer-model.js';
import { sliceOf } from './record-slices.js';

test.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('murmur2 of %s is what Kafka says', (text, hash) => {
  const bytes = Buffer.from(`..${text}..`);
  expect(murmur2(bytes, 2, bytes.length - 2)).toBe(hash);
  expect(partitionOfKey(bytes, 2, bytes.length - 2, 12)).toBe((hash & 0x7fffffff) % 12);
});

function batchOf(values: readonly string[], headers = NO_HEADERS): Batch {
  const batch = new Batch(Buffer.alloc(100_000), 0, 100_000, PART);
  for (const [i, value] of values.entries()) {
    const slice = sliceOf(value, `k${i}`);
    slice.headers = headers;
    slice.headersEnd = headers.length;
    expect(batch.append(slice, 1000 + i * 1000)).toBe(true);
  }
  return batch;
}

function records(batch: Batch): string[] {
  const cursor = new RecordCursor();
  cursor.open(batch.finish(1n, 0, 0));
  const out: string[] = [];
  while (cursor.next()) out.push(`${cursor.key()}=${cursor.value()}@${cursor.timestamp} ${cursor.headerCount}`);
  return out;
}

test('a split batch keeps records, timestamps, headers and sequence numbers', () => {
  const values = Array.from({ length: 50 }, (_, i) => 'v'.repeat(i * 7));
  const batch = batchOf(values, Buffer.from([2, 2, 0x68, 2, 0x76]));
  batch.resequence(2147483640);
  const parts = splitBatch(batch, 700);
  expect(parts.length).toBeGreaterThan(5);
  expect(parts.flatMap(records)).toEqual(records(batch));
  for (const part of parts) expect(part.count === 1 || part.size <= 700).toBe(true);
  let sequence = 2147483640;
  for (const part of parts) {
    expect(part.sequence).toBe(sequence);
    sequence = (sequence + part.count) & 0x7fffffff;
  }
  const orders = parts.map((part) => part.order);
  expect([...orders].sort((a, b) => a - b)).toEqual(orders);
  expect(orders.at(-1)).toBeLessThan(batch.order + 1);
  expect(firstRecord(parts[1]!).key).toBeGreaterThan(0);
});

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

async function produce(model: ModelCluster, values: readonly string[], settings: Record<string, string> = {}) {
  const losses: Loss[] = [];
  const properties = new Map(Object.entries({ 'retry.backoff.ms': '1', 'retry.backoff.max.ms': '5', ...settings }));
  const producer = new Producer(model.asCluster(), 't', producerConfig(properties), {
    keyed: false,
    reserve: 0,
    onLoss: (loss) => losses.push(loss),
  });
  producer.warmUp();
  for (const value of values) {
    const slice = sliceOf(value);
    while (!producer.append(slice)) await producer.room();
    if (value.endsWith('0')) producer.idle();
  }
  await producer.flush();
  producer.close();
  return losses;
}

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `${'x'.repeat((i * 37) % 90)}#${i}`);

test.each([1, 2, 5])('order is kept and no record is duplicated under random failures (seed %i)', async (seed) => {
  const model = new ModelCluster();
  const next = random(seed);
  const faults: Fault[] = ['none', 'none', 'none', 'lost-request', 'lost-answer', 'refused'];
  model.fault = () => {
    if (next() < 0.05) model.limit = 300 + Math.floor(next() * 2000);
    return faults[Math.floor(next() * faults.length)]!;
  };
  const values = numbered(700);
  const losses = await produce(model, values, { 'batch.size': seed % 2 ? '2000' : '600' });
  expect(losses).toEqual([]);
  expect(model.log).toEqual(values);
});

test('a single record that is too large is reported as lost; those around it are delivered', async () => {
  const model = new ModelCluster();
  model.limit = 500;
  const values = [...numbered(40), 'L'.repeat(600), ...numbered(40)];
  const losses = await produce(model, values, { 'batch.size': '4000' });
  expect(losses).toHaveLength(1);
  expect(losses[0]).toMatchObject({ count: 1, key: -1, value: 600 });
  expect(losses[0]!.error).toMatchObject({
    exception: 'RecordTooLargeException',
    message: 'The request included a message larger than the max message size the server will accept.',
  });
  expect(model.log).toEqual([...numbered(40), ...numbered(40)]);
});

test('a record larger than max.request.size is rejected before it is sent', async () => {
  const model = new ModelCluster();
  const losses = await produce(model, ['z'.repeat(600), 'ok'], { 'max.request.size': '500' });
  expect(losses.map((loss) => loss.error.message)).toEqual([
    'The message is 686 bytes when serialized which is larger than 500, which is the value of the max.request.size configuration.',
  ]);
  expect(model.log).toEqual(['ok']);
});

test('records that cannot be sent fail after delivery.timeout.ms', async () => {
  const model = new ModelCluster();
  model.fault = () => 'lost-request';
  const losses = await produce(model, ['a'], {
    'delivery.timeout.ms': '200',
    'request.timeout.ms': '100',
    'linger.ms': '0',
  });
  expect(losses).toHaveLength(1);
  expect(losses[0]!.error.exception).toBe('TimeoutException');
  expect(losses[0]!.error.message).toMatch(/^Expiring 1 record\(s\) for t-0:\d+ ms has passed since batch creation\. /);
});

test.each([
  [{ acks: '7' }, 'Invalid value 7 for configuration acks: String must be one of: all, -1, 0, 1'],
  [
    { 'compression.type': 'brotli' },
    'Invalid value brotli for configuration compression.type: String must be one of: none, gzip, snappy, lz4, zstd',
  ],
  [
    { acks: '1', 'enable.idempotence': 'true' },
    'Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.',
  ],
  [
    { 'delivery.timeout.ms': '10' },
    'delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms',
  ],
])('%o is refused', (settings, message) => {
  expect(() => producerConfig(new Map(Object.entries(settings)))).toThrow(message);
});
