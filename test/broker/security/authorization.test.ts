/** Unauthorized requests over the wire change and reveal nothing. test/wide/authorization.test.ts compares with Apache Kafka. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as of from '../../../src/protocol/apis/index.js';
import { buildBatch } from '../../../src/protocol/records/builder.js';
import { connection, embedded, type Peer, populate } from '../../wide/authorization/peers.js';
import type { World } from '../../wide/authorization/world.js';
import type { Wire } from '../wire.js';

const TOPIC_DENIED = 29;
const CLUSTER_DENIED = 31;
const ALTER = 7;
const READ = 3;

let peer: Peer;
let world: World;
let root: Wire;
beforeAll(async () => {
  peer = await embedded();
  world = await populate(peer);
  root = await connection(peer);
}, 60_000);
afterAll(async () => {
  root.close();
  await peer.stop();
});

async function as<T>(user: string, work: (wire: Wire) => Promise<T>): Promise<T> {
  const wire = await connection(peer, user);
  try {
    return await work(wire);
  } finally {
    wire.close();
  }
}
const acl = (user: string, resourceType: number, resourceName: string, operation: number) => ({
  resourceType,
  resourceName,
  resourcePatternType: 3,
  principal: `User:${user}`,
  host: '*',
  operation,
  permissionType: 3,
});
const allow = (...one: Parameters<typeof acl>) => root.ask(of.createAcls, 3, { creations: [acl(...one)] });
const revoke = (...one: Parameters<typeof acl>) => {
  const { resourcePatternType, resourceType, resourceName, principal, host, ...rest } = acl(...one);
  const filter = { resourceTypeFilter: resourceType, resourceNameFilter: resourceName, principalFilter: principal };
  return root.ask(of.deleteAcls, 3, {
    filters: [{ ...filter, patternTypeFilter: resourcePatternType, hostFilter: host, ...rest }],
  });
};

describe('topics without Describe permission', () => {
  test('take no space in a page, and are not named by a cursor', async () => {
    const ask = (wire: Wire, cursor: object | null) =>
      wire.ask(of.describeTopicPartitions, 0, { topics: [], responsePartitionLimit: 1, cursor });
    expect(await as('nobody', (wire) => ask(wire, null))).toMatchObject({ topics: [], nextCursor: null });
    const first = await as('describer', (wire) => ask(wire, null));
    expect(first.topics).toMatchObject([{ name: 'open', partitions: [{ partitionIndex: 0 }] }]);
    expect(first.nextCursor).toEqual({ topicName: 'open', partitionIndex: 1 });
    const last = await as('describer', (wire) => ask(wire, first.nextCursor));
    expect(last).toMatchObject({ topics: [{ name: 'open', partitions: [{ partitionIndex: 1 }] }], nextCursor: null });
  });

  test('are rejected by id without revealing their name', async () => {
    const topics = [{ topicId: world.ids.hidden, name: null }];
    const answer = await as('nobody', (wire) => wire.ask(of.metadata, 12, { topics }));
    expect(answer.topics).toMatchObject([
      { errorCode: TOPIC_DENIED, name: null, topicId: world.ids.hidden, partitions: [] },
    ]);
  });

  test('are rejected in each entry of an OffsetFetch that contains a group twice', async () => {
    await allow('subscriber', 3, 'mine', 8);
    const groups = ['open', 'hidden'].map((name) => ({ groupId: 'mine', topics: [{ name, partitionIndexes: [0] }] }));
    const answer = await as('subscriber', (wire) => wire.ask(of.offsetFetch, 9, { groups }));
    const codes = answer.groups.map((group: any) => [group.topics[0].name, group.topics[0].partitions[0].errorCode]);
    expect(codes).toEqual([
      ['open', 0],
      ['hidden', TOPIC_DENIED],
    ]);
  });

  test('are not matched by a regular expression', async () => {
    const join = { groupId: 'mine-regex', memberId: 'regexMemberregexMember', memberEpoch: 0, topicPartitions: [] };
    const answer = await as('subscriber', (wire) =>
      wire.ask(of.consumerGroupHeartbeat, 1, { ...join, rebalanceTimeoutMs: 5000, subscribedTopicRegex: '.*' }),
    );
    expect(answer.assignment.topicPartitions.map((t: any) => t.topicId)).toEqual([world.ids.open]);
  });

  test.each([
    ['consumer', of.consumerGroupDescribe],
    ['share', of.shareGroupDescribe],
  ])('hide the %s group that is assigned them', async (kind, api) => {
    const body = { groupIds: [`mine-${kind}`], includeAuthorizedOperations: false };
    const answer = await as('member', (wire) => wire.ask(api, api.versions[1], body));
    expect(answer.groups).toMatchObject([
      {
        errorCode: TOPIC_DENIED,
        errorMessage: 'The group has described topic(s) that the client is not authorized to describe.',
        members: [],
      },
    ]);
  });
});

describe('an unauthorized Fetch', () => {
  const topics = () => [
    { topicId: world.ids.hidden, partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1 << 20 }] },
  ];
  const slow = { maxWaitMs: 3000, minBytes: 1 };

  test('is answered at once, with or without records, and returns the partition in every response of its session', async () => {
    const time = async (wire: Wire, body: object) => {
      const since = performance.now();
      const answer = await wire.ask(of.fetch, 13, { ...slow, ...body });
      expect(performance.now() - since).toBeLessThan(1500);
      expect(answer.responses[0].partitions).toMatchObject([
        { errorCode: TOPIC_DENIED, highWatermark: -1n, records: Buffer.alloc(0) },
      ]);
      return answer;
    };
    await as('nobody', async (wire) => {
      const { sessionId } = await time(wire, { sessionEpoch: 0, topics: topics() });
      await time(wire, { sessionId, sessionEpoch: 1, topics: [] });
      const records = buildBatch({ records: [{ value: 'x' }] });
      const topicData = [{ name: 'hidden', partitionData: [{ index: 0, records }] }];
      await root.ask(of.produce, 9, { acks: 1, timeoutMs: 1000, topicData });
      await time(wire, { sessionId, sessionEpoch: 2, topics: [] });
    });
  });

  test('starts when a permission is removed during a session', async () => {
    await allow('nobody', 2, 'hidden', READ);
    await as('nobody', async (wire) => {
      const first = await wire.ask(of.fetch, 13, { ...slow, sessionEpoch: 0, topics: topics() });
      expect(first.responses[0].partitions[0].records.length).toBeGreaterThan(0);
      await revoke('nobody', 2, 'hidden', READ);
      const { sessionId } = first;
      const then = await wire.ask(of.fetch, 13, { ...slow, sessionId, sessionEpoch: 1, topics: [] });
      expect(then.responses[0].partitions).toMatchObject([{ errorCode: TOPIC_DENIED, records: Buffer.alloc(0) }]);
    });
  });
});

test('an unauthorized partition of a ShareFetch has no records, also if the permission is removed during a session', async () => {
  const ask = (wire: Wire, shareSessionEpoch: number) =>
    wire.ask(of.shareFetch, 1, {
      groupId: 'mine-share',
      memberId: 'shareMemberShareMember',
      shareSessionEpoch,
      maxWaitMs: 0,
      minBytes: 0,
      maxRecords: 10,
      batchSize: 10,
      topics:
        shareSessionEpoch === 0
          ? [{ topicId: world.ids.hidden, partitions: [{ partitionIndex: 0, acknowledgementBatches: [] }] }]
          : [],
      forgottenTopicsData: [],
    });
  const refused = [{ partitions: [{ errorCode: TOPIC_DENIED, records: Buffer.alloc(0), acquiredRecords: [] }] }];
  await as('member', async (wire) => expect((await ask(wire, 0)).responses).toMatchObject(refused));
  await allow('member', 2, 'hidden', READ);
  await as('member', async (wire) => {
    expect((await ask(wire, 0)).responses).toMatchObject([{ partitions: [{ errorCode: 0 }] }]);
    await revoke('member', 2, 'hidden', READ);
    expect((await ask(wire, 1)).responses).toMatchObject(refused);
  });
});

test('writing transaction markers requires a cluster permission, such as Alter', async () => {
  const markers = [
    {
      producerId: 5n,
      producerEpoch: 0,
      transactionResult: false,
      topics: [{ name: 'missing', partitionIndexes: [0, 1] }],
      coordinatorEpoch: 0,
    },
  ];
  const codes = async (user: string): Promise<number[]> => {
    const answer = await as(user, (wire) => wire.ask(of.writeTxnMarkers, 1, { markers }));
    return answer.markers.flatMap((m: any) => m.topics.flatMap((t: any) => t.partitions.map((p: any) => p.errorCode)));
  };
  expect(await codes('nobody')).toEqual([CLUSTER_DENIED, CLUSTER_DENIED]);
  await allow('nobody', 4, 'kafka-cluster', ALTER);
  expect(await codes('nobody')).toEqual([3, 3]);
  await revoke('nobody', 4, 'kafka-cluster', ALTER);
});

test('transactional records require Write on the transactional id; non-transactional ones do not, even if they name an id', async () => {
  const errorOf = async (transactionalId: string | null, transactional: boolean): Promise<number> => {
    const records = buildBatch({
      records: [{ value: 'x' }],
      ...(transactional ? { producerId: 7, producerEpoch: 0, baseSequence: 0, transactional } : {}),
    });
    const topicData = [{ name: 'open', partitionData: [{ index: 0, records }] }];
    const body = { transactionalId, acks: 1, timeoutMs: 1000, topicData };
    const { responses } = await as('writer', (wire) => wire.ask(of.produce, 9, body));
    return responses[0].partitionResponses[0].errorCode;
  };
  expect(await errorOf('theirs', false)).toBe(0);
  expect(await errorOf('theirs', true)).toBe(53);
  expect(await errorOf(null, true)).toBe(53);
});
