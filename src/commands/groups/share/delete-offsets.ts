import { deleteShareGroupOffsets } from '../../../client/admin/share-groups.js';
import { javaText } from '../../../java/exceptions.js';
import { hashOrder } from '../../../java/hash-order.js';
import { KafkaError } from '../../../protocol/errors.js';
import { errorBlock } from '../shared/service.js';
import type { ShareGroupService } from './service.js';

export async function run({ cluster, options, io, timeoutMs }: ShareGroupService): Promise<void> {
  const group = options.value('group') as string;
  const topics = hashOrder([...new Set(options.values('topic'))]);
  const outcomes = await deleteShareGroupOffsets(cluster, group, topics, timeoutMs).catch((error: Error) => error);
  const failure = outcomes instanceof Map ? [...outcomes.values()].find((error) => error) : outcomes;
  const rows = topics.map((topic) => [topic, outcomes instanceof Map ? outcomes.get(topic) : outcomes] as const);
  io.stdout.write(`${summary(failure)}${table(rows)}\n`);
}

const GROUP_ERRORS = ['INVALID_GROUP_ID', 'GROUP_ID_NOT_FOUND', 'GROUP_AUTHORIZATION_FAILED', 'NON_EMPTY_GROUP'];
const TOPIC_ERRORS = ['TOPIC_AUTHORIZATION_FAILED', 'UNKNOWN_TOPIC_OR_PARTITION'];

function summary(failure: Error | undefined): string {
  if (failure === undefined) return '';
  const name = failure instanceof KafkaError ? failure.error : '';
  if (GROUP_ERRORS.includes(name)) return errorBlock(failure.message);
  return TOPIC_ERRORS.includes(name) ? '' : errorBlock(`Encounter some unknown error: ${javaText(failure)}`);
}

function table(rows: readonly (readonly [topic: string, error: Error | undefined])[]): string {
  const width = Math.max(15, ...rows.map(([topic]) => topic.length));
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = sorted.map(([topic, error]) => [topic, error ? `Error: ${error.message}` : 'Successful'] as const);
  return [['TOPIC', 'STATUS'] as const, ...lines]
    .map(([topic, status]) => `\n${topic.padEnd(width)} ${status}`)
    .join('');
}
