/** kafka-streams-groups --describe: what 4.4.0's tool printed of such a group, over a broker that answers as that one did. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeBroker, fakeBroker } from '../client/fake-broker.js';
import { tsKafka } from '../support/process.js';

const both = [0, 1];
const tasks = { activeTasks: ['0', '1'].map((subtopologyId) => ({ subtopologyId, partitions: both })) };
const assignment = { ...tasks, standbyTasks: [], warmupTasks: [] };
const subtopology = (subtopologyId: string, source: string, repartition: string[]) => ({
  subtopologyId,
  sourceTopics: [source],
  repartitionSinkTopics: [],
  stateChangelogTopics: [],
  repartitionSourceTopics: repartition.map((name) => ({ name, partitions: 2, replicationFactor: 1, topicConfigs: [] })),
});
const MEMBER = {
  memberId: 'mmmmmmmmmmmmmmmmmmmmmA',
  memberEpoch: 4,
  clientId: 'stream-client',
  clientHost: '/127.0.0.1',
  topologyEpoch: 0,
  processId: 'process-1',
  clientTags: [],
  taskOffsets: [],
  taskEndOffsets: [],
  assignment,
  targetAssignment: assignment,
  isClassic: false,
};
const GROUP = {
  errorCode: 0,
  groupId: 'sg2',
  groupState: 'Stable',
  groupEpoch: 4,
  assignmentEpoch: 4,
  topology: {
    epoch: 0,
    subtopologies: [subtopology('0', 's-in', []), subtopology('1', 's-in2', ['sg2-rep-repartition'])],
  },
  members: [MEMBER],
};
const EMPTY = { ...GROUP, groupId: 'sg1', groupState: 'Empty', members: [] };
const MISSING = { ...EMPTY, errorCode: 69, errorMessage: 'Group none not found.', groupState: '', topology: null };

/** partition 0 of the input topic has 20 records, the others none */
const ends = (topic: string, partition: number) => (topic.startsWith('s-in') && partition === 0 ? 20n : 0n);

let broker: FakeBroker;
beforeAll(async () => {
  const known = new Map<string, object>([
    ['sg1', EMPTY],
    ['sg2', GROUP],
  ]);
  broker = await fakeBroker({
    answers: {
      Metadata: ({ body }) => ({
        brokers: [{ nodeId: 1, host: 'localhost', port: broker.port, rack: null }],
        clusterId: 'c',
        controllerId: 1,
        topics: ((body.topics ?? []) as { name: string }[]).map(({ name }) => ({
          errorCode: 0,
          name,
          topicId: 'AAAAAAAAAAAAAAAAAAAAFQ',
          isInternal: false,
          partitions: both.map((partitionIndex) => ({
            errorCode: 0,
            partitionIndex,
            leaderId: 1,
            leaderEpoch: 0,
            replicaNodes: [1],
            isrNodes: [1],
            offlineReplicas: [],
          })),
        })),
      }),
      StreamsGroupDescribe: ({ body }) => ({
        groups: (body.groupIds as string[]).map((groupId) => known.get(groupId) ?? { ...MISSING, groupId }),
      }),
      OffsetFetch: ({ body }) => ({
        groups: (body.groups as { groupId: string }[]).map(({ groupId }) => ({ groupId, topics: [], errorCode: 0 })),
      }),
      ListOffsets: ({ body }) => ({
        topics: (body.topics as { name: string; partitions: { partitionIndex: number; timestamp: bigint }[] }[]).map(
          ({ name, partitions }) => ({
            name,
            partitions: partitions.map(({ partitionIndex, timestamp }) => ({
              partitionIndex,
              errorCode: 0,
              timestamp: -1n,
              offset: timestamp === -2n ? 0n : ends(name, partitionIndex),
              leaderEpoch: 0,
            })),
          }),
        ),
      }),
    },
  });
});
afterAll(() => broker.close());

async function described(...args: string[]) {
  const at = ['--bootstrap-server', `localhost:${broker.port}`, '--describe'];
  const { stdout, stderr, code } = await tsKafka(['streams-groups', ...at, ...args]);
  expect(stderr).toBe('');
  return { code, lines: stdout.toString().replaceAll(`localhost:${broker.port}`, 'localhost:21300').split('\n') };
}

const TASKS = 'ACTIVE: 0:[0,1]; 1:[0,1]; ';
test.each([
  [
    ['--group', 'sg2'],
    [
      'GROUP           TOPIC               PARTITION  OFFSET-LAG',
      'sg2             sg2-rep-repartition 1          0',
      'sg2             sg2-rep-repartition 0          0',
      'sg2             s-in                0          20',
      'sg2             s-in2               1          0',
      'sg2             s-in                1          0',
      'sg2             s-in2               0          20',
    ],
  ],
  [
    ['--group', 'sg2', '--members'],
    [
      'GROUP           MEMBER                 PROCESS         CLIENT-ID       ASSIGNMENTS',
      `sg2             mmmmmmmmmmmmmmmmmmmmmA process-1       stream-client   ${TASKS}`,
    ],
  ],
  [
    ['--group', 'sg2', '--members', '--verbose'],
    [
      'GROUP           TARGET-ASSIGNMENT-EPOCH   TOPOLOGY-EPOCH MEMBER                 MEMBER-PROTOCOL MEMBER-EPOCH    PROCESS         CLIENT-ID       ASSIGNMENTS',
      `sg2             4                         0              mmmmmmmmmmmmmmmmmmmmmA streams         4               process-1       stream-client   ${TASKS}TARGET-${TASKS}`,
    ],
  ],
  [
    ['--group', 'sg2', '--state', '--verbose'],
    [
      'GROUP           COORDINATOR (ID)          ASSIGNOR        STATE                     GROUP-EPOCH     TARGET-ASSIGNMENT-EPOCH   #MEMBERS',
      'sg2             localhost:21300 (1)                       Stable                    4               4                         1',
    ],
  ],
  [['--group', 'sg1', '--members'], []],
  [
    ['--group', 'sg1', '--state'],
    [
      '',
      "Error: Streams group 'sg1' has no active members.",
      'GROUP           COORDINATOR (ID)          ASSIGNOR        STATE                     #MEMBERS',
      'sg1             localhost:21300 (1)                       Empty                     0',
    ],
  ],
])('%j', async (args, lines) => {
  expect(await described(...args)).toEqual({ code: 0, lines: [...lines, ''] });
});

test('a group that does not exist is an error', async () => {
  const why = 'org.apache.kafka.common.errors.GroupIdNotFoundException: Group none not found.';
  expect(await described('--group', 'sg1', '--group', 'none')).toEqual({
    code: 1,
    lines: ['', `Error: Executing streams group command failed due to ${why}`, ''],
  });
});
