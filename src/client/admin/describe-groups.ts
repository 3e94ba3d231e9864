/** Describing consumer groups of both protocols. Mirrors clients/admin/internals/DescribeConsumerGroupsHandler. */

import { JavaError } from '../../java/exceptions.js';
import type { TopicPartition } from '../../kafka/topic-partition.js';
import { describeGroups as classicApi } from '../../protocol/apis/15-describe-groups.js';
import { consumerGroupDescribe } from '../../protocol/apis/69-consumer-group-describe.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { consumerProtocolAssignment } from '../../protocol/messages/consumer-protocol.js';
import { Reader } from '../../protocol/wire/buffer.js';
import { decodeMessage } from '../../protocol/wire/codec.js';
import type { ResponseOf } from '../../protocol/wire/schema.js';
import type { Cluster, Node } from '../cluster/types.js';
import { retriableCoordinatorError } from './groups.js';

export interface MemberDescription {
  readonly memberId: string;
  readonly instanceId: string | undefined;
  /** new protocol only */
  readonly rackId: string | undefined;
  readonly clientId: string;
  readonly host: string;
  readonly assignment: readonly TopicPartition[];
  /** new protocol only */
  readonly targetAssignment: readonly TopicPartition[];
  readonly memberEpoch: number | undefined;
  /** whether the member uses the new protocol; undefined when the broker does not report it */
  readonly upgraded: boolean | undefined;
}

export interface GroupDescription {
  readonly groupId: string;
  readonly type: 'Classic' | 'Consumer';
  /** "Stable", "Empty", … */
  readonly state: string;
  readonly assignor: string;
  readonly coordinator: Node;
  readonly members: readonly MemberDescription[];
  readonly groupEpoch: number | undefined;
  readonly targetAssignmentEpoch: number | undefined;
}

/** A member's assignment cannot be parsed; fails this group only. */
export class UnreadableGroup extends Error {
  override readonly name = 'UnreadableGroup';
  readonly javaClass = 'org.apache.kafka.common.protocol.types.SchemaException';
}

type Outcome = GroupDescription | Error;

const CALL = 'describeConsumerGroups(api=FIND_COORDINATOR)';

/** Describes groups; a group that is unknown or cannot be described has its error in the map. */
export const describeGroups = (
  cluster: Cluster,
  groupIds: readonly string[],
  timeoutMs: number,
): Promise<Map<string, Outcome>> =>
  byCoordinator(cluster, groupIds, timeoutMs, CALL, (node, ids) => describeOn(cluster, node, ids, timeoutMs));

/** Sends each coordinator a request for its groups; a group whose coordinator cannot be found has that error. */
export async function byCoordinator<T>(
  cluster: Cluster,
  groupIds: readonly string[],
  timeoutMs: number,
  call: string,
  ask: (node: Node, groupIds: string[]) => Promise<ReadonlyMap<string, T | Error>>,
): Promise<Map<string, T | Error>> {
  const outcomes = new Map<string, T | Error>();
  const byNode = new Map<number, { node: Node; groupIds: string[] }>();
  const find = async (groupId: string) => {
    try {
      const node = await cluster.coordinator(groupId, 'group', { timeoutMs, call });
      const known = byNode.get(node.id);
      if (known) known.groupIds.push(groupId);
      else byNode.set(node.id, { node, groupIds: [groupId] });
    } catch (error) {
      outcomes.set(groupId, error as Error);
    }
  };
  await Promise.all([...new Set(groupIds)].map(find));
  const asked = [...byNode.values()].map(async ({ node, groupIds: ids }) => {
    for (const [groupId, outcome] of await ask(node, ids)) outcomes.set(groupId, outcome);
  });
  await Promise.all(asked);
  return outcomes;
}

/** Tries ConsumerGroupDescribe first, then DescribeGroups for groups that do not use the new protocol. */
async function describeOn(cluster: Cluster, node: Node, groupIds: string[], timeoutMs: number) {
  const outcomes = new Map<string, Outcome>();
  const notFound = new Map<string, string | null>();
  try {
    const response = await sendTo(cluster, groupIds, timeoutMs, consumerGroupDescribe, {
      groupIds,
      includeAuthorizedOperations: false,
    });
    for (const group of response.groups) {
      if (group.errorCode === 0) outcomes.set(group.groupId, consumerGroup(group, node));
      else if (group.errorCode === Errors.GROUP_ID_NOT_FOUND) notFound.set(group.groupId, group.errorMessage);
      else if (group.errorCode === Errors.UNSUPPORTED_VERSION) notFound.set(group.groupId, null);
      else outcomes.set(group.groupId, new KafkaError(group.errorCode, group.errorMessage));
    }
  } catch (error) {
    const unsupported = error instanceof KafkaError && error.code === Errors.UNSUPPORTED_VERSION;
    if (!unsupported) return new Map(groupIds.map((groupId) => [groupId, error as Error]));
    for (const groupId of groupIds) notFound.set(groupId, null);
  }
  if (notFound.size === 0) return outcomes;
  const classic = await describeClassic(cluster, node, notFound, timeoutMs);
  return new Map([...outcomes, ...classic]);
}

async function describeClassic(
  cluster: Cluster,
  node: Node,
  notFound: ReadonlyMap<string, string | null>,
  timeoutMs: number,
): Promise<Map<string, Outcome>> {
  const groups = [...notFound.keys()];
  try {
    const response = await sendTo(cluster, groups, timeoutMs, classicApi, {
      groups,
      includeAuthorizedOperations: false,
    });
    return new Map(
      response.groups.map((group) => {
        if (group.errorCode === 0) return [group.groupId, readable(group, node)];
        const text = group.errorCode === Errors.GROUP_ID_NOT_FOUND ? notFound.get(group.groupId) : null;
        return [group.groupId, new KafkaError(group.errorCode, text ?? group.errorMessage)];
      }),
    );
  } catch (error) {
    return new Map(groups.map((groupId) => [groupId, error as Error]));
  }
}

/** Groups of one coordinator in one request; while a coordinator moves or loads, the whole request is sent again. */
function sendTo<A extends typeof consumerGroupDescribe | typeof classicApi>(
  cluster: Cluster,
  groupIds: readonly string[],
  timeoutMs: number,
  api: A,
  body: Parameters<typeof cluster.send<A>>[1],
): Promise<ResponseOf<A>> {
  const moved = (response: ResponseOf<A>) => {
    const groups = (response as { groups: { errorCode: number }[] }).groups;
    return groups.map((group) => retriableCoordinatorError(group.errorCode)).find((code) => code !== 0) ?? 0;
  };
  const group = groupIds[0] as string;
  return cluster.send(api, body, { to: { group }, timeoutMs, call: CALL, errorOf: moved });
}

type NewGroup = ResponseOf<typeof consumerGroupDescribe>['groups'][number];
type ClassicGroup = ResponseOf<typeof classicApi>['groups'][number];

const partitionsOf = (topics: readonly { topic: string; partitions: readonly number[] }[]): TopicPartition[] =>
  topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));

const newAssignment = ({ topicPartitions }: NewGroup['members'][number]['assignment']): TopicPartition[] =>
  partitionsOf(topicPartitions.map(({ topicName, partitions }) => ({ topic: topicName, partitions })));

const consumerGroup = (group: NewGroup, coordinator: Node): GroupDescription => ({
  groupId: group.groupId,
  type: 'Consumer',
  state: group.groupState,
  assignor: group.assignorName,
  coordinator,
  groupEpoch: group.groupEpoch,
  targetAssignmentEpoch: group.assignmentEpoch,
  members: group.members.map((member) => ({
    memberId: member.memberId,
    instanceId: member.instanceId ?? undefined,
    rackId: member.rackId ?? undefined,
    clientId: member.clientId,
    host: member.clientHost,
    assignment: newAssignment(member.assignment),
    targetAssignment: newAssignment(member.targetAssignment),
    memberEpoch: member.memberEpoch,
    upgraded: member.memberType === -1 ? undefined : member.memberType === 1,
  })),
});

/** Java fails every group of the response; here only the unreadable group fails. */
function readable(group: ClassicGroup, coordinator: Node): Outcome {
  try {
    return classicGroup(group, coordinator);
  } catch (error) {
    return new UnreadableGroup(
      `an assignment of consumer group '${group.groupId}' cannot be read: ${(error as Error).message}`,
    );
  }
}

function classicGroup(group: ClassicGroup, coordinator: Node): Outcome {
  if (group.protocolType !== '' && group.protocolType !== 'consumer') {
    const message = `GroupId ${group.groupId} is not a consumer group (${group.protocolType}).`;
    return new JavaError('java.lang.IllegalArgumentException', message);
  }
  return {
    groupId: group.groupId,
    type: 'Classic',
    state: group.groupState,
    assignor: group.protocolData,
    coordinator,
    groupEpoch: undefined,
    targetAssignmentEpoch: undefined,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.groupInstanceId ?? undefined,
      rackId: undefined,
      clientId: member.clientId,
      host: member.clientHost,
      assignment: classicAssignment(member.memberAssignment),
      targetAssignment: [],
      memberEpoch: undefined,
      upgraded: undefined,
    })),
  };
}

/** Parses a ConsumerProtocolAssignment; a newer version is parsed as the newest known one. */
function classicAssignment(raw: Buffer): TopicPartition[] {
  if (raw.length === 0) return [];
  const reader = new Reader(raw);
  const version = Math.min(reader.int16(), consumerProtocolAssignment.versions[1]);
  return partitionsOf(decodeMessage(consumerProtocolAssignment, version, reader).assignedPartitions);
}
