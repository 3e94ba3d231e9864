/**
 * A consumer group of the KIP-848 protocol: members send their subscriptions, the coordinator computes the target
 * assignment and reconciles each member with it step by step. Changed only by replaying records; mirrors
 * coordinator/group/modern/consumer/ConsumerGroup.
 */
import { Errors, KafkaError } from '../../../protocol/errors.js';
import { CONSUMER_PROTOCOL } from '../classic/member.js';
import { NO_PARTITIONS, OWNS_NOTHING, type OwnedPartitions, type PartitionSet } from '../partitions.js';

/** A member's progress towards its target assignment. The numbers are those in the log. */
export const MemberState = { STABLE: 0, UNREVOKED: 1, UNRELEASED: 2 } as const;

/** Member epochs in a leaving heartbeat. The second is also stored for a static member that is expected to rejoin. */
export const LEAVE_EPOCH = -1;
export const LEAVE_STATIC_EPOCH = -2;

/** A classic member's session timeout and protocols. */
export interface ClassicMetadata {
  readonly sessionTimeoutMs: number;
  readonly supportedProtocols: readonly { readonly name: string; readonly metadata: Buffer }[];
}

/** A member of a consumer group. */
export interface ConsumerMember {
  readonly memberId: string;
  readonly memberEpoch: number;
  readonly previousMemberEpoch: number;
  /** one of MemberState */
  readonly state: number;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  /** sorted, without duplicates */
  readonly topics: readonly string[];
  /** '' if there is none */
  readonly regex: string;
  readonly rebalanceTimeoutMs: number;
  readonly assignor: string | null;
  /** set for a member that uses the classic protocol */
  readonly classic: ClassicMetadata | null;
  readonly assigned: OwnedPartitions;
  /** partitions that the member has to give up and has not yet confirmed */
  readonly revoking: OwnedPartitions;
}

/** A member with default values. */
export const newMember = (memberId: string): ConsumerMember => ({
  memberId,
  memberEpoch: 0,
  previousMemberEpoch: -1,
  state: MemberState.STABLE,
  instanceId: null,
  rackId: null,
  clientId: '',
  clientHost: '',
  topics: [],
  regex: '',
  rebalanceTimeoutMs: -1,
  assignor: null,
  classic: null,
  assigned: OWNS_NOTHING,
  revoking: OWNS_NOTHING,
});

/** The topics a regex matched. */
export interface ResolvedRegex {
  readonly topics: readonly string[];
  /** metadata offset at which the regex was resolved */
  readonly version: bigint;
  readonly timestamp: bigint;
}

export type ConsumerState = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable';

/** The state of one consumer group. */
export class ConsumerGroup {
  readonly type = 'consumer';
  readonly protocolType = CONSUMER_PROTOCOL;
  readonly groupId: string;
  groupEpoch = 1;
  metadataHash = 0n;
  /** the group epoch of the target assignment, and when that was computed (ms since the epoch; 0: never) */
  assignmentEpoch = 1;
  assignmentTimestamp = 0;
  members = new Map<string, ConsumerMember>();
  /** group.instance.id -> member id */
  staticMembers = new Map<string, string>();
  targets = new Map<string, PartitionSet>();
  regexes = new Map<string, ResolvedRegex>();

  constructor(groupId: string) {
    this.groupId = groupId;
  }

  /** A copy that can be changed without affecting this group. */
  copy(): ConsumerGroup {
    const copy = new ConsumerGroup(this.groupId);
    Object.assign(copy, this);
    copy.members = new Map(this.members);
    copy.staticMembers = new Map(this.staticMembers);
    copy.targets = new Map(this.targets);
    copy.regexes = new Map(this.regexes);
    return copy;
  }

  get state(): ConsumerState {
    if (this.members.size === 0) return 'Empty';
    if (this.groupEpoch > this.assignmentEpoch) return 'Assigning';
    for (const member of this.members.values()) if (!hasReached(member, this.assignmentEpoch)) return 'Reconciling';
    return 'Stable';
  }
  get isEmpty(): boolean {
    return this.members.size === 0;
  }

  put(member: ConsumerMember): void {
    this.members.set(member.memberId, member);
    if (member.instanceId !== null) this.staticMembers.set(member.instanceId, member.memberId);
  }
  remove(memberId: string): void {
    const member = this.members.get(memberId);
    this.members.delete(memberId);
    if (member && member.instanceId !== null && this.staticMembers.get(member.instanceId) === memberId) {
      this.staticMembers.delete(member.instanceId);
    }
  }

  member(memberId: string): ConsumerMember {
    const member = this.members.get(memberId);
    if (member) return member;
    throw new KafkaError(Errors.UNKNOWN_MEMBER_ID, `Member ${memberId} is not a member of group ${this.groupId}.`);
  }
  staticMember(instanceId: string): ConsumerMember | undefined {
    const memberId = this.staticMembers.get(instanceId);
    return memberId === undefined ? undefined : this.members.get(memberId);
  }
  target(memberId: string): PartitionSet {
    return this.targets.get(memberId) ?? NO_PARTITIONS;
  }

  /** A member's topics: those subscribed to by name, and those its regex matched. */
  subscription(member: ConsumerMember): ReadonlySet<string> {
    return new Set([...member.topics, ...(this.regexes.get(member.regex)?.topics ?? [])]);
  }
  subscribedTopics(): ReadonlySet<string> {
    const topics = new Set<string>();
    for (const member of this.members.values()) for (const topic of member.topics) topics.add(topic);
    for (const { topics: matched } of this.regexes.values()) for (const topic of matched) topics.add(topic);
    return topics;
  }
  isSubscribedTo(topic: string): boolean {
    for (const member of this.members.values()) if (member.topics.includes(topic)) return true;
    for (const { topics } of this.regexes.values()) if (topics.includes(topic)) return true;
    return false;
  }

  /** "topic id:partition" of all partitions that a member owns or has not given up yet. */
  taken(): ReadonlySet<string> {
    const taken = new Set<string>();
    for (const { assigned, revoking } of this.members.values()) {
      for (const owned of [assigned, revoking]) {
        for (const [topicId, partitions] of owned) for (const p of partitions.keys()) taken.add(`${topicId}:${p}`);
      }
    }
    return taken;
  }

  /** The assignor chosen by most members. */
  preferredAssignor(): string | undefined {
    const votes = new Map<string, number>();
    for (const { assignor } of this.members.values()) if (assignor) votes.set(assignor, (votes.get(assignor) ?? 0) + 1);
    return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0];
  }

  validateDelete(): void {
    if (!this.isEmpty) throw new KafkaError(Errors.NON_EMPTY_GROUP);
  }
  /** Offsets may be deleted in any state; the caller checks that their topics are not subscribed to. */
  validateOffsetDelete(): void {}

  validateOffsetFetch(memberId: string | null, epoch: number): void {
    if (memberId === null && epoch < 0) return;
    const member = this.member(memberId ?? '');
    if (epoch === member.memberEpoch) return;
    if (member.classic) {
      const message = `The received generation id ${epoch} does not match the expected member epoch ${member.memberEpoch}.`;
      throw new KafkaError(Errors.ILLEGAL_GENERATION, message);
    }
    const message = `The received member epoch ${epoch} does not match the expected member epoch ${member.memberEpoch}.`;
    throw new KafkaError(Errors.STALE_MEMBER_EPOCH, message);
  }

  /**
   * Validates a commit. With an older member epoch it is accepted for partitions that the member has owned since then,
   * which the returned function checks for each partition.
   */
  validateOffsetCommit(
    memberId: string,
    instanceId: string | null,
    epoch: number,
    transactional: boolean,
    apiVersion: number,
  ): ((topic: string, topicId: string, partition: number) => void) | undefined {
    if (epoch < 0 && this.isEmpty) return undefined;
    if (transactional && epoch === -1 && memberId === '' && instanceId === null) return undefined;
    const member = this.member(memberId);
    if (!transactional && !member.classic && apiVersion < 9) {
      const message = 'OffsetCommit version 9 or above must be used by members using the consumer group protocol';
      throw new KafkaError(Errors.UNSUPPORTED_VERSION, message);
    }
    if (epoch === member.memberEpoch) return undefined;
    const code = member.classic ? Errors.ILLEGAL_GENERATION : Errors.STALE_MEMBER_EPOCH;
    const word = member.classic ? 'generation id' : 'member epoch';
    if (epoch > member.memberEpoch) {
      throw new KafkaError(code, `Received ${word} ${epoch} is newer than current member epoch ${member.memberEpoch}.`);
    }
    return (topic, topicId, partition) => {
      const since = member.assigned.get(topicId)?.get(partition) ?? member.revoking.get(topicId)?.get(partition);
      if (since === undefined) {
        const message = `Partition ${topic}-${partition} is not assigned or pending revocation for member.`;
        throw new KafkaError(code, message);
      }
      if (epoch >= since) return;
      const where = `for partition ${topic}-${partition}`;
      throw new KafkaError(code, `Received ${word} ${epoch} is older than assignment epoch ${since} ${where}.`);
    };
  }
}

/** Whether a member has reached the target assignment of this epoch. */
export const hasReached = (member: ConsumerMember, assignmentEpoch: number): boolean =>
  member.state === MemberState.STABLE && member.memberEpoch === assignmentEpoch;
