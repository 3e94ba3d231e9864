import type { Broker } from '../api.js';

/** Whether KIP-848 groups may be: the setting and the directory's group.version both allow it. Mirrors KafkaApis. */
export const consumerProtocolEnabled = (broker: Broker): boolean =>
  String(broker.setting('group.coordinator.rebalance.protocols')).split(',').includes('consumer') &&
  (broker.metadata.features.get('group.version') ?? 0) >= 1;
