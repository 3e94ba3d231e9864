/** A consumer against a cluster of two brokers whose leaders move, die, lag, throttle and lose records. */
import { afterEach, describe, expect, test } from 'vitest';
import { FailingPartitions } from '../../src/client/consumer/fetch-failures.js';
import { PartitionState } from '../../src/client/consumer/partition-state.js';
import { Errors } from '../../src/protocol/errors.js';
import { FakeCluster } from './fake-cluster.js';

let cluster: FakeCluster;
afterEach(() => cluster.close());

const started = async (options: Parameters<typeof FakeCluster.start>[0] = {}, values = ['a', 'b', 'c', 'd']) => {
  cluster = await FakeCluster.start(options);
  cluster.partition.append(...values);
  return cluster;
};
const fetchesOf = (node: number) => cluster.fetches.filter((fetch) => fetch.node === node);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('leaders', () => {
  test('every record is read once when the leader moves and its broker dies', async () => {
    await started();
    const { read } = cluster.consumer();
    await read(4);
    cluster.partition.elect(2);
    cluster.partition.append('e', 'f');
    await cluster.kill(1);
    cluster.partition.append('g', 'h');
    expect(await read(8)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
  });

  test('while a partition has no leader, metadata is refreshed until it has one', async () => {
    await started();
    const { consumer, read } = cluster.consumer();
    await read(4);
    cluster.partition.elect(-1);
    await cluster.kill(1);
    await expect.poll(() => consumer.metadata.leader('t', 0)).toBe(-1);
    await sleep(300);
    cluster.partition.elect(2);
    cluster.partition.append('e');
    expect(await read(5)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('FENCED_LEADER_EPOCH: the next fetch has the leader epoch of the metadata', async () => {
    const epochs: number[] = [];
    await started({ fetched: (_, __, asked) => void epochs.push(asked.currentLeaderEpoch) });
    const { read } = cluster.consumer();
    await read(4);
    cluster.partition.elect(1);
    cluster.partition.append('e');
    expect(await read(5)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(new Set(epochs)).toEqual(new Set([0, 1]));
  });

  test('a late response of the former leader does not move the position', async () => {
    let release = (): void => {};
    const late = new Promise<void>((resolve) => {
      release = resolve;
    });
    await started({
      fetched: async (node, answer, asked) => {
        if (node !== 1 || asked.fetchOffset !== 0n) return undefined;
        await late;
        return { ...answer, errorCode: 0, records: cluster.partition.records(0, 1) };
      },
    });
    const { consumer, read } = cluster.consumer();
    const reading = read(6);
    while (fetchesOf(1).length === 0) await sleep(5);
    cluster.partition.elect(2);
    cluster.partition.append('e', 'f');
    await consumer.metadata.refresh(0);
    await reading;
    await sleep(50);
    release();
    await sleep(250);
    cluster.partition.append('g');
    expect(await read(7)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  });

  test('stale metadata from a lagging broker does not revert a partition to its former leader', async () => {
    let before: object | undefined;
    await started({ answers: (_, { api }) => (api.name === 'Metadata' ? before : undefined) });
    const { consumer, read } = cluster.consumer();
    await read(4);
    const former = cluster.metadata();
    cluster.partition.elect(2);
    await consumer.metadata.refresh(0);
    expect(consumer.metadata.leader('t', 0)).toBe(2);
    before = former;
    await consumer.metadata.refresh(0);
    expect(consumer.metadata.leader('t', 0)).toBe(2);
    expect(consumer.metadata.leaderEpoch('t', 0)).toBe(1);
  });
});

describe('client.rack', () => {
  const RACKS = { racks: ['near-the-leader', 'far'] };

  test('the consumer reads from a follower in its rack, after one fetch from the leader', async () => {
    await started(RACKS);
    const { read } = cluster.consumer({ 'client.rack': 'far' });
    expect(await read(4, 2000)).toEqual(['a', 'b', 'c', 'd']);
    await sleep(400);
    expect(fetchesOf(1)).toHaveLength(1);
    expect(fetchesOf(2).length).toBeGreaterThan(1);
    expect(fetchesOf(2).length).toBeLessThan(10);
  });

  test('after metadata.max.age.ms the consumer fetches from the leader again', async () => {
    await started(RACKS);
    const { read } = cluster.consumer({ 'client.rack': 'far', 'metadata.max.age.ms': '300' });
    await read(4);
    await read(5, 900);
    expect(fetchesOf(1).length).toBeGreaterThanOrEqual(3);
    expect(fetchesOf(1).length).toBeLessThanOrEqual(5);
  });

  test('if the follower dies, the consumer returns to the leader', async () => {
    await started(RACKS);
    const { read } = cluster.consumer({ 'client.rack': 'far' });
    await read(4);
    await cluster.kill(2);
    cluster.partition.append('e');
    expect(await read(5)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('OFFSET_OUT_OF_RANGE of a follower that lags sends the consumer to the leader, not to its reset policy', async () => {
    await started({
      ...RACKS,
      fetched: (node, answer) => (node === 2 ? { ...answer, errorCode: Errors.OFFSET_OUT_OF_RANGE } : undefined),
    });
    // the leader keeps naming the follower; what matters is that the position does not change
    const { consumer, warnings } = cluster.consumer({ 'client.rack': 'far' }, 2);
    await sleep(300);
    expect([...consumer.partitions.values()][0]).toMatchObject({ fetchOffset: 2, seeks: 1 });
    expect(fetchesOf(1).length).toBeGreaterThan(1);
    expect(cluster.fetches.every(({ offset }) => offset === 2)).toBe(true);
    expect(warnings).toEqual([]);
  });

  test('a preferred replica that is unknown or offline is not used', async () => {
    await started({
      fetched: (node, answer) =>
        node === 1 ? { ...answer, records: Buffer.alloc(0), preferredReadReplica: 9 } : undefined,
    });
    cluster.consumer({ 'client.rack': 'elsewhere' });
    await sleep(600);
    expect(fetchesOf(1).length).toBeGreaterThan(2);
    expect(fetchesOf(1).length).toBeLessThan(60);
  });

  test('empty responses without a wait do not cause a busy loop', async () => {
    await started({ fetched: (_, answer) => ({ ...answer, records: Buffer.alloc(0), early: true }) });
    cluster.consumer({ 'retry.backoff.ms': '50' });
    await sleep(500);
    expect(fetchesOf(1).length).toBeGreaterThan(3);
    expect(fetchesOf(1).length).toBeLessThan(20);
  });
});

describe('truncation (KIP-320)', () => {
  test('a position that is valid on the new leader continues after one OffsetForLeaderEpoch', async () => {
    await started();
    const { read, warnings } = cluster.consumer();
    await read(4);
    cluster.partition.elect(2);
    cluster.partition.append('e');
    expect(await read(5)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(cluster.seen(2, 'OffsetForLeaderEpoch')).toBe(1);
    expect(warnings).toEqual([]);
  });

  test('an unclean leader with a shorter log: reading continues where the logs diverge, with a warning', async () => {
    await started();
    const { read, warnings } = cluster.consumer({ 'auto.offset.reset': 'latest' });
    await read(4);
    cluster.partition.elect(2, 2);
    cluster.partition.append('C', 'D', 'E');
    expect(await read(7)).toEqual(['a', 'b', 'c', 'd', 'C', 'D', 'E']);
    expect(warnings).toEqual([
      'Partition t-0 was truncated: its log had been read up to offset 4 and is another from offset 2 on, where reading continues.',
    ]);
  });

  test('without a reset policy, truncation is a LogTruncationException with the message of Java', async () => {
    await started();
    const { read } = cluster.consumer({ 'auto.offset.reset': 'none' });
    await read(4);
    cluster.partition.elect(2, 2);
    cluster.partition.append('C', 'D', 'E');
    await expect(read(7)).rejects.toMatchObject({
      javaClass: 'org.apache.kafka.clients.consumer.LogTruncationException',
      message:
        "Truncated partitions detected with divergent offsets {t-0=OffsetAndMetadata{offset=2, leaderEpoch=0, metadata=''}}",
    });
  });

  test('if the leader does not know the epoch, the reset policy applies', async () => {
    await started();
    const { read } = cluster.consumer({ 'auto.offset.reset': 'earliest' });
    await read(4);
    cluster.partition.elect(2, 0);
    cluster.partition.leaderEpoch = 5;
    cluster.partition.append('A', 'B', 'C', 'D', 'E');
    expect(await read(9)).toEqual(['a', 'b', 'c', 'd', 'A', 'B', 'C', 'D', 'E']);
  });

  test('divergingEpoch in a Fetch response is handled like a response to OffsetForLeaderEpoch', async () => {
    let once = true;
    await started({
      fetched: (_, answer, asked) => {
        if (asked.fetchOffset !== 4n || !once) return undefined;
        once = false;
        return { ...answer, divergingEpoch: { epoch: 0, endOffset: 3n } };
      },
    });
    const { read, warnings } = cluster.consumer();
    expect(await read(5)).toEqual(['a', 'b', 'c', 'd', 'd']);
    expect(warnings).toHaveLength(1);
  });
});

describe('out of range', () => {
  test('records that were already fetched are delivered before the position is reset', async () => {
    await started({
      fetched: (_, answer, asked) => ({ ...answer, records: cluster.partition.records(Number(asked.fetchOffset), 1) }),
    });
    const { read } = cluster.consumer({ 'auto.offset.reset': 'earliest' });
    while (!cluster.fetches.some(({ offset }) => offset === 3)) await sleep(5);
    cluster.partition.start = 10;
    cluster.partition.log = [];
    cluster.partition.append('k');
    await sleep(100);
    const values = await read(5);
    expect(values.at(-1)).toBe('k');
    expect(values.slice(0, 3)).toEqual(['a', 'b', 'c']);
  });

  test("without a reset policy it is an OffsetOutOfRangeException with Java's position", async () => {
    await started();
    const { consumer, read } = cluster.consumer({ 'auto.offset.reset': 'none' }, 9);
    const error = await read(1).catch((e) => e);
    const { port } = consumer.metadata.brokers.get(1) as { port: number };
    expect(error).toMatchObject({
      javaClass: 'org.apache.kafka.clients.consumer.OffsetOutOfRangeException',
      message: `Fetch position FetchPosition{offset=9, offsetEpoch=Optional.empty, currentLeader=LeaderAndEpoch{leader=Optional[localhost:${port} (id: 1 rack: null isFenced: false)], epoch=0}} is out of range for partition t-0`,
    });
  });
});

describe('fetch sessions', () => {
  test('a session that the broker has evicted is recreated, and no record is lost', async () => {
    await started({ sessions: true });
    const { read } = cluster.consumer();
    await read(4);
    cluster.sessions.clear();
    cluster.partition.append('e', 'f');
    expect(await read(6)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    const begun = cluster.fetches.filter(({ sessionEpoch }) => sessionEpoch === 0);
    expect(begun.map(({ sessionId }) => sessionId)).toEqual([0, 0]);
  });

  test('UNKNOWN_TOPIC_ID: a recreated topic is read under its new id, and the old one removed from the session', async () => {
    await started({ sessions: true });
    const { consumer, read, warnings } = cluster.consumer({ 'auto.offset.reset': 'earliest' });
    await read(4);
    cluster.topicId = 'AAAAAAAAAAAAAAAAAAAAAg';
    cluster.partition.log = [];
    cluster.partition.append('A', 'B');
    expect(await read(6)).toEqual(['a', 'b', 'c', 'd', 'A', 'B']);
    expect(consumer.metadata.topicId('t')).toBe('AAAAAAAAAAAAAAAAAAAAAg');
    expect([...cluster.sessions.values()].flatMap((session) => [...session.values()]).map((p) => p.topicId)).toEqual([
      'AAAAAAAAAAAAAAAAAAAAAg',
    ]);
    expect(warnings.length).toBeLessThanOrEqual(1);
  });
});

describe('persistent errors', () => {
  test.each(['UNKNOWN_SERVER_ERROR', 'KAFKA_STORAGE_ERROR', 'UNKNOWN_TOPIC_ID'] as const)(
    '%s is tried again until it is over, not at full speed',
    async (name) => {
      let failing = true;
      await started({ fetched: (_, answer) => (failing ? { ...answer, errorCode: Errors[name] } : undefined) });
      const { read } = cluster.consumer();
      expect(await read(4, 500)).toEqual([]);
      expect(cluster.fetches.length).toBeLessThan(40);
      failing = false;
      expect(await read(4)).toEqual(['a', 'b', 'c', 'd']);
    },
  );

  test('a partition that keeps failing is reported once, after five seconds; other partitions are read meanwhile', async () => {
    await started({
      partitions: 2,
      fetched: (_, answer) =>
        answer.partitionIndex === 0 ? { ...answer, errorCode: Errors.UNKNOWN_SERVER_ERROR } : undefined,
    });
    const { consumer, read, warnings } = cluster.consumer();
    consumer.assign({ topic: 't', partition: 1 }, 0);
    cluster.partitions[1]?.append('n');
    expect(await read(2, 6500)).toEqual(['n']);
    expect(warnings).toEqual([
      'Fetching t-0 at offset 0 has failed for 5 s: UNKNOWN_SERVER_ERROR: The server experienced an unexpected error when processing the request. It is tried again until it succeeds.',
    ]);
  }, 15_000);

  test('a partition that recovers and fails again is reported again', () => {
    const lines: string[] = [];
    const failing = new FailingPartitions((line) => lines.push(line), 0);
    const state = new PartitionState('t', 0);
    for (const round of [1, 2]) {
      for (let i = 0; i < 3; i++) failing.failed(state, Errors.KAFKA_STORAGE_ERROR);
      failing.succeeded(state);
      expect(lines).toHaveLength(round);
    }
    cluster = { close: async () => {} } as FakeCluster;
  });

  test("an unexpected Fetch error ends the consumer with Java's message", async () => {
    await started({ fetched: (_, answer) => ({ ...answer, errorCode: Errors.INVALID_TOPIC_EXCEPTION }) });
    const { read } = cluster.consumer();
    await expect(read(1)).rejects.toMatchObject({
      javaClass: 'java.lang.IllegalStateException',
      message: 'Unexpected error code 17 while fetching at offset 0 from topic-partition t-0',
    });
  });
});

describe('throttling (KIP-219)', () => {
  const throttled = (api: string, throttleTimeMs: number, value: object) => {
    let once = true;
    return (_: number, call: { api: { name: string } }) => {
      if (call.api.name !== api || !once) return undefined;
      once = false;
      return { ...value, throttleTimeMs };
    };
  };

  test('after a throttled fetch nothing is sent on its connection until the throttle time is over', async () => {
    await started({ answers: throttled('Fetch', 400, { errorCode: 0, sessionId: 0, responses: [] }) });
    const { read } = cluster.consumer();
    const since = performance.now();
    expect(await read(4)).toEqual(['a', 'b', 'c', 'd']);
    expect((cluster.fetches[0]?.at as number) - since).toBeGreaterThan(390);
  });

  test('the same holds for any other request, and order is kept', async () => {
    const metadata = { brokers: [], clusterId: 'c', controllerId: -1, topics: [] };
    await started({ answers: throttled('Metadata', 300, metadata) });
    const client = cluster.client();
    await client.metadata([]);
    const since = performance.now();
    const topics = await Promise.all([client.metadata(null), client.metadata(null)]);
    expect(topics.map((answer) => answer.topics.length)).toEqual([1, 1]);
    expect(performance.now() - since).toBeGreaterThan(290);
  });

  test('a throttled call does not exceed its timeout', async () => {
    const metadata = { brokers: [], clusterId: 'c', controllerId: -1, topics: [] };
    await started({ answers: throttled('Metadata', 60_000, metadata) });
    const client = cluster.client();
    await client.metadata([]);
    const since = performance.now();
    await expect(client.metadata(null, { timeoutMs: 300 })).rejects.toThrow('timed out');
    expect(performance.now() - since).toBeLessThan(2000);
  });

  test('closing does not wait for the throttle time', async () => {
    const metadata = { brokers: [], clusterId: 'c', controllerId: -1, topics: [] };
    await started({ answers: throttled('Metadata', 60_000, metadata) });
    const client = cluster.client();
    await client.metadata([]);
    const call = client.metadata(null).catch((error) => error);
    await sleep(20);
    await client.close();
    expect(await call).toMatchObject({ message: expect.stringContaining('closed') });
  });
});
