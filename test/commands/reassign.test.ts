/** Reassignments, which need several brokers. Throttles and texts are those of the Java tool on a cluster of three. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { command } from '../../src/commands/reassign-partitions/index.js';
import { listText } from '../../src/commands/reassign-partitions/list.js';
import { place } from '../../src/commands/reassign-partitions/placement.js';
import { movesOf, topicThrottles } from '../../src/commands/reassign-partitions/throttles.js';
import { type Answer, type FakeBroker, fakeBroker } from '../client/fake-broker.js';
import { runCommand } from '../support/run.js';

let broker: FakeBroker | undefined;
afterEach(() => broker?.close());

const entry = (topic: string, partition: number, ...replicas: number[]) => ({ topic, partition, replicas });
const LEADERS = 'leader.replication.throttled.replicas';
const FOLLOWERS = 'follower.replication.throttled.replicas';

describe('throttles', () => {
  const current = [entry('big', 0, 1), entry('pair', 0, 1, 2), entry('pair', 1, 2, 1)];

  test('source replicas get the leader throttle, new replicas the follower throttle', () => {
    const proposed = [entry('big', 0, 2), entry('pair', 1, 3, 2), entry('pair', 0, 1, 2)];
    const throttles = topicThrottles(movesOf([], proposed, current));
    expect(Object.fromEntries(throttles.get('big') ?? [])).toEqual({ [LEADERS]: '0:1', [FOLLOWERS]: '0:2' });
    expect(Object.fromEntries(throttles.get('pair') ?? [])).toEqual({
      [LEADERS]: '0:1,0:2,1:1,1:2',
      [FOLLOWERS]: '1:3',
    });
  });

  test('a partition that is already moving keeps its source replicas', () => {
    const ongoing = [
      { ...entry('big', 0, 2, 1), addingReplicas: [2], removingReplicas: [1] },
      { ...entry('pair', 1, 3, 2, 1), addingReplicas: [3], removingReplicas: [1] },
    ];
    const now = [entry('big', 1, 1), entry('pair', 1, 3, 2, 1)];
    const throttles = topicThrottles(movesOf(ongoing, [entry('pair', 1, 3, 2), entry('big', 1, 3, 1)], now));
    expect(Object.fromEntries(throttles.get('big') ?? [])).toEqual({ [LEADERS]: '0:1,1:1', [FOLLOWERS]: '0:2,1:3' });
    expect(Object.fromEntries(throttles.get('pair') ?? [])).toEqual({ [LEADERS]: '1:1,1:2', [FOLLOWERS]: '1:3' });
  });
});

test('reassignments are listed by partition, with adding and removing replicas', () => {
  const lines = listText([
    { ...entry('t', 10, 3, 1), addingReplicas: [3], removingReplicas: [1] },
    { ...entry('t', 9, 1), addingReplicas: [], removingReplicas: [] },
  ]);
  expect(lines).toEqual([
    'Current partition reassignments:',
    't-9: replicas: 1.',
    't-10: replicas: 3,1. adding: 3. removing: 1.',
  ]);
});

describe('placement', () => {
  const racked = [1, 2, 3, 4, 5, 6].map((id) => ({ id, rack: 'abc'[id % 3] as string }));
  /** a seeded generator */
  const random = (seed: number) => (bound: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % bound;
  };

  test.each([1, 2, 3, 4])('each replica is on a different rack, and leaders are spread evenly (seed %i)', (seed) => {
    const placed = place(racked, 12, 3, random(seed));
    for (const replicas of placed) expect(new Set(replicas.map((id) => id % 3)).size).toBe(3);
    const leaders = placed.slice(0, 6).map(([leader]) => leader);
    expect([...leaders].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('with more replicas than racks, racks repeat but brokers do not', () => {
    for (const replicas of place(racked, 30, 5, random(7))) {
      expect(new Set(replicas).size).toBe(5);
      expect(new Set(replicas.slice(0, 3).map((id) => id % 3)).size).toBe(3);
    }
  });

  test('racks can have different sizes', () => {
    const uneven = [1, 2, 3].map((id) => ({ id, rack: id === 2 ? 'b' : 'a' }));
    for (const replicas of place(uneven, 9, 3, random(3))) expect([...replicas].sort()).toEqual([1, 2, 3]);
  });

  test('too few brokers are an error', () => {
    expect(() => place(racked.slice(0, 1), 1, 2)).toThrow(
      'The target replication factor of 2 cannot be reached because only 1 broker(s) are registered or some brokers have all their log directories cordoned.',
    );
  });
});

describe('moves between log directories', () => {
  const plan = join(mkdtempSync(join(tmpdir(), 'plan-')), 'plan.json');
  writeFileSync(plan, '{"partitions":[{"topic":"t","partition":0,"replicas":[1],"log_dirs":["/b"]}]}');
  const dirs = (path: string, isFutureKey: boolean) => ({
    errorCode: 0,
    logDir: path,
    topics: [{ name: 't', partitions: [{ partitionIndex: 0, partitionSize: 1n, offsetLag: 0n, isFutureKey }] }],
  });
  const answers = (more: Record<string, Answer>): Record<string, Answer> => ({
    Metadata: ({ body }) => ({
      brokers: [{ nodeId: 1, host: 'localhost', port: broker?.port, rack: null }],
      clusterId: 'c',
      controllerId: 1,
      topics: (body.topics ?? []).map(({ name }: { name: string }) => ({
        errorCode: 0,
        name,
        topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
        partitions: [
          {
            errorCode: 0,
            partitionIndex: 0,
            leaderId: 1,
            leaderEpoch: 0,
            replicaNodes: [1],
            isrNodes: [1],
            offlineReplicas: [],
          },
        ],
      })),
    }),
    DescribeCluster: () => ({
      errorCode: 0,
      errorMessage: null,
      clusterId: 'c',
      controllerId: 1,
      brokers: [{ brokerId: 1, host: 'localhost', port: broker?.port, rack: null }],
    }),
    ListPartitionReassignments: () => ({ errorCode: 0, errorMessage: null, topics: [] }),
    AlterPartitionReassignments: () => ({ errorCode: 0, errorMessage: null, responses: [] }),
    DescribeLogDirs: () => ({ errorCode: 0, results: [dirs('/a', false)] }),
    ...more,
  });
  const run = (...argv: string[]) =>
    runCommand(command, ['--bootstrap-server', `localhost:${broker?.port}`, '--reassignment-json-file', plan, ...argv]);
  const altered = (errorCode: number) => ({
    results: [{ topicName: 't', partitions: [{ partitionIndex: 0, errorCode }] }],
  });

  test('a move is retried until its replica exists, or until the timeout', async () => {
    let asked = 0;
    broker = await fakeBroker({ answers: answers({ AlterReplicaLogDirs: () => altered(++asked < 3 ? 9 : 0) }) });
    const { code, stdout } = await run('--execute');
    expect(code).toBe(0);
    expect(stdout.split('\n').at(-2)).toBe(
      'Successfully started moving log directory to /b for replica t-0 with broker 1 ',
    );
    asked = -1000;
    const late = await run('--execute', '--timeout', '150');
    expect(late.code).toBe(1);
    expect(late.stdout.split('\n').at(-2)).toBe('Timed out before log directory move could be started for: t-0-1');
  });

  test.each([
    [[dirs('/a', false), dirs('/b', true)], 'Reassignment of replica t-0-1 is still in progress.'],
    [[dirs('/a', false), dirs('/c', true)], 'Partition t-0 on broker 1 is being moved to log dir /c instead of /b.'],
    [[dirs('/b', false)], 'Reassignment of replica t-0-1 completed successfully.'],
    [[dirs('/a', false)], 'Partition t-0 on broker 1 is not being moved from log dir /a to /b.'],
    [
      [{ ...dirs('/b', false), errorCode: 56 }],
      'Partition t-0 is not found in any live log dir on broker 1. There is likely an offline log directory on the broker.',
    ],
  ])('--verify (%#)', async (results, text) => {
    broker = await fakeBroker({ answers: answers({ DescribeLogDirs: () => ({ errorCode: 0, results }) }) });
    const { stdout } = await run('--verify', '--preserve-throttles');
    expect(stdout).toBe(`Status of partition reassignment:\nReassignment of partition t-0 is completed.\n${text}\n`);
  });
});
