import type { Broker } from '../api.js';

/** Whether KIP-848 groups are enabled, by the broker's configs and the finalized group.version. Mirrors KafkaApis. */
export const consumerProtocolEnabled = (broker: Broker): boolean =>
  String(broker.setting('group.coordinator.rebalance.protocols')).split(',').includes('consumer') &&
  (broker.metadata.features.get('group.version') ?? 0) >= 1;
