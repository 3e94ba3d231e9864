/** Rules of requests about groups and transactions. */
import { Errors, errorText } from '../../../protocol/errors.js';
import { Operation, ResourceType } from '../authorizer.js';
import { maskOperations } from './operations.js';
import {
  all,
  allowsCluster,
  amend,
  type Body,
  blank,
  type Call,
  each,
  element,
  type Listed,
  type Rule,
  required,
  requiredForEach,
} from './rule.js';
import { mayTopic, partitionsRefused, topicName } from './topics.js';

const { GROUP_AUTHORIZATION_FAILED: NO_GROUP, TOPIC_AUTHORIZATION_FAILED: NO_TOPIC } = Errors;
const NO_TRANSACTION = Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;

const mayGroup =
  (operation: number) =>
  (call: Call, request: Body): boolean =>
    call.allows(operation, ResourceType.GROUP, request.groupId);
const mayTransaction =
  (operation: number) =>
  (call: Call, request: Body): boolean =>
    call.allows(operation, ResourceType.TRANSACTIONAL_ID, request.transactionalId);

/** Join, sync, heartbeat, leave. */
export const readGroup = required(mayGroup(Operation.READ), NO_GROUP);

/** Heartbeats of the newer groups name what they subscribe to. */
export const groupHeartbeat = all(
  readGroup,
  required(
    (call, request) =>
      (request.subscribedTopicNames ?? []).every((name: string) =>
        call.allows(Operation.DESCRIBE, ResourceType.TOPIC, name),
      ),
    NO_TOPIC,
  ),
);

const partitions = ['topics', 'topics', ['partitions', 'partitions']] as const;
export const offsetCommit = all(
  requiredForEach(partitionsRefused(...partitions, NO_GROUP), mayGroup(Operation.READ)),
  each(partitionsRefused(...partitions), mayTopic(Operation.READ)),
);
export const offsetDelete = all(
  required(mayGroup(Operation.DELETE), NO_GROUP),
  each(partitionsRefused(...partitions), mayTopic(Operation.READ)),
);
export const txnOffsetCommit = all(
  requiredForEach(partitionsRefused(...partitions, NO_TRANSACTION), mayTransaction(Operation.WRITE)),
  requiredForEach(partitionsRefused(...partitions, NO_GROUP), mayGroup(Operation.READ)),
  each(partitionsRefused(...partitions), mayTopic(Operation.READ)),
);
export const addOffsetsToTxn = all(required(mayTransaction(Operation.WRITE), NO_TRANSACTION), readGroup);
export const endTxn = required(mayTransaction(Operation.WRITE), NO_TRANSACTION);

const added = ['v3AndBelowTopics', 'resultsByTopicV3AndBelow', ['partitions', 'resultsByPartition']] as const;
/** One partition that may not be added keeps the others from being added. From v4 on it is between brokers. */
export const addPartitionsToTxn: Rule = (call, request, next) => {
  if (call.version >= 4) {
    return required(() => allowsCluster(call, Operation.CLUSTER_ACTION), Errors.CLUSTER_AUTHORIZATION_FAILED)(
      call,
      request,
      next,
    );
  }
  const transactional = (c: Call) =>
    c.allows(Operation.WRITE, ResourceType.TRANSACTIONAL_ID, request.v3AndBelowTransactionalId);
  const mayWrite = mayTopic(Operation.WRITE);
  if (!transactional(call))
    return requiredForEach(partitionsRefused(...added, NO_TRANSACTION), transactional)(call, request, next);
  if (request.v3AndBelowTopics.every((topic: Body) => mayWrite(call, topic))) return next(request);
  const results = request.v3AndBelowTopics.map((topic: Body) => {
    const error = mayWrite(call, topic) ? Errors.OPERATION_NOT_ATTEMPTED : NO_TOPIC;
    return element(call, [added[1]], partitionsRefused(...added, error).refusal(topic, call));
  });
  return blank(call, { [added[1]]: results });
};

/** The topics of one group, with those that may not be seen told as such; null is all that may be. */
function visibleOffsets(call: Call, asked: Body[] | null, path: readonly string[], answered: Body[]): Body[] {
  const may = mayTopic(Operation.DESCRIBE);
  if (asked === null) return answered.filter((topic) => may(call, topic));
  const refused = asked.filter((topic) => !may(call, topic));
  const refusals = refused.map((topic) =>
    element(call, path, {
      name: topic.name,
      topicId: topic.topicId,
      partitions: topic.partitionIndexes.map((partitionIndex: number) =>
        element(call, [...path, 'partitions'], {
          partitionIndex,
          committedOffset: -1n,
          metadata: '',
          errorCode: NO_TOPIC,
        }),
      ),
    }),
  );
  const hidden = new Set(refused.map((topic) => topicName(call, topic)));
  return [...answered.filter((topic) => !hidden.has(topicName(call, topic))), ...refusals];
}

export const offsetFetch: Rule = (call, request, next) => {
  const may = mayGroup(Operation.DESCRIBE);
  if (call.version < 8) {
    if (!may(call, request)) return blank(call, { errorCode: NO_GROUP });
    return amend(next(request), (body) => ({
      ...body,
      topics: visibleOffsets(call, request.topics, ['topics'], body.topics),
    }));
  }
  const allowed = request.groups.filter((group: Body) => may(call, group));
  const refused = request.groups.filter((group: Body) => !may(call, group));
  const refusals = refused.map(({ groupId }: Body) => element(call, ['groups'], { groupId, errorCode: NO_GROUP }));
  if (allowed.length === 0) return blank(call, { groups: refusals });
  return amend(next({ ...request, groups: allowed }), (body) => {
    const groups = body.groups.map((group: Body) => {
      const asked = allowed.find((one: Body) => one.groupId === group.groupId)?.topics ?? null;
      return { ...group, topics: visibleOffsets(call, asked, ['groups', 'topics'], group.topics) };
    });
    return { ...body, groups: [...groups, ...refusals] };
  });
};

const coordinatorRight = (call: Call, keyType: number, key: string): number => {
  if (keyType === 0) return call.allows(Operation.DESCRIBE, ResourceType.GROUP, key) ? 0 : NO_GROUP;
  if (keyType === 1) return call.allows(Operation.DESCRIBE, ResourceType.TRANSACTIONAL_ID, key) ? 0 : NO_TRANSACTION;
  return allowsCluster(call, Operation.CLUSTER_ACTION) ? 0 : Errors.CLUSTER_AUTHORIZATION_FAILED;
};
export const findCoordinator: Rule = (call, request, next) => {
  const { key, keyType = 0 } = request;
  if (call.version >= 4) {
    const refusal = (one: string) => {
      const errorCode = coordinatorRight(call, keyType, one);
      return { key: one, nodeId: -1, port: -1, errorCode, errorMessage: errorText(errorCode) };
    };
    const listed: Listed = { asked: 'coordinatorKeys', answered: 'coordinators', refusal };
    return each(listed, (_call, one: string) => coordinatorRight(call, keyType, one) === 0)(call, request, next);
  }
  const errorCode = coordinatorRight(call, keyType, key);
  if (errorCode === 0) return next(request);
  return blank(call, { errorCode, errorMessage: errorText(errorCode), nodeId: -1, port: -1 });
};

/** Describing and deleting groups, by a list of ids in the request. */
export const groups =
  (asked: string, answered: string, operation: number): Rule =>
  (call, request, next) => {
    const refusal = (one: any) => ({
      groupId: typeof one === 'string' ? one : one.groupId,
      errorCode: NO_GROUP,
      errorMessage: errorText(NO_GROUP),
    });
    const idOf = (one: any): Body => (typeof one === 'string' ? { groupId: one } : one);
    const answer = each({ asked, answered, refusal }, (_call, one) => mayGroup(operation)(call, idOf(one)))(
      call,
      request,
      next,
    );
    return amend(answer, (body) => ({
      ...body,
      [answered]: body[answered].map((group: Body) =>
        group.authorizedOperations === undefined
          ? group
          : {
              ...group,
              authorizedOperations: maskOperations(call, group.authorizedOperations, ResourceType.GROUP, group.groupId),
            },
      ),
    }));
  };

export const listGroups: Rule = (call, request, next) =>
  amend(next(request), (body) =>
    allowsCluster(call, Operation.DESCRIBE) ? body : { ...body, groups: body.groups.filter(mayGroupOf(call)) },
  );
const mayGroupOf = (call: Call) => (group: Body) => mayGroup(Operation.DESCRIBE)(call, group);

export const describeTransactions: Rule = (call, request, next) => {
  const refusal = (transactionalId: string) => ({ transactionalId, errorCode: NO_TRANSACTION });
  const listed: Listed = { asked: 'transactionalIds', answered: 'transactionStates', refusal };
  const may = (_call: Call, transactionalId: string) => mayTransaction(Operation.DESCRIBE)(call, { transactionalId });
  return amend(each(listed, may)(call, request, next), (body) => ({
    ...body,
    transactionStates: body.transactionStates.map((state: Body) => ({
      ...state,
      topics: state.topics.filter((topic: Body) => mayTopic(Operation.DESCRIBE)(call, topic)),
    })),
  }));
};
export const listTransactions: Rule = (call, request, next) =>
  amend(next(request), (body) => ({
    ...body,
    transactionStates: body.transactionStates.filter((state: Body) => mayTransaction(Operation.DESCRIBE)(call, state)),
  }));

/** Deleting a group's offsets, where the whole answer can be refused. */
export const deleteGroup = required(mayGroup(Operation.DELETE), NO_GROUP);

/** Where share groups start: topics that may not be seen are left out. */
export const describeShareOffsets: Rule = (call, request, next) =>
  amend(groups('groups', 'groups', Operation.DESCRIBE)(call, request, next), (body) => ({
    ...body,
    groups: body.groups.map((group: Body) => ({
      ...group,
      topics: group.topics.filter((topic: Body) => mayTopic(Operation.DESCRIBE)(call, topic)),
    })),
  }));
