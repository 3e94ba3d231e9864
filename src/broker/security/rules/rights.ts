/** Group and transaction permissions that several rules check. */
import { Operation, ResourceType } from '../authorizer.js';
import type { Call } from './rule.js';

/** Whether the operation on the group is allowed. */
export const mayGroup = (call: Call, operation: number, groupId: string): boolean =>
  call.allows(operation, ResourceType.GROUP, groupId);
/** Whether the request's group may be read. */
export const mayReadGroup = (call: Call, { groupId }: { readonly groupId: string }): boolean =>
  mayGroup(call, Operation.READ, groupId);
/** Whether the operation on the transactional id is allowed. */
export const mayTransaction = (call: Call, operation: number, transactionalId: string): boolean =>
  call.allows(operation, ResourceType.TRANSACTIONAL_ID, transactionalId);
