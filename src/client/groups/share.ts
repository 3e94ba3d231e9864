/**
 * Membership of a share group (KIP-932): heartbeats say what is subscribed and bring the assignment, which is taken as it
 * comes: nothing has to be given up first. Mirrors ShareMembershipManager and ShareHeartbeatRequestManager.
 */

import type { TopicPartition } from '../../kafka/topic-partition.js';
import { shareGroupHeartbeat } from '../../protocol/apis/76-share-group-heartbeat.js';
import { HeartbeatMember, JOIN, LEAVE, type MemberHost, type Target } from './heartbeat-member.js';

export interface ShareGroupHost extends MemberHost {
  /** these partitions, and no others, are to be fetched now */
  assigned(partitions: readonly TopicPartition[]): void;
}

export class ShareGroup extends HeartbeatMember {
  protected readonly unsupported =
    'The cluster does not support the share group protocol using ShareGroupHeartbeat API version 1 or later. This version of the API was introduced in Apache Kafka v4.1.';

  constructor(
    protected override readonly host: ShareGroupHost,
    private readonly memberId: string,
    private readonly topics: readonly string[],
  ) {
    super(host);
  }

  leave(): Promise<void> {
    return this.leaveWith(LEAVE, async () => {});
  }

  protected wanted(): Iterable<string> {
    return this.topics;
  }

  protected heartbeat(memberEpoch: number) {
    const { groupId } = this.coordinator;
    const rackId = this.host.config.rack || null;
    const more = memberEpoch === JOIN ? { rackId, subscribedTopicNames: [...this.topics] } : {};
    return this.coordinator.send(shareGroupHeartbeat, { groupId, memberId: this.memberId, memberEpoch, ...more });
  }

  protected async reconcile(target: Target): Promise<void> {
    this.host.assigned(this.partitionsOf(target));
  }

  protected lost(): void {
    this.host.assigned([]);
  }

  protected async rest(until: number): Promise<void> {
    await this.waiter.wait(until - Date.now());
    await this.take();
  }

  protected hasNews(): boolean {
    return false;
  }
}
