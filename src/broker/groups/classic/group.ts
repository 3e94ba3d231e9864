/**
 * A classic consumer group: its members, state and generation. Mirrors coordinator/group/classic/ClassicGroup. The
 * state transitions are in `rebalance.ts`.
 */
import { Errors, KafkaError } from '../../../protocol/errors.js';
import {
  type ClassicMember,
  CONSUMER_PROTOCOL,
  type JoinResponse,
  type MemberProtocol,
  metadataOf,
  readSubscription,
  type SyncResponse,
} from './member.js';

export type ClassicState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';
/** The state of one classic group. */
export class ClassicGroup {
  readonly type = 'classic';
  readonly groupId: string;
  state: ClassicState = 'Empty';
  previousState: ClassicState = 'Dead';
  /** ms since the epoch; -1 if unknown */
  stateTimestamp: number;
  protocolType: string | null = null;
  protocolName: string | null = null;
  generation = 0;
  leader: string | null = null;
  readonly members = new Map<string, ClassicMember>();
  /** group.instance.id -> member id */
  readonly staticMembers = new Map<string, string>();
  /** member ids returned with MEMBER_ID_REQUIRED that have not rejoined yet */
  readonly pendingJoin = new Set<string>();
  readonly pendingSync = new Set<string>();
  /** whether a member joined while the initial rebalance was delayed */
  newMemberAdded = false;
  /** null if unknown: the group does not use the consumer protocol, or a subscription cannot be parsed */
  subscribedTopics: ReadonlySet<string> | null = null;

  constructor(groupId: string, now: number) {
    this.groupId = groupId;
    this.stateTimestamp = now;
  }

  get isEmpty(): boolean {
    return this.state === 'Empty';
  }
  is(...states: ClassicState[]): boolean {
    return states.includes(this.state);
  }
  isLeader(memberId: string): boolean {
    return this.leader === memberId;
  }
  get usesConsumerProtocol(): boolean {
    return this.protocolType === CONSUMER_PROTOCOL;
  }
  /**
   * If the subscriptions are unknown, every topic counts as subscribed while the group has consumer protocol members.
   */
  isSubscribedTo(topic: string): boolean {
    return this.subscribedTopics ? this.subscribedTopics.has(topic) : this.usesConsumerProtocol;
  }
  get rebalanceTimeoutMs(): number {
    let max = 0;
    for (const member of this.members.values()) max = Math.max(max, member.rebalanceTimeoutMs);
    return max;
  }
  get awaitingJoin(): number {
    let count = 0;
    for (const member of this.members.values()) if (member.joinReply) count++;
    return count;
  }
  get allJoined(): boolean {
    return this.awaitingJoin === this.members.size && this.pendingJoin.size === 0;
  }

  transition(state: ClassicState, now: number): void {
    this.previousState = this.state;
    this.state = state;
    this.stateTimestamp = now;
  }

  add(member: ClassicMember): void {
    if (member.groupInstanceId !== null) this.staticMembers.set(member.groupInstanceId, member.memberId);
    if (this.members.size === 0) this.protocolType = member.protocolType;
    this.leader ??= member.memberId;
    this.members.set(member.memberId, member);
    this.pendingJoin.delete(member.memberId);
  }

  remove(memberId: string): void {
    const member = this.members.get(memberId);
    this.members.delete(memberId);
    if (member && member.groupInstanceId !== null) this.staticMembers.delete(member.groupInstanceId);
    if (this.isLeader(memberId)) this.leader = this.members.keys().next().value ?? null;
    this.pendingJoin.delete(memberId);
    this.pendingSync.delete(memberId);
  }

  /** Moves a static member to its new member id and fences pending requests of the old one. */
  replaceStatic(groupInstanceId: string, oldMemberId: string, newMemberId: string): ClassicMember {
    const old = this.members.get(oldMemberId);
    if (!old) throw new KafkaError(Errors.UNKNOWN_MEMBER_ID);
    this.members.delete(oldMemberId);
    this.reply(old, { memberId: oldMemberId, errorCode: Errors.FENCED_INSTANCE_ID });
    this.replySync(old, { errorCode: Errors.FENCED_INSTANCE_ID });
    const member: ClassicMember = { ...old, memberId: newMemberId, isNew: false };
    this.members.set(newMemberId, member);
    if (this.isLeader(oldMemberId)) this.leader = newMemberId;
    this.staticMembers.set(groupInstanceId, newMemberId);
    return member;
  }

  /** Completes a pending JoinGroup; false if there is none. */
  reply(member: ClassicMember, response: JoinResponse): boolean {
    const reply = member.joinReply;
    if (!reply) return false;
    member.joinReply = undefined;
    reply(response);
    return true;
  }
  /** Completes a pending SyncGroup; false if there is none. */
  replySync(member: ClassicMember, response: SyncResponse): boolean {
    const reply = member.syncReply;
    if (!reply) return false;
    member.syncReply = undefined;
    reply(response);
    return true;
  }

  /**
   * Whether a member with these protocols can join: same protocol type, and a protocol that all other members support.
   */
  supports(protocolType: string, protocols: readonly MemberProtocol[]): boolean {
    if (this.isEmpty) return protocolType !== '' && protocols.length > 0;
    return this.protocolType === protocolType && protocols.some((p) => this.#supporters(p.name) === this.members.size);
  }
  #supporters(name: string): number {
    let count = 0;
    for (const member of this.members.values()) if (member.protocols.some((p) => p.name === name)) count++;
    return count;
  }

  /** The protocol preferred by most members among those that all support. */
  selectProtocol(): string {
    const votes = new Map<string, number>();
    for (const member of this.members.values()) {
      const choice = member.protocols.find((p) => this.#supporters(p.name) === this.members.size);
      if (choice) votes.set(choice.name, (votes.get(choice.name) ?? 0) + 1);
    }
    let best = '';
    for (const [name, count] of votes) if (best === '' || count > (votes.get(best) as number)) best = name;
    return best;
  }

  /** Keeps the leader if it rejoined, otherwise elects the first member that did. False if no member rejoined. */
  electJoinedLeader(): boolean {
    if (this.leader === null) return false;
    if (this.members.get(this.leader)?.joinReply) return true;
    for (const member of this.members.values()) {
      if (!member.joinReply) continue;
      this.leader = member.memberId;
      return true;
    }
    return false;
  }

  nextGeneration(now: number): void {
    this.generation = this.generation === 2147483647 ? 0 : this.generation + 1;
    this.protocolName = this.members.size > 0 ? this.selectProtocol() : null;
    this.subscribedTopics = this.computeSubscribedTopics();
    this.transition(this.members.size > 0 ? 'CompletingRebalance' : 'Empty', now);
    this.pendingSync.clear();
  }

  computeSubscribedTopics(): ReadonlySet<string> | null {
    if (!this.usesConsumerProtocol) return null;
    if (this.members.size === 0) return new Set();
    if (this.protocolName === null) return null;
    const topics = new Set<string>();
    for (const member of this.members.values()) {
      // only the topics are needed, and all versions start with version 0's fields
      const subscription = readSubscription(metadataOf(member, this.protocolName), 0);
      if (!subscription) return null;
      for (const topic of subscription.topics) topics.add(topic);
    }
    return topics;
  }

  /** The members, as the leader's JoinGroup response lists them. */
  memberList(): NonNullable<JoinResponse['members']> {
    return [...this.members.values()].map((m) => ({
      memberId: m.memberId,
      groupInstanceId: m.groupInstanceId,
      metadata: metadataOf(m, this.protocolName ?? ''),
    }));
  }

  /** Throws if the member is not in the group, or its group.instance.id belongs to another member. */
  validateMember(memberId: string, groupInstanceId: string | null): void {
    if (groupInstanceId !== null) {
      const known = this.staticMembers.get(groupInstanceId);
      if (known === undefined) throw new KafkaError(Errors.UNKNOWN_MEMBER_ID);
      if (known !== memberId) throw new KafkaError(Errors.FENCED_INSTANCE_ID);
    }
    if (!this.members.has(memberId)) throw new KafkaError(Errors.UNKNOWN_MEMBER_ID);
  }

  validateOffsetCommit(
    memberId: string,
    instanceId: string | null,
    generation: number,
    transactional: boolean,
    _apiVersion: number,
  ): undefined {
    if (this.is('Dead')) throw new KafkaError(Errors.COORDINATOR_NOT_AVAILABLE);
    // without a generation, an empty group stores the offsets of "simple" consumers
    if (generation < 0 && this.isEmpty) return;
    if (generation >= 0 || memberId !== '' || instanceId !== null) {
      this.validateMember(memberId, instanceId);
      if (generation !== this.generation) throw new KafkaError(Errors.ILLEGAL_GENERATION);
    } else if (!transactional && !this.isEmpty) {
      throw new KafkaError(Errors.UNKNOWN_MEMBER_ID);
    }
    if (!transactional && this.is('CompletingRebalance')) throw new KafkaError(Errors.REBALANCE_IN_PROGRESS);
  }

  validateOffsetFetch(_memberId: string | null, _epoch: number): void {
    if (this.is('Dead')) throw new KafkaError(Errors.GROUP_ID_NOT_FOUND, `Group ${this.groupId} is in dead state.`);
  }
  validateDelete(): void {
    if (this.is('Dead')) throw new KafkaError(Errors.GROUP_ID_NOT_FOUND, `Group ${this.groupId} is in dead state.`);
    if (!this.isEmpty) throw new KafkaError(Errors.NON_EMPTY_GROUP);
  }
  validateOffsetDelete(): void {
    if (this.is('Dead')) throw new KafkaError(Errors.GROUP_ID_NOT_FOUND, `Group ${this.groupId} is in dead state.`);
    if (!this.isEmpty && !this.usesConsumerProtocol) throw new KafkaError(Errors.NON_EMPTY_GROUP);
  }
}
