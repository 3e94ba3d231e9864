/** A stream of records to a cluster of two nodes, one of which goes down, stops answering, or is slow. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { producerConfig } from '../../src/client/producer/config.js';
import type { Loss } from '../../src/client/producer/deliveries.js';
import { Producer } from '../../src/client/producer/producer.js';
import { ModelCluster } from './producer-model.js';
import { sliceOf } from './record-slices.js';

const VALUE = 'v'.repeat(500);
let running: Producer | undefined;
afterEach(() => running?.close());

interface Stream {
  readonly producer: Producer;
  readonly losses: Loss[];
  /** longest gap between two acknowledgements of a partition, ms */
  readonly gapMs: number[];
  /** Sends that many records of about 500 bytes, a few at a time. */
  send(count: number): Promise<void>;
}

async function stream(model: ModelCluster, settings: Record<string, string> = {}, keyed = false): Promise<Stream> {
  const losses: Loss[] = [];
  const gapMs: number[] = [];
  const ackedMs: number[] = [];
  const properties = new Map(
    Object.entries({
      'retry.backoff.ms': '20',
      'retry.backoff.max.ms': '50',
      'metadata.max.age.ms': '100',
      ...settings,
    }),
  );
  const producer = new Producer(model.asCluster(), 't', producerConfig(properties), {
    keyed,
    reserve: 0,
    onLoss: (loss) => losses.push(loss),
    onAcked: ({ partition }) => {
      const now = Date.now();
      gapMs[partition] = Math.max(gapMs[partition] ?? 0, now - (ackedMs[partition] ?? now));
      ackedMs[partition] = now;
    },
  });
  running = producer;
  await producer.init();
  let number = 0;
  const send = async (count: number) => {
    for (let i = 0; i < count; i++) {
      producer.tick();
      const slice = sliceOf(VALUE, keyed ? `k${number++}` : undefined);
      while (!producer.append(slice)) await producer.room();
      if (i % 4 !== 3) continue;
      producer.idle();
      await sleep(2);
    }
    producer.idle();
  };
  return { producer, losses, gapMs, send };
}

const lost = (losses: readonly Loss[]) => losses.reduce((sum, { count }) => sum + count, 0);
const taken = (model: ModelCluster, partitions: readonly number[]) =>
  partitions.map((partition) => model.counts[partition] ?? 0);

function twoNodes(partitions = 6): ModelCluster {
  const model = new ModelCluster();
  model.nodes = 2;
  model.partitions = partitions;
  return model;
}

test('records sent one by one are spread over the partitions', async () => {
  const model = twoNodes();
  const { producer, losses, send } = await stream(model);
  await send(3000);
  await producer.flush();
  expect(losses).toEqual([]);
  expect(model.log).toHaveLength(3000);
  // 16 kB a turn: some 90 turns
  for (const count of taken(model, [0, 1, 2, 3, 4, 5])) expect(count).toBeGreaterThan(30);
});

test('a partition gets batch.size bytes before the next one is chosen', async () => {
  const model = twoNodes();
  const { producer, send } = await stream(model, { 'batch.size': '1000000' });
  await send(400);
  await producer.flush();
  expect(taken(model, [0, 1, 2, 3, 4, 5]).filter((count) => count > 0)).toEqual([400]);
});

test.each([
  ['and the metadata show it', true],
  ['and the metadata name it still', false],
])(
  'a leader goes down, %s: the others continue, and lost records fail after delivery.timeout.ms',
  async (_, elections) => {
    const model = twoNodes();
    model.elections = elections;
    const settings = { 'delivery.timeout.ms': '1500', 'request.timeout.ms': '500' };
    const { producer, losses, send } = await stream(model, settings);
    await send(300);
    model.down.add(2);
    const before = taken(model, [0, 2, 4]);
    await send(2000);
    const after = taken(model, [0, 2, 4]);
    const since = performance.now();
    await producer.flush();
    expect(performance.now() - since).toBeLessThan(4000);
    // every lost record is reported
    expect(model.log.length + lost(losses)).toBe(2300);
    for (const { error } of losses) expect(error.exception).toBe('TimeoutException');
    for (const [i, count] of after.entries()) expect(count - before[i]!).toBeGreaterThan(30);
    expect(lost(losses)).toBeLessThan(elections ? 200 : 500);
  },
);

test('a node that stops answering delays neither the other node’s partitions nor delivery.timeout.ms', async () => {
  const model = twoNodes(2);
  const settings = { 'delivery.timeout.ms': '800', 'request.timeout.ms': '700', 'linger.ms': '0', acks: '-1' };
  const { producer, losses, gapMs, send } = await stream(model, settings, true);
  await send(200);
  model.silent.add(2);
  const count = 800;
  const before = model.counts[0]!;
  await send(count);
  const since = performance.now();
  await producer.flush();
  // the last records expire after 800 ms, plus up to 200 ms until the next sweep
  expect(performance.now() - since).toBeLessThan(1400);
  expect(model.log.length + lost(losses)).toBe(200 + count);
  expect(model.counts[0]! - before).toBeGreaterThan(count / 4);
  // expired batches bump the epoch, for which only their own partition has to wait
  expect(gapMs[0]).toBeLessThan(400);
});

test('a node that comes back gets records again', async () => {
  const model = twoNodes(2);
  const { producer, losses, send } = await stream(model);
  await send(100);
  model.down.add(2);
  await send(100);
  model.down.delete(2);
  const before = model.counts[1] ?? 0;
  await send(1000);
  await producer.flush();
  expect(losses).toEqual([]);
  expect(model.log).toHaveLength(1200);
  expect(model.counts[1]! - before).toBeGreaterThan(100);
});

test('the partitions of a slow broker get fewer records', async () => {
  const model = twoNodes(2);
  model.delayMs.set(2, 100);
  const { producer, send } = await stream(model, {
    'batch.size': '2000',
    'linger.ms': '0',
    'max.in.flight.requests.per.connection': '1',
  });
  await send(2000);
  await producer.flush();
  expect(model.log).toHaveLength(2000);
  expect(model.counts[1]! / model.counts[0]!).toBeLessThan(0.4);
});

test('partitioner.adaptive.partitioning.enable=false: a slow broker gets its full share', async () => {
  const model = twoNodes(2);
  model.delayMs.set(2, 10);
  const { producer, send } = await stream(model, {
    'batch.size': '2000',
    'linger.ms': '0',
    'partitioner.adaptive.partitioning.enable': 'false',
  });
  await send(2000);
  await producer.flush();
  // some 500 turns
  expect(model.counts[1]! / model.counts[0]!).toBeGreaterThan(0.7);
});

test('partitioner.availability.timeout.ms: an unavailable broker gets no more records', async () => {
  const model = twoNodes(2);
  const { producer, send } = await stream(model, { 'partitioner.availability.timeout.ms': '50' });
  await send(100);
  model.elections = false;
  model.down.add(2);
  await send(300);
  const waiting = 400 - model.log.length;
  await send(1000);
  // otherwise the node would have got its share of about 30 batches
  expect(1400 - model.log.length - waiting).toBeLessThan(40);
  model.down.delete(2);
  await producer.flush();
  expect(model.log).toHaveLength(1400);
});

test('partitioner.ignore.keys: records with keys are spread like those without', async () => {
  const model = twoNodes();
  const producer = new Producer(
    model.asCluster(),
    't',
    producerConfig(new Map([['partitioner.ignore.keys', 'true']])),
    {
      keyed: true,
      reserve: 0,
      onLoss: () => {},
    },
  );
  running = producer;
  await producer.start();
  for (let i = 0; i < 1500; i++) while (!producer.append(sliceOf(VALUE, 'the same'))) await producer.room();
  await producer.flush();
  expect(model.log).toHaveLength(1500);
  expect(taken(model, [0, 1, 2, 3, 4, 5]).filter((count) => count > 20).length).toBeGreaterThan(3);
});

test('records of the same key stay in one partition and in order while a node goes down and comes back', async () => {
  const model = twoNodes();
  const { producer, losses, send } = await stream(model, {}, true);
  await send(300);
  model.down.add(1);
  await send(100);
  model.down.delete(1);
  await send(300);
  await producer.flush();
  expect(losses).toEqual([]);
  expect(model.log).toHaveLength(700);
});
