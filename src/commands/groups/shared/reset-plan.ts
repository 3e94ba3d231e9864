/** Where `--reset-offsets` moves each partition. Mirrors tools/GroupOffsetsResetter. */
import { groupOffsets } from '../../../client/admin/group-offsets.js';
import { EARLIEST, LATEST } from '../../../client/admin/list-offsets.js';
import { JavaError } from '../../../java/exceptions.js';
import { partitionName, type TopicPartition } from '../../../kafka/topic-partition.js';
import { partitionOrder } from '../../shared/partition-order.js';
import { SCENARIOS } from '../consumer/flags.js';
import { allOffsets } from './describe-offsets.js';
import { readPlan } from './plan-file.js';
import type { PlannedOffset } from './planned-offset.js';
import { errorBlock, type GroupService, type Service, wrapErrors } from './service.js';
import { timeBefore, timestampMs } from './times.js';

/** The offset each partition is moved to. */
export async function planOffsets(
  service: Service,
  group: string,
  partitions: readonly TopicPartition[],
): Promise<PlannedOffset[]> {
  const { options } = service;
  const wanted = distinct(partitions);
  if (options.has('to-offset')) {
    const [offset = 0n] = options.values('to-offset');
    return toOffset(service, wanted, offset);
  }
  if (options.has('to-earliest')) return atTime(service, wanted, EARLIEST);
  if (options.has('to-latest')) return atTime(service, wanted, LATEST);
  if (options.has('shift-by')) return clamp(service, await shifted(service, group, wanted));
  if (options.has('to-datetime')) {
    const [datetime = ''] = options.values('to-datetime');
    return firstAtOrAfter(service, wanted, timestampMs(datetime));
  }
  if (options.has('by-duration')) {
    return firstAtOrAfter(service, wanted, timeBefore(Date.now(), options.value('by-duration') as string));
  }
  if (options.has('from-file')) {
    return fromFile(service, group, options.values('from-file')[0] as string, options.values('group'));
  }
  if (options.has('to-current')) {
    const committed = await wrapErrors(groupOffsets(service.cluster, group, service.timeoutMs));
    return current(service, wanted, (name) => committed.get(name)?.offset);
  }
  const scenarios = SCENARIOS.map((name) => `[${name}]`).join(', ');
  throw options.usage(`Option '[reset-offsets]' requires one of the following scenarios: [${scenarios}]`);
}

/** Removes duplicate partitions. */
export const distinct = (partitions: readonly TopicPartition[]): TopicPartition[] => [
  ...new Map(partitions.map((place) => [partitionName(place), place])).values(),
];

const at = ({ topic, partition }: TopicPartition): TopicPartition => ({ topic, partition });

const offsetsAt = ({ cluster, timeoutMs }: GroupService, partitions: readonly TopicPartition[], time: bigint) =>
  wrapErrors(allOffsets(cluster, partitions, timeoutMs, time));

/** The offset at a special timestamp: EARLIEST or LATEST. */
export async function atTime(
  service: GroupService,
  partitions: readonly TopicPartition[],
  time: bigint,
): Promise<PlannedOffset[]> {
  const offsets = await offsetsAt(service, partitions, time);
  return partitions.map((place) => ({ ...at(place), offset: offsets.get(partitionName(place)) as bigint }));
}

/** The first offset at or after a timestamp, or the log end offset if there is no such record. */
export async function firstAtOrAfter(
  service: GroupService,
  partitions: readonly TopicPartition[],
  time: bigint,
): Promise<PlannedOffset[]> {
  const offsets = await offsetsAt(service, partitions, time);
  const missing = partitions.filter((place) => offsets.get(partitionName(place)) === -1n);
  for (const { topic, partition } of partitionOrder(missing)) {
    service.io.stdout.write(
      `\nWarn: Partition ${partition} from topic ${topic} is empty. Falling back to latest known offset.\n`,
    );
  }
  const latest = missing.length > 0 ? await offsetsAt(service, missing, LATEST) : new Map<string, bigint>();
  return partitions.map((place) => {
    const name = partitionName(place);
    return { ...at(place), offset: (latest.get(name) ?? offsets.get(name)) as bigint };
  });
}

async function shifted(service: Service, group: string, partitions: readonly TopicPartition[]) {
  const committed = await wrapErrors(groupOffsets(service.cluster, group, service.timeoutMs));
  const by = service.options.value('shift-by') as bigint;
  return partitions.map((place) => {
    const offset = committed.get(partitionName(place))?.offset;
    if (offset === undefined) {
      throw new JavaError(
        'java.lang.IllegalArgumentException',
        `Cannot shift offset for partition ${partitionName(place)} since there is no current committed offset`,
      );
    }
    return { ...at(place), offset: BigInt.asIntN(64, offset + by) };
  });
}

/** The same offset for all partitions, clamped to the range of each log. */
export const toOffset = (
  service: GroupService,
  partitions: readonly TopicPartition[],
  offset: bigint,
): Promise<PlannedOffset[]> =>
  clamp(
    service,
    partitions.map((place) => ({ ...at(place), offset })),
  );

/** The group's offsets in a plan file, clamped to the range of each log; prints an error if the file has none for it. */
export async function fromFile(
  service: GroupService,
  group: string,
  file: string,
  groups: readonly string[],
): Promise<PlannedOffset[]> {
  const plan = readPlan(file, groups).get(group);
  if (plan) return clamp(service, plan);
  service.io.stdout.write(errorBlock(`No reset plan for group ${group} found.`));
  return [];
}

/** The group's current offsets; the log end offset for partitions without one. */
export async function current(
  service: GroupService,
  partitions: readonly TopicPartition[],
  offsetOf: (name: string) => bigint | undefined,
): Promise<PlannedOffset[]> {
  const without = partitions.filter((place) => offsetOf(partitionName(place)) === undefined);
  const latest = without.length > 0 ? await offsetsAt(service, without, LATEST) : new Map<string, bigint>();
  return partitions.map((place) => {
    const name = partitionName(place);
    return { ...at(place), offset: (offsetOf(name) ?? latest.get(name)) as bigint };
  });
}

/** Clamps offsets to the range of the log. */
async function clamp(service: GroupService, requested: readonly PlannedOffset[]): Promise<PlannedOffset[]> {
  const earliest = await offsetsAt(service, requested, EARLIEST);
  const latest = await offsetsAt(service, requested, LATEST);
  return requested.map((place) => {
    const end = latest.get(partitionName(place)) as bigint;
    const start = earliest.get(partitionName(place)) as bigint;
    if (place.offset > end) return { ...at(place), offset: end };
    if (place.offset < start) return { ...at(place), offset: start };
    return { ...at(place), offset: place.offset };
  });
}
