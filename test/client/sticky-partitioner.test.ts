/** The partitioner for records without a key (KIP-794), tested without a producer: it is given bytes and queue sizes. */
import { expect, test } from 'vitest';
import { NodeLatency } from '../../src/client/producer/node-latency.js';
import { RoundRobinPartitioner } from '../../src/client/producer/round-robin.js';
import { type PartitionLoad, StickyPartitioner } from '../../src/client/producer/sticky-partitioner.js';

const idle = (count: number): PartitionLoad[] =>
  Array.from({ length: count }, (_, partition) => ({ partition, led: true, queued: 0, slow: false }));
const loads = (...queued: number[]) => idle(queued.length).map((load, i) => ({ ...load, queued: queued[i]! }));

/** The choices for `steps` random numbers spread evenly over [0, 1). */
function choices(of: readonly PartitionLoad[], steps: number, adaptive = true): number[] {
  return Array.from({ length: steps }, (_, i) => {
    const machine = new StickyPartitioner({ stickyBytes: 10, adaptive, random: () => i / steps });
    return machine.partition(() => of, true);
  });
}

const counted = (partitions: readonly number[], count: number) =>
  Array.from({ length: count }, (_, p) => partitions.filter((each) => each === p).length);

/** A partitioner that chooses partitions 0, 1, 2, … in turn. */
function inTurn(stickyBytes: number, partitions: number) {
  let turn = 0;
  const random = () => (turn++ % partitions) / partitions;
  const machine = new StickyPartitioner({ stickyBytes, adaptive: true, random });
  return { machine, next: (complete = true) => machine.partition(() => idle(partitions), complete) };
}

test('a partition is kept until it has received batch.size bytes', () => {
  const { machine, next } = inTurn(100, 3);
  const seen: number[] = [];
  for (let i = 0; i < 9; i++) {
    seen.push(next());
    machine.produced(40);
  }
  expect(seen).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
});

test('while a batch is incomplete, the partition can receive up to twice batch.size', () => {
  const { machine, next } = inTurn(100, 3);
  expect(next()).toBe(0);
  machine.produced(199);
  expect(next(false)).toBe(0);
  expect(machine.isSpentBy(0)).toBe(false);
  expect(machine.isSpentBy(1)).toBe(true);
  machine.produced(1);
  expect(next(false)).toBe(1);
  machine.produced(100);
  expect(next(false)).toBe(1);
  expect(next(true)).toBe(2);
});

test('queues of the same length get equal shares', () => {
  expect(counted(choices(loads(2, 2, 2, 2), 400), 4)).toEqual([100, 100, 100, 100]);
});

test('partitions with shorter queues get more: queues of 0, 3 and 1 share 4 : 1 : 3', () => {
  expect(counted(choices(loads(0, 3, 1), 800), 3)).toEqual([400, 100, 300]);
});

test('without adaptive partitioning, queue sizes and slow brokers are ignored', () => {
  const busy = loads(0, 30, 1).map((load) => ({ ...load, slow: load.partition === 2 }));
  expect(counted(choices(busy, 300, false), 3)).toEqual([100, 100, 100]);
});

test.each([true, false])('a partition without a leader is not chosen (adaptive: %s)', (adaptive) => {
  const one = idle(3).map((load) => ({ ...load, led: load.partition !== 1 }));
  expect(counted(choices(one, 300, adaptive), 3)).toEqual([150, 0, 150]);
});

test('if no partition has a leader, any partition is chosen', () => {
  const none = idle(3).map((load) => ({ ...load, led: false }));
  expect(counted(choices(none, 300), 3)).toEqual([100, 100, 100]);
});

test('partitions of a slow broker are not chosen, unless all brokers are slow', () => {
  const slow = (...which: number[]) => loads(0, 5, 0).map((l) => ({ ...l, slow: which.includes(l.partition) }));
  expect(counted(choices(slow(0), 700), 3)).toEqual([0, 100, 600]);
  expect(counted(choices(slow(0, 1, 2), 300), 3)).toEqual([100, 100, 100]);
});

test('with real random numbers, 6 partitions share 6,000 choices', () => {
  const machine = new StickyPartitioner({ stickyBytes: 1, adaptive: true });
  const seen = Array.from({ length: 6000 }, () => {
    const partition = machine.partition(() => idle(6), true);
    machine.produced(1);
    return partition;
  });
  for (const count of counted(seen, 6)) expect(Math.abs(count - 1000)).toBeLessThan(200);
});

test('a broker is slow once it has accepted nothing for partitioner.availability.timeout.ms', () => {
  const latency = new NodeLatency(100);
  expect(latency.isSlow(1)).toBe(false);
  latency.update(1, 1000, true);
  latency.update(1, 1100, false);
  expect(latency.isSlow(1)).toBe(false);
  latency.update(1, 1101, false);
  expect(latency.isSlow(1)).toBe(true);
  latency.update(1, 1102, true);
  expect(latency.isSlow(1)).toBe(false);
});

test('a broker that does not answer counts as unavailable, even if requests could be sent to it', () => {
  const latency = new NodeLatency(100);
  latency.update(1, 1000, true);
  latency.answered(1, 1000, false);
  expect(latency.isSilent(1)).toBe(true);
  latency.update(1, 1101, true);
  expect(latency.isSlow(1)).toBe(true);
  latency.answered(1, 1102, true);
  expect([latency.isSilent(1), latency.isSlow(1)]).toEqual([false, false]);
});

test('with partitioner.availability.timeout.ms=0 no broker counts as slow', () => {
  const latency = new NodeLatency(0);
  latency.update(1, 0, true);
  latency.update(1, 1e9, false);
  expect(latency.isSlow(1)).toBe(false);
});

test('round robin cycles through the partitions that have a leader', () => {
  const partitions = [4, -1, 4].map((leader, partition) => ({
    partition,
    leader,
    leaderEpoch: 0,
    replicas: [],
    isr: [],
    offlineReplicas: [],
    errorCode: 0,
  }));
  const machine = new RoundRobinPartitioner();
  expect(Array.from({ length: 5 }, () => machine.partition(partitions))).toEqual([0, 2, 0, 2, 0]);
});
