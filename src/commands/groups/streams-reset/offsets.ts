/** The offsets of input and intermediate topics. Mirrors StreamsResetter.maybeResetInputAndSeekToEndIntermediateTopicOffsets. */
import { EXIT } from '../../../cli/errors.js';
import { alterGroupOffsets } from '../../../client/admin/group-offsets.js';
import { LATEST } from '../../../client/admin/list-offsets.js';
import { describeTopics } from '../../../client/admin/topics.js';
import { JavaError } from '../../../java/exceptions.js';
import { hashOrder } from '../../../java/hash-order.js';
import { partitionName, type TopicPartition } from '../../../kafka/topic-partition.js';
import { partitionOrder } from '../../shared/partition-order.js';
import { type Application, offsetsAt, positions } from './positions.js';

/** Resolves to the exit code: topics that do not exist are skipped, and make it 1. */
export async function resetOffsets(
  application: Application,
  known: ReadonlySet<string>,
  complain: (line: string) => void,
): Promise<number> {
  const { options, say } = application;
  const input = options.values('input-topics');
  if (options.has('intermediate-topics'))
    say('WARN: `--intermediate-topics` is deprecated and will be removed in a future release');
  const intermediate = options.values('intermediate-topics');
  if (input.length + intermediate.length === 0) {
    say('No input or intermediate topics specified. Skipping seek.');
    return EXIT.ok;
  }
  if (input.length > 0) say(`Reset-offsets for input topics [${input.join(', ')}]`);
  if (intermediate.length > 0) say(`Seek-to-end for intermediate topics [${intermediate.join(', ')}]`);
  const missing = (topics: readonly string[], kind: string, label: string): boolean => {
    const absent = topics.filter((topic) => !known.has(topic));
    if (absent.length > 0) say(`Following ${kind} topics are not found, skipping them`);
    for (const topic of absent) say(`${label}${topic}`);
    return absent.length > 0;
  };
  const skipped = [missing(input, 'input', 'Topic: '), missing(intermediate, 'intermediate', 'Topic:')];
  const code = skipped.includes(true) ? EXIT.failure : EXIT.ok;
  const topics = [...new Set([...input, ...intermediate])].filter((topic) => known.has(topic));
  if (topics.length === 0) return code;
  try {
    await move(application, hashOrder(topics), new Set(input));
  } catch (error) {
    if (error instanceof JavaError && CHECKED.has(error.javaClass)) complain('ERROR: Resetting offsets failed.');
    throw error;
  }
  say('Done.');
  return code;
}

const CHECKED = new Set(['java.text.ParseException', 'java.io.IOException']);

async function move(application: Application, topics: readonly string[], input: ReadonlySet<string>): Promise<void> {
  const { cluster, options, id, say } = application;
  const described = await describeTopics(cluster, topics);
  const partitions = described.flatMap(({ name: topic, partitions: all }) =>
    all.map(({ partition }): TopicPartition => ({ topic, partition })),
  );
  const places = partitionOrder(partitions);
  const toReset = places.filter(({ topic }) => input.has(topic));
  const toSkip = places.filter(({ topic }) => !input.has(topic));
  const offsets = new Map<string, bigint>();
  if (toReset.length > 0) {
    say(`Following input topics offsets will be reset to (for consumer group ${id})`);
    for (const [name, offset] of await positions(application, toReset)) offsets.set(name, offset);
    for (const place of toReset)
      say(`Topic: ${place.topic} Partition: ${place.partition} Offset: ${offsets.get(partitionName(place))}`);
  }
  if (toSkip.length > 0) {
    say(`Following intermediate topics offsets will be reset to end (for consumer group ${id})`);
    for (const { topic } of toSkip) say(`Topic: ${topic}`);
    if (!options.has('dry-run'))
      for (const [name, offset] of await offsetsAt(application, toSkip, LATEST)) offsets.set(name, offset);
  }
  if (options.has('dry-run')) return;
  const commit = places.map((place) => ({ ...place, offset: offsets.get(partitionName(place)) as bigint }));
  await alterGroupOffsets(cluster, id, commit, cluster.deadline('offsetCommit').left);
}
