/** How a member gives up partitions: its readers stop where they are, what they got to is committed, then they are gone. */
import { Errors, KafkaError } from '../../protocol/errors.js';
import { Waiter } from '../cluster/waiter.js';
import type { Consumer } from '../consumer/consumer.js';
import type { PartitionState } from '../consumer/partition-state.js';

/** What a commit before partitions go may take, ms: they are read twice without it. */
const COMMIT_LIMIT = 5000;

/** The group's side of it. */
export interface GivingUp {
  /** ms between heartbeats */
  readonly intervalMs: number;
  /** Sends a heartbeat, so that the member is kept while a reader is held up. False when it is a member no more. */
  beat(): Promise<boolean>;
  /** Commits positions; answers the first error code. */
  commit(): Promise<number>;
  /** Waits after a failure; throws what no retry mends. */
  recover(error: unknown): Promise<void>;
}

/** True when the partitions are given up; false when the group gave up on the member meanwhile: then nothing is done. */
export async function giveUp(
  consumer: Consumer,
  partitions: readonly PartitionState[],
  group: GivingUp,
): Promise<boolean> {
  if (partitions.length === 0) return true;
  if (!(await stopped(consumer, partitions, group))) return false;
  await lastCommit(group);
  consumer.removed(partitions);
  return true;
}

/** Waits for the readers, for as long as the group waits for its members. */
async function stopped(
  consumer: Consumer,
  partitions: readonly PartitionState[],
  { intervalMs, beat }: GivingUp,
): Promise<boolean> {
  const waiter = new Waiter();
  let idle = false;
  void consumer.stop(partitions).then(() => {
    idle = true;
    waiter.wake();
  });
  const ends = Date.now() + consumer.config.rebalanceTimeoutMs;
  for (;;) {
    await waiter.wait(Math.min(intervalMs, ends - Date.now()));
    if (idle || Date.now() >= ends) return true;
    if (!(await beat())) return false;
  }
}

async function lastCommit({ commit, recover }: GivingUp): Promise<void> {
  const ends = Date.now() + COMMIT_LIMIT;
  for (;;) {
    try {
      const code = await commit();
      if (code === 0) return;
      throw new KafkaError(code);
    } catch (error) {
      if (!(error instanceof KafkaError) || !(error.retriable || error.code === Errors.STALE_MEMBER_EPOCH)) return;
      if (Date.now() >= ends) return;
      await recover(error).catch(() => {});
    }
  }
}
