import { type Io, writeLines } from '../../cli/io.js';
import { listReassignments, type Reassignment } from '../../client/admin/reassignments.js';
import type { Cluster } from '../../client/cluster/types.js';
import { partitionName } from '../../kafka/topic-partition.js';
import { byPartition } from '../shared/partition-order.js';
import type { ReassignOptions } from './flags.js';

/** `--list`. */
export async function run(cluster: Cluster, _options: ReassignOptions, io: Io): Promise<void> {
  await writeLines(io.stdout, listText([...(await listReassignments(cluster)).values()]));
}

export function listText(reassignments: readonly Reassignment[]): string[] {
  if (reassignments.length === 0) return ['No partition reassignments found.'];
  const brokers = (word: string, ids: readonly number[]) => (ids.length === 0 ? '' : ` ${word}: ${ids.join(',')}.`);
  const lines = [...reassignments].sort(byPartition).map((r) => {
    const changes = brokers('adding', r.addingReplicas) + brokers('removing', r.removingReplicas);
    return `${partitionName(r)}: replicas: ${r.replicas.join(',')}.${changes}`;
  });
  return ['Current partition reassignments:', ...lines];
}
