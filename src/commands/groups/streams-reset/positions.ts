/** The new offset of each partition of the input topics. Mirrors StreamsResetter.maybeReset. */
import { groupOffsets } from '../../../client/admin/group-offsets.js';
import { EARLIEST, LATEST, listOffsets } from '../../../client/admin/list-offsets.js';
import type { Cluster } from '../../../client/cluster/types.js';
import { JavaError, rootCause } from '../../../java/exceptions.js';
import type { Properties } from '../../../java/properties.js';
import { partitionName, type TopicPartition } from '../../../kafka/topic-partition.js';
import { partitionOrder } from '../../shared/partition-order.js';
import { timeBefore, timestampMs } from '../shared/times.js';
import type { ResetOptions } from './flags.js';
import { type Planned, readPlan } from './plan-file.js';

export interface Application {
  readonly cluster: Cluster;
  readonly options: ResetOptions;
  readonly id: string;
  readonly properties: Properties;
  readonly say: (line: string) => void;
}

type Offsets = ReadonlyMap<string, bigint>;

/** The offset of each partition at a timestamp, by partition name. Throws the first error. */
export async function offsetsAt(
  { cluster, properties }: Application,
  partitions: readonly TopicPartition[],
  time: bigint,
): Promise<Offsets> {
  const isolationLevel = properties.get('isolation.level') === 'read_committed' ? 'read_committed' : 'read_uncommitted';
  const listed = await listOffsets(cluster, partitions, time, { isolationLevel });
  return new Map(
    [...listed].map(([name, outcome]) => {
      if (outcome instanceof Error) throw outcome;
      return [name, outcome.offset];
    }),
  );
}

/** The offsets that the options select, by partition name. Throws JavaError and FlagError. */
export async function positions(application: Application, partitions: readonly TopicPartition[]): Promise<Offsets> {
  const { options } = application;
  if (options.has('to-offset')) {
    const offset = options.value('to-offset') as bigint;
    return clamp(application, partitions, (places) => places.map((place) => ({ ...place, offset })));
  }
  if (options.has('to-earliest')) return offsetsAt(application, partitions, EARLIEST);
  if (options.has('to-latest')) return offsetsAt(application, partitions, LATEST);
  if (options.has('shift-by')) return shifted(application, partitions, options.value('shift-by') as bigint);
  if (options.has('to-datetime'))
    return firstAtOrAfter(application, partitions, dateTime(options.value('to-datetime') as string));
  if (options.has('by-duration'))
    return firstAtOrAfter(application, partitions, timeBefore(Date.now(), options.value('by-duration') as string));
  if (options.has('from-file')) {
    const plan = readPlan(options.value('from-file') as string);
    return clamp(application, partitions, () => plan);
  }
  return offsetsAt(application, partitions, EARLIEST);
}

/** Unwraps the exception: Java's tool does not wrap it here. */
function dateTime(text: string): bigint {
  try {
    return timestampMs(text);
  } catch (error) {
    throw rootCause(error);
  }
}

/** The first offset at or after a timestamp, or the log end offset if there is no such record. */
async function firstAtOrAfter(
  application: Application,
  partitions: readonly TopicPartition[],
  time: bigint,
): Promise<Offsets> {
  if (time < 0n) {
    const first = partitionName(partitions[0] as TopicPartition);
    const why = `The target time for partition ${first} is ${time}. The target time cannot be negative.`;
    throw new JavaError('java.lang.IllegalArgumentException', why);
  }
  const found = await offsetsAt(application, partitions, time);
  const without = partitions.filter((place) => found.get(partitionName(place)) === -1n);
  for (const { topic, partition } of without) {
    application.say(
      `Partition ${partition} from topic ${topic} is empty, without a committed record. Falling back to latest known offset.`,
    );
  }
  return new Map([...found, ...(await offsetsAt(application, without, LATEST))]);
}

/** Shifts committed offsets; a partition without one starts from the offset given by auto.offset.reset. */
async function shifted(application: Application, partitions: readonly TopicPartition[], by: bigint): Promise<Offsets> {
  const { cluster, id, properties } = application;
  const committed = await groupOffsets(cluster, id, cluster.deadline('offsetFetch').left);
  const without = partitions.filter((place) => committed.get(partitionName(place))?.offset === undefined);
  const reset = properties.get('auto.offset.reset')?.toLowerCase() === 'earliest' ? EARLIEST : LATEST;
  const begin = await offsetsAt(application, without, reset);
  return clamp(application, partitions, (places) =>
    places.map((place) => {
      const name = partitionName(place);
      const offset = committed.get(name)?.offset ?? (begin.get(name) as bigint);
      return { ...place, offset: BigInt.asIntN(64, offset + by) };
    }),
  );
}

/** Clamps offsets to the range of the log, and prints each change. */
async function clamp(
  application: Application,
  partitions: readonly TopicPartition[],
  plan: (places: readonly TopicPartition[]) => readonly Planned[],
): Promise<Offsets> {
  const ends = await offsetsAt(application, partitions, LATEST);
  const starts = await offsetsAt(application, partitions, EARLIEST);
  const kept = new Map<string, bigint>();
  for (const place of partitionOrder(plan(partitions))) {
    const name = partitionName(place);
    const { offset } = place;
    const [start, end] = [present(starts.get(name)), present(ends.get(name))];
    const beyond = offset >= end ? 'higher than latest' : offset <= start ? 'lower than earliest' : undefined;
    const to = offset >= end ? end : offset <= start ? start : offset;
    if (beyond) application.say(`New offset (${offset}) is ${beyond} offset. Value will be set to ${to}`);
    kept.set(name, to);
  }
  for (const place of partitions) present(kept.get(partitionName(place)));
  return kept;
}

/** Java's tool fails like this when a plan file names a partition that does not exist. */
function present(offset: bigint | undefined): bigint {
  if (offset !== undefined) return offset;
  const why =
    'Cannot invoke "java.lang.Long.longValue()" because the return value of "java.util.Map.get(Object)" is null';
  throw new JavaError('java.lang.NullPointerException', why);
}
