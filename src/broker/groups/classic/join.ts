/** JoinGroup of a classic group. Mirrors GroupMetadataManager.classicGroupJoin. */
import { randomUUID } from 'node:crypto';
import type { joinGroup } from '../../../protocol/apis/11-join-group.js';
import { Errors, type KafkaError } from '../../../protocol/errors.js';
import type { RequestOf } from '../../../protocol/wire/schema.js';
import type { CoordinatorRecord } from '../../coordinator/record.js';
import type { Caller, GroupContext } from '../context.js';
import { ClassicGroup } from './group.js';
import { type ClassicMember, type JoinResponse, NO_ASSIGNMENT, type Reply, sameProtocols } from './member.js';
import {
  keepAlive,
  maybeCompleteJoin,
  NEW_MEMBER_JOIN_TIMEOUT_MS,
  operationError,
  prepareRebalance,
  rebalanceOrComplete,
  watch,
} from './rebalance.js';
import { emptyGroupRecord, groupRecord } from './records.js';

export type JoinRequest = RequestOf<typeof joinGroup>;

/**
 * From this version on a new member is first given a member id and has to rejoin, so that a client that gives up leaves
 * no member behind.
 */
const KNOWN_MEMBER_ID_VERSION = 4;
const SKIP_ASSIGNMENT_VERSION = 9;

/** A JoinGroup in progress. */
interface Join {
  readonly c: GroupContext;
  readonly group: ClassicGroup;
  readonly request: JoinRequest;
  readonly caller: Caller;
  readonly reply: Reply<JoinResponse>;
}

/** Responds through `reply`, immediately or when the join phase completes. */
export function joinClassic(
  c: GroupContext,
  caller: Caller,
  request: JoinRequest,
  answer: Reply<JoinResponse>,
  /** records to write before those of a new group */
  before: readonly CoordinatorRecord[] = [],
): void {
  let replied = false;
  const reply: Reply<JoinResponse> = (response) => {
    replied = true;
    answer(response);
  };
  const { groupId, memberId } = request;
  const known = c.groups.get(groupId) as ClassicGroup | undefined;
  if (!known && memberId !== '') return reply({ memberId, errorCode: Errors.UNKNOWN_MEMBER_ID });
  const group = known ?? new ClassicGroup(groupId, c.now());
  if (!known) c.groups.set(groupId, group);
  const join: Join = { c, group, request, caller, reply };
  if (!accepts(join)) {
    group.remove(memberId);
    reply({ memberId: '', errorCode: Errors.GROUP_MAX_SIZE_REACHED });
  } else if (memberId === '') joinNew(join);
  else joinExisting(join);
  if (known) return;
  // write the new group, so that it is still listed after a restart
  c.write(groupId, [...before, emptyGroupRecord(group)], false).catch((error) => {
    if (!replied) reply({ memberId: '', errorCode: operationError(error) });
  });
}

function accepts({ c, group, request }: Join): boolean {
  const max = c.number('group.max.size');
  const member = group.members.get(request.memberId);
  switch (group.state) {
    case 'PreparingRebalance':
      return member?.joinReply !== undefined || group.awaitingJoin < max;
    case 'CompletingRebalance':
    case 'Stable':
      return member !== undefined || group.members.size < max;
    default:
      return true;
  }
}

function joinNew(join: Join): void {
  const { c, group, request, caller, reply } = join;
  if (group.is('Dead')) return reply({ memberId: '', errorCode: Errors.COORDINATOR_NOT_AVAILABLE });
  if (!group.supports(request.protocolType, request.protocols)) {
    return reply({ memberId: '', errorCode: Errors.INCONSISTENT_GROUP_PROTOCOL });
  }
  const instanceId = request.groupInstanceId;
  const memberId = `${instanceId ?? caller.clientId}-${randomUUID()}`;
  if (instanceId !== null) {
    const existing = group.staticMembers.get(instanceId);
    return existing === undefined ? addMember(join, memberId) : replaceStatic(join, existing, memberId);
  }
  if (caller.apiVersion < KNOWN_MEMBER_ID_VERSION) return addMember(join, memberId);
  group.pendingJoin.add(memberId);
  watch(c, group.groupId, memberId, request.sessionTimeoutMs);
  reply({ memberId, errorCode: Errors.MEMBER_ID_REQUIRED });
}

function addMember({ c, group, request, caller, reply }: Join, memberId: string): void {
  const member: ClassicMember = {
    memberId,
    groupInstanceId: request.groupInstanceId,
    clientId: caller.clientId,
    clientHost: caller.clientHost,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs,
    sessionTimeoutMs: request.sessionTimeoutMs,
    protocolType: request.protocolType,
    protocols: copied(request.protocols),
    assignment: NO_ASSIGNMENT,
    joinReply: reply,
    isNew: true,
  };
  if (group.is('PreparingRebalance') && group.previousState === 'Empty') group.newMemberAdded = true;
  group.add(member);
  keepAlive(c, group, member, NEW_MEMBER_JOIN_TIMEOUT_MS);
  rebalanceOrComplete(c, group);
}

/** Copies, as slices would keep the buffer of the whole request alive. */
const copied = (protocols: JoinRequest['protocols']) =>
  protocols.map((p) => ({ name: p.name, metadata: Buffer.from(p.metadata) }));

function joinExisting(join: Join): void {
  const { group, request, reply } = join;
  const { memberId } = request;
  if (group.is('Dead')) return reply({ memberId, errorCode: Errors.COORDINATOR_NOT_AVAILABLE });
  if (!group.supports(request.protocolType, request.protocols)) {
    return reply({ memberId, errorCode: Errors.INCONSISTENT_GROUP_PROTOCOL });
  }
  if (group.pendingJoin.has(memberId) && request.groupInstanceId === null) return addMember(join, memberId);
  try {
    group.validateMember(memberId, request.groupInstanceId);
  } catch (error) {
    return reply({ memberId, errorCode: (error as KafkaError).code });
  }
  const member = group.members.get(memberId) as ClassicMember;
  const same = sameProtocols(member.protocols, request.protocols);
  if (group.is('PreparingRebalance')) return update(join, member);
  if (group.is('CompletingRebalance')) return same ? reply(currentGeneration(group, memberId)) : update(join, member);
  if (group.is('Stable')) {
    // the leader rejoins when it has noticed a change of the topics
    if (group.isLeader(memberId) || !same) return update(join, member);
    return reply({ ...currentGeneration(group, memberId), members: [] });
  }
  reply({ memberId, errorCode: Errors.UNKNOWN_MEMBER_ID });
}

/** The response for a member that is already in this generation: it may have missed the first one. */
const currentGeneration = (group: ClassicGroup, memberId: string): JoinResponse => ({
  members: group.isLeader(memberId) ? group.memberList() : [],
  memberId,
  generationId: group.generation,
  protocolName: group.protocolName,
  protocolType: group.protocolType,
  leader: group.leader ?? '',
  errorCode: Errors.NONE,
});

function setFrom({ request, reply }: Join, group: ClassicGroup, member: ClassicMember): void {
  // the client no longer waits for this member's earlier JoinGroup
  group.reply(member, { memberId: member.memberId, errorCode: Errors.REBALANCE_IN_PROGRESS });
  member.protocols = copied(request.protocols);
  member.rebalanceTimeoutMs = request.rebalanceTimeoutMs;
  member.sessionTimeoutMs = request.sessionTimeoutMs;
  member.joinReply = reply;
}

function update(join: Join, member: ClassicMember): void {
  setFrom(join, join.group, member);
  rebalanceOrComplete(join.c, join.group);
}

/** A static member that rejoins without a member id takes its old place, if possible without a rebalance. */
function replaceStatic(join: Join, oldMemberId: string, newMemberId: string): void {
  const { c, group, request, caller } = join;
  const instanceId = request.groupInstanceId as string;
  const formerLeader = group.leader;
  const member = group.replaceStatic(instanceId, oldMemberId, newMemberId);
  keepAlive(c, group, member);
  const before = { ...member };
  setFrom(join, group, member);
  if (group.is('CompletingRebalance')) return prepareRebalance(c, group);
  if (!group.is('Stable')) return maybeCompleteJoin(c, group);
  if (group.selectProtocol() !== group.protocolName) return rebalanceOrComplete(c, group);
  const leads = group.isLeader(newMemberId);
  c.write(group.groupId, [groupRecord(group)], false).then(
    () => {
      const response = { ...currentGeneration(group, newMemberId), members: [] };
      if (caller.apiVersion < SKIP_ASSIGNMENT_VERSION) group.reply(member, { ...response, leader: formerLeader ?? '' });
      else group.reply(member, { ...response, members: leads ? group.memberList() : [], skipAssignment: leads });
    },
    (error) => {
      group.reply(member, { ...currentGeneration(group, ''), members: [], errorCode: operationError(error) });
      Object.assign(member, { ...before, joinReply: undefined });
      keepAlive(c, group, group.replaceStatic(instanceId, newMemberId, oldMemberId));
    },
  );
}
