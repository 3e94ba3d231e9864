import type { Broker } from '../api.js';

/** Whether share groups may be: the directory's share.version allows it. Mirrors KafkaApis.isShareGroupProtocolEnabled. */
export const shareGroupsEnabled = (broker: Broker): boolean =>
  (broker.metadata.features.get('share.version') ?? 0) >= 1;
