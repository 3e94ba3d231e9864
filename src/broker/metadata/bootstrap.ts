/**
 * The first records of a directory formatted by Kafka 4.4.0; with lower feature levels, a directory for an older Kafka.
 */
import {
  beginTransactionRecord,
  configRecord,
  endTransactionRecord,
  featureLevelRecord,
} from '../../protocol/messages/metadata-records.js';
import { BROKER_RESOURCE, type MetadataRecord, metadataRecord } from '../api.js';

/** Finalized feature levels of a fresh directory, in the order in which they are written. */
export const BOOTSTRAP_FEATURES: Readonly<Record<string, number>> = {
  'metadata.version': 33,
  'eligible.leader.replicas.version': 1,
  'group.version': 1,
  'share.version': 2,
  'streams.version': 1,
  'transaction.version': 2,
};

/** The bootstrap records for these feature levels. */
export function bootstrapRecords(features: Readonly<Record<string, number>> = BOOTSTRAP_FEATURES): MetadataRecord[] {
  const levels = Object.entries(features).filter(([, level]) => level > 0);
  const records = levels.map(([name, featureLevel]) => metadataRecord(featureLevelRecord, { name, featureLevel }));
  // with ELR enabled Kafka requires min.insync.replicas as a cluster-wide default, and does not let it be deleted
  if (features['eligible.leader.replicas.version']) {
    records.push(
      metadataRecord(configRecord, {
        resourceType: BROKER_RESOURCE,
        resourceName: '',
        name: 'min.insync.replicas',
        value: '1',
      }),
    );
  }
  return [
    metadataRecord(beginTransactionRecord, { name: 'Bootstrap records' }),
    ...records,
    metadataRecord(endTransactionRecord, {}),
  ];
}
