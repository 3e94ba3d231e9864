/** The records of __consumer_offsets: key = int16 type + body, value = int16 version + body. */
import {
  array,
  bytes,
  int8,
  int16,
  int32,
  int64,
  message,
  nullable,
  optional,
  since,
  string,
  struct,
  tagged,
  uint16,
  uuid,
} from '../wire/schema.js';

export const legacyOffsetCommitKey = message({
  key: 0,
  name: 'LegacyOffsetCommitKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    group: string,
    topic: string,
    partition: int32,
  },
});

export const legacyOffsetCommitValue = message({
  key: 0,
  name: 'LegacyOffsetCommitValue',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    offset: int64,
    metadata: string,
    commitTimestamp: int64,
  },
});

export const offsetCommitKey = message({
  key: 1,
  name: 'OffsetCommitKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    group: string,
    topic: string,
    partition: int32,
  },
});

export const offsetCommitValue = message({
  key: 1,
  name: 'OffsetCommitValue',
  versions: [0, 4],
  flexible: 4,
  fields: {
    offset: int64,
    leaderEpoch: since('3+', int32, -1),
    metadata: string,
    commitTimestamp: int64,
    expireTimestamp: since('1', int64, -1n),
    topicId: tagged(0, '4+', uuid),
  },
});

export const groupMetadataKey = message({
  key: 2,
  name: 'GroupMetadataKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    group: string,
  },
});

export const groupMetadataValue = message({
  key: 2,
  name: 'GroupMetadataValue',
  versions: [0, 4],
  flexible: 4,
  fields: {
    protocolType: string,
    generation: int32,
    protocol: nullable(string),
    leader: nullable(string),
    currentStateTimestamp: since('2+', int64, -1n),
    members: array(
      struct({
        memberId: string,
        groupInstanceId: since('3+', nullable(string), null),
        clientId: string,
        clientHost: string,
        rebalanceTimeout: since('1+', int32, -1),
        sessionTimeout: int32,
        subscription: bytes,
        assignment: bytes,
      }),
    ),
  },
});

export const consumerGroupMetadataKey = message({
  key: 3,
  name: 'ConsumerGroupMetadataKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    groupId: string,
  },
});

export const consumerGroupMetadataValue = message({
  key: 3,
  name: 'ConsumerGroupMetadataValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    epoch: int32,
    metadataHash: tagged(0, '0+', int64),
  },
});

export const consumerGroupPartitionMetadataKey = message({
  key: 4,
  name: 'ConsumerGroupPartitionMetadataKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    groupId: string,
  },
});

export const consumerGroupPartitionMetadataValue = message({
  key: 4,
  name: 'ConsumerGroupPartitionMetadataValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    topics: array(
      struct({
        topicId: uuid,
        topicName: string,
        numPartitions: int32,
        partitionMetadata: array(
          struct({
            partition: int32,
            racks: array(string),
          }),
        ),
      }),
    ),
  },
});

export const consumerGroupMemberMetadataKey = message({
  key: 5,
  name: 'ConsumerGroupMemberMetadataKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    groupId: string,
    memberId: string,
  },
});

export const consumerGroupMemberMetadataValue = message({
  key: 5,
  name: 'ConsumerGroupMemberMetadataValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    instanceId: nullable(string),
    rackId: nullable(string),
    clientId: string,
    clientHost: string,
    subscribedTopicNames: array(string),
    subscribedTopicRegex: nullable(string),
    rebalanceTimeoutMs: optional(int32, -1),
    serverAssignor: nullable(string),
    classicMemberMetadata: tagged(
      0,
      '0+',
      nullable(
        struct({
          sessionTimeoutMs: int32,
          supportedProtocols: array(
            struct({
              name: string,
              metadata: bytes,
            }),
          ),
        }),
      ),
    ),
  },
});

export const consumerGroupTargetAssignmentMetadataKey = message({
  key: 6,
  name: 'ConsumerGroupTargetAssignmentMetadataKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    groupId: string,
  },
});

export const consumerGroupTargetAssignmentMetadataValue = message({
  key: 6,
  name: 'ConsumerGroupTargetAssignmentMetadataValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    assignmentEpoch: int32,
    assignmentTimestamp: tagged(0, '0+', int64),
  },
});

export const consumerGroupTargetAssignmentMemberKey = message({
  key: 7,
  name: 'ConsumerGroupTargetAssignmentMemberKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    groupId: string,
    memberId: string,
  },
});

export const consumerGroupTargetAssignmentMemberValue = message({
  key: 7,
  name: 'ConsumerGroupTargetAssignmentMemberValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    topicPartitions: array(
      struct({
        topicId: uuid,
        partitions: array(int32),
      }),
    ),
  },
});

export const consumerGroupCurrentMemberAssignmentKey = message({
  key: 8,
  name: 'ConsumerGroupCurrentMemberAssignmentKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    groupId: string,
    memberId: string,
  },
});

export const consumerGroupCurrentMemberAssignmentValue = message({
  key: 8,
  name: 'ConsumerGroupCurrentMemberAssignmentValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    memberEpoch: int32,
    previousMemberEpoch: int32,
    state: int8,
    assignedPartitions: array(
      struct({
        topicId: uuid,
        partitions: array(int32),
        assignmentEpochs: tagged(0, '0+', nullable(array(int32))),
      }),
    ),
    partitionsPendingRevocation: array(
      struct({
        topicId: uuid,
        partitions: array(int32),
        assignmentEpochs: tagged(0, '0+', nullable(array(int32))),
      }),
    ),
  },
});

export const shareGroupMemberMetadataKey = message({
  key: 10,
  name: 'ShareGroupMemberMetadataKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    groupId: string,
    memberId: string,
  },
});

export const shareGroupMemberMetadataValue = message({
  key: 10,
  name: 'ShareGroupMemberMetadataValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    rackId: nullable(string),
    clientId: string,
    clientHost: string,
    subscribedTopicNames: array(string),
  },
});

export const shareGroupMetadataKey = message({
  key: 11,
  name: 'ShareGroupMetadataKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    groupId: string,
  },
});

export const shareGroupMetadataValue = message({
  key: 11,
  name: 'ShareGroupMetadataValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    epoch: int32,
    metadataHash: int64,
  },
});

export const shareGroupTargetAssignmentMetadataKey = message({
  key: 12,
  name: 'ShareGroupTargetAssignmentMetadataKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    groupId: string,
  },
});

export const shareGroupTargetAssignmentMetadataValue = message({
  key: 12,
  name: 'ShareGroupTargetAssignmentMetadataValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    assignmentEpoch: int32,
    assignmentTimestamp: tagged(0, '0+', int64),
  },
});

export const shareGroupTargetAssignmentMemberKey = message({
  key: 13,
  name: 'ShareGroupTargetAssignmentMemberKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    groupId: string,
    memberId: string,
  },
});

export const shareGroupTargetAssignmentMemberValue = message({
  key: 13,
  name: 'ShareGroupTargetAssignmentMemberValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    topicPartitions: array(
      struct({
        topicId: uuid,
        partitions: array(int32),
      }),
    ),
  },
});

export const shareGroupCurrentMemberAssignmentKey = message({
  key: 14,
  name: 'ShareGroupCurrentMemberAssignmentKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    groupId: string,
    memberId: string,
  },
});

export const shareGroupCurrentMemberAssignmentValue = message({
  key: 14,
  name: 'ShareGroupCurrentMemberAssignmentValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    memberEpoch: int32,
    previousMemberEpoch: int32,
    state: int8,
    assignedPartitions: array(
      struct({
        topicId: uuid,
        partitions: array(int32),
      }),
    ),
  },
});

export const shareGroupStatePartitionMetadataKey = message({
  key: 15,
  name: 'ShareGroupStatePartitionMetadataKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    groupId: string,
  },
});

export const shareGroupStatePartitionMetadataValue = message({
  key: 15,
  name: 'ShareGroupStatePartitionMetadataValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    initializingTopics: array(
      struct({
        topicId: uuid,
        topicName: string,
        partitions: array(int32),
      }),
    ),
    initializedTopics: array(
      struct({
        topicId: uuid,
        topicName: string,
        partitions: array(int32),
      }),
    ),
    deletingTopics: array(
      struct({
        topicId: uuid,
        topicName: string,
      }),
    ),
  },
});

export const consumerGroupRegularExpressionKey = message({
  key: 16,
  name: 'ConsumerGroupRegularExpressionKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    groupId: string,
    regularExpression: string,
  },
});

export const consumerGroupRegularExpressionValue = message({
  key: 16,
  name: 'ConsumerGroupRegularExpressionValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    topics: array(string),
    version: int64,
    timestamp: int64,
  },
});

export const streamsGroupMetadataKey = message({
  key: 17,
  name: 'StreamsGroupMetadataKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    groupId: string,
  },
});

export const streamsGroupMetadataValue = message({
  key: 17,
  name: 'StreamsGroupMetadataValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    epoch: int32,
    metadataHash: int64,
    validatedTopologyEpoch: tagged(0, '0+', int32, -1),
    lastAssignmentConfigs: tagged(
      1,
      '0+',
      nullable(
        array(
          struct({
            key: string,
            value: string,
          }),
        ),
      ),
    ),
    storedDescriptionTopologyEpoch: tagged(2, '0+', int32, -1),
    failedDescriptionTopologyEpoch: tagged(3, '0+', int32, -1),
  },
});

export const streamsGroupMemberMetadataKey = message({
  key: 19,
  name: 'StreamsGroupMemberMetadataKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    groupId: string,
    memberId: string,
  },
});

export const streamsGroupMemberMetadataValue = message({
  key: 19,
  name: 'StreamsGroupMemberMetadataValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    instanceId: nullable(string),
    rackId: nullable(string),
    clientId: string,
    clientHost: string,
    rebalanceTimeoutMs: optional(int32, -1),
    topologyEpoch: int32,
    processId: string,
    userEndpoint: optional(
      nullable(
        struct({
          host: string,
          port: uint16,
        }),
      ),
      null,
    ),
    clientTags: array(
      struct({
        key: string,
        value: string,
      }),
    ),
  },
});

export const streamsGroupTargetAssignmentMetadataKey = message({
  key: 20,
  name: 'StreamsGroupTargetAssignmentMetadataKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    groupId: string,
  },
});

export const streamsGroupTargetAssignmentMetadataValue = message({
  key: 20,
  name: 'StreamsGroupTargetAssignmentMetadataValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    assignmentEpoch: int32,
    assignmentTimestamp: tagged(0, '0+', int64),
  },
});

export const streamsGroupTargetAssignmentMemberKey = message({
  key: 21,
  name: 'StreamsGroupTargetAssignmentMemberKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    groupId: string,
    memberId: string,
  },
});

export const streamsGroupTargetAssignmentMemberValue = message({
  key: 21,
  name: 'StreamsGroupTargetAssignmentMemberValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    activeTasks: array(
      struct({
        subtopologyId: string,
        partitions: array(int32),
      }),
    ),
    standbyTasks: array(
      struct({
        subtopologyId: string,
        partitions: array(int32),
      }),
    ),
    warmupTasks: array(
      struct({
        subtopologyId: string,
        partitions: array(int32),
      }),
    ),
  },
});

export const streamsGroupCurrentMemberAssignmentKey = message({
  key: 22,
  name: 'StreamsGroupCurrentMemberAssignmentKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    groupId: string,
    memberId: string,
  },
});

export const streamsGroupCurrentMemberAssignmentValue = message({
  key: 22,
  name: 'StreamsGroupCurrentMemberAssignmentValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    memberEpoch: int32,
    previousMemberEpoch: int32,
    state: int8,
    activeTasks: array(
      struct({
        subtopologyId: string,
        partitions: array(int32),
        assignmentEpochs: tagged(0, '0+', nullable(array(int32))),
      }),
    ),
    standbyTasks: array(
      struct({
        subtopologyId: string,
        partitions: array(int32),
        assignmentEpochs: tagged(0, '0+', nullable(array(int32))),
      }),
    ),
    warmupTasks: array(
      struct({
        subtopologyId: string,
        partitions: array(int32),
        assignmentEpochs: tagged(0, '0+', nullable(array(int32))),
      }),
    ),
    activeTasksPendingRevocation: array(
      struct({
        subtopologyId: string,
        partitions: array(int32),
        assignmentEpochs: tagged(0, '0+', nullable(array(int32))),
      }),
    ),
    standbyTasksPendingRevocation: array(
      struct({
        subtopologyId: string,
        partitions: array(int32),
        assignmentEpochs: tagged(0, '0+', nullable(array(int32))),
      }),
    ),
    warmupTasksPendingRevocation: array(
      struct({
        subtopologyId: string,
        partitions: array(int32),
        assignmentEpochs: tagged(0, '0+', nullable(array(int32))),
      }),
    ),
  },
});

export const streamsGroupTopologyKey = message({
  key: 23,
  name: 'StreamsGroupTopologyKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: {
    groupId: string,
  },
});

export const streamsGroupTopologyValue = message({
  key: 23,
  name: 'StreamsGroupTopologyValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    epoch: int32,
    subtopologies: array(
      struct({
        subtopologyId: string,
        sourceTopics: array(string),
        sourceTopicRegex: array(string),
        stateChangelogTopics: array(
          struct({
            name: string,
            partitions: int32,
            replicationFactor: int16,
            topicConfigs: array(
              struct({
                key: string,
                value: string,
              }),
            ),
          }),
        ),
        repartitionSinkTopics: array(string),
        repartitionSourceTopics: array(
          struct({
            name: string,
            partitions: int32,
            replicationFactor: int16,
            topicConfigs: array(
              struct({
                key: string,
                value: string,
              }),
            ),
          }),
        ),
        copartitionGroups: array(
          struct({
            sourceTopics: array(int16),
            sourceTopicRegex: array(int16),
            repartitionSourceTopics: array(int16),
          }),
        ),
      }),
    ),
  },
});
