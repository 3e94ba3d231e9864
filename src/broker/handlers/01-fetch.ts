/**
 * Serves record batches unchanged from the log files. Mirrors KafkaApis.handleFetchRequest, ReplicaManager.readFromLog
 * and DelayedFetch.
 *
 * A fetch that finds less than fetch.min.bytes waits for an append to one of its partitions instead of polling; only
 * its own connection is blocked meanwhile.
 */

import type { Partition } from '../../log/partition.js';
import { fetch } from '../../protocol/apis/01-fetch.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { type RequestOf, type ResponseInput, ZERO_UUID } from '../../protocol/wire/schema.js';
import type { Broker } from '../api.js';
import { type FetchPartition, fetchSessions } from '../fetch-sessions.js';
import { handler } from '../handler.js';
import { endOfEpoch } from '../leader-epochs.js';
import type { RequestContext } from '../request-context.js';
import { CLUSTER_NAME, Operation, ResourceType } from '../security/authorizer.js';

type Request = RequestOf<typeof fetch>;
type Response = ResponseInput<typeof fetch>;
type Topic = Response['responses'][number];
type Answer = Topic['partitions'][number];

const READ_COMMITTED = 1;
const NO_RECORDS: readonly Buffer[] = [];

interface Read {
  readonly wanted: FetchPartition;
  readonly log: Partition | undefined;
  readonly answer: Answer;
  readonly bytes: number;
}

export default handler({
  api: fetch,
  async handle(request, context, broker) {
    const session = fetchSessions(broker).context({
      apiVersion: context.apiVersion,
      sessionId: request.sessionId,
      sessionEpoch: request.sessionEpoch,
      wanted: wantedOf(request, broker),
      forgotten: request.forgottenTopicsData.flatMap((t) => t.partitions.map((partition) => ({ ...t, partition }))),
    });
    if (session.errorCode !== Errors.NONE) return { errorCode: session.errorCode, sessionId: 0, responses: [] };
    const { wanted, refused } = authorized([...session.wanted], request, context, broker);
    const limit = Math.min(request.maxBytes, Number(broker.setting('fetch.max.bytes')));
    const minBytes = Math.min(request.minBytes, limit);
    const deadline = performance.now() + request.maxWaitMs;
    let reads = await readAll(wanted, limit, request.isolationLevel, broker);
    // partitions that failed authorization neither wait nor end the wait of the others: the response time reveals
    // nothing
    while (!enough(reads, minBytes) && !context.closed.aborted) {
      const left = deadline - performance.now();
      if (left <= 0) break;
      const missing = minBytes - reads.reduce((sum, r) => sum + r.bytes, 0);
      await waitForAppend(reads, missing, left, context.closed);
      reads = await readAll(wanted, limit, request.isolationLevel, broker);
    }
    if (refused.length > 0) reads = [...reads, ...refused];
    const reported = session.incremental ? reads.filter(hasChanges) : reads;
    for (const { wanted: w, answer } of reads) remember(w, answer);
    const served = (session.incremental ? reported.filter((r) => r.bytes > 0) : reads).map((r) => r.wanted);
    return { errorCode: Errors.NONE, sessionId: session.remember(served), responses: byTopic(reported) };
  },
});

function wantedOf(request: Request, broker: Broker): FetchPartition[] {
  const wanted: FetchPartition[] = [];
  for (const t of request.topics) {
    const topic = t.topicId === ZERO_UUID ? t.topic : (broker.metadata.topicById(t.topicId)?.name ?? '');
    for (const p of t.partitions) {
      wanted.push({
        topic,
        topicId: t.topicId,
        partition: p.partition,
        fetchOffset: Number(p.fetchOffset),
        maxBytes: p.partitionMaxBytes,
        currentLeaderEpoch: p.currentLeaderEpoch,
        lastFetchedEpoch: p.lastFetchedEpoch,
        highWatermark: -1,
        logStartOffset: -1,
      });
    }
  }
  return wanted;
}

/**
 * Separates the readable partitions from those rejected without looking at the log: topics that the principal is not
 * authorized to read, checked anew for each request of a session, and unknown topic ids. A replica needs ClusterAction
 * on the cluster instead of Read on the topics.
 */
function authorized(
  all: FetchPartition[],
  request: Request,
  context: RequestContext,
  broker: Broker,
): { wanted: FetchPartition[]; refused: Read[] } {
  const replica = request.replicaId >= 0 || request.replicaState.replicaId >= 0;
  const cluster = replica && context.allows(Operation.CLUSTER_ACTION, ResourceType.CLUSTER, CLUSTER_NAME);
  let last: FetchPartition | undefined;
  let error: number = Errors.NONE;
  const errorOf = (w: FetchPartition): number => {
    // consecutive partitions usually have the same topic
    if (last && w.topicId === last.topicId && w.topic === last.topic) return error;
    last = w;
    if (replica) return (error = cluster ? Errors.NONE : Errors.TOPIC_AUTHORIZATION_FAILED);
    const name = w.topicId === ZERO_UUID ? w.topic : broker.metadata.topicById(w.topicId)?.name;
    if (name === undefined) return (error = Errors.UNKNOWN_TOPIC_ID);
    const may = context.allows(Operation.READ, ResourceType.TOPIC, name);
    return (error = may ? Errors.NONE : Errors.TOPIC_AUTHORIZATION_FAILED);
  };
  if (all.every((w) => errorOf(w) === Errors.NONE)) return { wanted: all, refused: [] };
  const wanted: FetchPartition[] = [];
  const refused: Read[] = [];
  for (const w of all) {
    const errorCode = errorOf(w);
    if (errorCode === Errors.NONE) wanted.push(w);
    else refused.push(refuse(w, errorCode));
  }
  return { wanted, refused };
}

const refuse = (wanted: FetchPartition, errorCode: number): Read => {
  const { answer, ...read } = failed(wanted, errorCode);
  return { ...read, answer: { ...answer, abortedTransactions: [] } };
};

const enough = (reads: readonly Read[], minBytes: number): boolean => {
  let bytes = 0;
  for (const r of reads) {
    if (r.answer.errorCode !== Errors.NONE || r.answer.divergingEpoch) return true;
    bytes += r.bytes;
  }
  return reads.length === 0 || bytes >= minBytes;
};

async function readAll(
  wanted: readonly FetchPartition[],
  maxBytes: number,
  isolation: number,
  broker: Broker,
): Promise<Read[]> {
  const reads: Read[] = [];
  let left = maxBytes;
  let minOne = true;
  for (const w of wanted) {
    const found = readOne(w, Math.min(left, w.maxBytes), minOne, isolation, broker);
    const read = found instanceof Promise ? await found : found;
    if (read.bytes > 0) minOne = false;
    left = Math.max(0, left - read.bytes);
    reads.push(read);
  }
  return reads;
}

const failed = (wanted: FetchPartition, errorCode: number, log?: Partition): Read => ({
  wanted,
  log,
  bytes: 0,
  answer: {
    partitionIndex: wanted.partition,
    errorCode,
    highWatermark: -1n,
    abortedTransactions: null,
    records: NO_RECORDS,
  },
});

function readOne(
  w: FetchPartition,
  maxBytes: number,
  minOne: boolean,
  isolation: number,
  broker: Broker,
): Read | Promise<Read> {
  const { metadata } = broker;
  const topic = w.topicId === ZERO_UUID ? metadata.topic(w.topic) : metadata.topicById(w.topicId);
  if (!topic) {
    return failed(w, w.topicId === ZERO_UUID ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.UNKNOWN_TOPIC_ID);
  }
  w.topic = topic.name;
  const state = topic.partitions[w.partition];
  if (!state) return failed(w, Errors.UNKNOWN_TOPIC_OR_PARTITION);
  if (w.currentLeaderEpoch >= 0) {
    if (w.currentLeaderEpoch < state.leaderEpoch) return failed(w, Errors.FENCED_LEADER_EPOCH);
    if (w.currentLeaderEpoch > state.leaderEpoch) return failed(w, Errors.UNKNOWN_LEADER_EPOCH);
  }
  const log = broker.openLog(topic.name, w.partition);
  if (log) return readLog(w, log, state.leaderEpoch, maxBytes, minOne, isolation);
  return broker.log(topic.name, w.partition).then(
    (opened) =>
      opened
        ? readLog(w, opened, state.leaderEpoch, maxBytes, minOne, isolation)
        : failed(w, Errors.UNKNOWN_TOPIC_OR_PARTITION),
    (error) => failed(w, error instanceof KafkaError ? error.code : Errors.KAFKA_STORAGE_ERROR),
  );
}

function readLog(
  w: FetchPartition,
  log: Partition,
  leaderEpoch: number,
  maxBytes: number,
  minOne: boolean,
  isolation: number,
): Read | Promise<Read> {
  const end = log.logEndOffset;
  const committed = isolation === READ_COMMITTED;
  const upTo = committed ? log.lastStableOffset : end;
  if (w.lastFetchedEpoch >= 0) {
    const diverging = endOfEpoch(log, leaderEpoch, w.lastFetchedEpoch);
    if (diverging.endOffset < w.fetchOffset || diverging.epoch < w.lastFetchedEpoch) {
      const divergingEpoch = { epoch: diverging.epoch, endOffset: BigInt(diverging.endOffset) };
      return read(w, log, end, NO_RECORDS, committed ? [] : null, 0, divergingEpoch);
    }
  }
  if (w.fetchOffset < log.logStartOffset || w.fetchOffset > end) return failed(w, Errors.OFFSET_OUT_OF_RANGE, log);
  if (w.fetchOffset >= upTo || (maxBytes <= 0 && !minOne)) return read(w, log, end, NO_RECORDS, committed ? [] : null);
  return log.read(w.fetchOffset, maxBytes, { minOne, upTo, aborted: committed }).then(
    (found) => read(w, log, end, found.chunks, committed ? found.aborted : null, found.sizeInBytes),
    (error) => failed(w, error instanceof KafkaError ? error.code : Errors.KAFKA_STORAGE_ERROR, log),
  );
}

const read = (
  w: FetchPartition,
  log: Partition,
  highWatermark: number,
  records: readonly Buffer[],
  aborted: readonly { producerId: bigint; firstOffset: number }[] | null,
  bytes = 0,
  divergingEpoch?: { epoch: number; endOffset: bigint },
): Read => ({
  wanted: w,
  log,
  bytes,
  answer: {
    partitionIndex: w.partition,
    errorCode: Errors.NONE,
    highWatermark: BigInt(highWatermark),
    lastStableOffset: BigInt(log.lastStableOffset),
    logStartOffset: BigInt(log.logStartOffset),
    abortedTransactions:
      aborted?.map((a) => ({ producerId: a.producerId, firstOffset: BigInt(a.firstOffset) })) ?? null,
    records,
    ...(divergingEpoch ? { divergingEpoch } : {}),
  },
});

/** Waits until `missing` bytes have been appended to these logs, at most `ms`, or until the connection closes. */
function waitForAppend(reads: readonly Read[], missing: number, ms: number, closed: AbortSignal): Promise<void> {
  const logs = reads.flatMap((r) => (r.log ? [r.log] : []));
  const size = (): number => logs.reduce((sum, log) => sum + log.sizeBytes, 0);
  const before = missing > 1 ? size() : 0;
  return new Promise((resolve) => {
    const stops: (() => void)[] = [];
    const done = (): void => {
      clearTimeout(timer);
      closed.removeEventListener('abort', done);
      for (const stop of stops) stop();
      resolve();
    };
    const timer = setTimeout(done, ms);
    closed.addEventListener('abort', done);
    const watch = (log: Partition, i: number): void => {
      stops[i] = log.onAppend(() => {
        if (missing <= 1 || size() - before >= missing) done();
        else watch(log, i);
      });
    };
    logs.forEach(watch);
  });
}

/** Whether an incremental response has to include the partition. */
function hasChanges({ wanted, answer, bytes }: Read): boolean {
  return (
    bytes > 0 ||
    answer.errorCode !== Errors.NONE ||
    answer.divergingEpoch !== undefined ||
    Number(answer.highWatermark) !== wanted.highWatermark ||
    Number(answer.logStartOffset ?? -1n) !== wanted.logStartOffset
  );
}

function remember(wanted: FetchPartition, answer: Answer): void {
  wanted.highWatermark = answer.errorCode === Errors.NONE ? Number(answer.highWatermark) : -1;
  wanted.logStartOffset = Number(answer.logStartOffset ?? -1n);
}

/** Groups consecutive partitions of the same topic, keeping the order in which they were read. */
function byTopic(reads: readonly Read[]): Topic[] {
  const topics: { topic: string; topicId: string; partitions: Answer[] }[] = [];
  for (const { wanted, answer } of reads) {
    const last = topics.at(-1);
    const same = last && (wanted.topicId === ZERO_UUID ? last.topic === wanted.topic : last.topicId === wanted.topicId);
    if (same) last.partitions.push(answer);
    else topics.push({ topic: wanted.topic, topicId: wanted.topicId, partitions: [answer] });
  }
  return topics;
}
