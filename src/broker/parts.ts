/** Components started with the broker: coordinators that replay their logs, and timers. One line each. */
import type { Broker, Part } from './api.js';
import { liveConfigs } from './config/live.js';
import { groupCoordinator } from './groups/coordinator.js';
import { security } from './security/part.js';
import { shareCoordinator } from './share/coordinator.js';
import { transactionCoordinator } from './txns/coordinator.js';

export const parts: readonly ((broker: Broker) => Part)[] = [
  liveConfigs,
  security,
  groupCoordinator,
  shareCoordinator,
  transactionCoordinator,
];
