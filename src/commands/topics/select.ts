/** Selects the topics that an action applies to. */
import type { Cluster, TopicInfo } from '../../client/cluster/types.js';
import { includeList, includeSource } from '../shared/include-list.js';

const INTERNAL = new Set(['__consumer_offsets', '__transaction_state', '__share_group_state']);

export interface Selection {
  /** `--topic`; undefined selects every topic */
  readonly include?: string | undefined;
  readonly excludeInternal: boolean;
}

/** The selected names, sorted. Mirrors TopicFilter.IncludeList. */
export function selectNames(names: Iterable<string>, { include, excludeInternal }: Selection): string[] {
  const matches = include === undefined ? () => true : includeList(include);
  return [...names].filter((name) => matches(name) && !(excludeInternal && INTERNAL.has(name))).sort();
}

/** The names listed by `include`; undefined if it contains a regular expression. */
function literals(include: string | undefined): string[] | undefined {
  const regex = include === undefined ? '' : includeSource(include);
  return /^[\w|-]+$/.test(regex) ? [...new Set(regex.split('|').filter((name) => name !== ''))] : undefined;
}

export interface Answer {
  /** by name, sorted */
  readonly topics: ReadonlyMap<string, TopicInfo>;
  /** node ids of the brokers that are up */
  readonly live: ReadonlySet<number>;
}

/**
 * The selected topics that exist. Plain names are requested by name, so that a broker with 10,000 topics sends only those.
 * A topic that the user is not authorized to see counts as absent, as in a list of all topics.
 */
export async function askTopics(cluster: Cluster, selection: Selection): Promise<Answer> {
  const names = literals(selection.include);
  const answer = await cluster.metadata(names ?? null, { autoCreate: false, call: 'listTopics' });
  const there = new Map<string, TopicInfo>();
  for (const topic of answer.topics) if (exists(topic, names !== undefined)) there.set(topic.name, topic);
  const topics = new Map(selectNames(there.keys(), selection).map((name) => [name, there.get(name)!]));
  return { topics, live: new Set(answer.brokers.map(({ id }) => id)) };
}

export async function selectTopics(cluster: Cluster, selection: Selection): Promise<Answer['topics']> {
  return (await askTopics(cluster, selection)).topics;
}

const ABSENT = new Set([3, 17, 29]); // UNKNOWN_TOPIC_OR_PARTITION, INVALID_TOPIC_EXCEPTION, TOPIC_AUTHORIZATION_FAILED

function exists(topic: TopicInfo, asked: boolean): boolean {
  return topic.name !== '' && !(asked && ABSENT.has(topic.errorCode));
}

/** --topic matched no topic. */
export class NoSuchTopic extends Error {
  constructor(readonly include: string) {
    super(`Topic '${include}' does not exist as expected`);
  }
}

/** Throws NoSuchTopic if `include` is given, nothing was found, and --if-exists is not set. */
export function ensureExists(found: { size: number }, include: string | undefined, ifExists: boolean): void {
  if (include && !ifExists && found.size === 0) throw new NoSuchTopic(include);
}

/** The selection of `--topic` and `--exclude-internal`. */
export function selectionOf(options: {
  value(name: 'topic'): string | undefined;
  has(name: 'exclude-internal'): boolean;
}): Selection {
  return { include: options.value('topic'), excludeInternal: options.has('exclude-internal') };
}
