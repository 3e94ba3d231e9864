/** A member of a classic group, and what it says in the consumer protocol. */
import type { joinGroup } from '../../../protocol/apis/11-join-group.js';
import type { syncGroup } from '../../../protocol/apis/14-sync-group.js';
import { consumerProtocolSubscription } from '../../../protocol/messages/consumer-protocol.js';
import { Reader } from '../../../protocol/wire/buffer.js';
import { decodeMessage } from '../../../protocol/wire/codec.js';
import type { ResponseInput } from '../../../protocol/wire/schema.js';

export type JoinResponse = Partial<ResponseInput<typeof joinGroup>>;
export type SyncResponse = Partial<ResponseInput<typeof syncGroup>>;
export type Reply<T> = (response: T) => void;

export interface MemberProtocol {
  readonly name: string;
  readonly metadata: Buffer;
}

export const NO_ASSIGNMENT: Buffer = Buffer.alloc(0);
export const CONSUMER_PROTOCOL = 'consumer';

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
  /** set while its JoinGroup waits for an answer */
  joinReply?: Reply<JoinResponse> | undefined;
  /** set while its SyncGroup waits for an answer */
  syncReply?: Reply<SyncResponse> | undefined;
  /** joined for the first time and not in a generation yet: only then can a waiting member expire */
  isNew: boolean;
}

export function metadataOf(member: ClassicMember, protocol: string): Buffer {
  return member.protocols.find((p) => p.name === protocol)?.metadata ?? NO_ASSIGNMENT;
}

export const sameProtocols = (a: readonly MemberProtocol[], b: readonly MemberProtocol[]): boolean =>
  a.length === b.length && a.every((p, i) => p.name === b[i]?.name && p.metadata.equals(b[i].metadata));

/** The subscription inside a consumer's protocol metadata; undefined when the bytes are not that. */
export function readSubscription(metadata: Buffer, highest = consumerProtocolSubscription.versions[1]) {
  try {
    const reader = new Reader(metadata);
    const version = Math.min(Math.max(reader.int16(), 0), highest);
    return decodeMessage(consumerProtocolSubscription, version, reader);
  } catch {
    return undefined;
  }
}
