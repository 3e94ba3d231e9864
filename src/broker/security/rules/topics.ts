/** Rules of requests that show, make and delete topics. */
import { metadata } from '../../../protocol/apis/03-metadata.js';
import { createTopics } from '../../../protocol/apis/19-create-topics.js';
import { deleteTopics } from '../../../protocol/apis/20-delete-topics.js';
import { createPartitions } from '../../../protocol/apis/37-create-partitions.js';
import { describeTopicPartitions } from '../../../protocol/apis/75-describe-topic-partitions.js';
import { Errors, errorText } from '../../../protocol/errors.js';
import { ZERO_UUID } from '../../../protocol/wire/schema.js';
import { CLUSTER_NAME, Operation, ResourceType } from '../authorizer.js';
import { maskOperations } from './operations.js';
import {
  all,
  allowsCluster,
  amend,
  authorize,
  type Call,
  each,
  mayNamed,
  mayTopic,
  type Rule,
  split,
  TOPIC_DENIED,
  topicName,
} from './rule.js';

const mayCreate = (call: Call, name: string): boolean =>
  allowsCluster(call, Operation.CREATE) || mayTopic(call, Operation.CREATE, name);

const withOperations = <T extends { readonly name: string | null; readonly topicAuthorizedOperations?: number }>(
  call: Call,
  topic: T,
): T => ({
  ...topic,
  topicAuthorizedOperations: maskOperations(
    call,
    topic.topicAuthorizedOperations,
    ResourceType.TOPIC,
    topic.name ?? '',
  ),
});

type AskedTopic = { readonly name: string | null; readonly topicId: string };

/** What is answered for a topic that may not be described or made. An id is no secret, the name it stands for is one. */
const refusedMetadata = ({ name, topicId }: AskedTopic, byId: boolean) =>
  byId
    ? { name: null, topicId, errorCode: TOPIC_DENIED, partitions: NO_PARTITIONS }
    : { name, topicId: ZERO_UUID, errorCode: TOPIC_DENIED, partitions: NO_PARTITIONS };
const NO_PARTITIONS: readonly never[] = [];

/** Topics that were not asked for by name are left out; an unknown one is created only where that is allowed. */
const showMetadata: Rule<typeof metadata> = (call, request, next) => {
  const asked = request.topics;
  // none, in a version that can say so, is not all
  const everything = asked === null || (call.version === 0 && asked.length === 0);
  const byId = asked?.some(({ topicId }) => topicId !== ZERO_UUID) ?? false;
  const makes = request.allowAutoTopicCreation && call.broker.setting('auto.create.topics.enable') === true;
  const may = (topic: AskedTopic): boolean => {
    const name = topicName(call, { name: topic.name ?? '', topicId: topic.topicId });
    // the handler says that an id is of no topic
    if (name === undefined) return true;
    if (!mayTopic(call, Operation.DESCRIBE, name)) return false;
    return !makes || byId || call.broker.metadata.topic(name) !== undefined || mayCreate(call, name);
  };
  const { allowed, refused } = split(once(asked ?? [], byId), may);
  const refusals = refused.map((topic) => refusedMetadata(topic, byId));
  // an empty list would ask version 0 for all topics
  const silent = !everything && allowed.length === 0;
  const given = asked === null ? request : { ...request, topics: [...allowed] };
  return amend<typeof metadata>(next(given), (body) => {
    const shown = everything
      ? body.topics.filter(({ name }) => mayTopic(call, Operation.DESCRIBE, name ?? ''))
      : body.topics;
    return {
      ...body,
      clusterAuthorizedOperations: clusterOperations(call, body.clusterAuthorizedOperations),
      topics: [...(silent ? [] : shown.map((topic) => withOperations(call, topic))), ...refusals],
    };
  });
};

/** Each topic once: a topic is answered once however often it was asked for. */
function once<T extends AskedTopic>(topics: readonly T[], byId: boolean): readonly T[] {
  const first = new Map<string | null, T>();
  for (const topic of topics) {
    if (byId && topic.topicId === ZERO_UUID) continue;
    const key = byId ? topic.topicId : topic.name;
    if (!first.has(key)) first.set(key, topic);
  }
  return first.size === topics.length ? topics : [...first.values()];
}

/** Who may not describe the cluster is told that nothing is allowed. */
export const clusterOperations = (call: Call, operations: number | undefined): number | undefined =>
  maskOperations(call, operations, ResourceType.CLUSTER, CLUSTER_NAME);

const refusedCreate = {
  errorCode: TOPIC_DENIED,
  errorMessage: 'Authorization failed.',
  numPartitions: -1,
  replicationFactor: -1,
};

const create: Rule<typeof createTopics> = (call, request, next) => {
  // a name given twice is malformed whoever sends it: the handler says so
  const twice = repeated(request.topics);
  const answer = each(
    createTopics,
    'topics',
    'topics',
    (_call, { name }) => twice.has(name) || mayCreate(call, name),
    ({ name }) => ({ name, ...refusedCreate }),
  )(call, request, next);
  return amend<typeof createTopics>(answer, (body) => ({
    ...body,
    topics: body.topics.map((topic) =>
      topic.errorCode !== Errors.NONE || mayTopic(call, Operation.DESCRIBE_CONFIGS, topic.name)
        ? topic
        : { ...topic, topicConfigErrorCode: TOPIC_DENIED, numPartitions: -1, replicationFactor: -1, configs: null },
    ),
  }));
};

function repeated(topics: readonly { readonly name: string }[]): ReadonlySet<string> {
  const [seen, twice] = [new Set<string>(), new Set<string>()];
  for (const { name } of topics) (seen.has(name) ? twice : seen).add(name);
  return twice;
}

const mayDelete = (call: Call, topic: { readonly name: string; readonly topicId: string }): boolean =>
  mayNamed(call, Operation.DELETE, topic);

const refusedDelete = { errorCode: TOPIC_DENIED, errorMessage: errorText(TOPIC_DENIED) };

export const topicRules = [
  authorize(metadata, showMetadata),
  authorize(describeTopicPartitions, (call, request, next) =>
    // the handler leaves out what may not be described, before it fills its pages
    amend<typeof describeTopicPartitions>(next(request), (body) => ({
      ...body,
      topics: body.topics.map((topic) => withOperations(call, topic)),
    })),
  ),
  authorize(createTopics, create),
  authorize(
    deleteTopics,
    all(
      each(
        deleteTopics,
        'topicNames',
        'responses',
        (call, name) => mayTopic(call, Operation.DELETE, name),
        (name) => ({ name, ...refusedDelete }),
      ),
      each(
        deleteTopics,
        'topics',
        'responses',
        // a topic by name and id at once, or by neither, is malformed whoever sends it: the handler says so
        (call, { name, topicId }) =>
          (name !== null) === (topicId !== ZERO_UUID) || mayDelete(call, { name: name ?? '', topicId }),
        ({ name, topicId }, call) => ({
          name: name ?? shownName(call, topicId),
          topicId,
          ...refusedDelete,
        }),
      ),
    ),
  ),
  authorize(
    createPartitions,
    each(
      createPartitions,
      'topics',
      'results',
      (call, { name }) => mayTopic(call, Operation.ALTER, name),
      ({ name }) => ({ name, errorCode: TOPIC_DENIED, errorMessage: null }),
    ),
  ),
];

/** By id, a topic that may not be described keeps its name to itself. */
const shownName = (call: Call, topicId: string): string | null => {
  const name = topicName(call, { name: '', topicId });
  return name !== undefined && mayTopic(call, Operation.DESCRIBE, name) ? name : null;
};
