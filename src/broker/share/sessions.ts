/** Share sessions: remember a member's partitions between requests. Mirrors server/share/session/ShareSessionCache. */
import { Errors, KafkaError } from '../../protocol/errors.js';

const INITIAL = 0;
export const FINAL = -1;

/** A partition in a session. */
export interface SessionPlace {
  readonly topicId: string;
  readonly partition: number;
}

/** One member's share session. */
export interface ShareSession {
  readonly groupId: string;
  readonly memberId: string;
  /** the session epoch expected in the next request */
  epoch: number;
  /** in the order in which they were added */
  readonly partitions: Map<string, SessionPlace>;
}

export const sessionPlaceKey = ({ topicId, partition }: SessionPlace): string => `${topicId}:${partition}`;
const sessionKey = (groupId: string, memberId: string): string => `${memberId} ${groupId}`;
const nextEpoch = (epoch: number): number => (epoch === 2147483647 ? 1 : epoch + 1);

/** The share sessions of one broker. */
export class ShareSessions {
  readonly #sessions = new Map<string, ShareSession>();

  get(groupId: string, memberId: string): ShareSession | undefined {
    return this.#sessions.get(sessionKey(groupId, memberId));
  }

  remove(groupId: string, memberId: string): ShareSession | undefined {
    const session = this.get(groupId, memberId);
    this.#sessions.delete(sessionKey(groupId, memberId));
    return session;
  }

  /** The session of a ShareFetch, with its epoch advanced; a new one for epoch 0. Throws KafkaError. */
  fetch(groupId: string, memberId: string, epoch: number, max: number): ShareSession {
    if (epoch !== INITIAL) return this.acknowledge(groupId, memberId, epoch);
    this.remove(groupId, memberId);
    if (this.#sessions.size >= max) throw new KafkaError(Errors.SHARE_SESSION_LIMIT_REACHED);
    const session = { groupId, memberId, epoch: nextEpoch(INITIAL), partitions: new Map() };
    this.#sessions.set(sessionKey(groupId, memberId), session);
    return session;
  }

  /** The session of a ShareAcknowledge. Throws KafkaError if there is none. */
  acknowledge(groupId: string, memberId: string, epoch: number): ShareSession {
    if (epoch === INITIAL) throw new KafkaError(Errors.INVALID_SHARE_SESSION_EPOCH);
    const session = this.get(groupId, memberId);
    if (!session) throw new KafkaError(Errors.SHARE_SESSION_NOT_FOUND);
    if (epoch === FINAL) return session;
    if (session.epoch !== epoch) throw new KafkaError(Errors.INVALID_SHARE_SESSION_EPOCH);
    session.epoch = nextEpoch(epoch);
    return session;
  }
}
