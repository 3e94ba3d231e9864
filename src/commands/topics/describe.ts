import { type Io, writeLines } from '../../cli/io.js';
import type { Cluster } from '../../client/cluster/types.js';
import { parseUuid } from '../../kafka/uuid.js';
import { ZERO_UUID } from '../../protocol/wire/schema.js';
import { describeByName, fromMetadata, type TopicDescription } from './descriptions.js';
import { configsOf, reassignments } from './details.js';
import type { TopicOptions } from './flags.js';
import { type Described, describeAsJson, describeLines, type Report, type View } from './print.js';
import { askTopics, ensureExists, selectionOf } from './select.js';

/** default number of partitions per DescribeTopicPartitions response */
const PAGE = 2000;

/** `--describe`. Mirrors TopicCommand.TopicService.describeTopic. */
export async function describeTopics(options: TopicOptions, cluster: Cluster, io: Io): Promise<void> {
  const view = viewOf(options);
  const { topics, live } = await find(options, cluster);
  const described = topics.length === 0 ? [] : await withDetails(cluster, topics, view);
  const json = options.value('output') === 'json';
  await writeLines(io.stdout, json ? [describeAsJson(described, view, live)] : describeLines(described, view, live));
}

function viewOf(options: TopicOptions): View {
  const all: readonly Report[] = ['under-replicated', 'unavailable', 'under-min-isr', 'at-min-isr'];
  const reports = all.filter((report) => options.has(`${report}-partitions` as const));
  return { reports, overridesOnly: options.has('topics-with-overrides') };
}

interface Found {
  readonly topics: readonly TopicDescription[];
  /** the brokers that are up */
  readonly live: ReadonlySet<number>;
}

/** --topic-id takes precedence over --topic, unless it is all zeros. */
async function find(options: TopicOptions, cluster: Cluster): Promise<Found> {
  const text = options.value('topic-id');
  const id = text === undefined ? ZERO_UUID : parseUuid(text);
  return id === ZERO_UUID ? findByName(options, cluster) : findById(id, options, cluster);
}

async function findByName(options: TopicOptions, cluster: Cluster): Promise<Found> {
  const selection = selectionOf(options);
  const { topics, live } = await askTopics(cluster, selection);
  ensureExists(topics, selection.include, options.has('if-exists'));
  const limit = options.value('partition-size-limit-per-response') ?? PAGE;
  return { topics: await describeByName(cluster, topics, limit), live };
}

async function findById(id: string, options: TopicOptions, cluster: Cluster): Promise<Found> {
  const selection = { include: undefined, excludeInternal: options.has('exclude-internal') };
  const { topics, live } = await askTopics(cluster, selection);
  const found = [...topics.values()].filter(({ topicId }) => topicId === id);
  if (found.length === 0 && !options.has('if-exists')) throw new Error(`TopicId '${id}' does not exist as expected`);
  return { topics: found.map(fromMetadata), live };
}

async function withDetails(cluster: Cluster, topics: readonly TopicDescription[], view: View): Promise<Described[]> {
  const names = topics.map(({ name }) => name);
  const comparesMinIsr = view.reports.some((report) => report.endsWith('min-isr'));
  const [configs, moving] = await Promise.all([
    view.reports.length > 0 && !comparesMinIsr
      ? undefined
      : configsOf(cluster, names, view.reports.length > 0 ? 'min-isr' : 'all'),
    reassignments(cluster),
  ]);
  return topics.map((topic) => ({
    ...topic,
    ...(configs?.get(topic.name) ?? { shown: [], minIsr: 1 }),
    reassignments: moving.get(topic.name),
  }));
}
