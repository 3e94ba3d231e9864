/** Which partitions to list offsets for. Mirrors tools/TopicPartitionFilter and GetOffsetShell's pattern rules. */

import { CommandError } from '../../cli/errors.js';
import type { TopicInfo } from '../../client/cluster/types.js';
import { isInteger } from '../../java/integer.js';
import { includeList } from '../shared/include-list.js';
import { RULE } from './flags.js';

export interface PartitionFilter {
  topic(name: string): boolean;
  partition(topic: string, partition: number): boolean;
}

/** The error with which this tool ends. */
export const occurred = (message: string): CommandError => new CommandError(`Error occurred: ${message}`);

/** As Java's String.split: trailing empty strings are dropped, unless there is no comma at all. */
const splitList = (list: string): string[] => {
  const kept = list.replace(/,+$/, '');
  return kept === '' && list !== '' ? [] : kept.split(',');
};

/** `--topic` and `--partitions`. */
export function byTopic(topic: string | undefined, partitions: string | undefined): PartitionFilter {
  const named = topic === undefined ? () => true : includeList(topic);
  const wanted = partitionIds(partitions);
  return { topic: named, partition: (_, partition) => wanted === undefined || wanted.has(partition) };
}

function partitionIds(list: string | undefined): Set<number> | undefined {
  if (!list) return undefined;
  const words = splitList(list);
  if (!words.every(isInteger))
    throw occurred(`--partitions expects a comma separated list of numeric partition ids, but received: ${list}`);
  return words.length === 0 ? undefined : new Set(words.map(Number));
}

/** `--topic-partitions`: a partition passes if any of the rules matches it. */
export function byRules(list: string): PartitionFilter {
  const rules = splitList(list).map(rule);
  return {
    topic: (name) => rules.some((r) => r.topic(name)),
    partition: (topic, partition) => rules.some((r) => r.topic(topic) && r.partition(topic, partition)),
  };
}

function rule(text: string): PartitionFilter {
  const found = new RegExp(`^${RULE}$`).exec(text);
  if (!found) throw occurred(`org.apache.kafka.tools.TerseException: Invalid rule specification: ${text}`);
  const [, name = '', only, from, to] = found;
  const topic = name === '' ? () => true : includeList(name);
  if (only) return { topic, partition: (_, partition) => partition === Number(only) };
  const low = from ? Number(from) : 0;
  const high = to ? Number(to) : Number.POSITIVE_INFINITY;
  return { topic, partition: (_, partition) => partition >= low && partition < high };
}

/** The partitions that pass the filter, ordered by topic and number. */
export function matching(topics: readonly TopicInfo[], filter: PartitionFilter, excludeInternal: boolean) {
  return topics
    .filter(({ name, isInternal }) => filter.topic(name) && !(excludeInternal && isInternal))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, partitions }) =>
      partitions
        .map(({ partition }) => partition)
        .filter((partition) => filter.partition(name, partition))
        .sort((a, b) => a - b)
        .map((partition) => ({ topic: name, partition })),
    );
}
