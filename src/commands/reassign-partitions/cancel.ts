import type { Io } from '../../cli/io.js';
import { type ReplicaMove, replicaName, replicaPlaces } from '../../client/admin/log-dirs.js';
import { alterReassignments, listReassignments } from '../../client/admin/reassignments.js';
import type { Cluster } from '../../client/cluster/types.js';
import { partitionName } from '../../kafka/topic-partition.js';
import { readText } from '../shared/json-fields.js';
import { byPartition } from '../shared/partition-order.js';
import { reasons } from './execute.js';
import type { ReassignOptions } from './flags.js';
import { startMoves } from './log-dir-moves.js';
import { parsePlan, terse } from './plan.js';
import { clearThrottles } from './throttles.js';

/** `--cancel`: partitions return to their original replicas. */
export async function run(cluster: Cluster, options: ReassignOptions, io: Io): Promise<void> {
  const text = readText(options.value('reassignment-json-file') as string);
  const timeoutMs = Number(options.value('timeout'));
  const plan = parsePlan(text);
  const listed = [...(await listReassignments(cluster, plan.partitions)).values()];
  const active = listed.filter((r) => r.addingReplicas.length > 0 || r.removingReplicas.length > 0).sort(byPartition);
  if (active.length === 0) io.stdout.write('None of the specified partition reassignments are active.\n');
  else {
    const errors = await alterReassignments(
      cluster,
      active.map(({ topic, partition }) => ({ topic, partition, replicas: null })),
    );
    if (errors.size > 0)
      throw terse(
        `Error cancelling partition reassignment${errors.size === 1 ? '' : 's'} for:\n${reasons(errors, active)}`,
      );
    const names = active.map(partitionName).join(',');
    io.stdout.write(`Successfully cancelled partition reassignment${active.length === 1 ? '' : 's'} for: ${names}\n`);
  }
  const places = await replicaPlaces(cluster, plan.moves);
  const back = plan.moves.flatMap((move): ReplicaMove[] => {
    const { current, future } = places.get(replicaName(move)) ?? {};
    return current === undefined || future === undefined ? [] : [{ ...move, logDir: current }];
  });
  // Java prints no newline here
  if (back.length === 0) io.stdout.write('None of the specified partition moves are active.');
  else await startMoves(cluster, back, timeoutMs, io);
  if (!options.has('preserve-throttles')) await clearThrottles(cluster, plan.partitions, io);
}
