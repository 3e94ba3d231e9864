import type { Io } from '../../cli/io.js';
import { alterReassignments, listReassignments } from '../../client/admin/reassignments.js';
import type { Cluster } from '../../client/cluster/types.js';
import { partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import type { KafkaError } from '../../protocol/errors.js';
import { readText } from '../shared/json-fields.js';
import { byPartition, numberOrder, partitionOrder } from '../shared/partition-order.js';
import { assignmentsOfPartitions, brokerIds, logDirs } from './current.js';
import type { ReassignOptions } from './flags.js';
import { startMoves } from './log-dir-moves.js';
import { checkPlan, failed, parsePlan, planText, terse } from './plan.js';
import { movesOf, throttleLogDirs, throttleMoves } from './throttles.js';

const ONGOING =
  'Cannot execute because there is an existing partition assignment.  Use --additional to override this and create a ' +
  'new partition assignment in addition to the existing one. The --additional flag can also be used to change the ' +
  'throttle by resubmitting the current reassignment.';

/** `--execute`. */
export async function run(cluster: Cluster, options: ReassignOptions, io: Io): Promise<void> {
  const text = readText(options.value('reassignment-json-file') as string);
  const [throttle, logDirThrottle] = [options.value('throttle'), options.value('replica-alter-log-dirs-throttle')];
  const timeoutMs = Number(options.value('timeout'));
  const plan = parsePlan(text);
  checkPlan(plan);
  const ongoing = await listReassignments(cluster);
  if (!options.has('additional') && ongoing.size > 0) throw terse(ONGOING);
  const proposed = partitionOrder(plan.partitions);
  await checkBrokers(
    cluster,
    proposed.flatMap(({ replicas }) => replicas),
  );
  const current = await assignmentsOfPartitions(cluster, proposed);
  const before = planText(current, await logDirs(cluster, current));
  io.stdout.write(
    `Current partition replica assignment\n\n${before}\n\nSave this to use as the --reassignment-json-file option during rollback\n`,
  );
  if (throttle >= 0n || logDirThrottle >= 0n)
    io.stdout.write(
      'Warning: You must run --verify periodically, until the reassignment completes, to ensure the throttle is removed.\n',
    );
  if (throttle >= 0n) await throttleMoves(cluster, movesOf(ongoing.values(), proposed, current), throttle, io);
  const movingBrokers = plan.moves.map(({ broker }) => broker);
  if (logDirThrottle >= 0n) await throttleLogDirs(cluster, movingBrokers, logDirThrottle, io);
  const errors = await alterReassignments(cluster, proposed, !options.has('disallow-replication-factor-change'));
  if (errors.size > 0) throw terse(`Error reassigning partition(s):\n${reasons(errors, proposed)}`);
  const names = [...proposed].sort(byPartition).map(partitionName);
  io.stdout.write(
    `Successfully started partition reassignment${names.length === 1 ? '' : 's'} for ${names.join(',')}\n`,
  );
  if (plan.moves.length > 0) await startMoves(cluster, plan.moves, timeoutMs, io);
}

async function checkBrokers(cluster: Cluster, wanted: readonly number[]): Promise<void> {
  const known = await brokerIds(cluster);
  const unknown = numberOrder(wanted).find((id) => !known.includes(id));
  if (unknown !== undefined) throw failed(`Unknown broker id ${unknown}`);
}

/** The errors of partitions that could not be reassigned, one per line. */
export function reasons(errors: ReadonlyMap<string, KafkaError>, partitions: readonly TopicPartition[]): string {
  const lines = [...partitions].sort(byPartition).flatMap((partition) => {
    const error = errors.get(partitionName(partition));
    return error ? [`${partitionName(partition)}: ${error.message}`] : [];
  });
  return lines.join('\n');
}
