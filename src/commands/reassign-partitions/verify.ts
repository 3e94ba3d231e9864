import type { Io } from '../../cli/io.js';
import { type ReplicaMove, type ReplicaPlace, replicaName, replicaPlaces } from '../../client/admin/log-dirs.js';
import { listReassignments } from '../../client/admin/reassignments.js';
import type { Cluster, TopicInfo } from '../../client/cluster/types.js';
import { JavaError } from '../../java/exceptions.js';
import { partitionName } from '../../kafka/topic-partition.js';
import { check, Errors } from '../../protocol/errors.js';
import { readText } from '../shared/json-fields.js';
import { byPartition } from '../shared/partition-order.js';
import { lookUp } from './current.js';
import type { ReassignOptions } from './flags.js';
import { byReplica } from './log-dir-moves.js';
import { type Assignment, parsePlan } from './plan.js';
import { clearThrottles } from './throttles.js';

/** `--verify`: removes throttles only if no reassignment or move is active at all. */
export async function run(cluster: Cluster, options: ReassignOptions, io: Io): Promise<void> {
  const plan = parsePlan(readText(options.value('reassignment-json-file') as string));
  const ongoing = await listReassignments(cluster);
  const settled = plan.partitions.filter((entry) => !ongoing.has(partitionName(entry)));
  const topics = await lookUp(
    cluster,
    settled.map(({ topic }) => topic),
  );
  const lines = new Map<string, readonly [Assignment, string]>();
  for (const entry of plan.partitions) {
    const name = partitionName(entry);
    const text = ongoing.has(name)
      ? `Reassignment of partition ${name} is still in progress.`
      : doneText(entry, currentReplicas(entry, topics.get(entry.topic) as TopicInfo));
    lines.set(name, [entry, text]);
  }
  const sorted = [...lines.values()].sort(([a], [b]) => byPartition(a, b)).map(([, text]) => text);
  io.stdout.write(`${['Status of partition reassignment:', ...sorted].join('\n')}\n`);
  const places = await replicaPlaces(cluster, plan.moves);
  const moves = [...plan.moves].sort(byReplica).map((move) => moveState(move, places.get(replicaName(move))));
  io.stdout.write(`${moves.map(({ text }) => text).join('\n')}\n`);
  if (ongoing.size === 0 && moves.every(({ done }) => done) && !options.has('preserve-throttles'))
    await clearThrottles(cluster, plan.partitions, io);
}

/** Empty for a partition that does not exist. */
function currentReplicas({ partition }: Assignment, { errorCode, partitions }: TopicInfo): readonly number[] {
  if (errorCode === Errors.UNKNOWN_TOPIC_OR_PARTITION || partitions.length < partition) return [];
  check(errorCode);
  const found = partitions[partition];
  if (found) return found.replicas;
  // Java's bounds check is off by one, so this index fails
  throw new JavaError(
    'java.lang.IndexOutOfBoundsException',
    `Index ${partition} out of bounds for length ${partitions.length}`,
  );
}

function doneText(target: Assignment, current: readonly number[]): string {
  const [is, wanted] = [current.join(','), target.replicas.join(',')];
  if (is === wanted) return `Reassignment of partition ${partitionName(target)} is completed.`;
  return `There is no active reassignment of partition ${partitionName(target)}, but replica set is ${is} rather than ${wanted}.`;
}

/** The state of a log directory move. One that never started also counts as done, since nothing will change any more. */
function moveState(
  move: ReplicaMove,
  { current, future }: Partial<ReplicaPlace> = {},
): { text: string; done: boolean } {
  const partition = partitionName(move);
  const on = `Partition ${partition} on broker ${move.broker}`;
  if (current === undefined)
    return {
      text: `Partition ${partition} is not found in any live log dir on broker ${move.broker}. There is likely an offline log directory on the broker.`,
      done: true,
    };
  if (future === move.logDir)
    return { text: `Reassignment of replica ${replicaName(move)} is still in progress.`, done: false };
  if (future !== undefined)
    return { text: `${on} is being moved to log dir ${future} instead of ${move.logDir}.`, done: false };
  if (current === move.logDir)
    return { text: `Reassignment of replica ${replicaName(move)} completed successfully.`, done: true };
  return { text: `${on} is not being moved from log dir ${current} to ${move.logDir}.`, done: true };
}
