import type { Io } from '../../cli/io.js';
import type { Cluster } from '../../client/cluster/types.js';
import { hashOrder } from '../../java/hash-order.js';
import { readText } from '../shared/json-fields.js';
import { assignmentsOf, logDirs } from './current.js';
import type { ReassignOptions } from './flags.js';
import { type PlacedBroker, place } from './placement.js';
import { type Assignment, operationFailed, parseGenerate, planText } from './plan.js';

/** `--generate`: proposes replicas on the given brokers as if the topics were new. Changes nothing. */
export async function run(cluster: Cluster, options: ReassignOptions, io: Io): Promise<void> {
  const text = readText(options.value('topics-to-move-json-file') as string);
  const { brokers, topics } = parseGenerate(text, options.value('broker-list') as string);
  const current = await assignmentsOf(cluster, topics);
  const logDirOf = await logDirs(cluster, current);
  const usable = await usableBrokers(cluster, brokers, !options.has('disable-rack-aware'));
  const proposed = propose(current, usable);
  io.stdout.write(`Current partition replica assignment\n${planText(current, logDirOf)}\n\n`);
  io.stdout.write(`Proposed partition reassignment configuration\n${planText(proposed, () => undefined)}\n`);
}

/** The wanted brokers that exist. */
async function usableBrokers(cluster: Cluster, wanted: readonly number[], racks: boolean): Promise<PlacedBroker[]> {
  const { brokers } = await cluster.metadata([], { call: 'listNodes' });
  const usable = brokers
    .filter(({ id }) => wanted.includes(id))
    .map(({ id, rack }) => ({ id, rack: racks ? rack : null }));
  const rackless = usable.filter(({ rack }) => rack === null).length;
  if (racks && rackless !== 0 && rackless !== usable.length)
    throw operationFailed(
      'Not all brokers have rack information. Add --disable-rack-aware in command line to make replica assignment without rack information.',
    );
  return usable;
}

/** Each topic keeps its replication factor. */
function propose(current: readonly Assignment[], brokers: readonly PlacedBroker[]): Assignment[] {
  return hashOrder([...new Set(current.map(({ topic }) => topic))]).flatMap((topic) => {
    const partitions = current.filter((entry) => entry.topic === topic);
    const placed = place(brokers, partitions.length, partitions[0]?.replicas.length ?? 0);
    return placed.map((replicas, partition) => ({ topic, partition, replicas }));
  });
}
