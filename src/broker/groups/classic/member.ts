/** A member of a classic group, and its consumer protocol metadata. */
import type { joinGroup } from '../../../protocol/apis/11-join-group.js';
import type { syncGroup } from '../../../protocol/apis/14-sync-group.js';
import { consumerProtocolSubscription } from '../../../protocol/messages/consumer-protocol.js';
import { Reader } from '../../../protocol/wire/buffer.js';
import { decodeMessage } from '../../../protocol/wire/codec.js';
import type { ResponseInput } from '../../../protocol/wire/schema.js';

export type JoinResponse = Partial<ResponseInput<typeof joinGroup>>;
export type SyncResponse = Partial<ResponseInput<typeof syncGroup>>;
/** Sends the response of a pending request. */
export type Reply<T> = (response: T) => void;

/** One of the protocols a member supports. */
export interface MemberProtocol {
  readonly name: string;
  readonly metadata: Buffer;
}

export const NO_ASSIGNMENT: Buffer = Buffer.alloc(0);
export const CONSUMER_PROTOCOL = 'consumer';

/** A member of a classic group. */
export interface ClassicMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  rebalanceTimeoutMs: number;
  sessionTimeoutMs: number;
  readonly protocolType: string;
  protocols: readonly MemberProtocol[];
  assignment: Buffer;
  /** set while its JoinGroup is pending */
  joinReply?: Reply<JoinResponse> | undefined;
  /** set while its SyncGroup is pending */
  syncReply?: Reply<SyncResponse> | undefined;
  /** has joined but was never in a generation: only such a member can expire while its JoinGroup is pending */
  isNew: boolean;
}

/** A member's metadata for one protocol; empty if it does not support it. */
export function metadataOf(member: ClassicMember, protocol: string): Buffer {
  return member.protocols.find((p) => p.name === protocol)?.metadata ?? NO_ASSIGNMENT;
}

/** Whether names, order and metadata are equal. */
export const sameProtocols = (a: readonly MemberProtocol[], b: readonly MemberProtocol[]): boolean =>
  a.length === b.length && a.every((p, i) => p.name === b[i]?.name && p.metadata.equals(b[i].metadata));

/** The subscription in a consumer's protocol metadata; undefined if it cannot be parsed. */
export function readSubscription(metadata: Buffer, highest = consumerProtocolSubscription.versions[1]) {
  try {
    const reader = new Reader(metadata);
    const version = Math.min(Math.max(reader.int16(), 0), highest);
    return decodeMessage(consumerProtocolSubscription, version, reader);
  } catch {
    return undefined;
  }
}
