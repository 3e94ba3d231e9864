import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../src/client/cluster/types.js';
import { parseAssignment } from '../../src/commands/topics/assignment.js';
import { parseConfigs } from '../../src/commands/topics/configs.js';
import { type Described, describeAsJson, describeLines, type View } from '../../src/commands/topics/print.js';
import { askTopics, selectNames } from '../../src/commands/topics/select.js';
import { parseUuid } from '../../src/kafka/uuid.js';

// messages and values are those of kafka-topics.sh 4.3.1

test.each([
  [
    'retention.ms',
    'requirement failed: Invalid topic config: all configs to be added must be in the format "key=val".',
  ],
  [
    'retention.ms=',
    'requirement failed: Invalid topic config: all configs to be added must be in the format "key=val".',
  ],
  ['a=b=c', 'requirement failed: Invalid topic config: all configs to be added must be in the format "key=val".'],
  ['nope=1', 'Unknown topic config name: nope'],
  ['retention.ms=-5', 'Invalid value -5 for configuration retention.ms: Value must be at least -1'],
  ['retention.ms=x', 'Invalid value x for configuration retention.ms: Not a number of type LONG'],
  ['segment.bytes=99999999999', 'Invalid value 99999999999 for configuration segment.bytes: Not a number of type INT'],
  ['segment.bytes=10', 'Invalid value 10 for configuration segment.bytes: Value must be at least 1048576'],
  ['cleanup.policy=foo', 'Invalid value foo for configuration cleanup.policy: String must be one of: compact, delete'],
  ['cleanup.policy=compact,', "Configuration 'cleanup.policy' values must not be empty."],
  [
    'compression.gzip.level=0',
    'Invalid value 0 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1',
  ],
  [
    'min.cleanable.dirty.ratio=1e10',
    'Invalid value 1.0E10 for configuration min.cleanable.dirty.ratio: Value must be no more than 1',
  ],
  [
    'min.cleanable.dirty.ratio=-1e-5',
    'Invalid value -1.0E-5 for configuration min.cleanable.dirty.ratio: Value must be at least 0',
  ],
  ['preallocate=maybe', 'Invalid value maybe for configuration preallocate: Expected value to be either true or false'],
  [
    'min.cleanable.dirty.ratio=1.5',
    'Invalid value 1.5 for configuration min.cleanable.dirty.ratio: Value must be no more than 1',
  ],
])('--config %s', (word, message) => {
  expect(() => parseConfigs([word])).toThrow(message);
});

test('valid configs are accepted', () => {
  const words = ['retention.ms = 77', 'cleanup.policy=compact,compact', 'min.compaction.lag.ms=1', 'retention.ms=78'];
  expect([...parseConfigs(words)]).toEqual([
    ['retention.ms', '78'],
    ['cleanup.policy', 'compact,compact'],
    ['min.compaction.lag.ms', '1'],
  ]);
  expect(() => parseConfigs(['min.compaction.lag.ms=10', 'max.compaction.lag.ms=5'])).toThrow(
    'conflict topic config setting min.compaction.lag.ms (10) > max.compaction.lag.ms (5)',
  );
});

test('--replica-assignment', () => {
  expect(parseAssignment('1:2, 2 : 1')).toEqual([
    [1, 2],
    [2, 1],
  ]);
  expect(parseAssignment('')).toEqual([]);
  expect(parseAssignment('1,')).toEqual([[1]]);
  expect(() => parseAssignment('1:1')).toThrow('Partition replica lists may not contain duplicate entries: 1');
  expect(() => parseAssignment('1:2,1')).toThrow('Partition 1 has different replication factor: [1]');
  expect(() => parseAssignment('x')).toThrow('For input string: "x"');
});

test('--topic-id', () => {
  expect(parseUuid('AAAAAAAAAAAAAAAAAAAAAQ')).toBe('AAAAAAAAAAAAAAAAAAAAAQ');
  expect(parseUuid('AAAAAAAAAAAAAAAAAAAAAA==')).toBe('AAAAAAAAAAAAAAAAAAAAAA');
  expect(() => parseUuid('a*c')).toThrow('Illegal base64 character 2a');
  expect(() => parseUuid('éé')).toThrow('Illegal base64 character -17');
  expect(() => parseUuid('AAAAAAAAAAAAAAAAAAAAAA=')).toThrow('Input byte array has wrong 4-byte ending unit');
  expect(() => parseUuid('AA===')).toThrow('Input byte array has incorrect ending byte at 4');
  expect(() => parseUuid('A=AA')).toThrow('Last unit does not have enough valid bits');
  expect(() => parseUuid('abc')).toThrow(
    'Input string `abc` decoded as 2 bytes, which is not equal to the expected 16',
  );
  expect(() => parseUuid('A'.repeat(30))).toThrow('Input string with prefix `AAAAAAAAAAAAAAAAAAAAAAAA` is too long');
});

describe('--topic', () => {
  const NAMES = ['b', 'a', 'ab', '__consumer_offsets'];
  const select = (include?: string, excludeInternal = false) => selectNames(NAMES, { include, excludeInternal });

  test('matches whole names; commas are alternation, quotes and blanks are dropped', () => {
    expect(select()).toEqual(['__consumer_offsets', 'a', 'ab', 'b']);
    expect(select(undefined, true)).toEqual(['a', 'ab', 'b']);
    expect(select('a')).toEqual(['a']);
    expect(select(' "a , b" ')).toEqual(['a', 'b']);
    expect(select('a.?')).toEqual(['a', 'ab']);
    expect(select('')).toEqual([]);
    expect(() => select('a(')).toThrow('a( is an invalid regex.');
  });

  test('plain names are requested by name; a topic that the user is not authorized to see is absent', async () => {
    const asked: unknown[] = [];
    const topic = (name: string, errorCode = 0) => ({
      name,
      errorCode,
      topicId: '',
      isInternal: false,
      partitions: [],
    });
    const cluster = {
      metadata: async (names: unknown) => {
        asked.push(names);
        return { brokers: [{ id: 1 }], topics: [topic('a'), topic('b', 3), topic('c', 29)] };
      },
    } as unknown as Cluster;
    const plain = await askTopics(cluster, { include: 'a,b,c', excludeInternal: false });
    expect([...plain.topics.keys()]).toEqual(['a']);
    await askTopics(cluster, { include: 'a.c', excludeInternal: false });
    await askTopics(cluster, { include: undefined, excludeInternal: false });
    expect(asked).toEqual([['a', 'b', 'c'], null, null]);
  });
});

describe('--describe', () => {
  const partition = (n: number, more = {}) => ({
    partition: n,
    leader: 1,
    replicas: [1, 2],
    isr: [1, 2],
    elr: [],
    lastKnownElr: [],
    ...more,
  });
  const topic = (more: Partial<Described> = {}): Described => ({
    name: 't',
    topicId: 'ttW5xE1IRMqeaUvHgM9EzA',
    isInternal: false,
    partitions: [partition(0)],
    shown: [
      { name: 'min.insync.replicas', value: '2' },
      { name: 'retention.ms', value: '5' },
    ],
    minIsr: 2,
    reassignments: undefined,
    ...more,
  });
  const ALL: View = { reports: [], overridesOnly: false };
  const lines = (described: Described, view = ALL, live = [1, 2, 3]) => [
    ...describeLines([described], view, new Set(live)),
  ];
  const HEAD = 'Topic: t\tTopicId: ttW5xE1IRMqeaUvHgM9EzA\tPartitionCount: 1\tReplicationFactor: 2\tConfigs: ';

  test('a topic and its partitions', () => {
    expect(lines(topic())).toEqual([
      `${HEAD}min.insync.replicas=2,retention.ms=5`,
      '\tTopic: t\tPartition: 0\tLeader: 1\tReplicas: 1,2\tIsr: 1,2\tElr: \tLastKnownElr: ',
    ]);
  });

  test('no leader, a leader that is down, unknown eligible leader replicas', () => {
    const dead = topic({ partitions: [partition(0, { leader: 3, isr: [3], elr: null, lastKnownElr: null })] });
    const line = '\tTopic: t\tPartition: 0\tLeader: none\tReplicas: 1,2\tIsr: 3\tElr: N/A\tLastKnownElr: N/A';
    expect(lines(dead, ALL, [1, 2])[1]).toBe(line);
    expect(lines(topic({ topicId: 'AAAAAAAAAAAAAAAAAAAAAA' }))[0]).toMatch(/^Topic: t\tPartitionCount/);
  });

  test('an active reassignment adds columns, and its replicas are counted once', () => {
    const moving = { replicas: [1, 2, 3], addingReplicas: [3], removingReplicas: [1] };
    const described = topic({
      partitions: [partition(0, { replicas: [1, 2, 3] })],
      reassignments: new Map([[0, moving]]),
    });
    expect(lines(described)[0]).toContain('\tReplicationFactor: 2\t');
    expect(lines(described)[1]).toContain('\tAdding Replicas: 3\tRemoving Replicas: 1\tElr: ');
  });

  test.each([
    ['under-replicated', { isr: [1] }, true],
    ['under-replicated', {}, false],
    ['unavailable', { leader: -1 }, true],
    ['unavailable', {}, false],
    ['under-min-isr', { isr: [1] }, true],
    ['under-min-isr', { leader: -1 }, true],
    ['under-min-isr', {}, false],
    ['at-min-isr', {}, true],
    ['at-min-isr', { isr: [1] }, false],
  ] as const)('--%s-partitions with %j: %s', (report, more, listed) => {
    const described = topic({ partitions: [partition(0, more)] });
    expect(lines(described, { reports: [report], overridesOnly: false })).toHaveLength(listed ? 1 : 0);
  });

  test('--topics-with-overrides', () => {
    const view = { reports: [], overridesOnly: true };
    expect(lines(topic(), view)).toHaveLength(1);
    expect(lines(topic({ shown: [] }), view)).toHaveLength(0);
  });

  test('--output json: one document', () => {
    const [described] = JSON.parse(describeAsJson([topic()], ALL, new Set([1, 2])));
    expect(described).toEqual({
      name: 't',
      topicId: 'ttW5xE1IRMqeaUvHgM9EzA',
      internal: false,
      partitionCount: 1,
      replicationFactor: 2,
      configs: { 'min.insync.replicas': '2', 'retention.ms': '5' },
      partitions: [{ partition: 0, leader: 1, replicas: [1, 2], isr: [1, 2], elr: [], lastKnownElr: [] }],
    });
  });
});
