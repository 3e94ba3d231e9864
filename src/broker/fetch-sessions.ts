/**
 * Incremental fetch sessions (KIP-227): the broker caches the partitions a consumer fetches, so that requests and
 * responses name only those that changed. Mirrors FetchManager, FetchContext and FetchSessionCacheShard.
 */
import { randomInt } from 'node:crypto';
import { Errors } from '../protocol/errors.js';
import { ZERO_UUID } from '../protocol/wire/schema.js';
import type { Broker } from './api.js';

/** A partition to fetch, as requested or as cached in a session. */
export interface FetchPartition {
  topic: string;
  topicId: string;
  partition: number;
  fetchOffset: number;
  maxBytes: number;
  currentLeaderEpoch: number;
  lastFetchedEpoch: number;
  /** as in the last response */
  highWatermark: number;
  logStartOffset: number;
}

/** The partitions one Fetch request reads, and how its response is to be built. */
export interface FetchContext {
  readonly sessionId: number;
  readonly errorCode: number;
  readonly wanted: Iterable<FetchPartition>;
  /** false: the response contains all partitions; true: only those with changes */
  readonly incremental: boolean;
  /** Called when the response is built: caches a new session if there is to be one, and returns the session id. */
  remember(wanted: readonly FetchPartition[]): number;
}

interface Session {
  readonly id: number;
  readonly usesTopicIds: boolean;
  readonly partitions: Map<string, FetchPartition>;
  epoch: number;
  lastUsed: number;
}

const INITIAL_EPOCH = 0;
const FINAL_EPOCH = -1;
/** a session used more recently than this is not evicted */
const MIN_EVICTION_MS = 120_000;

const keyOf = (w: { topic: string; topicId: string; partition: number }): string =>
  `${w.topicId === ZERO_UUID ? w.topic : w.topicId}/${w.partition}`;
const nextEpoch = (epoch: number): number => (epoch === 0x7fffffff ? 1 : epoch + 1);

/** The session cache of one broker. */
export class FetchSessions {
  readonly #broker: Broker;
  /** in LRU order, least recently used first */
  readonly #sessions = new Map<number, Session>();

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  context(request: {
    apiVersion: number;
    sessionId: number;
    sessionEpoch: number;
    wanted: FetchPartition[];
    forgotten: readonly { topic: string; topicId: string; partition: number }[];
  }): FetchContext {
    const { sessionId, sessionEpoch, wanted } = request;
    const usesTopicIds = request.apiVersion >= 13;
    if (sessionEpoch === INITIAL_EPOCH || sessionEpoch === FINAL_EPOCH) {
      this.#sessions.delete(sessionId);
      const remember = (all: readonly FetchPartition[]): number =>
        sessionEpoch === FINAL_EPOCH ? 0 : this.#create(all, usesTopicIds);
      return { sessionId: 0, errorCode: Errors.NONE, wanted, incremental: false, remember };
    }
    const session = this.#sessions.get(sessionId);
    const error = sessionError(session, sessionEpoch, usesTopicIds);
    if (!session || error !== Errors.NONE) return failure(error);
    for (const w of wanted) {
      const known = session.partitions.get(keyOf(w));
      if (!known) session.partitions.set(keyOf(w), w);
      else Object.assign(known, { ...w, highWatermark: known.highWatermark, logStartOffset: known.logStartOffset });
    }
    for (const f of request.forgotten) session.partitions.delete(keyOf(f));
    this.#sessions.delete(sessionId);
    if (session.partitions.size === 0) {
      return { sessionId: 0, errorCode: Errors.NONE, wanted, incremental: false, remember: () => 0 };
    }
    session.epoch = nextEpoch(session.epoch);
    session.lastUsed = performance.now();
    this.#sessions.set(sessionId, session);
    return {
      sessionId,
      errorCode: Errors.NONE,
      wanted: session.partitions.values(),
      incremental: true,
      remember: (answered) => {
        // move the partitions just served to the end, so that the next response starts with the others
        for (const w of answered) {
          if (session.partitions.delete(keyOf(w))) session.partitions.set(keyOf(w), w);
        }
        return sessionId;
      },
    };
  }

  #create(wanted: readonly FetchPartition[], usesTopicIds: boolean): number {
    if (wanted.length === 0) return 0;
    const slots = Number(this.#broker.setting('max.incremental.fetch.session.cache.slots'));
    if (this.#sessions.size >= slots) {
      const [oldest] = this.#sessions.values();
      if (!oldest || performance.now() - oldest.lastUsed < MIN_EVICTION_MS) return 0;
      this.#sessions.delete(oldest.id);
    }
    let id = 0;
    do id = randomInt(1, 0x7fffffff);
    while (this.#sessions.has(id));
    const partitions = new Map(wanted.map((w) => [keyOf(w), w]));
    this.#sessions.set(id, { id, usesTopicIds, partitions, epoch: 1, lastUsed: performance.now() });
    return id;
  }
}

function sessionError(session: Session | undefined, epoch: number, usesTopicIds: boolean): number {
  if (!session) return Errors.FETCH_SESSION_ID_NOT_FOUND;
  if (session.epoch !== epoch) return Errors.INVALID_FETCH_SESSION_EPOCH;
  if (session.usesTopicIds !== usesTopicIds) return Errors.FETCH_SESSION_TOPIC_ID_ERROR;
  return Errors.NONE;
}

const failure = (errorCode: number): FetchContext => ({
  sessionId: 0,
  errorCode,
  wanted: [],
  incremental: false,
  remember: () => 0,
});

const make = (broker: Broker): FetchSessions => new FetchSessions(broker);
/** The broker's session cache. */
export const fetchSessions = (broker: Broker): FetchSessions => broker.component(make);
