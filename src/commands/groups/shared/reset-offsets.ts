/** `--reset-offsets`. Mirrors tools/consumer/group/ConsumerGroupCommand.resetOffsets. */
import { describeGroups } from '../../../client/admin/describe-groups.js';
import { alterGroupOffsets, groupOffsets } from '../../../client/admin/group-offsets.js';
import { executionException, runtimeException } from '../../../java/exceptions.js';
import type { TopicPartition } from '../../../kafka/topic-partition.js';
import { partitionOrder } from '../../shared/partition-order.js';
import { csv } from './plan-file.js';
import type { PlannedOffset } from './planned-offset.js';
import { planOffsets } from './reset-plan.js';
import { chosenGroups, errorBlock, groupOrder, isUnknown, type Service, wrapErrors } from './service.js';
import { checkPartitions, chosenPartitions } from './topics.js';

export async function run(service: Service): Promise<void> {
  const { cluster, options, io, timeoutMs } = service;
  const described = await describeGroups(cluster, await chosenGroups(service), timeoutMs);
  const plans: (readonly [group: string, plan: PlannedOffset[]])[] = [];
  for (const [group, outcome] of groupOrder(described, ([name]) => name)) {
    if (outcome instanceof Error && !isUnknown(outcome)) throw runtimeException(executionException(outcome));
    const state = outcome instanceof Error ? 'Dead' : outcome.state;
    if (state !== 'Empty' && state !== 'Dead') {
      const why = `Assignments can only be reset if the group '${group}' is inactive, but the current state is ${state}.`;
      io.stdout.write(errorBlock(why));
      plans.push([group, []]);
    } else {
      plans.push([group, await reset(service, group)]);
    }
  }
  if (options.has('export')) io.stdout.write(`${csv(plans, options.values('group').length === 1)}\n`);
  else io.stdout.write(resetTable(plans));
}

/** Plans one group's new offsets and, with --execute, commits them. */
async function reset(service: Service, group: string): Promise<PlannedOffset[]> {
  const { cluster, options, timeoutMs } = service;
  const partitions = await scope(service, group);
  await checkPartitions(cluster, partitions, timeoutMs);
  const plan = partitionOrder(await planOffsets(service, group, partitions));
  if (options.has('execute') && plan.length > 0) await alterGroupOffsets(cluster, group, plan, timeoutMs);
  return plan;
}

/** The partitions to reset; empty with --from-file, which names its own. */
async function scope(service: Service, group: string): Promise<TopicPartition[]> {
  const { cluster, options, timeoutMs } = service;
  if (options.has('all-topics')) return [...(await wrapErrors(groupOffsets(cluster, group, timeoutMs))).values()];
  if (options.has('topic')) return chosenPartitions(cluster, options.values('topic'), timeoutMs);
  if (options.has('from-file')) return [];
  throw options.usage('One of the reset scopes should be defined: --all-topics, --topic.');
}

/** The table of new offsets. Mirrors tools/GroupOffsetsResetter.printOffsetsToReset. */
export function resetTable(plans: readonly (readonly [group: string, plan: readonly PlannedOffset[]])[]): string {
  const groupWidth = plans.reduce((width, [group]) => Math.max(width, group.length), 15);
  const topics = plans.flatMap(([, plan]) => plan.map(({ topic }) => topic.length));
  const topicWidth = Math.max(15, ...topics);
  const line = (group: string, topic: string, partition: string, offset: string) =>
    `\n${group.padEnd(groupWidth)} ${topic.padEnd(topicWidth)} ${partition.padEnd(10)} ${offset}`;
  const heading = plans.length > 0 ? line('GROUP', 'TOPIC', 'PARTITION', 'NEW-OFFSET') : '';
  const rows = plans.flatMap(([group, plan]) =>
    plan.map(({ topic, partition, offset }) => line(group, topic, String(partition), String(offset))),
  );
  return `${heading}${rows.join('')}\n`;
}
