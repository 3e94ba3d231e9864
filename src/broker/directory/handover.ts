/**
 * Checks whether Apache Kafka can take over a directory: opens and recovers it as the broker would, and reads every
 * batch of every segment. Kafka truncates a log at its first corrupt batch, so corruption must be found before it
 * starts.
 */

import { metadataVersionName } from '../../kafka/metadata-versions.js';
import { CLUSTER_METADATA_TOPIC } from '../../kafka/topic-names.js';
import { LogDirectory } from '../../log/directory.js';
import { nodeFs } from '../../log/fs.js';
import type { PartitionLog } from '../../log/log.js';
import { scanSegment } from '../../log/scan.js';
import { ANY_TOPIC_CONFIG, CLUSTER_METADATA_ID } from '../metadata/cluster-metadata.js';
import { MetadataLog } from '../metadata/log.js';
import { checkDirectory, DataDirectoryError } from './data-directory.js';
import { lockDirectory } from './lock/index.js';
import { readMetaProperties } from './meta-properties.js';

/** The result of checkHandover. */
export interface HandoverCheck {
  readonly clusterId: string;
  readonly nodeId: number;
  /** "4.3-IV0" */
  readonly metadataVersion: string;
  /** the metadata log contains its voters, so Kafka can take it over with either way of configuring the quorum */
  readonly dynamicQuorum: boolean;
  readonly topics: number;
  readonly partitions: number;
  /** sum of log end offset minus log start offset over all logs */
  readonly records: number;
  /** anything that would be lost or keep Kafka from starting; one line each */
  readonly problems: readonly string[];
}

/** Throws DataDirectoryError or DirectoryInUse if the directory cannot be checked. */
export async function checkHandover(dir: string): Promise<HandoverCheck> {
  const meta = checkDirectory(dir) ? readMetaProperties(dir) : undefined;
  if (!meta) throw new DataDirectoryError(`${dir} is not formatted: there is nothing to hand over`);
  const lock = await lockDirectory(dir);
  const problems: string[] = [];
  const directory = await LogDirectory.open(dir, { warn: (line) => void problems.push(line) });
  try {
    const log = await directory.openPartition(CLUSTER_METADATA_TOPIC, 0, CLUSTER_METADATA_ID, ANY_TOPIC_CONFIG);
    const metadata = new MetadataLog(log, Date.now);
    await metadata.replay();
    const level = metadata.features.get('metadata.version');
    if (level === undefined) problems.push(`${CLUSTER_METADATA_TOPIC}-0 names no metadata.version`);
    problems.push(...(await damage(log)), ...strangers(directory, metadata));
    const counts = await checkPartitions(directory, metadata, problems);
    return {
      clusterId: meta.clusterId,
      nodeId: meta.nodeId,
      metadataVersion: metadataVersionName(level ?? 0) ?? 'unknown',
      dynamicQuorum: metadata.kraftVersion > 0,
      ...counts,
      problems,
    };
  } finally {
    await directory.close();
    lock.release();
  }
}

async function checkPartitions(directory: LogDirectory, metadata: MetadataLog, problems: string[]) {
  const existing = new Set(directory.list());
  let [topics, partitions, records] = [0, 0, 0];
  for (const topic of metadata.topics()) {
    topics++;
    for (const { index } of topic.partitions) {
      partitions++;
      // logs are created on the first append; Kafka creates an empty one for a missing directory
      if (!existing.has(`${topic.name}-${index}`)) continue;
      try {
        const log = await directory.openPartition(topic.name, index, topic.id, ANY_TOPIC_CONFIG);
        records += log.logEndOffset - log.logStartOffset;
        problems.push(...(await damage(log)));
      } catch (error) {
        problems.push((error as Error).message);
      }
    }
  }
  return { topics, partitions, records };
}

async function damage(log: PartitionLog): Promise<string[]> {
  const found: string[] = [];
  for (const segment of log.segments) {
    const { fd, base, size } = segment;
    const options = { position: 0, offset: base, size, gaps: true, looseStart: true };
    const lines: string[] = [];
    const end = await scanSegment(
      nodeFs,
      fd,
      options,
      () => {},
      (bad) => {
        lines.push(
          `${segment.path('.log')} is damaged at byte ${bad.position}: Kafka would drop offsets from ${bad.firstOffset} on`,
        );
      },
    );
    if (end.position < size)
      lines.push(`${segment.path('.log')} ends in ${size - end.position} bytes that are no batch`);
    found.push(...lines);
  }
  return found;
}

/** Directories that Kafka would rename as stray partitions. */
function strangers(directory: LogDirectory, metadata: MetadataLog): string[] {
  return directory.list().flatMap((name) => {
    const at = name.lastIndexOf('-');
    const [topic, index] = [name.slice(0, at), Number(name.slice(at + 1))];
    if (topic === CLUSTER_METADATA_TOPIC || metadata.topic(topic)?.partitions[index]) return [];
    return [`${name} belongs to no topic of the metadata log: Kafka would rename it to ${name}-stray`];
  });
}
