/** ListGroups, DescribeGroups and DeleteGroups. Mirrors coordinator/group/GroupCoordinatorShard. */
import type { describeGroups } from '../../protocol/apis/15-describe-groups.js';
import type { listGroups } from '../../protocol/apis/16-list-groups.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { ResponseInput } from '../../protocol/wire/schema.js';
import { type CoordinatorRecord, record } from '../coordinator/record.js';
import type { ClassicGroup } from './classic/group.js';
import { metadataOf, NO_ASSIGNMENT } from './classic/member.js';
import { cancelTimers, operationError } from './classic/rebalance.js';
import { consumerTombstones } from './consumer/records.js';
import type { Group, GroupContext } from './context.js';
import { offsetTombstone } from './offset-commit.js';
import { GROUP_METADATA } from './records.js';
import { shareTombstones } from './share/records.js';

export type ListedGroup = ResponseInput<typeof listGroups>['groups'][number];
export type DescribedGroup = ResponseInput<typeof describeGroups>['groups'][number];

/** Groups in these states and of these types, ignoring case; an empty filter matches all. */
export function list(c: GroupContext, states: readonly string[], types: readonly string[]): ListedGroup[] {
  const wantedStates = new Set(states.map((s) => s.toLowerCase().trim()));
  const wantedTypes = new Set(types.map((t) => t.toLowerCase()));
  const listed: ListedGroup[] = [];
  for (const group of c.groups.values()) {
    if (states.length > 0 && !wantedStates.has(group.state.toLowerCase())) continue;
    if (types.length > 0 && !wantedTypes.has(group.type)) continue;
    listed.push({
      groupId: group.groupId,
      protocolType: group.protocolType ?? '',
      groupState: group.state,
      groupType: group.type,
    });
  }
  return listed;
}

/** The first version with GROUP_ID_NOT_FOUND; older ones describe an unknown group as Dead. */
const NOT_FOUND_VERSION = 6;

/** One group's description, errors included. */
export function describe(c: GroupContext, groupId: string, apiVersion: number): DescribedGroup {
  const group = c.groups.get(groupId);
  const base = { errorCode: Errors.NONE, groupId, protocolData: '' };
  if (group?.type !== 'classic') {
    const unknown = { ...base, groupState: 'Dead', protocolType: '', members: [] };
    if (apiVersion < NOT_FOUND_VERSION) return unknown;
    const errorMessage = group ? `Group ${groupId} is not a classic group.` : `Group ${groupId} not found.`;
    return { ...unknown, errorCode: Errors.GROUP_ID_NOT_FOUND, errorMessage };
  }
  return {
    ...base,
    groupState: group.state,
    protocolType: group.protocolType ?? '',
    protocolData: group.is('Stable') ? (group.protocolName ?? '') : '',
    members: describeMembers(group),
  };
}

const describeMembers = (group: ClassicGroup): DescribedGroup['members'] =>
  [...group.members.values()].map((m) => ({
    memberId: m.memberId,
    groupInstanceId: m.groupInstanceId,
    clientId: m.clientId,
    clientHost: m.clientHost,
    memberMetadata: group.is('Stable') ? metadataOf(m, group.protocolName ?? '') : NO_ASSIGNMENT,
    memberAssignment: m.assignment,
  }));

/** Deletes a group and all its offsets; returns the error code of its result. */
export async function deleteGroup(c: GroupContext, groupId: string): Promise<number> {
  try {
    const group = c.groups.get(groupId);
    if (!group) throw new KafkaError(Errors.GROUP_ID_NOT_FOUND, `Group ${groupId} not found.`);
    group.validateDelete();
    const offsets = c.offsets.partitionsOf(groupId).map(([topic, p]) => offsetTombstone(groupId, topic, p));
    if (group.type === 'share') {
      for (const [topicId, { partitions }] of group.initialized) await c.share?.remove(groupId, topicId, partitions);
    }
    await c.write(groupId, [...offsets, ...tombstones(c, group)]);
    return Errors.NONE;
  } catch (error) {
    return operationError(error);
  }
}

/** The tombstones that delete a group; also cancels its timers. */
export function tombstones(c: GroupContext, group: Group): CoordinatorRecord[] {
  if (group.type === 'consumer') return consumerTombstones(group);
  if (group.type === 'share') return shareTombstones(group);
  cancelTimers(c, group);
  return [record(GROUP_METADATA, { group: group.groupId }, null)];
}
