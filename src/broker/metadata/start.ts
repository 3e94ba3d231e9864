/** Prepares the metadata log for serving: bootstraps a new one, and takes over one that Kafka wrote. */

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
const MAX_LISTED = 10;

/** ts-kafka's own config: lead partitions that have replicas on other nodes too. */
export const UNCLEAN_TAKEOVER = 'ts.kafka.unclean.takeover.enable';

interface Node {
  readonly nodeId: number;
  readonly directoryId: string;
  readonly logDir: string;
  readonly controller: { readonly listener: string; readonly host: string; readonly port: number };
}

/** Writes the bootstrap records of a new log, or those still missing after a crash. */
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

/** Throws DataDirectoryError if the log is at a newer metadata.version than this broker supports. */
export function checkLevel(metadata: MetadataLog, dir: string): void {
  const level = metadata.features.get('metadata.version');
  if (level !== undefined && level <= LATEST_METADATA_VERSION) return;
  throw new DataDirectoryError(
    level === undefined
      ? `${dir} cannot be served: its __cluster_metadata-0 has no metadata.version`
      : `${dir} cannot be served: its metadata.version is ${level}, and the latest supported one is ${LATEST_METADATA_VERSION}`,
  );
}

/**
 * Throws DataDirectoryError if partitions have replicas on other nodes: the directory belongs to a larger cluster,
 * whose other nodes may have records that are missing here. Leading these partitions would be a silent unclean
 * election.
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
  const more = found.length > MAX_LISTED ? ` and ${found.length - MAX_LISTED} more` : '';
  throw new DataDirectoryError(
    `${dir} belongs to a cluster of several nodes, which may have records that are missing here: ` +
      `${found.slice(0, MAX_LISTED).join(', ')}${more} have replicas on nodes other than ${nodeId}; ` +
      `start that cluster, or lead these partitions from this node alone with ${UNCLEAN_TAKEOVER}=true`,
  );
}

/**
 * A clean Kafka shutdown leaves partitions without a leader, a killed one leaves an unfenced registration: fixes both.
 */
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
