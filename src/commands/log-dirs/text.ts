/** The JSON document of kafka-log-dirs.sh, with fields and elements in the order of Java's maps. */

import type { LogDir } from '../../client/admin/log-dirs.js';
import { hashOrderBy, javaHash } from '../../java/hash-order.js';
import { partitionName } from '../../kafka/topic-partition.js';
import { KafkaError } from '../../protocol/errors.js';
import { partitionOrder } from '../shared/partition-order.js';

export interface BrokerLogDirs {
  readonly broker: number;
  readonly dirs: readonly LogDir[];
}

/** One line of JSON, limited to `topics` unless that is empty. Built as text, since sizes can exceed a double's precision. */
export function logDirsText(brokers: readonly BrokerLogDirs[], topics: ReadonlySet<string>): string {
  const texts = brokers.map(({ broker, dirs }) => {
    const ordered = hashOrderBy(dirs, ({ logDir }) => javaHash(logDir), dirs.length);
    return `{"broker":${broker},"logDirs":[${ordered.map((dir) => dirText(dir, topics)).join(',')}]}`;
  });
  return `{"brokers":[${texts.join(',')}],"version":1}`;
}

function dirText({ logDir, errorCode, topics }: LogDir, wanted: ReadonlySet<string>): string {
  const replicas = topics.flatMap(({ name: topic, partitions }) =>
    partitions.map(({ partitionIndex: partition, ...replica }) => ({ topic, partition, ...replica })),
  );
  const shown = partitionOrder(replicas).filter(({ topic }) => wanted.size === 0 || wanted.has(topic));
  const texts = partitionOrder(shown).map(
    (replica) =>
      `{"partition":${JSON.stringify(partitionName(replica))},"size":${replica.partitionSize},"offsetLag":${replica.offsetLag},"isFuture":${replica.isFutureKey}}`,
  );
  const error = errorCode === 0 ? null : new KafkaError(errorCode).javaClass;
  return `{"partitions":[${texts.join(',')}],"error":${JSON.stringify(error)},"logDir":${JSON.stringify(logDir)}}`;
}
