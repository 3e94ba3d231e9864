/** The producer's callbacks: each record is reported exactly once, even if callbacks throw. */
import { expect, test } from 'vitest';
import { Accumulator } from '../../src/client/producer/accumulator.js';
import { producerConfig } from '../../src/client/producer/config.js';
import { type Acked, Deliveries, type DeliveryListener } from '../../src/client/producer/deliveries.js';
import { Producer } from '../../src/client/producer/producer.js';
import { TopicLeaders } from '../../src/client/producer/topic-leaders.js';
import { Errors, KafkaError } from '../../src/protocol/errors.js';
import { ModelCluster } from './producer-model.js';
import { sliceOf } from './record-slices.js';

const BROKEN = new Error('the callback is broken');

interface Told {
  readonly acked: string[];
  readonly lost: string[];
}

/** Sends `values` in small batches, with a listener that records its calls and throws when `breaks` returns true. */
async function deliver(model: ModelCluster, values: readonly string[], breaks: (call: number, told: Told) => boolean) {
  const told: Told = { acked: [], lost: [] };
  let calls = 0;
  const then = (): void => {
    if (breaks(calls++, told)) throw BROKEN;
  };
  const settings = { 'batch.size': '300', 'max.in.flight.requests.per.connection': '2', 'retry.backoff.ms': '1' };
  const producer = new Producer(model.asCluster(), 't', producerConfig(new Map(Object.entries(settings))), {
    keyed: true,
    reserve: 0,
    onAcked: ({ records }: Acked) => {
      for (const { value } of records) told.acked.push(String(value));
      then();
    },
    onLost: (records) => {
      for (const { value } of records) told.lost.push(String(value));
    },
    onLoss: then,
  });
  await producer.start();
  for (const value of values) while (!producer.append(sliceOf(value, value))) await producer.room();
  const flushed = await producer.flush().then(
    () => 'flushed',
    (error: unknown) => error,
  );
  return { producer, told, flushed };
}

const numbered = Array.from({ length: 300 }, (_, i) => `value ${i}`);
const sorted = (values: readonly string[]) => [...values].sort();

test.each([
  ['once', (call: number) => call === 1],
  ['each time', () => true],
])('what a callback throws %s makes no acknowledged record a lost one, and none is told twice', async (_, breaks) => {
  const model = new ModelCluster();
  model.partitions = 3;
  const { producer, told, flushed } = await deliver(model, numbered, breaks);
  expect(told.lost).toEqual([]);
  expect(sorted(told.acked)).toEqual(sorted(numbered));
  expect(sorted(model.log)).toEqual(sorted(numbered));
  expect(model.mostInFlight).toBe(2);
  // the listener's error is not swallowed either
  expect(flushed).toBe(BROKEN);
  await expect(producer.room()).rejects.toBe(BROKEN);
  producer.close();
});

test('a callback that throws for a lost record does not affect the others', async () => {
  const model = new ModelCluster();
  model.limit = 250;
  const values = [...numbered.slice(0, 20), 'L'.repeat(250), ...numbered.slice(20, 40)];
  const { producer, told, flushed } = await deliver(model, values, (_, { lost }) => lost.length > 0);
  expect(told.lost).toEqual(['L'.repeat(250)]);
  expect(sorted(told.acked)).toEqual(sorted(numbered.slice(0, 40)));
  expect(flushed).toBe(BROKEN);
  producer.close();
});

test('a batch is completed once and its memory released once, even if it is completed again later', () => {
  const config = producerConfig(new Map([['batch.size', '1000']]));
  const accumulator = new Accumulator(config, new TopicLeaders(new ModelCluster().asCluster(), 't', 1), {
    keyed: false,
    reserve: 0,
  });
  const calls: string[] = [];
  const listener: DeliveryListener = {
    onAcked: () => {
      calls.push('acked');
      throw BROKEN;
    },
    onLoss: () => calls.push('lost'),
  };
  const deliveries = new Deliveries(accumulator, listener);
  const free = accumulator.pool.freeSlots;
  accumulator.append(sliceOf('a'), 0);
  const [batch] = accumulator.abandon();
  expect([accumulator.incomplete, accumulator.pool.freeSlots]).toEqual([1, free - 1]);
  deliveries.delivered(batch!, 0, 5);
  deliveries.lost(batch!, new KafkaError(Errors.REQUEST_TIMED_OUT));
  deliveries.delivered(batch!, 0, 5);
  expect(calls).toEqual(['acked']);
  expect([accumulator.incomplete, accumulator.pool.freeSlots]).toEqual([0, free]);
  expect(() => deliveries.rethrow()).toThrow(BROKEN);
});
