/**
 * The features of Kafka 4.4.0 and their levels, in the order in which it reports them. Mirrors Feature and
 * BrokerFeatures.
 */
import type { Broker } from '../api.js';

/** A feature and its supported levels. */
export interface FeatureRange {
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** kraft.version is finalized by control records of the metadata log instead of FeatureLevelRecords. */
const FEATURES: readonly FeatureRange[] = [
  { name: 'group.version', minVersion: 0, maxVersion: 1 },
  { name: 'transaction.version', minVersion: 0, maxVersion: 2 },
  { name: 'eligible.leader.replicas.version', minVersion: 0, maxVersion: 1 },
  { name: 'share.version', minVersion: 0, maxVersion: 2 },
  { name: 'streams.version', minVersion: 0, maxVersion: 1 },
  { name: 'kraft.version', minVersion: 0, maxVersion: 1 },
  { name: 'metadata.version', minVersion: 7, maxVersion: 33 },
];

/** The features ApiVersions reports as supported. */
export const supportedFeatures = (_broker: Broker): readonly FeatureRange[] => FEATURES;
