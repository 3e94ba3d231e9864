/** `--reset-offsets`. Mirrors tools/consumer/group/ShareGroupCommand.resetOffsets. */
import { CommandError } from '../../../cli/errors.js';
import { EARLIEST, LATEST } from '../../../client/admin/list-offsets.js';
import { alterShareGroupOffsets, describeShareGroups, shareGroupOffsets } from '../../../client/admin/share-groups.js';
import { JavaError, runtimeException } from '../../../java/exceptions.js';
import { partitionName, type TopicPartition } from '../../../kafka/topic-partition.js';
import { KafkaError } from '../../../protocol/errors.js';
import { partitionOrder } from '../../shared/partition-order.js';
import { csv } from '../shared/plan-file.js';
import type { PlannedOffset } from '../shared/planned-offset.js';
import { resetTable } from '../shared/reset-offsets.js';
import { atTime, current, distinct, firstAtOrAfter, fromFile, toOffset } from '../shared/reset-plan.js';
import { isUnknown } from '../shared/service.js';
import { timestampMs } from '../shared/times.js';
import { checkPartitions, chosenPartitions } from '../shared/topics.js';
import type { ShareGroupService } from './service.js';

export async function run(service: ShareGroupService): Promise<void> {
  const { cluster, options, timeoutMs } = service;
  const group = options.value('group') as string;
  const described = (await describeShareGroups(cluster, [group], timeoutMs)).get(group);
  if (described instanceof Error || described === undefined) {
    // resetting the offsets of a group that does not exist creates it
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
  const plan = partitionOrder(await planOf(service, group, distinct(partitions)));
  if (options.has('execute')) await alterShareGroupOffsets(cluster, group, plan, timeoutMs);
  // a group without offsets to reset is left out of the table
  const plans = plan.length === 0 ? [] : [[group, plan] as const];
  io.stdout.write(options.has('export') ? `${csv(plans, true)}\n` : resetTable(plans));
}

async function planOf(
  service: ShareGroupService,
  group: string,
  partitions: readonly TopicPartition[],
): Promise<PlannedOffset[]> {
  const { options } = service;
  if (options.has('to-offset')) return toOffset(service, partitions, options.values('to-offset')[0] as bigint);
  if (options.has('to-earliest')) return atTime(service, partitions, EARLIEST);
  if (options.has('to-latest')) return atTime(service, partitions, LATEST);
  if (options.has('to-datetime')) {
    return firstAtOrAfter(service, partitions, timestampMs(options.values('to-datetime')[0] as string));
  }
  if (options.has('from-file')) {
    return fromFile(service, group, options.values('from-file')[0] as string, options.values('group'));
  }
  const known = await shareGroupOffsets(service.cluster, group, service.timeoutMs);
  const offsets = new Map(known.map((place) => [partitionName(place), place.startOffset]));
  return current(service, partitions, (name) => {
    const offset = offsets.get(name);
    if (offset === undefined && offsets.has(name)) throw notStarted();
    return offset;
  });
}

/** A partition that the group has no start offset for: Java's tool fails with a NullPointerException. */
const notStarted = (): JavaError =>
  new JavaError(
    'java.lang.NullPointerException',
    'Cannot invoke "org.apache.kafka.clients.admin.SharePartitionOffsetInfo.startOffset()" because the return value of ' +
      '"java.util.Map.get(Object)" is null',
  );
