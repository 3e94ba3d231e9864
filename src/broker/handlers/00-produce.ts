/**
 * Appends batches as received. Mirrors KafkaApis.handleProduceRequest and ReplicaManager.appendRecords.
 *
 * Only batch headers are decoded, appends are synchronous (so pipelined requests keep their order), and acks=all merely
 * awaits a sync that all requests in flight share.
 */

import { isInternal } from '../../kafka/topic-names.js';
import type { Partition } from '../../log/partition.js';
import { RecordValidationError } from '../../log/validate.js';
import { produce } from '../../protocol/apis/00-produce.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { At, Attribute, BATCH_HEADER, batchSize } from '../../protocol/records/layout.js';
import { type RequestOf, type ResponseInput, ZERO_UUID } from '../../protocol/wire/schema.js';
import type { Broker } from '../api.js';
import { type Answer, CloseConnection, DeferredResponse, handler } from '../handler.js';
import type { RequestContext } from '../request-context.js';

type Request = RequestOf<typeof produce>;
type Response = ResponseInput<typeof produce>;
type PartitionAnswer = Response['responses'][number]['partitionResponses'][number];

const ZSTD = 4;

/** A partition of the request, with its progress. */
interface Entry {
  readonly topic: string | undefined;
  readonly index: number;
  readonly records: Buffer | null;
  log: Partition | undefined;
  leaderEpoch: number;
  answer: { -readonly [K in keyof PartitionAnswer]: PartitionAnswer[K] };
}

const failed = (index: number, errorCode: number, errorMessage: string | null = null): Entry['answer'] => ({
  index,
  errorCode,
  baseOffset: -1n,
  recordErrors: [],
  errorMessage,
});

export default handler({
  api: produce,
  handle(request, context, broker) {
    const topics = request.topicData.map((t) => {
      const topic = t.topicId === ZERO_UUID ? broker.metadata.topic(t.name) : broker.metadata.topicById(t.topicId);
      const unknown = context.apiVersion > 12 && !topic ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
      return {
        name: t.name,
        topicId: t.topicId,
        entries: t.partitionData.map((p): Entry => {
          const state = topic?.partitions[p.index];
          const errorCode = state === undefined ? unknown : refusal(request, p.records, topic?.name ?? '', context);
          const leaderEpoch = state?.leaderEpoch ?? 0;
          return {
            topic: topic?.name,
            index: p.index,
            records: p.records,
            log: undefined,
            leaderEpoch,
            answer: failed(p.index, errorCode),
          };
        }),
      };
    });
    const entries = topics.flatMap((t) => t.entries);
    const respond = (): Response => ({
      responses: topics.map((t) => ({
        name: t.name,
        topicId: t.topicId,
        partitionResponses: t.entries.map((e) => e.answer),
      })),
    });
    const waits = prepare(request, entries, context, broker);
    const append = () => appendAll(request.acks, entries, respond, context);
    return waits.length === 0 ? append() : Promise.all(waits).then(append);
  },
});

/** The error code for a request that is rejected without reaching a log. */
function refusal(request: Request, records: Buffer | null, topic: string, context: RequestContext): number {
  if (request.acks < -1 || request.acks > 1) return Errors.INVALID_REQUIRED_ACKS;
  if (records === null || records.length === 0) return Errors.INVALID_RECORD;
  if (isInternal(topic) && context.clientId !== '__admin_client') return Errors.INVALID_TOPIC_EXCEPTION;
  // the log reports truncated batches and wrong sizes
  if (records.length < BATCH_HEADER) return records[At.magic] === 2 ? Errors.CORRUPT_MESSAGE : Errors.INVALID_RECORD;
  if (records[At.magic] !== 2) return Errors.INVALID_RECORD;
  const size = batchSize(records, 0);
  if (size > 0 && size < records.length) return Errors.INVALID_RECORD;
  const attributes = records.readInt16BE(At.attributes);
  if (context.apiVersion < 7 && (attributes & Attribute.codec) === ZSTD) return Errors.UNSUPPORTED_COMPRESSION_TYPE;
  if (attributes & Attribute.transactional && request.transactionalId === null) {
    return Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
  }
  return Errors.NONE;
}

/** Opens the logs and verifies transactions. Returns promises for whatever cannot be done synchronously. */
function prepare(request: Request, entries: Entry[], context: RequestContext, broker: Broker): Promise<unknown>[] {
  const waits: Promise<unknown>[] = [];
  for (const entry of entries) {
    if (entry.answer.errorCode !== Errors.NONE) continue;
    const topic = entry.topic as string;
    entry.log = broker.openLog(topic, entry.index);
    if (!entry.log) {
      const opened = broker.log(topic, entry.index).then(
        (log) => {
          entry.log = log;
          if (!log) entry.answer = failed(entry.index, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        },
        (error) => {
          entry.answer = failed(entry.index, codeOf(error));
        },
      );
      waits.push(opened);
    }
    const records = entry.records as Buffer;
    if ((records.readInt16BE(At.attributes) & Attribute.transactional) === 0 || !broker.transactions) continue;
    const verified = broker.transactions.verifyProduce({
      transactionalId: request.transactionalId,
      producerId: records.readBigInt64BE(At.producerId),
      producerEpoch: records.readInt16BE(At.producerEpoch),
      topic,
      partition: entry.index,
      apiVersion: context.apiVersion,
    });
    const refuse = (code: number): void => {
      if (code !== Errors.NONE) entry.answer = failed(entry.index, code);
    };
    if (typeof verified === 'number') refuse(verified);
    else waits.push(verified.then(refuse));
  }
  return waits;
}

function appendAll(
  acks: number,
  entries: Entry[],
  respond: () => Response,
  context: RequestContext,
): Answer<typeof produce> {
  const syncs: Promise<void>[] = [];
  let kept = false;
  for (const entry of entries) {
    if (entry.answer.errorCode !== Errors.NONE) continue;
    const log = entry.log as Partition;
    try {
      const result = log.append(entry.records as Buffer, { leaderEpoch: entry.leaderEpoch, origin: 'client' });
      kept ||= result.kept;
      entry.answer.baseOffset = BigInt(result.baseOffset);
      entry.answer.logAppendTimeMs = BigInt(result.logAppendTime);
      entry.answer.logStartOffset = BigInt(log.logStartOffset);
      if (acks === -1) {
        syncs.push(
          log.sync().catch((error) => {
            entry.answer = failed(entry.index, codeOf(error));
          }),
        );
      }
    } catch (error) {
      entry.answer = appendFailed(entry.index, error, log);
    }
  }
  if (!kept) context.release();
  if (acks === 0) {
    const error = entries.find((e) => e.answer.errorCode !== Errors.NONE);
    if (error) throw new CloseConnection();
    return null;
  }
  return syncs.length === 0 ? respond() : new DeferredResponse(Promise.all(syncs).then(respond));
}

const codeOf = (error: unknown): number => (error instanceof KafkaError ? error.code : Errors.KAFKA_STORAGE_ERROR);

/** Only record validation errors carry messages; logStartOffset is set because the log was reached. */
function appendFailed(index: number, error: unknown, log: Partition): Entry['answer'] {
  if (!(error instanceof KafkaError)) throw error;
  const answer = { ...failed(index, error.code), logStartOffset: BigInt(log.logStartOffset) };
  if (!(error instanceof RecordValidationError)) return answer;
  const recordErrors = error.recordErrors.map((e) => ({ batchIndex: e.batchIndex, batchIndexErrorMessage: e.message }));
  return { ...answer, recordErrors, errorMessage: error.message };
}
