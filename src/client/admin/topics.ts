/** Topics' partitions and leaders, for commands that work on partitions; and the end of topics. */
import { deleteTopics as deleteTopicsApi } from '../../protocol/apis/20-delete-topics.js';
import { check, Errors, KafkaError } from '../../protocol/errors.js';
import { ZERO_UUID } from '../../protocol/wire/schema.js';
import type { Cluster, TopicInfo } from '../cluster/types.js';

/** Java refuses such a name before it asks anybody. */
export const unrepresentable = (name: string): KafkaError =>
  new KafkaError(Errors.INVALID_TOPIC_EXCEPTION, `The given topic name '${name}' cannot be represented in a request.`);

/** Topics by name; throws the error of the first that does not exist or cannot be read. */
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

/** Only a controller that is none any more is asked again; every other error is the answer. */
export const movedController = (errorCode: number | undefined): number =>
  errorCode === Errors.NOT_CONTROLLER ? errorCode : 0;

/** Deletes topics; each has its own outcome: undefined when it is gone, else why not. */
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
    { to: 'controller', call: 'deleteTopics', errorOf: (r) => movedController(r.responses[0]?.errorCode) },
  );
  return new Map(
    responses.map(({ name, errorCode, errorMessage }) => [
      name as string,
      errorCode === 0 ? undefined : new KafkaError(errorCode, errorMessage),
    ]),
  );
}
