/** Rules of requests about topics. */
import { Errors, errorText } from '../../../protocol/errors.js';
import { CLUSTER_NAME, Operation, ResourceType } from '../authorizer.js';
import { maskOperations } from './operations.js';
import {
  all,
  allowsCluster,
  amend,
  type Body,
  type Call,
  each,
  element,
  type Listed,
  type Rule,
  required,
  requiredForEach,
} from './rule.js';

const DENIED = Errors.TOPIC_AUTHORIZATION_FAILED;

/** A topic's name, which newer requests give by id; undefined for an id that nothing has. */
export const topicName = (call: Call, topic: Body): string | undefined =>
  topic.name || topic.topic || topic.topicName || call.broker.metadata.topicById(topic.topicId)?.name;

export const mayTopic =
  (operation: number) =>
  (call: Call, topic: Body): boolean => {
    const name = topicName(call, topic);
    // the handler says that there is no such topic
    return name === undefined || call.allows(operation, ResourceType.TOPIC, name);
  };

/** The refusal of a topic's partitions; a field under its several names, of which an answer has one. */
export const partitionsRefused = (
  asked: string,
  answered: string,
  partitions: readonly [string, string],
  error = DENIED,
): Listed => ({
  asked,
  answered,
  refusal: (topic, call) => ({
    name: topic.name,
    topic: topic.topic,
    topicId: topic.topicId,
    topicName: topic.topicName,
    [partitions[1]]: topic[partitions[0]].map((p: any) => {
      const index = typeof p === 'number' ? p : (p.index ?? p.partitionIndex ?? p.partition);
      const values = { index, partitionIndex: index, partition: index };
      return element(call, [answered, partitions[1]], { ...values, errorCode: error, partitionErrorCode: error });
    }),
  }),
});
const named = (asked: string, answered: string): Listed => ({
  asked,
  answered,
  refusal: (one) => ({ ...(typeof one === 'string' ? { name: one } : one), errorCode: DENIED, errorMessage: null }),
});

const mayTransaction = (call: Call, request: Body): boolean =>
  request.transactionalId === null ||
  call.allows(Operation.WRITE, ResourceType.TRANSACTIONAL_ID, request.transactionalId);
const NO_TRANSACTION = Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;

const produced = ['topicData', 'responses', ['partitionData', 'partitionResponses']] as const;
export const produce: Rule = all(
  requiredForEach(partitionsRefused(...produced, NO_TRANSACTION), mayTransaction),
  each(partitionsRefused(...produced), mayTopic(Operation.WRITE)),
);

/** Looked at on the way out: a session serves topics that no request names any more. */
export const fetch: Rule = (call, request, next) =>
  amend(next(request), (body) => ({
    ...body,
    responses: body.responses.map((topic: Body) => {
      if (mayTopic(Operation.READ)(call, topic)) return topic;
      const partitions = topic.partitions.map(({ partitionIndex }: Body) =>
        element(call, ['responses', 'partitions'], {
          partitionIndex,
          errorCode: DENIED,
          highWatermark: -1n,
          records: null,
        }),
      );
      return { ...topic, partitions };
    }),
  }));

const sharePartitions = ['topics', 'responses', ['partitions', 'partitions']] as const;
/** Topics of a share group: those that may not be read never get into its session, nor is their word taken. */
export const shareRead = each(partitionsRefused(...sharePartitions), mayTopic(Operation.READ));
/** The same where the answer has nothing but the topic. */
export const shareTopics = each(
  {
    asked: 'topics',
    answered: 'responses',
    refusal: ({ topicName: name }, call) =>
      element(call, ['responses'], { topicName: name, errorCode: DENIED, errorMessage: errorText(DENIED) }),
  },
  mayTopic(Operation.READ),
);

const samePartitions = ['topics', 'topics', ['partitions', 'partitions']] as const;
export const listOffsets = each(partitionsRefused(...samePartitions), mayTopic(Operation.DESCRIBE));
export const deleteRecords = each(partitionsRefused(...samePartitions), mayTopic(Operation.DELETE));
export const offsetForLeaderEpoch = each(partitionsRefused(...samePartitions), mayTopic(Operation.DESCRIBE));
export const describeProducers = each(
  partitionsRefused('topics', 'topics', ['partitionIndexes', 'partitions']),
  mayTopic(Operation.READ),
);

const describable = mayTopic(Operation.DESCRIBE);
const mayCreate = (call: Call, name: string): boolean =>
  allowsCluster(call, Operation.CREATE) || call.allows(Operation.CREATE, ResourceType.TOPIC, name);

const withOperations = (call: Call, topic: Body): Body => ({
  ...topic,
  topicAuthorizedOperations: maskOperations(
    call,
    topic.topicAuthorizedOperations,
    ResourceType.TOPIC,
    topic.name ?? '',
  ),
});

/** Topics that were not asked for by name are left out; an unknown one is created only where that is allowed. */
export const metadata: Rule = (call, request, next) => {
  const refusal = ({ name, topicId }: Body) =>
    name === null ? { name, topicId, errorCode: Errors.UNKNOWN_TOPIC_ID } : { name, errorCode: DENIED };
  const listed: Listed = { asked: 'topics', answered: 'topics', refusal };
  const may = (_call: Call, topic: Body) => {
    if (!describable(call, topic)) return false;
    if (!topic.name || !request.allowAutoTopicCreation || call.broker.metadata.topic(topic.name)) return true;
    return call.broker.setting('auto.create.topics.enable') === false || mayCreate(call, topic.name);
  };
  const visible = (body: Body): Body => ({
    ...body,
    clusterAuthorizedOperations: maskOperations(
      call,
      body.clusterAuthorizedOperations,
      ResourceType.CLUSTER,
      CLUSTER_NAME,
    ),
    topics: body.topics
      .filter((topic: Body) => topic.errorCode === DENIED || describable(call, topic))
      .map((topic: Body) => withOperations(call, topic)),
  });
  // none, in a version that can say so, is not all
  const everything = request.topics === null || (call.version === 0 && request.topics.length === 0);
  if (everything || request.topics.length === 0) return amend(next(request), visible);
  const answer = refuseAllOr(call, request, next, listed, may);
  return amend(answer, visible);
};

/** As `each`, but the handler is asked also when nothing is left: brokers and cluster id are in the answer. */
function refuseAllOr(
  call: Call,
  request: Body,
  next: (r: Body) => unknown,
  listed: Listed,
  may: (c: Call, t: Body) => boolean,
): unknown {
  const allowed = request.topics.filter((topic: Body) => may(call, topic));
  const refused = request.topics.filter((topic: Body) => !allowed.includes(topic));
  const refusals = refused.map((topic: Body) => element(call, ['topics'], listed.refusal(topic, call)));
  const asked =
    allowed.length === 0 && call.version === 0 ? { ...request, topics: [] } : { ...request, topics: allowed };
  return amend(next(asked), (body) => ({
    ...body,
    topics: [...(allowed.length === 0 ? [] : body.topics), ...refusals],
  }));
}

export const describeTopicPartitions: Rule = (call, request, next) => {
  const answer = each(named('topics', 'topics'), describable)(call, request, next);
  return amend(answer, (body) => ({
    ...body,
    topics: body.topics
      .filter((topic: Body) => topic.errorCode === DENIED || describable(call, topic))
      .map((topic: Body) => withOperations(call, topic)),
  }));
};

export const createTopics: Rule = (call, request, next) => {
  const answer = each(named('topics', 'topics'), (_call, topic: Body) => mayCreate(call, topic.name))(
    call,
    request,
    next,
  );
  return amend(answer, (body) => ({
    ...body,
    topics: body.topics.map((topic: Body) =>
      topic.errorCode !== 0 || call.allows(Operation.DESCRIBE_CONFIGS, ResourceType.TOPIC, topic.name)
        ? topic
        : { ...topic, topicConfigErrorCode: DENIED, numPartitions: -1, replicationFactor: -1, configs: null },
    ),
  }));
};

const mayDelete = (call: Call, topic: Body | string): boolean =>
  mayTopic(Operation.DELETE)(call, typeof topic === 'string' ? { name: topic } : topic);
/** By id, a topic that may not be seen keeps its name to itself. */
export const deleteTopics: Rule = all(
  each(named('topicNames', 'responses'), mayDelete),
  each(
    {
      asked: 'topics',
      answered: 'responses',
      refusal: (topic, call) => ({
        name: topic.name ?? (describable(call, topic) ? topicName(call, topic) : null),
        topicId: topic.topicId,
        errorCode: DENIED,
      }),
    },
    mayDelete,
  ),
);

export const createPartitions = each(named('topics', 'results'), mayTopic(Operation.ALTER));

/** A producer without a transactional id needs to be allowed to write to something. */
export const initProducerId: Rule = (call, request, next) =>
  request.transactionalId === null
    ? required(
        () => allowsCluster(call, Operation.IDEMPOTENT_WRITE) || call.allowsAny(Operation.WRITE, ResourceType.TOPIC),
        Errors.CLUSTER_AUTHORIZATION_FAILED,
      )(call, request, next)
    : required(mayTransaction, NO_TRANSACTION)(call, request, next);
