/**
 * Encodes and decodes the record of a classic group. Mirrors GroupCoordinatorRecordHelpers and
 * GroupMetadataManager.replay.
 */
import { type CoordinatorRecord, record } from '../../coordinator/record.js';
import { GROUP_METADATA } from '../records.js';
import { ClassicGroup } from './group.js';
import { metadataOf, NO_ASSIGNMENT } from './member.js';

/** The record of the group with its current members, and these assignments if given. */
export const groupRecord = (group: ClassicGroup, assignments?: ReadonlyMap<string, Buffer>): CoordinatorRecord =>
  record(
    GROUP_METADATA,
    { group: group.groupId },
    {
      protocolType: group.protocolType ?? '',
      generation: group.generation,
      protocol: group.protocolName,
      leader: group.leader,
      currentStateTimestamp: BigInt(group.stateTimestamp),
      members: [...group.members.values()].map((m) => ({
        memberId: m.memberId,
        groupInstanceId: m.groupInstanceId,
        clientId: m.clientId,
        clientHost: m.clientHost,
        rebalanceTimeout: m.rebalanceTimeoutMs,
        sessionTimeout: m.sessionTimeoutMs,
        subscription: metadataOf(m, group.protocolName ?? ''),
        assignment: assignments ? (assignments.get(m.memberId) ?? NO_ASSIGNMENT) : m.assignment,
      })),
    },
  );

/** The record of a group without members. */
export const emptyGroupRecord = (group: ClassicGroup): CoordinatorRecord =>
  record(
    GROUP_METADATA,
    { group: group.groupId },
    {
      protocolType: '',
      generation: 0,
      protocol: null,
      leader: null,
      currentStateTimestamp: BigInt(group.stateTimestamp),
      members: [],
    },
  );

type GroupValue = NonNullable<CoordinatorRecord<typeof GROUP_METADATA>['value']>;

/** The group in a record. */
export function groupFromRecord(groupId: string, value: GroupValue): ClassicGroup {
  const group = new ClassicGroup(groupId, Number(value.currentStateTimestamp));
  group.state = value.members.length === 0 ? 'Empty' : 'Stable';
  group.generation = value.generation;
  group.protocolType = value.protocolType === '' ? null : value.protocolType;
  group.protocolName = value.protocol;
  group.leader = value.leader;
  for (const m of value.members) {
    group.add({
      memberId: m.memberId,
      groupInstanceId: m.groupInstanceId,
      clientId: m.clientId,
      clientHost: m.clientHost,
      rebalanceTimeoutMs: m.rebalanceTimeout === -1 ? m.sessionTimeout : m.rebalanceTimeout,
      sessionTimeoutMs: m.sessionTimeout,
      protocolType: value.protocolType,
      // copied, as a slice would keep the buffer of the whole batch alive
      protocols: [{ name: value.protocol ?? '', metadata: Buffer.from(m.subscription) }],
      assignment: Buffer.from(m.assignment),
      isNew: false,
    });
  }
  group.subscribedTopics = group.computeSubscribedTopics();
  return group;
}
