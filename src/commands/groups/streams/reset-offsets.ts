/** `--reset-offsets`. Mirrors StreamsGroupCommand.StreamsGroupService.resetOffsets. */
import { alterGroupOffsets } from '../../../client/admin/group-offsets.js';
import { describeStreamsGroup } from '../../../client/admin/streams-groups.js';
import type { TopicPartition } from '../../../kafka/topic-partition.js';
import { KafkaError } from '../../../protocol/errors.js';
import { partitionOrder } from '../../shared/partition-order.js';
import { SCENARIOS } from '../consumer/flags.js';
import { csv } from '../shared/plan-file.js';
import type { PlannedOffset } from '../shared/planned-offset.js';
import { planOffsets } from '../shared/reset-plan.js';
import { errorBlock } from '../shared/service.js';
import { checkPartitions, chosenPartitions } from '../shared/topics.js';
import { deleteAfterReset } from './internal-topics.js';
import { asConsumerGroups, chosenGroups, inputPartitions, type Streams } from './service.js';

type Plan = readonly [group: string, plan: readonly PlannedOffset[]];

const ORDER =
  '[to-datetime], [by-duration], [to-latest], [to-current], [to-earliest], [to-offset], [shift-by], [from-file]';

export async function run(streams: Streams): Promise<undefined> {
  const { options, io } = streams;
  const plans: Plan[] = [];
  for (const group of await chosenGroups(streams)) plans.push([group, await reset(streams, group)]);
  if (options.has('export')) io.stdout.write(`${csv(plans as never, options.values('group').length === 1)}\n`);
  else io.stdout.write(table(plans));
}

async function reset(streams: Streams, group: string): Promise<PlannedOffset[]> {
  const { cluster, options, io, timeoutMs } = streams;
  const described = await describeStreamsGroup(cluster, group, timeoutMs);
  const state = described instanceof KafkaError ? 'Dead' : described.groupState;
  const refuse = (why: string) => {
    io.stdout.write(errorBlock(why));
    return [];
  };
  if (state !== 'Empty' && state !== 'Dead')
    return refuse(
      `Assignments can only be reset if the group '${group}' is inactive, but the current state is ${state}.`,
    );
  const partitions = await scope(streams, group);
  if (partitions === undefined) return refuse(`One or more topics are not part of the group '${group}'.`);
  if (!SCENARIOS.some((name) => options.has(name)))
    throw options.usage(`Option '[reset-offsets]' requires one of the following scenarios: [${ORDER}]`);
  const plan = partitionOrder(await planOffsets(asConsumerGroups(streams), group, partitions));
  if (options.has('execute') && plan.length > 0) await alterGroupOffsets(cluster, group, plan, timeoutMs);
  if (options.has('execute') && !(described instanceof KafkaError)) await deleteAfterReset(streams, group);
  return plan;
}

/** The partitions to reset; undefined if a topic does not belong to the group. Empty with --from-file, which names its own. */
async function scope(streams: Streams, group: string): Promise<TopicPartition[] | undefined> {
  const { cluster, options, timeoutMs } = streams;
  if (options.has('all-input-topics')) return inputPartitions(streams, group);
  if (options.has('input-topic')) {
    const chosen = await chosenPartitions(cluster, options.values('input-topic'), timeoutMs);
    await checkPartitions(cluster, chosen, timeoutMs);
    const known = new Set((await inputPartitions(streams, group)).map(({ topic }) => topic));
    return chosen.every(({ topic }) => known.has(topic)) ? chosen : undefined;
  }
  if (options.has('from-file')) return [];
  throw options.usage('One of the reset scopes should be defined: --all-input-topics, --input-topic.');
}

function table(plans: readonly Plan[]): string {
  const line = (cells: readonly string[]) => {
    const [group, topic, partition, offset] = cells as [string, string, string, string];
    return `\n${group.padEnd(30)} ${topic.padEnd(30)} ${partition.padEnd(10)} ${offset.padEnd(15)}`;
  };
  const rows = plans.flatMap(([group, plan]) =>
    plan.map(({ topic, partition, offset }) => line([group, topic, String(partition), String(offset)])),
  );
  return `${line(['GROUP', 'TOPIC', 'PARTITION', 'NEW-OFFSET'])}${rows.join('')}\n`;
}
