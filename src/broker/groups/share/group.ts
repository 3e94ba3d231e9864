/**
 * A share group (KIP-932). Its members can share a partition, so nothing has to be revoked before it is assigned to
 * others. Changed only by replaying records; mirrors coordinator/group/modern/share/ShareGroup.
 */
import { Errors, KafkaError } from '../../../protocol/errors.js';
import { NO_PARTITIONS, type PartitionSet } from '../partitions.js';

/** A member of a share group. */
export interface ShareMember {
  readonly memberId: string;
  readonly memberEpoch: number;
  readonly previousMemberEpoch: number;
  readonly rackId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  /** sorted, without duplicates */
  readonly topics: readonly string[];
  readonly assigned: PartitionSet;
}

/** A member with default values. */
export const newShareMember = (memberId: string): ShareMember => ({
  memberId,
  memberEpoch: 0,
  previousMemberEpoch: -1,
  rackId: null,
  clientId: '',
  clientHost: '',
  topics: [],
  assigned: NO_PARTITIONS,
});

/** A topic and its partitions for which share state is initialized. */
export interface InitializedTopic {
  readonly name: string;
  readonly partitions: ReadonlySet<number>;
}

/** The state of one share group. */
export class ShareGroup {
  readonly type = 'share';
  readonly protocolType = 'share';
  readonly groupId: string;
  groupEpoch = 1;
  metadataHash = 0n;
  /** the group epoch of the target assignment, and when that was computed (ms since the epoch; 0: never) */
  assignmentEpoch = 1;
  members = new Map<string, ShareMember>();
  targets = new Map<string, PartitionSet>();
  /** by topic id */
  initialized = new Map<string, InitializedTopic>();

  constructor(groupId: string) {
    this.groupId = groupId;
  }

  /** A copy that can be changed without affecting this group. */
  copy(): ShareGroup {
    const copy = new ShareGroup(this.groupId);
    Object.assign(copy, this);
    copy.members = new Map(this.members);
    copy.targets = new Map(this.targets);
    copy.initialized = new Map(this.initialized);
    return copy;
  }

  get state(): 'Empty' | 'Stable' {
    return this.members.size === 0 ? 'Empty' : 'Stable';
  }
  get isEmpty(): boolean {
    return this.members.size === 0;
  }

  member(memberId: string): ShareMember {
    const member = this.members.get(memberId);
    if (member) return member;
    throw new KafkaError(Errors.UNKNOWN_MEMBER_ID, `Member ${memberId} is not a member of group ${this.groupId}.`);
  }

  subscribedTopics(): ReadonlySet<string> {
    return new Set([...this.members.values()].flatMap(({ topics }) => topics));
  }
  isSubscribedTo(topic: string): boolean {
    for (const member of this.members.values()) if (member.topics.includes(topic)) return true;
    return false;
  }

  validateDelete(): void {
    if (!this.isEmpty) throw new KafkaError(Errors.NON_EMPTY_GROUP);
  }
  validateOffsetDelete(): void {
    throw this.#notConsumer();
  }
  validateOffsetFetch(_memberId: string | null, _epoch: number): void {
    throw this.#notConsumer();
  }
  validateOffsetCommit(
    _memberId: string,
    _instanceId: string | null,
    _epoch: number,
    _transactional: boolean,
    _apiVersion: number,
  ): undefined {
    throw this.#notConsumer();
  }
  #notConsumer(): KafkaError {
    return new KafkaError(Errors.GROUP_ID_NOT_FOUND, `Group ${this.groupId} is not a consumer group.`);
  }
}
