/** Components started with the broker: coordinators that replay their logs, and timers. One line each. */
import type { Broker, Component } from './api.js';
import { liveConfigs } from './config/live.js';
import { groupCoordinator } from './groups/coordinator.js';
import { security } from './security/security.js';
import { shareCoordinator } from './share/coordinator.js';
import { transactionCoordinator } from './txns/coordinator.js';

export const components: readonly ((broker: Broker) => Component)[] = [
  liveConfigs,
  security,
  groupCoordinator,
  shareCoordinator,
  transactionCoordinator,
];
