/** The bits of what a client may do, where the answer tells them. */
import type { Call } from './rule.js';

/** what stands there when nobody asked */
const NOT_ASKED = -2147483648;

/** Clears the bit of every operation that is not allowed. */
export function maskOperations(
  call: Call,
  operations: number | undefined,
  resourceType: number,
  name: string,
): number | undefined {
  if (operations === undefined || operations === NOT_ASKED) return operations;
  let masked = operations;
  for (let operation = 3; operation <= 15; operation++) {
    const bit = 1 << operation;
    if (operations & bit && !call.allows(operation, resourceType, name)) masked &= ~bit;
  }
  return masked;
}
