/** The record of a classic group, both ways. Mirrors GroupCoordinatorRecordHelpers and GroupMetadataManager.replay. */
import { type CoordinatorRecord, record } from '../../coordinator/record.js';
import { GROUP_METADATA } from '../records.js';
import { ClassicGroup } from './group.js';
import { metadataOf, NO_ASSIGNMENT } from './member.js';

/** Keeps the group as it is, with the assignments that go with the generation. */
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

/** Keeps a group that has only just been heard of. */
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
      // copies: the bytes read lie in a buffer of a whole batch
      protocols: [{ name: value.protocol ?? '', metadata: Buffer.from(m.subscription) }],
      assignment: Buffer.from(m.assignment),
      isNew: false,
    });
  }
  group.subscribedTopics = group.computeSubscribedTopics();
  return group;
}
