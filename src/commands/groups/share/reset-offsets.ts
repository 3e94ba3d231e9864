/** `--reset-offsets`. Mirrors tools/consumer/group/ShareGroupCommand.resetOffsets. */
import { CommandError } from '../../../cli/errors.js';
import { EARLIEST, LATEST } from '../../../client/admin/list-offsets.js';
import { alterShareGroupOffsets, describeShareGroups, shareGroupOffsets } from '../../../client/admin/share-groups.js';
import { runtimeException } from '../../../java/exceptions.js';
import type { TopicPartition } from '../../../kafka/topic-partition.js';
import { KafkaError } from '../../../protocol/errors.js';
import { partitionOrder } from '../../shared/partition-order.js';
import { resetTable } from '../shared/reset-offsets.js';
import { atTime, distinct, type PlannedOffset, since } from '../shared/reset-plan.js';
import { isUnknown } from '../shared/service.js';
import { timestampMs } from '../shared/times.js';
import { checkPartitions, chosenPartitions } from '../shared/topics.js';
import type { ShareGroupService } from './index.js';

export async function run(service: ShareGroupService): Promise<void> {
  const { cluster, options, timeoutMs } = service;
  const group = options.value('group') as string;
  const described = (await describeShareGroups(cluster, [group], timeoutMs)).get(group);
  if (described instanceof Error || described === undefined) {
    // a group that is not there yet begins with its offsets
    if (isUnknown(described)) return reset(service, group);
    if (described instanceof KafkaError) throw new CommandError(described.message);
    throw runtimeException(described);
  }
  if (described.state !== 'Empty' && described.state !== 'Dead') {
    throw new CommandError(`Share group '${group}' is not empty.`);
  }
  await reset(service, group);
}

async function reset(service: ShareGroupService, group: string): Promise<void> {
  const { cluster, options, io, timeoutMs } = service;
  const partitions: readonly TopicPartition[] = options.has('topic')
    ? await chosenPartitions(cluster, options.values('topic'), timeoutMs)
    : await shareGroupOffsets(cluster, group, timeoutMs);
  await checkPartitions(cluster, partitions, timeoutMs);
  const plan = partitionOrder(await planOf(service, distinct(partitions)));
  if (options.has('execute')) await alterShareGroupOffsets(cluster, group, plan, timeoutMs);
  io.stdout.write(resetTable([[group, plan]]));
}

function planOf(service: ShareGroupService, partitions: readonly TopicPartition[]): Promise<PlannedOffset[]> {
  const { options } = service;
  if (options.has('to-earliest')) return atTime(service, partitions, EARLIEST);
  if (options.has('to-latest')) return atTime(service, partitions, LATEST);
  return since(service, partitions, timestampMs(options.values('to-datetime')[0] as string));
}
