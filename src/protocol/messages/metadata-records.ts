/** The records of __cluster_metadata: value = uvarint frame version 1, uvarint key, uvarint version, body. */
import {
  array,
  bool,
  bytes,
  float64,
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

export const registerBrokerRecord = message({
  key: 0,
  name: 'RegisterBrokerRecord',
  versions: [0, 4],
  flexible: 0,
  fields: {
    brokerId: int32,
    isMigratingZkBroker: since('2+', bool),
    incarnationId: uuid,
    brokerEpoch: int64,
    endPoints: array(
      struct({
        name: string,
        host: string,
        port: uint16,
        securityProtocol: int16,
      }),
    ),
    features: array(
      struct({
        name: string,
        minSupportedVersion: int16,
        maxSupportedVersion: int16,
      }),
    ),
    rack: nullable(string),
    fenced: optional(bool, true),
    inControlledShutdown: since('1+', bool),
    logDirs: tagged(0, '3+', array(uuid)),
    cordonedLogDirs: tagged(1, '4+', nullable(array(uuid)), null),
  },
});

export const unregisterBrokerRecord = message({
  key: 1,
  name: 'UnregisterBrokerRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    brokerId: int32,
    brokerEpoch: int64,
  },
});

export const topicRecord = message({
  key: 2,
  name: 'TopicRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    name: string,
    topicId: uuid,
  },
});

export const partitionRecord = message({
  key: 3,
  name: 'PartitionRecord',
  versions: [0, 2],
  flexible: 0,
  fields: {
    partitionId: optional(int32, -1),
    topicId: uuid,
    replicas: array(int32),
    isr: array(int32),
    removingReplicas: array(int32),
    addingReplicas: array(int32),
    leader: optional(int32, -1),
    leaderRecoveryState: tagged(0, '0+', int8),
    leaderEpoch: optional(int32, -1),
    partitionEpoch: optional(int32, -1),
    directories: since('1+', array(uuid)),
    eligibleLeaderReplicas: tagged(1, '2+', nullable(array(int32)), null),
    lastKnownElr: tagged(2, '2+', nullable(array(int32)), null),
  },
});

export const configRecord = message({
  key: 4,
  name: 'ConfigRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    resourceType: int8,
    resourceName: string,
    name: string,
    value: nullable(string),
  },
});

export const partitionChangeRecord = message({
  key: 5,
  name: 'PartitionChangeRecord',
  versions: [0, 2],
  flexible: 0,
  fields: {
    partitionId: optional(int32, -1),
    topicId: uuid,
    isr: tagged(0, '0+', nullable(array(int32)), null),
    leader: tagged(1, '0+', int32, -2),
    replicas: tagged(2, '0+', nullable(array(int32)), null),
    removingReplicas: tagged(3, '0+', nullable(array(int32)), null),
    addingReplicas: tagged(4, '0+', nullable(array(int32)), null),
    leaderRecoveryState: tagged(5, '0+', int8, -1),
    directories: tagged(8, '1+', nullable(array(uuid)), null),
    eligibleLeaderReplicas: tagged(6, '2+', nullable(array(int32)), null),
    lastKnownElr: tagged(7, '2+', nullable(array(int32)), null),
  },
});

export const fenceBrokerRecord = message({
  key: 7,
  name: 'FenceBrokerRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    id: int32,
    epoch: int64,
  },
});

export const unfenceBrokerRecord = message({
  key: 8,
  name: 'UnfenceBrokerRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    id: int32,
    epoch: int64,
  },
});

export const removeTopicRecord = message({
  key: 9,
  name: 'RemoveTopicRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    topicId: uuid,
  },
});

export const delegationTokenRecord = message({
  key: 10,
  name: 'DelegationTokenRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    owner: string,
    requester: string,
    renewers: array(string),
    issueTimestamp: int64,
    maxTimestamp: int64,
    expirationTimestamp: int64,
    tokenId: string,
  },
});

export const userScramCredentialRecord = message({
  key: 11,
  name: 'UserScramCredentialRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    name: string,
    mechanism: int8,
    salt: bytes,
    storedKey: bytes,
    serverKey: bytes,
    iterations: int32,
  },
});

export const featureLevelRecord = message({
  key: 12,
  name: 'FeatureLevelRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    name: string,
    featureLevel: int16,
  },
});

export const clientQuotaRecord = message({
  key: 14,
  name: 'ClientQuotaRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    entity: array(
      struct({
        entityType: string,
        entityName: nullable(string),
      }),
    ),
    key: string,
    value: float64,
    remove: bool,
  },
});

export const producerIdsRecord = message({
  key: 15,
  name: 'ProducerIdsRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    brokerId: int32,
    brokerEpoch: optional(int64, -1n),
    nextProducerId: int64,
  },
});

export const brokerRegistrationChangeRecord = message({
  key: 17,
  name: 'BrokerRegistrationChangeRecord',
  versions: [0, 3],
  flexible: 0,
  fields: {
    brokerId: int32,
    brokerEpoch: int64,
    fenced: tagged(0, '0+', int8),
    inControlledShutdown: tagged(1, '1+', int8),
    logDirs: tagged(2, '2+', array(uuid)),
    cordonedLogDirs: tagged(3, '3+', nullable(array(uuid)), null),
  },
});

export const accessControlEntryRecord = message({
  key: 18,
  name: 'AccessControlEntryRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    id: uuid,
    resourceType: int8,
    resourceName: string,
    patternType: int8,
    principal: string,
    host: string,
    operation: int8,
    permissionType: int8,
  },
});

export const removeAccessControlEntryRecord = message({
  key: 19,
  name: 'RemoveAccessControlEntryRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    id: uuid,
  },
});

export const noOpRecord = message({
  key: 20,
  name: 'NoOpRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {},
});

export const zkMigrationStateRecord = message({
  key: 21,
  name: 'ZkMigrationStateRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    zkMigrationState: int8,
  },
});

export const removeUserScramCredentialRecord = message({
  key: 22,
  name: 'RemoveUserScramCredentialRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    name: string,
    mechanism: int8,
  },
});

export const beginTransactionRecord = message({
  key: 23,
  name: 'BeginTransactionRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    name: tagged(0, '0+', nullable(string), null),
  },
});

export const endTransactionRecord = message({
  key: 24,
  name: 'EndTransactionRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {},
});

export const abortTransactionRecord = message({
  key: 25,
  name: 'AbortTransactionRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    reason: tagged(0, '0+', nullable(string), null),
  },
});

export const removeDelegationTokenRecord = message({
  key: 26,
  name: 'RemoveDelegationTokenRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    tokenId: string,
  },
});

export const registerControllerRecord = message({
  key: 27,
  name: 'RegisterControllerRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    controllerId: int32,
    incarnationId: uuid,
    zkMigrationReady: bool,
    endPoints: array(
      struct({
        name: string,
        host: string,
        port: uint16,
        securityProtocol: int16,
      }),
    ),
    features: array(
      struct({
        name: string,
        minSupportedVersion: int16,
        maxSupportedVersion: int16,
      }),
    ),
  },
});

export const clearElrRecord = message({
  key: 28,
  name: 'ClearElrRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    topicName: string,
  },
});

export const unregisterControllerRecord = message({
  key: 29,
  name: 'UnregisterControllerRecord',
  versions: [0, 0],
  flexible: 0,
  fields: {
    controllerId: int32,
  },
});
