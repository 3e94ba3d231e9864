import { expect, it } from 'vitest';
import { partitionOf } from '../../../src/broker/coordinator/partition-of.js';
import { javaHash } from '../../../src/java/hash-order.js';

it("is Java's String.hashCode, and the partition is its absolute value's", () => {
  expect([javaHash('gclassic'), javaHash('gnew'), javaHash('tx1')]).toEqual([-25541045, 3177433, 115245]);
  expect([partitionOf('gclassic', 5), partitionOf('gnew', 5), partitionOf('tx1', 3)]).toEqual([0, 3, 0]);
  expect(javaHash('polygenelubricants')).toBe(-2147483648);
  expect(partitionOf('polygenelubricants', 50)).toBe(0);
});
