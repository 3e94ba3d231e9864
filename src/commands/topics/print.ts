/** Formats descriptions as lines or JSON. Mirrors TopicDescription, PartitionDescription and DescribeOptions. */
import type { PartitionDescription, TopicDescription } from './descriptions.js';
import type { Reassignment, TopicConfigs } from './details.js';

/** Which topics and partitions the flags select. */
export interface View {
  /** a report prints only partitions, and only those with the reported problem */
  readonly reports: readonly Report[];
  readonly overridesOnly: boolean;
}

export type Report = 'under-replicated' | 'unavailable' | 'under-min-isr' | 'at-min-isr';

export interface Described extends TopicDescription, TopicConfigs {
  readonly reassignments: ReadonlyMap<number, Reassignment> | undefined;
}

/** `live`: ids of the brokers that are up; other leaders are printed as "none". */
export function* describeLines(topics: Iterable<Described>, view: View, live: ReadonlySet<number>): Generator<string> {
  for (const topic of topics) {
    if (showsTopic(topic, view)) yield topicLine(topic);
    if (view.overridesOnly) continue;
    for (const partition of topic.partitions) {
      if (showsPartition(topic, partition, view, live)) yield partitionLine(topic, partition, live);
    }
  }
}

/** One JSON document: an array of topics with the same partitions as the lines would show. */
export function describeAsJson(topics: Iterable<Described>, view: View, live: ReadonlySet<number>): string {
  const list = [];
  for (const topic of topics) {
    const partitions = topic.partitions.filter((p) => showsPartition(topic, p, view, live));
    if (view.reports.length > 0 ? partitions.length === 0 : !showsTopic(topic, view)) continue;
    list.push({
      name: topic.name,
      topicId: topic.topicId,
      internal: topic.isInternal,
      partitionCount: topic.partitions.length,
      replicationFactor: replicationFactor(topic, topic.partitions[0]!),
      configs: Object.fromEntries(topic.shown.map(({ name, value }) => [name, value])),
      partitions: partitions.map((p) => ({ ...jsonPartition(p, live), ...topic.reassignments?.get(p.partition) })),
    });
  }
  return JSON.stringify(list, null, 2);
}

function jsonPartition(
  { partition, replicas, isr, elr, lastKnownElr, leader }: PartitionDescription,
  live: ReadonlySet<number>,
) {
  return { partition, leader: live.has(leader) ? leader : null, replicas, isr, elr, lastKnownElr };
}

function showsTopic(topic: Described, view: View): boolean {
  return view.reports.length === 0 && (!view.overridesOnly || topic.shown.length > 0);
}

function topicLine(topic: Described): string {
  return [
    `Topic: ${topic.name}`,
    ...(/^A*$/.test(topic.topicId) ? [] : [`TopicId: ${topic.topicId}`]),
    `PartitionCount: ${topic.partitions.length}`,
    `ReplicationFactor: ${replicationFactor(topic, topic.partitions[0]!)}`,
    `Configs: ${topic.shown.map(({ name, value }) => `${name}=${value}`).join(',')}`,
  ].join('\t');
}

function partitionLine(topic: Described, partition: PartitionDescription, live: ReadonlySet<number>): string {
  const moving = topic.reassignments?.get(partition.partition);
  return [
    `\tTopic: ${topic.name}`,
    `Partition: ${partition.partition}`,
    `Leader: ${live.has(partition.leader) ? partition.leader : 'none'}`,
    `Replicas: ${partition.replicas.join()}`,
    `Isr: ${partition.isr.join()}`,
    ...(moving
      ? [`Adding Replicas: ${moving.addingReplicas.join()}`, `Removing Replicas: ${moving.removingReplicas.join()}`]
      : []),
    `Elr: ${partition.elr?.join() ?? 'N/A'}`,
    `LastKnownElr: ${partition.lastKnownElr?.join() ?? 'N/A'}`,
  ].join('\t');
}

/** During a reassignment, the target number of replicas: adding replicas are not counted on top of removing ones. */
function replicationFactor(topic: Described, partition: PartitionDescription): number {
  const moving = topic.reassignments?.get(partition.partition);
  const changing = new Set([...(moving?.addingReplicas ?? []), ...(moving?.removingReplicas ?? [])]);
  const underWay = partition.replicas.some((replica) => changing.has(replica));
  return moving && underWay ? moving.replicas.length - moving.addingReplicas.length : partition.replicas.length;
}

function showsPartition(topic: Described, p: PartitionDescription, view: View, live: ReadonlySet<number>): boolean {
  return view.reports.length === 0 || view.reports.some((report) => REPORTS[report](topic, p, live));
}

const REPORTS: Readonly<
  Record<Report, (topic: Described, p: PartitionDescription, live: ReadonlySet<number>) => boolean>
> = {
  'under-replicated': (topic, p) => replicationFactor(topic, p) > p.isr.length,
  unavailable: (_, p, live) => !live.has(p.leader),
  'under-min-isr': (topic, p, live) => !live.has(p.leader) || p.isr.length < topic.minIsr,
  'at-min-isr': (topic, p) => p.isr.length === topic.minIsr,
};
