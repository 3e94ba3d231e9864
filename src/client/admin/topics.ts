/** Describing topics (partitions, leaders) and deleting them. */
import { deleteTopics as deleteTopicsApi } from '../../protocol/apis/20-delete-topics.js';
import { check, Errors, KafkaError } from '../../protocol/errors.js';
import { ZERO_UUID } from '../../protocol/wire/schema.js';
import type { Cluster, TopicInfo } from '../cluster/types.js';

/** Java rejects such a name before it sends a request. */
export const unrepresentable = (name: string): KafkaError =>
  new KafkaError(Errors.INVALID_TOPIC_EXCEPTION, `The given topic name '${name}' cannot be represented in a request.`);

/** Topics by name; throws the error of the first topic that does not exist or cannot be described. */
export async function describeTopics(
  cluster: Cluster,
  names: readonly string[],
  timeoutMs?: number,
): Promise<TopicInfo[]> {
  if (names.length === 0) return [];
  if (names.includes('')) throw unrepresentable('');
  const bound = timeoutMs === undefined ? {} : { timeoutMs };
  const { topics } = await cluster.metadata(names, { ...bound, call: 'listNodes' });
  for (const topic of topics) check(topic.errorCode);
  return [...topics];
}

/** Retries only when the controller moved (NOT_CONTROLLER); the caller handles all other errors. */
export const onlyNotController = (errorCode: number | undefined): number =>
  errorCode === Errors.NOT_CONTROLLER ? errorCode : 0;

/** Deletes topics; returns per topic undefined, or the error. */
export async function deleteTopics(
  cluster: Cluster,
  topicNames: readonly string[],
): Promise<Map<string, KafkaError | undefined>> {
  if (topicNames.length === 0) return new Map();
  const { responses } = await cluster.send(
    deleteTopicsApi,
    {
      topics: topicNames.map((name) => ({ name, topicId: ZERO_UUID })),
      topicNames: [...topicNames],
      timeoutMs: 30_000,
    },
    { to: 'controller', call: 'deleteTopics', errorOf: (r) => onlyNotController(r.responses[0]?.errorCode) },
  );
  return new Map(
    responses.map(({ name, errorCode, errorMessage }) => [
      name as string,
      errorCode === 0 ? undefined : new KafkaError(errorCode, errorMessage),
    ]),
  );
}
