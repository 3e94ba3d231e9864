/**
 * Applies a share group member's acknowledgements, then acquires and returns records for it. Mirrors
 * KafkaApis.handleShareFetchRequest and DelayedShareFetch.
 */
import { shareFetch } from '../../protocol/apis/78-share-fetch.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { RequestOf, ResponseInput } from '../../protocol/wire/schema.js';
import type { Broker } from '../api.js';
import { handler } from '../handler.js';
import type { RequestContext } from '../request-context.js';
import { type Acknowledged, acknowledgeAll, acknowledges, mayReadTopic } from '../share/acknowledge.js';
import { shareCoordinator } from '../share/coordinator.js';
import { shareGroupsEnabled } from '../share/enabled.js';
import { FINAL, type SessionPlace, type ShareSession, sessionPlaceKey } from '../share/sessions.js';
import type { SharePartition } from '../share/share-partition.js';

type Request = RequestOf<typeof shareFetch>;
type Response = ResponseInput<typeof shareFetch>;
type Answer = Response['responses'][number]['partitions'][number];

const EMPTY_RESPONSE = { throttleTimeMs: 0, acquisitionLockTimeoutMs: 0, responses: [], nodeEndpoints: [] };
const NO_LEADER = { leaderId: 0, leaderEpoch: 0 };
const NO_RECORDS: readonly Buffer[] = [];
const INITIAL = 0;
const RECORD_LIMIT = 1;

export default handler({
  api: shareFetch,
  async handle(request, context, broker) {
    if (!shareGroupsEnabled(broker)) return { ...EMPTY_RESPONSE, errorCode: Errors.UNSUPPORTED_VERSION };
    const { groupId, memberId, shareSessionEpoch: epoch, topics, isRenewAck = false } = request;
    if (!groupId || !memberId) return { ...EMPTY_RESPONSE, errorCode: Errors.INVALID_REQUEST };
    if (epoch === INITIAL && acknowledges(topics)) return { ...EMPTY_RESPONSE, errorCode: Errors.INVALID_REQUEST };
    const shares = broker.component(shareCoordinator);
    try {
      const session = await sessionOf(request, groupId, memberId, context, broker);
      const acknowledged = await acknowledgeAll(context, broker, groupId, memberId, topics, isRenewAck);
      let found: Fetched[] = [];
      if (epoch === FINAL) {
        shares.sessions.remove(groupId, memberId);
        await shares.release(groupId, memberId, session.partitions.values());
      } else if (request.maxBytes > 0 && request.maxRecords > 0) {
        found = await fetchAll(request, session, context, broker);
      }
      const responses = byTopic(found, acknowledged, epoch === INITIAL ? session.partitions.values() : []);
      return { ...EMPTY_RESPONSE, errorCode: Errors.NONE, acquisitionLockTimeoutMs: shares.lockMs(groupId), responses };
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      return { ...EMPTY_RESPONSE, errorCode: error.code };
    }
  },
});

/**
 * The member's share session, updated with the partitions that this request adds and removes; it ends with the
 * connection.
 */
async function sessionOf(
  request: Request,
  groupId: string,
  memberId: string,
  context: RequestContext,
  broker: Broker,
): Promise<ShareSession> {
  const shares = broker.component(shareCoordinator);
  const max = Number(broker.setting('group.share.max.share.sessions'));
  const before = request.shareSessionEpoch === INITIAL ? shares.sessions.get(groupId, memberId) : undefined;
  if (before) await shares.release(groupId, memberId, before.partitions.values());
  const session = shares.sessions.fetch(groupId, memberId, request.shareSessionEpoch, max);
  if (request.shareSessionEpoch === INITIAL) {
    const gone = (): void => {
      if (shares.sessions.get(groupId, memberId) === session) shares.memberLeft(groupId, memberId);
    };
    context.closed.addEventListener('abort', gone, { once: true });
  }
  if (request.shareSessionEpoch === FINAL) return session;
  for (const { topicId, partitions } of request.topics) {
    for (const { partitionIndex: partition } of partitions) {
      session.partitions.set(sessionPlaceKey({ topicId, partition }), { topicId, partition });
    }
  }
  for (const { topicId, partitions } of request.forgottenTopicsData) {
    for (const partition of partitions) session.partitions.delete(sessionPlaceKey({ topicId, partition }));
  }
  return session;
}

interface Fetched extends SessionPlace {
  readonly answer: Answer;
  readonly count: number;
}

const answerOf = (partitionIndex: number, more: Partial<Answer> = {}): Answer => ({
  partitionIndex,
  errorCode: Errors.NONE,
  errorMessage: null,
  acknowledgeErrorCode: Errors.NONE,
  acknowledgeErrorMessage: null,
  currentLeader: NO_LEADER,
  records: NO_RECORDS,
  acquiredRecords: [],
  ...more,
});

/** Acquires records, waiting at most `maxWaitMs`, or until the connection closes, for some to become available. */
async function fetchAll(request: Request, session: ShareSession, context: RequestContext, broker: Broker) {
  const deadline = performance.now() + request.maxWaitMs;
  for (;;) {
    const places = rotated([...session.partitions.values()], session.epoch);
    const opened = await Promise.all(places.map((place) => open(place, session.groupId, context, broker)));
    const changed = new Changes();
    for (const { share } of opened) if (share) changed.watch(share);
    const found = await acquireAll(request, session, opened);
    const left = deadline - performance.now();
    const enough = found.some(({ answer, count }) => count > 0 || answer.errorCode !== Errors.NONE);
    if (enough || left <= 0 || context.closed.aborted) {
      changed.end();
      if (context.closed.aborted) broker.component(shareCoordinator).memberLeft(session.groupId, session.memberId);
      return found;
    }
    await changed.wait(left, context.closed);
  }
}

/** Rotates the partitions with the session epoch, so that none is always served first. */
const rotated = <T>(list: readonly T[], by: number): T[] => {
  const at = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
};

interface Opened {
  readonly place: SessionPlace;
  readonly share: SharePartition | undefined;
  readonly errorCode: number;
}

async function open(place: SessionPlace, groupId: string, context: RequestContext, broker: Broker): Promise<Opened> {
  const topic = broker.metadata.topicById(place.topicId);
  if (!topic) return { place, share: undefined, errorCode: Errors.UNKNOWN_TOPIC_ID };
  if (!mayReadTopic(context, broker, place.topicId)) {
    return { place, share: undefined, errorCode: Errors.TOPIC_AUTHORIZATION_FAILED };
  }
  try {
    const share = await broker.component(shareCoordinator).partition(groupId, topic, place.partition);
    return { place, share, errorCode: Errors.NONE };
  } catch (error) {
    return { place, share: undefined, errorCode: codeOf(error) };
  }
}

const codeOf = (error: unknown): number => (error instanceof KafkaError ? error.code : Errors.KAFKA_STORAGE_ERROR);

/** Acquires from one partition after the other until the request's limits are reached. */
async function acquireAll(request: Request, session: ShareSession, opened: readonly Opened[]): Promise<Fetched[]> {
  const exact = request.shareAcquireMode === RECORD_LIMIT;
  const found: Fetched[] = [];
  let records = request.maxRecords;
  let bytes = request.maxBytes;
  for (const { place, share, errorCode } of opened) {
    const index = place.partition;
    if (!share) {
      found.push({ ...place, count: 0, answer: answerOf(index, { errorCode }) });
      continue;
    }
    if (records <= 0 || bytes <= 0) break;
    try {
      const acquired = await share.acquire(session.memberId, records, bytes, exact);
      records -= acquired.count;
      bytes -= acquired.records.length;
      const more = acquired.count > 0 ? { records: acquired.records, acquiredRecords: acquired.ranges } : {};
      found.push({ ...place, count: acquired.count, answer: answerOf(index, more) });
    } catch (error) {
      found.push({ ...place, count: 0, answer: answerOf(index, { errorCode: codeOf(error) }) });
    }
  }
  return found;
}

/** Signals that records may have become available: by an append, or because they were released. */
class Changes {
  readonly #stops: (() => void)[] = [];
  #changed = false;
  #done: (() => void) | undefined;

  watch(share: SharePartition): void {
    const changed = (): void => {
      this.#changed = true;
      this.#done?.();
    };
    this.#stops.push(share.onAvailable(changed), share.log.onAppend(changed));
  }

  wait(ms: number, closed: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        closed.removeEventListener('abort', done);
        this.end();
        resolve();
      };
      const timer = setTimeout(done, ms);
      closed.addEventListener('abort', done);
      this.#done = done;
      if (this.#changed) done();
    });
  }

  end(): void {
    for (const stop of this.#stops) stop();
  }
}

/** The partitions to return: those with records, errors or acknowledgements, and all partitions of a new session. */
function byTopic(
  found: readonly Fetched[],
  acknowledged: ReadonlyMap<string, Acknowledged>,
  first: Iterable<SessionPlace>,
): Response['responses'] {
  const answers = new Map<string, { place: SessionPlace; answer: Answer }>();
  for (const place of first) answers.set(sessionPlaceKey(place), { place, answer: answerOf(place.partition) });
  for (const { answer, count, ...place } of found) {
    if (count > 0 || answer.errorCode !== Errors.NONE) answers.set(sessionPlaceKey(place), { place, answer });
  }
  for (const [key, { topicId, partition, errorCode, errorMessage }] of acknowledged) {
    const known = answers.get(key)?.answer ?? answerOf(partition);
    const answer = { ...known, acknowledgeErrorCode: errorCode, acknowledgeErrorMessage: errorMessage };
    answers.set(key, { place: { topicId, partition }, answer });
  }
  const topics = new Map<string, { topicId: string; partitions: Answer[] }>();
  for (const { place, answer } of answers.values()) {
    const topic = topics.get(place.topicId) ?? { topicId: place.topicId, partitions: [] };
    topics.set(place.topicId, topic);
    topic.partitions.push(answer);
  }
  return [...topics.values()];
}
