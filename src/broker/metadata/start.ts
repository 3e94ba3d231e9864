/** From what the metadata log says to what this broker can serve: a first log is begun, a directory of Kafka's adapted. */

import { LATEST_METADATA_VERSION } from '../../kafka/metadata-versions.js';
import {
  brokerRegistrationChangeRecord,
  endTransactionRecord,
  partitionChangeRecord,
} from '../../protocol/messages/metadata-records.js';
import { type MetadataRecord, metadataRecord } from '../api.js';
import { DataDirectoryError } from '../directory/data-directory.js';
import { bootstrapRecords } from './bootstrap.js';
import { readBootstrapCheckpoint } from './bootstrap-checkpoint.js';
import { metadataBatch, quorumBatch } from './codec.js';
import type { MetadataLog } from './log.js';

const FIRST_EPOCH = 1;
const PARTITIONS_PER_BATCH = 5_000;
const NAMED = 10;

/** A setting of ours: partitions whose replicas name other nodes are led here all the same. */
export const UNCLEAN_TAKEOVER = 'ts.kafka.unclean.takeover.enable';

interface Node {
  readonly nodeId: number;
  readonly directoryId: string;
  readonly logDir: string;
  readonly controller: { readonly listener: string; readonly host: string; readonly port: number };
}

/** Writes what a fresh log begins with; of one whose beginning was cut short by a crash, what is missing. */
export async function begin(metadata: MetadataLog, node: Node, now: number): Promise<void> {
  if (metadata.empty) {
    await metadata.append(quorumBatch({ ...node, leaderEpoch: FIRST_EPOCH, timestamp: now }), [], FIRST_EPOCH);
    metadata.kraftVersion = 1;
  }
  const records = readBootstrapCheckpoint(node.logDir) ?? bootstrapRecords();
  const framed = records.at(-1)?.message === endTransactionRecord ? records : withoutFrame(records);
  await metadata.append(metadataBatch(framed, FIRST_EPOCH, now), withoutFrame(framed), FIRST_EPOCH);
}

const withoutFrame = (records: readonly MetadataRecord[]): MetadataRecord[] =>
  records.filter((r) => !r.message.name.endsWith('TransactionRecord'));

/** Throws where a newer Kafka wrote what cannot be understood here. */
export function checkLevel(metadata: MetadataLog, dir: string): void {
  const level = metadata.features.get('metadata.version');
  if (level !== undefined && level <= LATEST_METADATA_VERSION) return;
  throw new DataDirectoryError(
    level === undefined
      ? `${dir} cannot be served: its __cluster_metadata-0 says no metadata.version`
      : `${dir} cannot be served: it is at metadata.version ${level}, and ${LATEST_METADATA_VERSION} is the newest known here`,
  );
}

/**
 * Throws where partitions have replicas on other nodes: the directory is out of a larger cluster, which may have records
 * that are not here. To lead them without asking their ISR would be an unclean election that nobody sees.
 */
export function checkReplicas(metadata: MetadataLog, nodeId: number, dir: string): void {
  const found: string[] = [];
  for (const topic of metadata.topics()) {
    for (const { index, replicas, isr } of topic.partitions) {
      if (replicas.every((id) => id === nodeId)) continue;
      found.push(`${topic.name}-${index} (replicas ${replicas.join(',')}, ISR ${isr.join(',')})`);
    }
  }
  if (found.length === 0) return;
  const more = found.length > NAMED ? ` and ${found.length - NAMED} more` : '';
  throw new DataDirectoryError(
    `${dir} is out of a cluster of several nodes, which may have records that are not here: ` +
      `${found.slice(0, NAMED).join(', ')}${more} have replicas on other nodes than ${nodeId}; ` +
      `start that cluster again, or lead them from here as they are with ${UNCLEAN_TAKEOVER}=true`,
  );
}

/** A Kafka that stopped leaves partitions without a leader, one that was killed leaves itself registered: both end here. */
export async function takeOver(metadata: MetadataLog, nodeId: number): Promise<void> {
  const registered = metadata.state.brokers.get(nodeId);
  if (registered && !registered.fenced) {
    const { brokerId, brokerEpoch } = registered;
    await metadata.write([metadataRecord(brokerRegistrationChangeRecord, { brokerId, brokerEpoch, fenced: 1 }, 0)]);
  }
  const level = metadata.features.get('metadata.version') ?? 0;
  const version = level >= 23 ? 2 : level >= 17 ? 1 : 0;
  const records: MetadataRecord[] = [];
  for (const topic of metadata.topics()) {
    for (const p of topic.partitions) {
      if (!p.replicas.includes(nodeId)) continue;
      if (p.leader === nodeId && p.isr.every((id) => id === nodeId)) continue;
      const elr = { eligibleLeaderReplicas: [], lastKnownElr: [] };
      const change = { partitionId: p.index, topicId: topic.id, isr: [nodeId], leader: nodeId };
      const value = version === 2 ? { ...change, ...elr } : change;
      records.push(metadataRecord(partitionChangeRecord, value, version));
    }
  }
  for (let i = 0; i < records.length; i += PARTITIONS_PER_BATCH) {
    await metadata.write(records.slice(i, i + PARTITIONS_PER_BATCH));
  }
}
