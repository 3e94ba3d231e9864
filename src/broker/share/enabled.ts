import type { Broker } from '../api.js';

/** Whether share groups are enabled by the finalized share.version. Mirrors KafkaApis.isShareGroupProtocolEnabled. */
export const shareGroupsEnabled = (broker: Broker): boolean =>
  (broker.metadata.features.get('share.version') ?? 0) >= 1;
