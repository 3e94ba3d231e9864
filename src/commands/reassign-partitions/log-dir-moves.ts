/** Moves of replicas between the log directories of a broker. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Io } from '../../cli/io.js';
import { moveReplicas, type Replica, type ReplicaMove, replicaName } from '../../client/admin/log-dirs.js';
import type { Cluster } from '../../client/cluster/types.js';
import { executionException } from '../../java/exceptions.js';
import { Errors } from '../../protocol/errors.js';
import { byPartition } from '../shared/partition-order.js';
import { failed, terse } from './plan.js';

const AGAIN = 100;

/** Starts the moves. Retries for up to `timeoutMs` until a replica exists on its broker. */
export async function startMoves(cluster: Cluster, moves: readonly ReplicaMove[], timeoutMs: number, io: Io) {
  const end = Date.now() + timeoutMs;
  let pending = [...moves].sort(byReplica);
  for (;;) {
    const outcomes = await moveReplicas(cluster, pending);
    const waiting = pending.filter((move) => {
      const error = outcomes.get(replicaName(move));
      if (error === undefined) return false;
      if (error.code === Errors.REPLICA_NOT_AVAILABLE) return true;
      throw failed(`Failed to alter dir for ${replicaName(move)}`, executionException(error));
    });
    for (const move of pending.filter((started) => !waiting.includes(started)))
      io.stdout.write(
        `Successfully started moving log directory to ${move.logDir} for replica ${move.topic}-${move.partition} with broker ${move.broker} \n`,
      );
    if (waiting.length === 0) return;
    if (Date.now() >= end)
      throw terse(
        `Timed out before log directory move${waiting.length === 1 ? '' : 's'} could be started for: ${waiting.map(replicaName).join(',')}`,
      );
    pending = waiting;
    await sleep(AGAIN);
  }
}

export const byReplica = (a: Replica, b: Replica): number => a.broker - b.broker || byPartition(a, b);
