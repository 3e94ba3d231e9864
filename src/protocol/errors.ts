/** Kafka's errors: code, name, Java exception, whether it is retriable, message. Mirrors common/protocol/Errors. */
type Row = readonly [code: number, name: string, exception: string, retriable: 0 | 1, text: string];

// biome-ignore format: one row per error
const ROWS = [
  [-1, 'UNKNOWN_SERVER_ERROR', 'UnknownServerException', 0, 'The server experienced an unexpected error when processing the request.'],
  [0, 'NONE', '', 0, ''],
  [1, 'OFFSET_OUT_OF_RANGE', 'OffsetOutOfRangeException', 0, 'The requested offset is not within the range of offsets maintained by the server.'],
  [2, 'CORRUPT_MESSAGE', 'CorruptRecordException', 1, 'This message has failed its CRC checksum, exceeds the valid size, has a null key for a compacted topic, or is otherwise corrupt.'],
  [3, 'UNKNOWN_TOPIC_OR_PARTITION', 'UnknownTopicOrPartitionException', 1, 'This server does not host this topic-partition.'],
  [4, 'INVALID_FETCH_SIZE', 'InvalidFetchSizeException', 0, 'The requested fetch size is invalid.'],
  [5, 'LEADER_NOT_AVAILABLE', 'LeaderNotAvailableException', 1, 'There is no leader for this topic-partition as we are in the middle of a leadership election.'],
  [6, 'NOT_LEADER_OR_FOLLOWER', 'NotLeaderOrFollowerException', 1, 'For requests intended only for the leader, this error indicates that the broker is not the current leader. For requests intended for any replica, this error indicates that the broker is not a replica of the topic partition.'],
  [7, 'REQUEST_TIMED_OUT', 'TimeoutException', 1, 'The request timed out.'],
  [8, 'BROKER_NOT_AVAILABLE', 'BrokerNotAvailableException', 0, 'The broker is not available.'],
  [9, 'REPLICA_NOT_AVAILABLE', 'ReplicaNotAvailableException', 1, 'The replica is not available for the requested topic-partition. Produce/Fetch requests and other requests intended only for the leader or follower return NOT_LEADER_OR_FOLLOWER if the broker is not a replica of the topic-partition.'],
  [10, 'MESSAGE_TOO_LARGE', 'RecordTooLargeException', 0, 'The request included a message larger than the max message size the server will accept.'],
  [11, 'STALE_CONTROLLER_EPOCH', 'ControllerMovedException', 0, 'The controller moved to another broker.'],
  [12, 'OFFSET_METADATA_TOO_LARGE', 'OffsetMetadataTooLarge', 0, 'The metadata field of the offset request was too large.'],
  [13, 'NETWORK_EXCEPTION', 'NetworkException', 1, 'The server disconnected before a response was received.'],
  [14, 'COORDINATOR_LOAD_IN_PROGRESS', 'CoordinatorLoadInProgressException', 1, "The coordinator is loading and hence can't process requests."],
  [15, 'COORDINATOR_NOT_AVAILABLE', 'CoordinatorNotAvailableException', 1, 'The coordinator is not available.'],
  [16, 'NOT_COORDINATOR', 'NotCoordinatorException', 1, 'This is not the correct coordinator.'],
  [17, 'INVALID_TOPIC_EXCEPTION', 'InvalidTopicException', 0, 'The request attempted to perform an operation on an invalid topic.'],
  [18, 'RECORD_LIST_TOO_LARGE', 'RecordBatchTooLargeException', 0, 'The request included message batch larger than the configured segment size on the server.'],
  [19, 'NOT_ENOUGH_REPLICAS', 'NotEnoughReplicasException', 1, 'Messages are rejected since there are fewer in-sync replicas than required.'],
  [20, 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'NotEnoughReplicasAfterAppendException', 1, 'Messages are written to the log, but to fewer in-sync replicas than required.'],
  [21, 'INVALID_REQUIRED_ACKS', 'InvalidRequiredAcksException', 0, 'Produce request specified an invalid value for required acks.'],
  [22, 'ILLEGAL_GENERATION', 'IllegalGenerationException', 0, 'Specified group generation id is not valid.'],
  [23, 'INCONSISTENT_GROUP_PROTOCOL', 'InconsistentGroupProtocolException', 0, "The group member's supported protocols are incompatible with those of existing members or first group member tried to join with empty protocol type or empty protocol list."],
  [24, 'INVALID_GROUP_ID', 'InvalidGroupIdException', 0, 'The group id is invalid.'],
  [25, 'UNKNOWN_MEMBER_ID', 'UnknownMemberIdException', 0, 'The coordinator is not aware of this member.'],
  [26, 'INVALID_SESSION_TIMEOUT', 'InvalidSessionTimeoutException', 0, 'The session timeout is not within the range allowed by the broker (as configured by group.min.session.timeout.ms and group.max.session.timeout.ms).'],
  [27, 'REBALANCE_IN_PROGRESS', 'RebalanceInProgressException', 0, 'The group is rebalancing, so a rejoin is needed.'],
  [28, 'INVALID_COMMIT_OFFSET_SIZE', 'InvalidCommitOffsetSizeException', 0, 'The committing offset data size is not valid.'],
  [29, 'TOPIC_AUTHORIZATION_FAILED', 'TopicAuthorizationException', 0, 'Topic authorization failed.'],
  [30, 'GROUP_AUTHORIZATION_FAILED', 'GroupAuthorizationException', 0, 'Group authorization failed.'],
  [31, 'CLUSTER_AUTHORIZATION_FAILED', 'ClusterAuthorizationException', 0, 'Cluster authorization failed.'],
  [32, 'INVALID_TIMESTAMP', 'InvalidTimestampException', 0, 'The timestamp of the message is out of acceptable range.'],
  [33, 'UNSUPPORTED_SASL_MECHANISM', 'UnsupportedSaslMechanismException', 0, 'The broker does not support the requested SASL mechanism.'],
  [34, 'ILLEGAL_SASL_STATE', 'IllegalSaslStateException', 0, 'Request is not valid given the current SASL state.'],
  [35, 'UNSUPPORTED_VERSION', 'UnsupportedVersionException', 0, 'The version of API is not supported.'],
  [36, 'TOPIC_ALREADY_EXISTS', 'TopicExistsException', 0, 'Topic with this name already exists.'],
  [37, 'INVALID_PARTITIONS', 'InvalidPartitionsException', 0, 'Number of partitions is below 1.'],
  [38, 'INVALID_REPLICATION_FACTOR', 'InvalidReplicationFactorException', 0, 'Replication factor is below 1 or larger than the number of available brokers.'],
  [39, 'INVALID_REPLICA_ASSIGNMENT', 'InvalidReplicaAssignmentException', 0, 'Replica assignment is invalid.'],
  [40, 'INVALID_CONFIG', 'InvalidConfigurationException', 0, 'Configuration is invalid.'],
  [41, 'NOT_CONTROLLER', 'NotControllerException', 1, 'This is not the correct controller for this cluster.'],
  [42, 'INVALID_REQUEST', 'InvalidRequestException', 0, 'This most likely occurs because of a request being malformed by the client library or the message was sent to an incompatible broker. See the broker logs for more details.'],
  [43, 'UNSUPPORTED_FOR_MESSAGE_FORMAT', 'UnsupportedForMessageFormatException', 0, 'The message format version on the broker does not support the request.'],
  [44, 'POLICY_VIOLATION', 'PolicyViolationException', 0, 'Request parameters do not satisfy the configured policy.'],
  [45, 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'OutOfOrderSequenceException', 0, 'The broker received an out of order sequence number.'],
  [46, 'DUPLICATE_SEQUENCE_NUMBER', 'DuplicateSequenceException', 0, 'The broker received a duplicate sequence number.'],
  [47, 'INVALID_PRODUCER_EPOCH', 'InvalidProducerEpochException', 0, 'Producer attempted to produce with an old epoch.'],
  [48, 'INVALID_TXN_STATE', 'InvalidTxnStateException', 0, 'The producer attempted a transactional operation in an invalid state.'],
  [49, 'INVALID_PRODUCER_ID_MAPPING', 'InvalidPidMappingException', 0, 'The producer attempted to use a producer id which is not currently assigned to its transactional id.'],
  [50, 'INVALID_TRANSACTION_TIMEOUT', 'InvalidTxnTimeoutException', 0, 'The transaction timeout is larger than the maximum value allowed by the broker (as configured by transaction.max.timeout.ms).'],
  [51, 'CONCURRENT_TRANSACTIONS', 'ConcurrentTransactionsException', 1, 'The producer attempted to update a transaction while another concurrent operation on the same transaction was ongoing.'],
  [52, 'TRANSACTION_COORDINATOR_FENCED', 'TransactionCoordinatorFencedException', 0, 'Indicates that the transaction coordinator sending a WriteTxnMarker is no longer the current coordinator for a given producer.'],
  [53, 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'TransactionalIdAuthorizationException', 0, 'Transactional Id authorization failed.'],
  [54, 'SECURITY_DISABLED', 'SecurityDisabledException', 0, 'Security features are disabled.'],
  [55, 'OPERATION_NOT_ATTEMPTED', 'OperationNotAttemptedException', 0, 'The broker did not attempt to execute this operation. This may happen for batched RPCs where some operations in the batch failed, causing the broker to respond without trying the rest.'],
  [56, 'KAFKA_STORAGE_ERROR', 'KafkaStorageException', 1, 'Disk error when trying to access log file on the disk.'],
  [57, 'LOG_DIR_NOT_FOUND', 'LogDirNotFoundException', 0, 'The user-specified log directory is not found in the broker config.'],
  [58, 'SASL_AUTHENTICATION_FAILED', 'SaslAuthenticationException', 0, 'SASL Authentication failed.'],
  [59, 'UNKNOWN_PRODUCER_ID', 'UnknownProducerIdException', 0, "This exception is raised by the broker if it could not locate the producer metadata associated with the producerId in question. This could happen if, for instance, the producer's records were deleted because their retention time had elapsed. Once the last records of the producerId are removed, the producer's metadata is removed from the broker, and future appends by the producer will return this exception."],
  [60, 'REASSIGNMENT_IN_PROGRESS', 'ReassignmentInProgressException', 0, 'A partition reassignment is in progress.'],
  [61, 'DELEGATION_TOKEN_AUTH_DISABLED', 'DelegationTokenDisabledException', 0, 'Delegation Token feature is not enabled.'],
  [62, 'DELEGATION_TOKEN_NOT_FOUND', 'DelegationTokenNotFoundException', 0, 'Delegation Token is not found on server.'],
  [63, 'DELEGATION_TOKEN_OWNER_MISMATCH', 'DelegationTokenOwnerMismatchException', 0, 'Specified Principal is not valid Owner/Renewer.'],
  [64, 'DELEGATION_TOKEN_REQUEST_NOT_ALLOWED', 'UnsupportedByAuthenticationException', 0, 'Delegation Token requests are not allowed on PLAINTEXT/1-way SSL channels and on delegation token authenticated channels.'],
  [65, 'DELEGATION_TOKEN_AUTHORIZATION_FAILED', 'DelegationTokenAuthorizationException', 0, 'Delegation Token authorization failed.'],
  [66, 'DELEGATION_TOKEN_EXPIRED', 'DelegationTokenExpiredException', 0, 'Delegation Token is expired.'],
  [67, 'INVALID_PRINCIPAL_TYPE', 'InvalidPrincipalTypeException', 0, 'Supplied principalType is not supported.'],
  [68, 'NON_EMPTY_GROUP', 'GroupNotEmptyException', 0, 'The group is not empty.'],
  [69, 'GROUP_ID_NOT_FOUND', 'GroupIdNotFoundException', 0, 'The group id does not exist.'],
  [70, 'FETCH_SESSION_ID_NOT_FOUND', 'FetchSessionIdNotFoundException', 1, 'The fetch session ID was not found.'],
  [71, 'INVALID_FETCH_SESSION_EPOCH', 'InvalidFetchSessionEpochException', 1, 'The fetch session epoch is invalid.'],
  [72, 'LISTENER_NOT_FOUND', 'ListenerNotFoundException', 1, 'There is no listener on the leader broker that matches the listener on which metadata request was processed.'],
  [73, 'TOPIC_DELETION_DISABLED', 'TopicDeletionDisabledException', 0, 'Topic deletion is disabled.'],
  [74, 'FENCED_LEADER_EPOCH', 'FencedLeaderEpochException', 1, 'The leader epoch in the request is older than the epoch on the broker.'],
  [75, 'UNKNOWN_LEADER_EPOCH', 'UnknownLeaderEpochException', 1, 'The leader epoch in the request is newer than the epoch on the broker.'],
  [76, 'UNSUPPORTED_COMPRESSION_TYPE', 'UnsupportedCompressionTypeException', 0, 'The requesting client does not support the compression type of given partition.'],
  [77, 'STALE_BROKER_EPOCH', 'StaleBrokerEpochException', 0, 'Broker epoch has changed.'],
  [78, 'OFFSET_NOT_AVAILABLE', 'OffsetNotAvailableException', 1, 'The leader high watermark has not caught up from a recent leader election so the offsets cannot be guaranteed to be monotonically increasing.'],
  [79, 'MEMBER_ID_REQUIRED', 'MemberIdRequiredException', 0, 'The group member needs to have a valid member id before actually entering a consumer group.'],
  [80, 'PREFERRED_LEADER_NOT_AVAILABLE', 'PreferredLeaderNotAvailableException', 1, 'The preferred leader was not available.'],
  [81, 'GROUP_MAX_SIZE_REACHED', 'GroupMaxSizeReachedException', 0, 'The group has reached its maximum size.'],
  [82, 'FENCED_INSTANCE_ID', 'FencedInstanceIdException', 0, 'The broker rejected this static consumer since another consumer with the same group.instance.id has registered with a different member.id.'],
  [83, 'ELIGIBLE_LEADERS_NOT_AVAILABLE', 'EligibleLeadersNotAvailableException', 1, 'Eligible topic partition leaders are not available.'],
  [84, 'ELECTION_NOT_NEEDED', 'ElectionNotNeededException', 1, 'Leader election not needed for topic partition.'],
  [85, 'NO_REASSIGNMENT_IN_PROGRESS', 'NoReassignmentInProgressException', 0, 'No partition reassignment is in progress.'],
  [86, 'GROUP_SUBSCRIBED_TO_TOPIC', 'GroupSubscribedToTopicException', 0, 'Deleting offsets of a topic is forbidden while the consumer group is actively subscribed to it.'],
  [87, 'INVALID_RECORD', 'InvalidRecordException', 0, 'This record has failed the validation on broker and hence will be rejected.'],
  [88, 'UNSTABLE_OFFSET_COMMIT', 'UnstableOffsetCommitException', 1, 'There are unstable offsets that need to be cleared.'],
  [89, 'THROTTLING_QUOTA_EXCEEDED', 'ThrottlingQuotaExceededException', 1, 'The throttling quota has been exceeded.'],
  [90, 'PRODUCER_FENCED', 'ProducerFencedException', 0, 'There is a newer producer with the same transactionalId which fences the current one.'],
  [91, 'RESOURCE_NOT_FOUND', 'ResourceNotFoundException', 0, 'A request illegally referred to a resource that does not exist.'],
  [92, 'DUPLICATE_RESOURCE', 'DuplicateResourceException', 0, 'A request illegally referred to the same resource twice.'],
  [93, 'UNACCEPTABLE_CREDENTIAL', 'UnacceptableCredentialException', 0, 'Requested credential would not meet criteria for acceptability.'],
  [94, 'INCONSISTENT_VOTER_SET', 'InconsistentVoterSetException', 0, 'Indicates that the either the sender or recipient of a voter-only request is not one of the expected voters.'],
  [95, 'INVALID_UPDATE_VERSION', 'InvalidUpdateVersionException', 0, 'The given update version was invalid.'],
  [96, 'FEATURE_UPDATE_FAILED', 'FeatureUpdateFailedException', 0, 'Unable to update finalized features due to an unexpected server error.'],
  [97, 'PRINCIPAL_DESERIALIZATION_FAILURE', 'PrincipalDeserializationException', 0, 'Request principal deserialization failed during forwarding. This indicates an internal error on the broker cluster security setup.'],
  [98, 'SNAPSHOT_NOT_FOUND', 'SnapshotNotFoundException', 0, 'Requested snapshot was not found.'],
  [99, 'POSITION_OUT_OF_RANGE', 'PositionOutOfRangeException', 0, 'Requested position is not greater than or equal to zero, and less than the size of the snapshot.'],
  [100, 'UNKNOWN_TOPIC_ID', 'UnknownTopicIdException', 1, 'This server does not host this topic ID.'],
  [101, 'DUPLICATE_BROKER_REGISTRATION', 'DuplicateBrokerRegistrationException', 0, 'This broker ID is already in use.'],
  [102, 'BROKER_ID_NOT_REGISTERED', 'BrokerIdNotRegisteredException', 0, 'The given broker ID was not registered.'],
  [103, 'INCONSISTENT_TOPIC_ID', 'InconsistentTopicIdException', 1, "The log's topic ID did not match the topic ID in the request."],
  [104, 'INCONSISTENT_CLUSTER_ID', 'InconsistentClusterIdException', 0, 'The clusterId in the request does not match that found on the server.'],
  [105, 'TRANSACTIONAL_ID_NOT_FOUND', 'TransactionalIdNotFoundException', 0, 'The transactionalId could not be found.'],
  [106, 'FETCH_SESSION_TOPIC_ID_ERROR', 'FetchSessionTopicIdException', 1, 'The fetch session encountered inconsistent topic ID usage.'],
  [107, 'INELIGIBLE_REPLICA', 'IneligibleReplicaException', 0, 'The new ISR contains at least one ineligible replica.'],
  [108, 'NEW_LEADER_ELECTED', 'NewLeaderElectedException', 0, 'The AlterPartition request successfully updated the partition state but the leader has changed.'],
  [109, 'OFFSET_MOVED_TO_TIERED_STORAGE', 'OffsetMovedToTieredStorageException', 0, 'The requested offset is moved to tiered storage.'],
  [110, 'FENCED_MEMBER_EPOCH', 'FencedMemberEpochException', 0, 'The member epoch is fenced by the group coordinator. The member must abandon all its partitions and rejoin.'],
  [111, 'UNRELEASED_INSTANCE_ID', 'UnreleasedInstanceIdException', 0, 'The instance ID is still used by another member in the consumer group. That member must leave first.'],
  [112, 'UNSUPPORTED_ASSIGNOR', 'UnsupportedAssignorException', 0, 'The assignor or its version range is not supported by the consumer group.'],
  [113, 'STALE_MEMBER_EPOCH', 'StaleMemberEpochException', 0, 'The member epoch is stale. The member must retry after receiving its updated member epoch via the ConsumerGroupHeartbeat API.'],
  [114, 'MISMATCHED_ENDPOINT_TYPE', 'MismatchedEndpointTypeException', 0, 'The request was sent to an endpoint of the wrong type.'],
  [115, 'UNSUPPORTED_ENDPOINT_TYPE', 'UnsupportedEndpointTypeException', 0, 'This endpoint type is not supported yet.'],
  [116, 'UNKNOWN_CONTROLLER_ID', 'UnknownControllerIdException', 0, 'This controller ID is not known.'],
  [117, 'UNKNOWN_SUBSCRIPTION_ID', 'UnknownSubscriptionIdException', 0, 'Client sent a push telemetry request with an invalid or outdated subscription ID.'],
  [118, 'TELEMETRY_TOO_LARGE', 'TelemetryTooLargeException', 0, 'Client sent a push telemetry request larger than the maximum size the broker will accept.'],
  [119, 'INVALID_REGISTRATION', 'InvalidRegistrationException', 0, 'The controller has considered the broker registration to be invalid.'],
  [120, 'TRANSACTION_ABORTABLE', 'TransactionAbortableException', 0, 'The server encountered an error with the transaction. The client can abort the transaction to continue using this transactional ID.'],
  [121, 'INVALID_RECORD_STATE', 'InvalidRecordStateException', 0, 'The record state is invalid. The acknowledgement of delivery could not be completed.'],
  [122, 'SHARE_SESSION_NOT_FOUND', 'ShareSessionNotFoundException', 1, 'The share session was not found.'],
  [123, 'INVALID_SHARE_SESSION_EPOCH', 'InvalidShareSessionEpochException', 1, 'The share session epoch is invalid.'],
  [124, 'FENCED_STATE_EPOCH', 'FencedStateEpochException', 0, 'The share coordinator rejected the request because the share-group state epoch did not match.'],
  [125, 'INVALID_VOTER_KEY', 'InvalidVoterKeyException', 0, "The voter key doesn't match the receiving replica's key."],
  [126, 'DUPLICATE_VOTER', 'DuplicateVoterException', 0, 'The voter is already part of the set of voters.'],
  [127, 'VOTER_NOT_FOUND', 'VoterNotFoundException', 0, 'The voter is not part of the set of voters.'],
  [128, 'INVALID_REGULAR_EXPRESSION', 'InvalidRegularExpression', 0, 'The regular expression is not valid.'],
  [129, 'REBOOTSTRAP_REQUIRED', 'RebootstrapRequiredException', 0, 'Client metadata is stale. The client should rebootstrap to obtain new metadata.'],
  [130, 'STREAMS_INVALID_TOPOLOGY', 'StreamsInvalidTopologyException', 0, 'The supplied topology is invalid.'],
  [131, 'STREAMS_INVALID_TOPOLOGY_EPOCH', 'StreamsInvalidTopologyEpochException', 0, 'The supplied topology epoch is invalid.'],
  [132, 'STREAMS_TOPOLOGY_FENCED', 'StreamsTopologyFencedException', 0, 'The supplied topology epoch is outdated.'],
  [133, 'SHARE_SESSION_LIMIT_REACHED', 'ShareSessionLimitReachedException', 1, 'The limit of share sessions has been reached.'],
  [134, 'GROUP_DELETION_FAILED', 'GroupDeletionFailedException', 0, 'DeleteGroups could not complete; see the error message on the per-group result for details.'],
  [135, 'STREAMS_TOPOLOGY_DESCRIPTION_UPDATE_FAILED', 'StreamsTopologyDescriptionUpdateFailedException', 0, 'The broker could not process the topology description update; see the error message for details.'],
  [136, 'CONTROLLER_ID_NOT_REGISTERED', 'ControllerIdNotRegisteredException', 0, 'The given controller ID was not registered.'],
] as const satisfies readonly Row[];

export type ErrorName = (typeof ROWS)[number][1];

/** Codes by name: `Errors.TOPIC_ALREADY_EXISTS` is 36. */
export const Errors = Object.fromEntries(ROWS.map(([code, name]) => [name, code])) as Readonly<
  Record<ErrorName, number>
>;

const byCode = new Map<number, Row>(ROWS.map((row) => [row[0], row]));

/** An error of the Kafka protocol. `message` is the broker's own message if it sent one, else the table's. */
export class KafkaError extends Error {
  readonly code: number;
  /** "TOPIC_ALREADY_EXISTS" */
  readonly error: string;
  /** the Java class's simple name: "TopicExistsException" */
  readonly exception: string;
  /** the full class name: "org.apache.kafka.common.errors.TopicExistsException" */
  readonly javaClass: string;
  readonly retriable: boolean;

  constructor(code: number, message?: string | null) {
    const [, name, exception, retriable, text] = byCode.get(code) ?? unknown(code);
    super(message || text);
    this.name = 'KafkaError';
    this.code = code;
    this.error = name;
    this.exception = exception;
    // the only exception of the table outside the errors package
    const place = exception === 'InvalidRecordException' ? 'org.apache.kafka.common' : 'org.apache.kafka.common.errors';
    this.javaClass = `${place}.${exception}`;
    this.retriable = retriable === 1;
  }
}

const unknown = (code: number): Row => [
  code,
  'UNKNOWN_SERVER_ERROR',
  'UnknownServerException',
  0,
  `Unexpected error code: ${code}`,
];

/** The message of an error code. */
export const errorText = (code: number): string => (byCode.get(code) ?? unknown(code))[4];
/** The name of an error code: "NOT_COORDINATOR". */
export const errorName = (code: number): string => (byCode.get(code) ?? unknown(code))[1];

/** Throws a KafkaError unless `code` is 0. */
export function check(code: number, message?: string | null): void {
  if (code !== 0) throw new KafkaError(code, message);
}
