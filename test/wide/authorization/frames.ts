/** For every API, a frame for authorized, unauthorized and missing resources. */
import * as of from '../../../src/protocol/apis/index.js';
import { buildBatch } from '../../../src/protocol/records/builder.js';
import { type AnyApi, type RequestInput, ZERO_UUID } from '../../../src/protocol/wire/schema.js';
import type { World } from './world.js';

export interface Frame {
  readonly api: AnyApi;
  readonly label: string;
  /** versions to send; default: all that both brokers support */
  readonly versions?: readonly [number, number];
  body(world: World): object;
}

/** A frame, with its body typed by the protocol table. */
const ask = <A extends AnyApi>(
  api: A,
  label: string,
  body: (world: World) => RequestInput<A>,
  versions?: readonly [number, number],
): Frame => ({ api, label, body: body as (world: World) => object, ...(versions ? { versions } : {}) });

const NAMES = ['open', 'hidden', 'missing'] as const;
const GROUPS = ['mine', 'theirs', 'mine-missing'];
const idOf = (world: World, name: (typeof NAMES)[number]): string => world.ids[name];
const EMPTY = Buffer.alloc(0);
/** acknowledged topics: the name for versions that carry it, the id for those that carry that */
const both = <T extends object>(world: World, more: T) =>
  NAMES.map((name) => ({ name, topic: name, topicName: name, topicId: idOf(world, name), ...more }));
/** without the topic that is not there */
const bothKnown = <T extends object>(world: World, more: T) => both(world, more).slice(0, 2);
const byName = <T extends object>(more: T) => NAMES.map((name) => ({ name, topic: name, topicName: name, ...more }));
/** One record of a transaction that a producer 77 never began. */
const ofTransaction = (): Buffer =>
  buildBatch({ records: [{ value: 'x' }], producerId: 77, producerEpoch: 0, baseSequence: 0, transactional: true });
const acl = {
  resourceType: 2,
  resourceName: 'open',
  principal: 'User:made',
  host: '*',
  operation: 3,
  permissionType: 3,
};
const aclFilter = {
  resourceTypeFilter: 2,
  resourceNameFilter: 'no-such',
  principalFilter: null,
  hostFilter: null,
  operation: 1,
  permissionType: 1,
};
const RESOURCES = [
  { resourceType: 2, resourceName: 'open' },
  { resourceType: 2, resourceName: 'hidden' },
  { resourceType: 2, resourceName: 'missing' },
  { resourceType: 4, resourceName: '1' },
  { resourceType: 8, resourceName: '1' },
  { resourceType: 16, resourceName: 'metrics' },
  { resourceType: 32, resourceName: 'theirs' },
];
const fetchTopics = (world: World, fetchOffset: bigint) =>
  both(world, { partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 1024 }] });
const commit = { partitions: [{ partitionIndex: 0, committedOffset: 3n, committedMetadata: '' }] };
const epoch = { partitions: [{ partition: 0, leaderEpoch: 0 }] };
const fetched = { maxWaitMs: 0, minBytes: 0 };
const consumerGroup = { memberId: 'abcdefghijklmnopqrstuv', rebalanceTimeoutMs: 5000, topicPartitions: [] };

const acknowledged = {
  partitions: [
    { partitionIndex: 0, acknowledgementBatches: [{ firstOffset: 0n, lastOffset: 0n, acknowledgeTypes: [1] }] },
  ],
};
const shareFetch = (groupId: string, shareSessionEpoch: number) => ({
  ...fetched,
  groupId,
  memberId: consumerGroup.memberId,
  shareSessionEpoch,
  maxRecords: 10,
  batchSize: 10,
  forgottenTopicsData: [],
});

export const FRAMES: readonly Frame[] = [
  ...[undefined, 'mine', 'theirs'].map((transactionalId) =>
    ask(of.produce, `of the transaction ${transactionalId}`, (world) => ({
      ...(transactionalId ? { transactionalId } : {}),
      acks: 1,
      timeoutMs: 1000,
      topicData: both(world, { partitionData: [{ index: 0, records: EMPTY }] }),
    })),
  ),
  ...[null, 'mine', 'theirs'].map((transactionalId) =>
    ask(of.produce, `of records of the transaction ${transactionalId}`, (world) => ({
      transactionalId,
      acks: 1,
      timeoutMs: 1000,
      topicData: both(world, { partitionData: [{ index: 0, records: ofTransaction() }] }),
    })),
  ),
  ask(of.fetch, 'of a session to be', (world) => ({ ...fetched, sessionEpoch: 0, topics: fetchTopics(world, 0n) })),
  ask(of.fetch, 'without a session', (world) => ({ ...fetched, topics: fetchTopics(world, 0n) })),
  ask(of.fetch, 'beyond the end', (world) => ({ ...fetched, topics: fetchTopics(world, 999n) })),
  ask(of.fetch, 'by a replica', (world) => ({
    ...fetched,
    replicaId: 1,
    replicaState: { replicaId: 1, replicaEpoch: 1n },
    topics: fetchTopics(world, 0n),
  })),
  ask(of.listOffsets, 'the end', () => ({
    replicaId: -1,
    topics: byName({ partitions: [{ partitionIndex: 0, timestamp: -1n }] }),
  })),
  ask(of.metadata, 'of all', () => ({ topics: null, includeTopicAuthorizedOperations: true }), [1, 13]),
  ask(of.metadata, 'of none', () => ({ topics: [], includeClusterAuthorizedOperations: true })),
  ask(of.metadata, 'by name', () => ({
    topics: NAMES.map((name) => ({ name })),
    allowAutoTopicCreation: false,
    includeTopicAuthorizedOperations: true,
    includeClusterAuthorizedOperations: true,
  })),
  ask(of.metadata, 'by name twice', () => ({
    topics: [...NAMES, ...NAMES].map((name) => ({ name })),
    allowAutoTopicCreation: false,
  })),
  ask(of.metadata, 'of a topic to be made', () => ({ topics: [{ name: 'made' }], allowAutoTopicCreation: true })),
  ask(
    of.metadata,
    'by id',
    (world) => ({
      topics: NAMES.map((name) => ({ topicId: idOf(world, name), name: null })),
      includeTopicAuthorizedOperations: true,
    }),
    [12, 13],
  ),
  ask(
    of.metadata,
    'by id with a name',
    (world) => ({ topics: NAMES.map((name) => ({ topicId: idOf(world, name), name })) }),
    [12, 13],
  ),
  ...['mine', 'theirs'].map((groupId) =>
    ask(of.offsetCommit, `of ${groupId}`, (world) => ({ groupId, topics: both(world, commit) })),
  ),
  ...['mine', 'theirs'].flatMap((groupId) => [
    ask(
      of.offsetFetch,
      `of ${groupId}`,
      () => ({ groupId, topics: NAMES.map((name) => ({ name, partitionIndexes: [0] })) }),
      [1, 7],
    ),
    ask(of.offsetFetch, `all of ${groupId}`, () => ({ groupId, topics: null }), [2, 7]),
  ]),
  ask(
    of.offsetFetch,
    'of groups',
    (world) => ({
      groups: GROUPS.map((groupId) => ({ groupId, topics: both(world, { partitionIndexes: [0] }) })),
    }),
    [8, 10],
  ),
  ask(
    of.offsetFetch,
    'of one group twice, the open topic first',
    (world) => ({
      groups: NAMES.slice(0, 2).map((name) => ({
        groupId: 'mine',
        topics: [{ name, topicId: idOf(world, name), partitionIndexes: [0] }],
      })),
    }),
    [8, 10],
  ),
  ask(
    of.offsetFetch,
    'all of groups',
    () => ({ groups: GROUPS.map((groupId) => ({ groupId, topics: null })) }),
    [8, 10],
  ),
  ...[0, 1, 2, 9].flatMap((keyType) => [
    ask(of.findCoordinator, `of type ${keyType}`, () => ({ key: 'theirs', keyType }), keyType > 0 ? [1, 3] : [0, 3]),
    ask(
      of.findCoordinator,
      `of many of type ${keyType}`,
      () => ({ keyType, coordinatorKeys: ['mine', 'theirs'] }),
      [4, 6],
    ),
  ]),
  ...['mine-to-join', 'theirs'].flatMap((groupId) => [
    ask(of.joinGroup, groupId, () => ({
      groupId,
      sessionTimeoutMs: 6000,
      rebalanceTimeoutMs: 100,
      memberId: 'nobody-of-it',
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: EMPTY }],
    })),
    ask(of.heartbeat, groupId, () => ({ groupId, generationId: 1, memberId: 'x' })),
    ask(of.leaveGroup, groupId, () => ({ groupId, memberId: 'x', members: [{ memberId: 'x' }] })),
    ask(of.syncGroup, `${groupId} without a protocol`, () => ({
      groupId,
      generationId: 1,
      memberId: 'x',
      assignments: [],
    })),
    ask(of.syncGroup, groupId, () => ({
      groupId,
      generationId: 1,
      memberId: 'x',
      protocolType: 'consumer',
      protocolName: 'range',
      assignments: [],
    })),
  ]),
  ask(of.describeGroups, '', () => ({ groups: GROUPS, includeAuthorizedOperations: true })),
  ask(of.listGroups, '', () => ({})),
  ask(of.saslHandshake, 'once more', () => ({ mechanism: 'PLAIN' })),
  ask(of.apiVersions, '', () => ({ clientSoftwareName: 'x', clientSoftwareVersion: '1' })),
  ask(of.createTopics, '', () => ({
    topics: ['made', 'open', ''].map((name) => ({
      name,
      numPartitions: 3,
      replicationFactor: 1,
      assignments: [],
      configs: [],
    })),
    validateOnly: true,
  })),
  ask(of.createTopics, 'one name twice', () => ({
    topics: ['made', 'made'].map((name) => ({
      name,
      numPartitions: 3,
      replicationFactor: 1,
      assignments: [],
      configs: [],
    })),
    validateOnly: true,
  })),
  ask(of.deleteTopics, 'by name', () => ({ topicNames: [...NAMES], timeoutMs: 1000 }), [1, 5]),
  ask(
    of.deleteTopics,
    'by name',
    () => ({ topics: NAMES.map((name) => ({ name, topicId: ZERO_UUID })), timeoutMs: 1000 }),
    [6, 6],
  ),
  ask(
    of.deleteTopics,
    'by id',
    (world) => ({ topics: NAMES.map((name) => ({ topicId: idOf(world, name) })), timeoutMs: 1000 }),
    [6, 6],
  ),
  ask(
    of.deleteTopics,
    'by name and id at once',
    (world) => ({ topics: NAMES.map((name) => ({ name, topicId: idOf(world, name) })), timeoutMs: 1000 }),
    [6, 6],
  ),
  ask(of.deleteTopics, 'neither name nor id', () => ({ topics: [{ topicId: ZERO_UUID }], timeoutMs: 1000 }), [6, 6]),
  ask(of.deleteRecords, '', () => ({
    topics: byName({ partitions: [{ partitionIndex: 0, offset: 0n }] }),
    timeoutMs: 1000,
  })),
  ...[null, 'mine', 'theirs'].map((transactionalId) =>
    ask(of.initProducerId, `of the transaction ${transactionalId}`, () => ({
      transactionalId,
      transactionTimeoutMs: 60_000,
    })),
  ),
  ask(of.offsetForLeaderEpoch, '', () => ({ topics: byName(epoch) })),
  ...['mine', 'theirs'].flatMap((transactionalId) => [
    ask(
      of.addPartitionsToTxn,
      transactionalId,
      () => ({
        v3AndBelowTransactionalId: transactionalId,
        v3AndBelowProducerId: 77n,
        v3AndBelowProducerEpoch: 0,
        v3AndBelowTopics: byName({ partitions: [0] }),
      }),
      [0, 3],
    ),
    ask(
      of.addPartitionsToTxn,
      transactionalId,
      () => ({
        transactions: [
          {
            transactionalId,
            producerId: 77n,
            producerEpoch: 0,
            verifyOnly: true,
            topics: byName({ partitions: [0] }),
          },
        ],
      }),
      [4, 5],
    ),
    ...['mine', 'theirs'].flatMap((groupId) => [
      ask(of.addOffsetsToTxn, `${transactionalId} with ${groupId}`, () => ({
        transactionalId,
        producerId: 77n,
        producerEpoch: 0,
        groupId,
      })),
      ask(of.txnOffsetCommit, `${transactionalId} with ${groupId}`, () => ({
        transactionalId,
        groupId,
        producerId: 77n,
        producerEpoch: 0,
        topics: byName(commit),
      })),
    ]),
    ask(of.endTxn, transactionalId, () => ({ transactionalId, producerId: 77n, producerEpoch: 0, committed: false })),
  ]),
  ask(of.writeTxnMarkers, 'none', () => ({ markers: [] })),
  ask(of.writeTxnMarkers, 'for topics', () => ({
    markers: [
      {
        producerId: 77n,
        producerEpoch: 0,
        transactionResult: false,
        topics: [
          { name: 'missing', partitionIndexes: [0] },
          { name: 'missing2', partitionIndexes: [0, 1] },
        ],
        coordinatorEpoch: 0,
      },
    ],
  })),
  ask(of.describeAcls, '', () => aclFilter),
  ask(of.createAcls, '', () => ({ creations: [acl] })),
  ask(of.createAcls, 'none', () => ({ creations: [] })),
  ask(of.deleteAcls, '', () => ({ filters: [aclFilter] })),
  ask(of.deleteAcls, 'none', () => ({ filters: [] })),
  ask(of.describeConfigs, '', () => ({
    resources: RESOURCES.map((one) => ({ ...one, configurationKeys: ['retention.ms'] })),
  })),
  ask(of.alterConfigs, '', () => ({
    resources: RESOURCES.map((one) => ({ ...one, configs: [] })),
    validateOnly: true,
  })),
  ask(of.incrementalAlterConfigs, '', () => ({
    resources: RESOURCES.map((one) => ({ ...one, configs: [] })),
    validateOnly: true,
  })),
  ask(of.alterReplicaLogDirs, '', () => ({ dirs: [{ path: '/no-such', topics: byName({ partitions: [0] }) }] })),
  ask(of.describeLogDirs, '', () => ({ topics: byName({ partitions: [0] }) })),
  ask(of.createPartitions, '', () => ({
    topics: NAMES.map((name) => ({ name, count: 9, assignments: null })),
    timeoutMs: 1000,
    validateOnly: true,
  })),
  ask(of.createDelegationToken, '', () => ({
    renewers: [],
    maxLifetimeMs: -1n,
    ownerPrincipalType: null,
    ownerPrincipalName: null,
  })),
  ask(of.renewDelegationToken, '', () => ({ hmac: Buffer.from('x'), renewPeriodMs: -1n })),
  ask(of.expireDelegationToken, '', () => ({ hmac: Buffer.from('x'), expiryTimePeriodMs: -1n })),
  ask(of.describeDelegationToken, '', () => ({ owners: null })),
  ask(of.deleteGroups, '', () => ({ groupsNames: ['mine-missing', 'theirs'] })),
  ask(of.electLeaders, '', () => ({ topicPartitions: byName({ partitions: [0] }) })),
  ask(of.electLeaders, 'everywhere', () => ({ topicPartitions: null })),
  ask(of.alterPartitionReassignments, '', () => ({
    topics: byName({ partitions: [{ partitionIndex: 0, replicas: null }] }),
  })),
  ask(of.listPartitionReassignments, '', () => ({ topics: byName({ partitionIndexes: [0] }) })),
  ...['mine', 'theirs'].map((groupId) =>
    ask(of.offsetDelete, groupId, () => ({ groupId, topics: byName({ partitions: [{ partitionIndex: 7 }] }) })),
  ),
  ask(of.describeClientQuotas, '', () => ({ components: [], strict: false })),
  ask(of.alterClientQuotas, '', () => ({
    entries: [{ entity: [{ entityType: 'user', entityName: 'x' }], ops: [] }],
    validateOnly: true,
  })),
  ask(of.describeUserScramCredentials, '', () => ({ users: [{ name: 'x' }] })),
  ask(of.alterUserScramCredentials, '', () => ({
    deletions: [{ name: 'x', mechanism: 1 }],
    upsertions: [{ name: 'y', mechanism: 0, iterations: 1, salt: EMPTY, saltedPassword: EMPTY }],
  })),
  ask(of.alterUserScramCredentials, 'none', () => ({ deletions: [], upsertions: [] })),
  ask(of.describeQuorum, '', () => ({
    topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
  })),
  ask(of.updateFeatures, '', () => ({
    featureUpdates: [{ feature: 'no.such', maxVersionLevel: 1 }],
    validateOnly: true,
  })),
  ask(of.describeCluster, '', () => ({ includeClusterAuthorizedOperations: true })),
  ask(of.describeProducers, '', () => ({ topics: byName({ partitionIndexes: [0] }) })),
  ask(of.unregisterBroker, '', () => ({ brokerId: 99 })),
  ask(of.describeTransactions, '', () => ({ transactionalIds: ['mine', 'theirs', 'mine-missing'] })),
  ask(of.listTransactions, '', () => ({ stateFilters: [], producerIdFilters: [] })),
  ...['mine-consumer', 'theirs-consumer'].flatMap((groupId) => [
    ask(of.consumerGroupHeartbeat, `${groupId}, an open and a hidden topic`, () => ({
      groupId,
      ...consumerGroup,
      memberEpoch: 0,
      subscribedTopicNames: ['open', 'hidden'],
    })),
    ask(of.consumerGroupHeartbeat, `${groupId}, nobody of it`, () => ({ groupId, ...consumerGroup, memberEpoch: 5 })),
  ]),
  ask(of.consumerGroupDescribe, '', () => ({
    groupIds: ['mine-consumer', 'theirs-consumer', 'mine-missing'],
    includeAuthorizedOperations: true,
  })),
  ask(of.listConfigResources, '', () => ({ resourceTypes: [16] })),
  ask(of.describeTopicPartitions, 'by name', () => ({ topics: NAMES.map((name) => ({ name })) })),
  ask(of.describeTopicPartitions, 'all', () => ({ topics: [] })),
  ask(of.describeTopicPartitions, 'the first partition of all', () => ({ topics: [], responsePartitionLimit: 1 })),
  ask(of.describeTopicPartitions, 'one partition of two topics', () => ({
    topics: [{ name: 'hidden' }, { name: 'open' }],
    responsePartitionLimit: 1,
  })),
  ...NAMES.map((topicName) =>
    ask(of.describeTopicPartitions, `all from ${topicName} on`, () => ({
      topics: [],
      responsePartitionLimit: 1,
      cursor: { topicName, partitionIndex: 0 },
    })),
  ),
  ...['mine-share', 'theirs-share'].flatMap((groupId) => [
    ask(of.shareGroupHeartbeat, `${groupId}, an open and a hidden topic`, () => ({
      groupId,
      memberId: consumerGroup.memberId,
      memberEpoch: 0,
      subscribedTopicNames: ['open', 'hidden'],
    })),
    ...([0, 1] as const).map((shareSessionEpoch) =>
      ask(of.shareFetch, `of ${groupId} in epoch ${shareSessionEpoch}`, (world) => ({
        ...shareFetch(groupId, shareSessionEpoch),
        topics: bothKnown(world, { partitions: [{ partitionIndex: 0, acknowledgementBatches: [] }] }),
      })),
    ),
    ask(of.shareFetch, `of ${groupId} with acknowledgements`, (world) => ({
      ...shareFetch(groupId, 9),
      topics: bothKnown(world, acknowledged),
    })),
    ask(of.shareFetch, `of ${groupId}, a topic that is not there`, (world) => ({
      ...shareFetch(groupId, 0),
      topics: both(world, { partitions: [{ partitionIndex: 0, acknowledgementBatches: [] }] }),
    })),
    // to each session that an earlier frame began
    ...([1, -1] as const).map((shareSessionEpoch) =>
      ask(of.shareAcknowledge, `of ${groupId} in epoch ${shareSessionEpoch}`, (world) => ({
        groupId,
        memberId: consumerGroup.memberId,
        shareSessionEpoch,
        topics: bothKnown(world, acknowledged),
      })),
    ),
    ask(of.alterShareGroupOffsets, groupId, () => ({
      groupId,
      topics: byName({ partitions: [{ partitionIndex: 0, startOffset: 0n }] }),
    })),
    ask(of.deleteShareGroupOffsets, groupId, () => ({ groupId, topics: byName({}) })),
  ]),
  ask(of.shareGroupDescribe, '', () => ({
    groupIds: ['mine-share', 'theirs-share', 'mine-missing'],
    includeAuthorizedOperations: true,
  })),
  ask(of.streamsGroupDescribe, '', () => ({ groupIds: ['mine', 'theirs'], includeAuthorizedOperations: true })),
  ask(of.describeShareGroupOffsets, 'by name', () => ({
    groups: ['mine-share', 'theirs-share'].map((groupId) => ({ groupId, topics: byName({ partitions: [0] }) })),
  })),
  ask(of.describeShareGroupOffsets, 'all', () => ({
    groups: ['mine-share', 'theirs-share'].map((groupId) => ({ groupId, topics: null })),
  })),
];
