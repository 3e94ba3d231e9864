import { deleteGroupOffsets } from '../../../client/admin/group-offsets.js';
import { executionException } from '../../../java/exceptions.js';
import { partitionName, type TopicPartition } from '../../../kafka/topic-partition.js';
import { KafkaError } from '../../../protocol/errors.js';
import { errorBlock, type Service } from './service.js';
import { namedPartitions, partitionsOfTopic } from './topics.js';

interface Row extends TopicPartition {
  readonly error: Error | undefined;
}

export const run = (service: Service): Promise<void> =>
  deleteOffsets(service, service.options.value('group') as string, service.options.values('topic'));

/** Deletes a group's offsets for topics or partitions, and prints the result of each. */
export async function deleteOffsets(
  { cluster, io, timeoutMs }: Service,
  group: string,
  topics: readonly string[],
): Promise<void> {
  const partitions = topics.filter((topic) => topic.includes(':')).flatMap(namedPartitions);
  const rows: Row[] = [];
  for (const topic of topics.filter((name) => !name.includes(':'))) {
    try {
      partitions.push(...(await partitionsOfTopic(cluster, topic, timeoutMs)));
    } catch (error) {
      rows.push({ topic, partition: -1, error: error as Error });
    }
  }
  const outcomes = await deleteGroupOffsets(cluster, group, partitions, timeoutMs).catch((error: KafkaError) => error);
  const unique = new Map(partitions.map((partition) => [partitionName(partition), partition]));
  for (const [name, partition] of unique) {
    rows.push({ ...partition, error: outcomes instanceof Map ? outcomes.get(name) : outcomes });
  }
  const failure = outcomes instanceof Map ? [...outcomes.values()].find((error) => error) : outcomes;
  io.stdout.write(summary(group, failure) + table(rows));
}

const GROUP_ERRORS = ['INVALID_GROUP_ID', 'GROUP_ID_NOT_FOUND', 'GROUP_AUTHORIZATION_FAILED', 'NON_EMPTY_GROUP'];
const PARTITION_ERRORS = ['GROUP_SUBSCRIBED_TO_TOPIC', 'TOPIC_AUTHORIZATION_FAILED', 'UNKNOWN_TOPIC_OR_PARTITION'];

function summary(group: string, failure: Error | undefined): string {
  if (failure === undefined) return `Request succeeded for deleting offsets from group ${group}.\n`;
  const { code, error: name } = failure as KafkaError;
  if (GROUP_ERRORS.includes(name)) return errorBlock(new KafkaError(code).message);
  if (PARTITION_ERRORS.includes(name)) {
    return errorBlock('Encountered some partition-level error, see the follow-up details.');
  }
  return errorBlock(`Encountered some unknown error: ${name}`);
}

function table(rows: readonly Row[]): string {
  const width = Math.max(15, ...rows.map((row) => row.topic.length));
  const line = (topic: string, partition: string, status: string) =>
    `\n${topic.padEnd(width)} ${partition.padEnd(10)} ${status.padEnd(15)}`;
  const key = ({ topic, partition }: Row) => topic + partition;
  const sorted = [...rows].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  const lines = sorted.map(({ topic, partition, error }) =>
    line(
      topic,
      partition >= 0 ? String(partition) : '-',
      error ? `Error: ${executionException(error).message}` : 'Successful',
    ),
  );
  return `${line('TOPIC', 'PARTITION', 'STATUS')}${lines.join('')}\n`;
}
