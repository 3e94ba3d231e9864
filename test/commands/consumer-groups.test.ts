/** What the golden transcripts cannot cover with one healthy broker: partial results, both protocols, errors. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { command } from '../../src/commands/groups/consumer/index.js';
import { csv, readPlan } from '../../src/commands/groups/shared/plan-file.js';
import { timeBefore, timestampMs } from '../../src/commands/groups/shared/times.js';
import { type Answer, type FakeBroker, fakeBroker } from '../client/fake-broker.js';
import { runCommand } from '../support/run.js';

let broker: FakeBroker | undefined;
afterEach(() => broker?.close());

const run = (...argv: string[]) => runCommand(command, ['--bootstrap-server', `localhost:${broker?.port}`, ...argv]);

const partition = (partitionIndex: number, leaderId: number) => ({
  errorCode: leaderId < 0 ? 5 : 0,
  partitionIndex,
  leaderId,
  leaderEpoch: 0,
  replicaNodes: [1],
  isrNodes: [],
  offlineReplicas: [],
});

const notNew = (body: { groupIds: string[] }) => ({
  groups: body.groupIds.map((groupId) => ({
    errorCode: 69,
    errorMessage: `Group ${groupId} not found.`,
    groupId,
    groupState: '',
    groupEpoch: 0,
    assignmentEpoch: 0,
    assignorName: '',
    members: [],
  })),
});

const classic = (groupId: string, groupState: string, more = {}) => ({
  errorCode: 0,
  groupId,
  groupState,
  protocolType: 'consumer',
  protocolData: 'range',
  members: [],
  ...more,
});

/** A cluster of one topic with partitions 0 (led) and 1 (not led), both committed at 3; the log ends at 10. */
const answers = (more: Record<string, Answer> = {}): Record<string, Answer> => ({
  Metadata: ({ body }) => ({
    brokers: [{ nodeId: 1, host: 'localhost', port: broker?.port, rack: null }],
    clusterId: 'c',
    controllerId: 1,
    topics: (body.topics ?? []).map(({ name }: { name: string }) => ({
      errorCode: 0,
      name,
      topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
      partitions: [partition(0, 1), partition(1, -1)],
    })),
  }),
  ConsumerGroupDescribe: ({ body }) => notNew(body),
  DescribeGroups: ({ body }) => ({ groups: body.groups.map((id: string) => classic(id, 'Empty')) }),
  OffsetFetch: ({ body }) => ({
    groups: body.groups.map(({ groupId }: { groupId: string }) => ({
      groupId,
      errorCode: 0,
      topics: [{ name: 't', partitions: [0, 1].map(committed) }],
    })),
  }),
  ListOffsets: ({ body }) => ({
    topics: body.topics.map(({ name, partitions }: { name: string; partitions: { partitionIndex: number }[] }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: 0, offset: 10n })),
    })),
  }),
  ...more,
});
const committed = (partitionIndex: number) => ({
  partitionIndex,
  committedOffset: 3n,
  committedLeaderEpoch: -1,
  metadata: '',
  errorCode: 0,
});

test('a partition without a leader has no log end offset; the others are complete', async () => {
  broker = await fakeBroker({ answers: answers() });
  const { code, stdout, stderr } = await run('--describe', '--group', 'g');
  expect(code).toBe(0);
  expect(stdout.split('\n').slice(2)).toEqual([
    'g               t               0          3               10              7               -               -               -',
    'g               t               1          3               -               -               -               -               -',
    '',
  ]);
  expect(stderr).toBe("\nConsumer group 'g' has no active members.\n");
});

test('offsets are not reset if a partition has no leader', async () => {
  broker = await fakeBroker({ answers: answers() });
  const { code, stdout } = await run('--reset-offsets', '--group', 'g', '--all-topics', '--to-latest', '--dry-run');
  expect(code).toBe(0);
  expect(stdout).toBe('\nError: Executing consumer group command failed due to The partitions "t-1" have no leader\n');
});

test('requests are retried while a coordinator is loading or moves', async () => {
  const codes = [14, 16, 0];
  broker = await fakeBroker({
    answers: answers({
      DescribeGroups: () => ({ groups: [classic('g', 'Empty', { errorCode: codes.shift() })] }),
    }),
  });
  const { stdout } = await run('--describe', '--group', 'g', '--state');
  expect(stdout).toMatch(/^\nGROUP .*\ng {15}localhost:\d+ +\(1\) +range +Empty +0\n$/);
  expect(codes).toEqual([]);
});

test('works with brokers that support only classic groups', async () => {
  broker = await fakeBroker({
    answers: answers(),
    ceilings: { ConsumerGroupDescribe: -1, DescribeGroups: 3, ListGroups: 2 },
  });
  const { stdout } = await run('--describe', '--group', 'g', '--state');
  expect(stdout).toMatch(/Empty/);
  const filtered = await run('--list', '--state', 'stable');
  expect(filtered.stdout).toContain(
    'The broker only supports ListGroups v2, but we need v4 or newer to request groups by states.',
  );
});

test('a group with another protocol type is not a consumer group', async () => {
  const connect = { protocolType: 'connect' };
  broker = await fakeBroker({
    answers: answers({ DescribeGroups: () => ({ groups: [classic('c', 'Stable', connect)] }) }),
  });
  const { stdout } = await run('--describe', '--group', 'c');
  expect(stdout).toContain('java.lang.IllegalArgumentException: GroupId c is not a consumer group (connect).');
});

test('a group migrating to the consumer protocol shows which members are upgraded', async () => {
  const member = (memberId: string, memberType: number, partitions: number[]) => ({
    memberId,
    memberEpoch: 4,
    clientId: 'app',
    clientHost: '/10.0.0.1',
    subscribedTopicNames: ['t'],
    assignment: { topicPartitions: [{ topicId: 'AAAAAAAAAAAAAAAAAAAAAA', topicName: 't', partitions }] },
    targetAssignment: { topicPartitions: [] },
    memberType,
  });
  const group = {
    errorCode: 0,
    groupId: 'g',
    groupState: 'Stable',
    groupEpoch: 5,
    assignmentEpoch: 5,
    assignorName: 'uniform',
    members: [member('new', 1, [1, 0]), { ...member('old', 0, []), instanceId: 'static' }],
  };
  broker = await fakeBroker({ answers: answers({ ConsumerGroupDescribe: () => ({ groups: [group] }) }) });
  const { stdout } = await run('--describe', '--group', 'g', '--members', '--verbose');
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(/\s+/).join(' ').trim());
  expect(rows).toEqual([
    'GROUP CONSUMER-ID GROUP-INSTANCE-ID HOST CLIENT-ID #PARTITIONS CURRENT-EPOCH CURRENT-ASSIGNMENT TARGET-EPOCH TARGET-ASSIGNMENT UPGRADED',
    'g new /10.0.0.1 app 2 4 t:0,1 5 - true',
    'g old static /10.0.0.1 app 0 4 - 5 - false',
  ]);
  const state = await run('--describe', '--group', 'g', '--state', '--verbose');
  expect(state.stdout).toMatch(/uniform +Stable +5 +5 +2\n$/);
});

test('--output json is one document, or nothing on stdout', async () => {
  broker = await fakeBroker({ answers: answers() });
  const { stdout, stderr } = await run('--describe', '--group', 'g', '--output', 'json');
  expect(stderr).toBe('');
  const [group] = JSON.parse(stdout);
  expect(group).toMatchObject({ groupId: 'g', state: 'Empty', memberCount: 0 });
  expect(group.offsets).toHaveLength(2);
  expect(group.offsets[1]).toMatchObject({ partition: 1, currentOffset: 3, logEndOffset: null, lag: null });
  await broker.close();
  broker = await fakeBroker({
    answers: answers({ DescribeGroups: () => ({ groups: [classic('g', 'Dead', { errorCode: 69 })] }) }),
  });
  expect(await run('--describe', '--group', 'g', '--output', 'json')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'Group g not found.\n',
  });
});

describe('times', () => {
  test.each([
    ['2020-01-01T00:00:00.000', 1577836800000n],
    ['2020-01-01T00:00:00.000Z', 1577836800000n],
    ['2020-01-01T00:00:00.000+01:00', 1577833200000n],
    ['2020-1-1T0:0:0.5-08', 1577865600005n],
    ['2020-01-01T00:00:00.000+0100', 1577833200000n],
  ])('%s', (text, ms) => {
    expect(timestampMs(text)).toBe(ms);
  });
  test.each([
    [
      'yesterday',
      "java.text.ParseException: Error parsing timestamp. It does not contain a 'T' according to ISO8601 format",
    ],
    ['2020-01-01T00:00:00', 'java.text.ParseException: Unparseable date: "2020-01-01T00:00:00Z"'],
    [
      '2020-01-01T',
      "java.text.ParseException: Error parsing timestamp. It does not contain a 'T' according to ISO8601 format",
    ],
    ['2020-13-01T00:00:00.000', 'java.text.ParseException: Unparseable date: "2020-13-01T00:00:00.000Z"'],
  ])('%s is refused', (text, message) => {
    expect(() => timestampMs(text)).toThrow(message);
  });
  test.each([
    ['P1D', 86_400_000n],
    ['pt1h', 3_600_000n],
    ['-PT1M30.5S', -90_500n],
    ['P1DT-1H', 82_800_000n],
  ])('%s', (text, ms) => {
    expect(timeBefore(0, text)).toBe(-ms);
  });
  test.each(['P', 'PT', 'P1W', '1h', 'P1H'])('%s is no duration', (text) => {
    expect(() => timeBefore(0, text)).toThrow('Text cannot be parsed to a Duration');
  });
  test.each([
    ['P999999999999999999999D', 'Text cannot be parsed to a Duration: days'],
    ['P1DT9223372036854775807S', 'Text cannot be parsed to a Duration: overflow'],
    ['PT9223372036854775807S', 'Instant exceeds minimum or maximum instant'],
    ['PT-9223372036854775807S', 'long overflow'],
    ['P300000000000D', 'long overflow'],
  ])('%s is beyond time', (text, message) => {
    expect(() => timeBefore(1_800_000_000_000, text)).toThrow(message);
  });
});

describe('plans as CSV', () => {
  const file = (text: string) => {
    const path = join(mkdtempSync(join(tmpdir(), 'plan-')), 'plan.csv');
    writeFileSync(path, text);
    return path;
  };
  const planned = (topic: string, partition: number, offset: bigint) => ({ topic, partition, offset });

  test('an exported plan can be read back, with and without group names', () => {
    const long = 'a-topic-name-of-more-than-24';
    const plan = [planned('t', 0, 5n), planned(long, 1, 9007199254740993n)];
    expect(csv([['g', plan]], true)).toBe(`t,0,5\n"${long}",1,9007199254740993\n`);
    expect(readPlan(file(csv([['g', plan]], true)), ['g'])).toEqual(new Map([['g', plan]]));
    const two = [['g "1", x', plan] as const, ['h', [planned('t', 1, 0n)]] as const];
    expect(readPlan(file(csv(two, false)), ['g', 'h'])).toEqual(new Map<string, unknown>(two));
  });
  test.each([
    ['', 'MismatchedInputException: No content to map due to end-of-input'],
    ['t,0,x\n', undefined],
    ['g,t,0,x\n', 'Cannot deserialize value of type `long` from String "x": not a valid `long` value'],
    [
      'g,t,0,1,2\n',
      'Too many entries: expected at most 4 (value #4 (1 chars) "2")\n at [Source: (StringReader); line: 1, column: 9]',
    ],
    [
      't,0,y\n',
      'String "y": not a valid `int` value\n at [Source: (StringReader); line: 1, column: 5] (through reference chain: org.apache.kafka.tools.consumer.group.CsvUtils$CsvRecordWithGroup["partition"])',
    ],
    [
      'g2,0,9223372036854775808',
      'Numeric value (9223372036854775808) out of range of int (-2147483648 - 2147483647)\n at [Source: (StringReader); line: 1, column: 49]',
    ],
    [
      '"g2"x,0,1',
      "Unexpected character ('x' (code 120)): Expected column separator character (',' (code 44)) or end-of-line\n at [Source: (StringReader); line: 1, column: 6]",
    ],
  ])('%j', (text, message) => {
    const read = () => readPlan(file(text), ['g']);
    if (message) expect(read).toThrow(message);
    // as in Java, the first line decides: this one is read as group, topic and partition
    else expect(() => read()).toThrow(/`int` from String "x"/);
  });
  test('a missing file is an error', () => {
    expect(() => readPlan('/nowhere.csv', ['g'])).toThrow('Unable to read file /nowhere.csv');
  });
});

describe('a group whose assignment cannot be read', () => {
  const member = (memberAssignment: Buffer) => ({
    memberId: 'm',
    groupInstanceId: null,
    clientId: 'c',
    clientHost: '/127.0.0.1',
    memberMetadata: Buffer.alloc(0),
    memberAssignment,
  });
  const serve = async () => {
    broker = await fakeBroker({
      answers: {
        ...answers(),
        ListGroups: () => ({
          errorCode: 0,
          groups: ['bad', 'good'].map((groupId) => ({
            groupId,
            protocolType: 'consumer',
            groupState: 'Stable',
            groupType: 'classic',
          })),
        }),
        ConsumerGroupDescribe: ({ body }) => notNew(body),
        DescribeGroups: ({ body }) => ({
          groups: body.groups.map((id: string) =>
            classic(id, 'Stable', {
              members: [member(id === 'bad' ? Buffer.from([0, 0, 0, 0, 0, 9]) : Buffer.alloc(0))],
            }),
          ),
        }),
      },
    });
  };
  test.each([['--offsets'], ['--members'], ['--state']])('is named, the others are printed: %s', async (view) => {
    await serve();
    const { code, stdout, stderr } = await run('--describe', '--all-groups', view);
    expect(stdout).toMatch(/^good /m);
    expect(stdout).not.toMatch(/^bad /m);
    expect(stderr).toMatch(/^Error: an assignment of consumer group 'bad' cannot be read: .*\n$/m);
    expect(code).toBe(1);
  });
  test('as JSON', async () => {
    await serve();
    const { code, stdout, stderr } = await run('--describe', '--all-groups', '--output', 'json');
    expect(JSON.parse(stdout)).toMatchObject([{ groupId: 'good' }]);
    expect(stderr).toContain("consumer group 'bad' cannot be read");
    expect(code).toBe(1);
  });
});

test('an unauthorized group is reported with the error message of FindCoordinator', async () => {
  broker = await fakeBroker({
    answers: {
      ...answers(),
      FindCoordinator: ({ body }) => ({
        coordinators: body.coordinatorKeys.map((key: string) => ({
          key,
          nodeId: -1,
          host: '',
          port: -1,
          errorCode: 30,
        })),
      }),
    },
  });
  const { stdout } = await run('--describe', '--group', 'g');
  expect(stdout).toBe(
    "\nError: Executing consumer group command failed due to org.apache.kafka.common.errors.GroupAuthorizationException: FindCoordinator request for groupId `CoordinatorKey(idValue='g', type=GROUP)` failed due to authorization failure\n",
  );
});
