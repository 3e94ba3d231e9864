import { Errors, KafkaError } from '../../protocol/errors.js';
import type { Broker } from '../api.js';
import { operationError } from '../groups/classic/rebalance.js';
import { type GroupCoordinator, groupCoordinator } from '../groups/coordinator.js';
import { shareGroupsEnabled } from './enabled.js';

/** Common part of altering and deleting share group offsets; `change` returns the topics of the response. */
export async function changeOffsets<T>(
  groupId: string,
  broker: Broker,
  change: (groups: GroupCoordinator) => Promise<readonly T[]>,
): Promise<{ throttleTimeMs: number; errorCode: number; errorMessage?: string | null; responses: readonly T[] }> {
  const nothing = { throttleTimeMs: 0, responses: [] };
  if (!shareGroupsEnabled(broker)) return { ...nothing, errorCode: Errors.UNSUPPORTED_VERSION };
  if (groupId === '') return { ...nothing, errorCode: Errors.INVALID_GROUP_ID };
  const groups = broker.component(groupCoordinator);
  try {
    await groups.log.ready(groupId);
    return { ...nothing, errorCode: Errors.NONE, responses: await change(groups) };
  } catch (error) {
    const errorMessage = error instanceof KafkaError ? error.message : null;
    return { ...nothing, errorCode: operationError(error), errorMessage };
  }
}
