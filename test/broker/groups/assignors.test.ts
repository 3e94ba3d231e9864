import { describe, expect, it } from 'vitest';
import { type AssignMember, range, uniform } from '../../../src/broker/groups/assignors.js';
import type { PartitionSet } from '../../../src/broker/groups/partitions.js';

const member = (memberId: string, topics: string[], current: Record<string, number[]> = {}): AssignMember => ({
  memberId,
  instanceId: null,
  topics: new Set(topics),
  current: new Map(Object.entries(current).map(([t, p]) => [t, new Set(p)])),
});
const shown = (result: Map<string, PartitionSet>): Record<string, string> =>
  Object.fromEntries(
    [...result].map(([id, set]) => [
      id,
      [...set]
        .flatMap(([t, ps]) => [...ps].map((p) => `${t}${p}`))
        .sort()
        .join(' '),
    ]),
  );

describe('range', () => {
  it('assigns consecutive partitions, and one more to the first members', () => {
    const members = [member('b', ['x', 'y']), member('a', ['x', 'y'])];
    const counts = new Map([
      ['x', 3],
      ['y', 1],
    ]);
    expect(shown(range(members, counts))).toEqual({ a: 'x0 x1 y0', b: 'x2' });
  });
  it('considers only members subscribed to the topic', () => {
    const counts = new Map([
      ['x', 2],
      ['y', 2],
    ]);
    expect(shown(range([member('a', ['x']), member('b', ['x', 'y'])], counts))).toEqual({ a: 'x0', b: 'x1 y0 y1' });
  });
});

describe('uniform', () => {
  it('spreads partitions evenly', () => {
    const members = ['a', 'b', 'c'].map((id) => member(id, ['x', 'y']));
    const counts = new Map([
      ['x', 4],
      ['y', 3],
    ]);
    const sizes = [...uniform(members, counts).values()].map((s) => [...s.values()].reduce((n, p) => n + p.size, 0));
    expect(sizes.sort()).toEqual([2, 2, 3]);
  });
  it('moves as few partitions as possible', () => {
    const members = [member('a', ['x'], { x: [0, 1, 2] }), member('b', ['x'], { x: [3] })];
    expect(shown(uniform(members, new Map([['x', 4]])))).toEqual({ a: 'x0 x1', b: 'x2 x3' });
    const three = [member('a', ['x'], { x: [0, 1] }), member('b', ['x'], { x: [2] })];
    expect(shown(uniform(three, new Map([['x', 3]])))).toEqual({ a: 'x0 x1', b: 'x2' });
  });
  it('assigns every partition to a subscribed member, and balances', () => {
    const members = [member('a', ['x'], { x: [0, 1, 2, 3] }), member('b', ['x', 'y']), member('c', ['y'])];
    const counts = new Map([
      ['x', 4],
      ['y', 4],
    ]);
    const result = shown(uniform(members, counts));
    expect(Object.values(result).join(' ').split(' ').sort()).toEqual('x0 x1 x2 x3 y0 y1 y2 y3'.split(' '));
    expect(
      Object.values(result)
        .map((s) => s.split(' ').length)
        .sort(),
    ).toEqual([2, 3, 3]);
  });
  it('drops partitions that no longer exist or are not subscribed to', () => {
    expect(shown(uniform([member('a', ['x'], { x: [0, 7], z: [1] })], new Map([['x', 1]])))).toEqual({ a: 'x0' });
  });
});
