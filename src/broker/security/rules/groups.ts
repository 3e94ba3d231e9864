/** Authorization of requests about groups and their members. */
import { findCoordinator } from '../../../protocol/apis/10-find-coordinator.js';
import { joinGroup } from '../../../protocol/apis/11-join-group.js';
import { heartbeat } from '../../../protocol/apis/12-heartbeat.js';
import { leaveGroup } from '../../../protocol/apis/13-leave-group.js';
import { syncGroup } from '../../../protocol/apis/14-sync-group.js';
import { describeGroups } from '../../../protocol/apis/15-describe-groups.js';
import { listGroups } from '../../../protocol/apis/16-list-groups.js';
import { deleteGroups } from '../../../protocol/apis/42-delete-groups.js';
import { consumerGroupHeartbeat } from '../../../protocol/apis/68-consumer-group-heartbeat.js';
import { consumerGroupDescribe } from '../../../protocol/apis/69-consumer-group-describe.js';
import { shareGroupHeartbeat } from '../../../protocol/apis/76-share-group-heartbeat.js';
import { shareGroupDescribe } from '../../../protocol/apis/77-share-group-describe.js';
import { streamsGroupDescribe } from '../../../protocol/apis/89-streams-group-describe.js';
import { Errors, errorText } from '../../../protocol/errors.js';
import { Operation, ResourceType } from '../authorizer.js';
import { maskOperations } from './operations.js';
import { mayGroup, mayReadGroup, mayTransaction } from './rights.js';
import {
  all,
  allowsCluster,
  amend,
  authorize,
  type Call,
  CLUSTER_DENIED,
  each,
  GROUP_DENIED,
  mayTopic,
  type Rule,
  required,
  TOPIC_DENIED,
  TRANSACTION_DENIED,
} from './rule.js';

const refused = () => ({ errorCode: GROUP_DENIED });
const refusedTopic = () => ({ errorCode: TOPIC_DENIED });
const mayDescribe = (call: Call, groupId: string): boolean => mayGroup(call, Operation.DESCRIBE, groupId);

/** Heartbeats of consumer and share groups name the topics they subscribe to. */
const mayDescribeTopics = (call: Call, { subscribedTopicNames }: { readonly subscribedTopicNames: string[] | null }) =>
  (subscribedTopicNames ?? []).every((name) => mayTopic(call, Operation.DESCRIBE, name));

const GROUP = 0;
const TRANSACTION = 1;
const SHARE = 2;
const SHARE_VERSION = 6;

/** An error code; the handler rejects key types that the version does not know. */
function coordinatorError(call: Call, keyType: number, key: string): number {
  if (keyType === GROUP) return mayDescribe(call, key) ? Errors.NONE : GROUP_DENIED;
  if (keyType === TRANSACTION) {
    return mayTransaction(call, Operation.DESCRIBE, key) ? Errors.NONE : TRANSACTION_DENIED;
  }
  if (keyType !== SHARE || call.version < SHARE_VERSION) return Errors.NONE;
  return allowsCluster(call, Operation.CLUSTER_ACTION) ? Errors.NONE : CLUSTER_DENIED;
}
const BATCH_VERSION = 4;
const NOBODY = { nodeId: -1, host: '', port: -1 };

const find: Rule<typeof findCoordinator> = (call, request, next) => {
  const { key, keyType } = request;
  if (call.version < BATCH_VERSION) {
    const errorCode = coordinatorError(call, keyType, key);
    return errorCode === Errors.NONE ? next(request) : { errorCode, errorMessage: errorText(errorCode), ...NOBODY };
  }
  return each(
    findCoordinator,
    'coordinatorKeys',
    'coordinators',
    (_call, one) => coordinatorError(call, keyType, one) === Errors.NONE,
    (one) => {
      const errorCode = coordinatorError(call, keyType, one);
      const errorMessage = keyType === SHARE ? errorText(errorCode) : '';
      return { key: one, ...NOBODY, errorCode, errorMessage };
    },
  )(call, request, next);
};

const PROTOCOL_VERSION = 5;

interface Described {
  readonly groupId: string;
  readonly authorizedOperations?: number;
}
const withOperations = <T extends Described>(call: Call, group: T): T =>
  group.authorizedOperations === undefined
    ? group
    : {
        ...group,
        authorizedOperations: maskOperations(call, group.authorizedOperations, ResourceType.GROUP, group.groupId),
      };

const NOTHING = { groupState: '', groupEpoch: 0, assignmentEpoch: 0, members: [] };
const refusedGroup = (groupId: string) => ({ ...NOTHING, groupId, errorCode: GROUP_DENIED, assignorName: '' });

const UNSEEN_TOPICS = 'The group has described topic(s) that the client is not authorized to describe.';

/** A member may be assigned topics that the client may not describe; the group is then not described at all. */
interface Assigned {
  readonly topicPartitions: readonly { readonly topicName: string }[];
}
const mayDescribeAll = (call: Call, names: Iterable<string>): boolean => {
  for (const name of new Set(names)) if (!mayTopic(call, Operation.DESCRIBE, name)) return false;
  return true;
};
const assignedNames = (assignment: Assigned): string[] => assignment.topicPartitions.map((t) => t.topicName);

export const groupRules = [
  authorize(findCoordinator, find),
  authorize(
    joinGroup,
    required(joinGroup, mayReadGroup, (_request, { version }) => ({
      errorCode: GROUP_DENIED,
      ...(version >= 7 ? { protocolName: null } : {}),
    })),
  ),
  authorize(heartbeat, required(heartbeat, mayReadGroup, refused)),
  authorize(leaveGroup, required(leaveGroup, mayReadGroup, refused)),
  authorize(
    syncGroup,
    required(
      syncGroup,
      // a request without protocol is malformed and rejected by the handler, authorized or not
      (call, request) =>
        (call.version >= PROTOCOL_VERSION && (request.protocolType === null || request.protocolName === null)) ||
        mayReadGroup(call, request),
      refused,
    ),
  ),
  authorize(describeGroups, (call, request, next) =>
    amend<typeof describeGroups>(
      each(describeGroups, 'groups', 'groups', mayDescribe, (groupId) => ({
        groupId,
        errorCode: GROUP_DENIED,
        groupState: '',
        protocolType: '',
        protocolData: '',
        members: [],
      }))(call, request, next),
      (body) => ({ ...body, groups: body.groups.map((group) => withOperations(call, group)) }),
    ),
  ),
  authorize(listGroups, (call, request, next) =>
    amend<typeof listGroups>(next(request), (body) =>
      allowsCluster(call, Operation.DESCRIBE)
        ? body
        : { ...body, groups: body.groups.filter(({ groupId }) => mayDescribe(call, groupId)) },
    ),
  ),
  authorize(
    deleteGroups,
    each(
      deleteGroups,
      'groupsNames',
      'results',
      (call, groupId) => mayGroup(call, Operation.DELETE, groupId),
      (groupId) => ({ groupId, errorCode: GROUP_DENIED }),
    ),
  ),
  authorize(
    consumerGroupHeartbeat,
    all(
      required(consumerGroupHeartbeat, mayReadGroup, refused),
      required(consumerGroupHeartbeat, mayDescribeTopics, refusedTopic),
    ),
  ),
  authorize(
    shareGroupHeartbeat,
    all(
      required(shareGroupHeartbeat, mayReadGroup, refused),
      required(shareGroupHeartbeat, mayDescribeTopics, refusedTopic),
    ),
  ),
  authorize(consumerGroupDescribe, (call, request, next) =>
    amend<typeof consumerGroupDescribe>(
      each(consumerGroupDescribe, 'groupIds', 'groups', mayDescribe, refusedGroup)(call, request, next),
      (body) => ({
        ...body,
        groups: body.groups.map((group) => {
          const names = group.members.flatMap((m) => [
            ...assignedNames(m.assignment),
            ...assignedNames(m.targetAssignment),
          ]);
          return mayDescribeAll(call, names)
            ? withOperations(call, group)
            : { ...refusedGroup(group.groupId), errorCode: TOPIC_DENIED, errorMessage: UNSEEN_TOPICS };
        }),
      }),
    ),
  ),
  authorize(shareGroupDescribe, (call, request, next) =>
    amend<typeof shareGroupDescribe>(
      each(shareGroupDescribe, 'groupIds', 'groups', mayDescribe, refusedGroup)(call, request, next),
      (body) => ({
        ...body,
        groups: body.groups.map((group) => {
          const names = group.members.flatMap((m) => assignedNames(m.assignment));
          return mayDescribeAll(call, names)
            ? withOperations(call, group)
            : { ...refusedGroup(group.groupId), errorCode: TOPIC_DENIED, errorMessage: UNSEEN_TOPICS };
        }),
      }),
    ),
  ),
  authorize(
    streamsGroupDescribe,
    each(streamsGroupDescribe, 'groupIds', 'groups', mayDescribe, (groupId) => ({
      ...NOTHING,
      groupId,
      errorCode: GROUP_DENIED,
    })),
  ),
];
