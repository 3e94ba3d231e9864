/** Restricts the authorized operations in responses. */
import { unlogged } from '../authorizer-log.js';
import type { Call } from './rule.js';

/** the value if they were not requested */
const NOT_ASKED = -2147483648;

/** Clears the bits of operations that are not allowed. */
export function maskOperations(
  call: Call,
  operations: number | undefined,
  resourceType: number,
  name: string,
): number | undefined {
  if (operations === undefined || operations === NOT_ASKED) return operations;
  return unlogged(() => masked(call, operations, resourceType, name));
}

function masked(call: Call, operations: number, resourceType: number, name: string): number {
  let left = operations;
  for (let operation = 3; operation <= 15; operation++) {
    const bit = 1 << operation;
    if (operations & bit && !call.allows(operation, resourceType, name)) left &= ~bit;
  }
  return left;
}
