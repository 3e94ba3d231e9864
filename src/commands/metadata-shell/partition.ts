/** The state of a partition. Mirrors metadata/PartitionRegistration. */
import type { partitionChangeRecord, partitionRecord } from '../../protocol/messages/metadata-records.js';
import { type MessageOf, ZERO_UUID } from '../../protocol/wire/schema.js';

type Ids = readonly number[];

export interface Partition {
  readonly replicas: Ids;
  readonly directories: readonly string[];
  readonly isr: Ids;
  readonly removingReplicas: Ids;
  readonly addingReplicas: Ids;
  readonly elr: Ids;
  readonly lastKnownElr: Ids;
  readonly leader: number;
  readonly leaderRecoveryState: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
}

const NO_LEADER_CHANGE = -2;
const NO_STATE_CHANGE = -1;
const RECOVERY_STATES = ['RECOVERED', 'RECOVERING'];

/** Without assigned directories every replica gets DirectoryId.MIGRATING, the zero UUID. */
const orMigrating = (directories: readonly string[], replicas: Ids): readonly string[] =>
  directories.length === 0 ? replicas.map(() => ZERO_UUID) : directories;

export const partitionOf = (record: MessageOf<typeof partitionRecord>): Partition => ({
  ...record,
  directories: orMigrating(record.directories, record.replicas),
  elr: record.eligibleLeaderReplicas ?? [],
  lastKnownElr: record.lastKnownElr ?? [],
});

export function applyChange(now: Partition, record: MessageOf<typeof partitionChangeRecord>): Partition {
  const replicas = record.replicas ?? now.replicas;
  const kept = record.leader === NO_LEADER_CHANGE;
  return {
    replicas,
    directories: orMigrating(record.directories ?? now.directories, replicas),
    isr: record.isr ?? now.isr,
    removingReplicas: record.removingReplicas ?? now.removingReplicas,
    addingReplicas: record.addingReplicas ?? now.addingReplicas,
    elr: record.eligibleLeaderReplicas ?? now.elr,
    lastKnownElr: record.lastKnownElr ?? now.lastKnownElr,
    leader: kept ? now.leader : record.leader,
    leaderRecoveryState:
      record.leaderRecoveryState === NO_STATE_CHANGE ? now.leaderRecoveryState : record.leaderRecoveryState,
    leaderEpoch: kept ? now.leaderEpoch : now.leaderEpoch + 1,
    partitionEpoch: now.partitionEpoch + 1,
  };
}

export function partitionText(p: Partition): string {
  const list = (items: readonly (number | string)[]) => `[${items.join(', ')}]`;
  return (
    `PartitionRegistration(replicas=${list(p.replicas)}, directories=${list(p.directories)}, isr=${list(p.isr)}, ` +
    `removingReplicas=${list(p.removingReplicas)}, addingReplicas=${list(p.addingReplicas)}, elr=${list(p.elr)}, ` +
    `lastKnownElr=${list(p.lastKnownElr)}, leader=${p.leader}, ` +
    `leaderRecoveryState=${RECOVERY_STATES[p.leaderRecoveryState] ?? 'UNKNOWN'}, leaderEpoch=${p.leaderEpoch}, ` +
    `partitionEpoch=${p.partitionEpoch})`
  );
}
