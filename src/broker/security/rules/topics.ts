/** Authorization of requests that describe, create and delete topics. */
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

/**
 * The result for a topic that may not be described or created. A topic's name must not be revealed to a client that
 * knows only its id.
 */
const refusedMetadata = ({ name, topicId }: AskedTopic, byId: boolean) =>
  byId
    ? { name: null, topicId, errorCode: TOPIC_DENIED, partitions: NO_PARTITIONS }
    : { name, topicId: ZERO_UUID, errorCode: TOPIC_DENIED, partitions: NO_PARTITIONS };
const NO_PARTITIONS: readonly never[] = [];

/** Omits unauthorized topics unless they were requested by name; creates a missing topic only if that is authorized. */
const showMetadata: Rule<typeof metadata> = (call, request, next) => {
  const requested = request.topics;
  // except in version 0, an empty list asks for no topics
  const everything = requested === null || (call.version === 0 && requested.length === 0);
  const byId = requested?.some(({ topicId }) => topicId !== ZERO_UUID) ?? false;
  const makes = request.allowAutoTopicCreation && call.broker.setting('auto.create.topics.enable') === true;
  const may = (topic: AskedTopic): boolean => {
    const name = topicName(call, { name: topic.name ?? '', topicId: topic.topicId });
    // the handler rejects unknown ids
    if (name === undefined) return true;
    if (!mayTopic(call, Operation.DESCRIBE, name)) return false;
    return !makes || byId || call.broker.metadata.topic(name) !== undefined || mayCreate(call, name);
  };
  const { allowed, refused } = split(once(requested ?? [], byId), may);
  const refusals = refused.map((topic) => refusedMetadata(topic, byId));
  // in version 0, an empty list would ask for all topics
  const silent = !everything && allowed.length === 0;
  const given = requested === null ? request : { ...request, topics: [...allowed] };
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

/** Removes duplicates, as each topic is returned once. */
function once<T extends AskedTopic>(topics: readonly T[], byId: boolean): readonly T[] {
  const first = new Map<string | null, T>();
  for (const topic of topics) {
    if (byId && topic.topicId === ZERO_UUID) continue;
    const key = byId ? topic.topicId : topic.name;
    if (!first.has(key)) first.set(key, topic);
  }
  return first.size === topics.length ? topics : [...first.values()];
}

/** Clears all operations if the client may not describe the cluster. */
export const clusterOperations = (call: Call, operations: number | undefined): number | undefined =>
  maskOperations(call, operations, ResourceType.CLUSTER, CLUSTER_NAME);

const refusedCreate = {
  errorCode: TOPIC_DENIED,
  errorMessage: 'Authorization failed.',
  numPartitions: -1,
  replicationFactor: -1,
};

const create: Rule<typeof createTopics> = (call, request, next) => {
  // duplicate names are malformed and rejected by the handler, authorized or not
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
    // the handler itself filters topics by authorization, as that must happen before paging
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
        // a topic with both name and id, or neither, is malformed and rejected by the handler, authorized or not
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

/** The name of a topic requested by id; null if the client may not describe it. */
const shownName = (call: Call, topicId: string): string | null => {
  const name = topicName(call, { name: '', topicId });
  return name !== undefined && mayTopic(call, Operation.DESCRIBE, name) ? name : null;
};
