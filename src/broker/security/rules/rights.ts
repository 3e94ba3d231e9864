/** The rights on groups and transactions that several rules ask for. */
import { Operation, ResourceType } from '../authorizer.js';
import type { Call } from './rule.js';

export const mayGroup = (call: Call, operation: number, groupId: string): boolean =>
  call.allows(operation, ResourceType.GROUP, groupId);
export const mayReadGroup = (call: Call, { groupId }: { readonly groupId: string }): boolean =>
  mayGroup(call, Operation.READ, groupId);
export const mayTransaction = (call: Call, operation: number, transactionalId: string): boolean =>
  call.allows(operation, ResourceType.TRANSACTIONAL_ID, transactionalId);
