/** `--delete-internal-topic` and `--delete-all-internal-topics`. Mirrors StreamsGroupService.retrieveInternalTopics. */
import { describeStreamsGroup } from '../../../client/admin/streams-groups.js';
import { deleteTopics } from '../../../client/admin/topics.js';
import { executionException, javaText } from '../../../java/exceptions.js';
import { isInternalTopic } from '../../../kafka/streams-topics.js';
import { Errors, KafkaError } from '../../../protocol/errors.js';
import { errorBlock } from '../shared/service.js';
import type { Streams } from './service.js';

/** The internal topics of groups that have any, as their topologies name them. */
export async function internalTopics(streams: Streams, groups: readonly string[]): Promise<Map<string, string[]>> {
  const { cluster, io, timeoutMs } = streams;
  const found = new Map<string, string[]>();
  for (const group of groups) {
    const described = await describeStreamsGroup(cluster, group, timeoutMs);
    if (described instanceof KafkaError) {
      const text = executionException(described).message;
      io.stdout.write(errorBlock(`Retrieving internal topics failed due to ${text}`));
      return found;
    }
    const subtopologies = described.topology?.subtopologies ?? [];
    const sources = subtopologies.flatMap(({ sourceTopics }) => sourceTopics);
    const named = subtopologies.flatMap(({ repartitionSourceTopics, stateChangelogTopics }) =>
      [...repartitionSourceTopics, ...stateChangelogTopics].map(({ name }) => name),
    );
    const topics = named
      .filter((topic) => !sources.includes(topic))
      .filter((topic) => {
        if (isInternalTopic(group, topic)) return true;
        io.stdout.write(
          errorBlock(
            `The internal topic '${topic}' is not inferred as internal and thus will not be deleted with the group '${group}'.`,
          ),
        );
        return false;
      });
    if (topics.length > 0) found.set(group, topics);
  }
  return found;
}

/** After a reset, deletes the internal topics named by the flag, or all of the group's. */
export async function deleteAfterReset(streams: Streams, group: string): Promise<void> {
  const { options, cluster, io } = streams;
  const topics = options.has('delete-all-internal-topics')
    ? ((await internalTopics(streams, [group])).get(group) ?? [])
    : options.values('delete-internal-topic');
  if (topics.length === 0) return;
  const failure = [...(await deleteTopics(cluster, topics)).values()].find((error) => error !== undefined);
  if (failure === undefined) return;
  const failed = `Deleting internal topics for group '${group}' failed`;
  const missing = failure.code === Errors.UNKNOWN_TOPIC_OR_PARTITION;
  const why = missing ? 'because the topics do not exist.' : `due to ${executionException(failure).message}`;
  io.stdout.write(errorBlock(`${failed} ${why}`));
}

/** Deletes the internal topics of deleted groups. Returns the report. */
export async function deleteWithGroups(
  { cluster }: Streams,
  deleted: readonly string[],
  topics: ReadonlyMap<string, readonly string[]>,
): Promise<string> {
  if (topics.size === 0 || deleted.length === 0) return '';
  const failures = new Map<string, KafkaError>();
  let text = '';
  for (const group of deleted) {
    const outcomes = await deleteTopics(cluster, topics.get(group) ?? []);
    for (const [topic, error] of outcomes) {
      if (error === undefined) continue;
      text += `Failed to delete internal topic: ${topic}\n`;
      if (!failures.has(group)) failures.set(group, error);
    }
  }
  if (failures.size === 0) {
    const names = deleted.filter((group) => topics.has(group)).join("', '");
    return `Deletion of associated internal topics of the streams groups ('${names}') was successful.\n`;
  }
  const lines = [...failures].map(
    ([group, error]) =>
      `* Internal topics of the streams group '${group}' could not be deleted due to: ${javaText(error)}\n`,
  );
  return `${text}Deletion of some associated internal topics failed:\n${lines.join('')}`;
}
