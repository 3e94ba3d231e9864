/**
 * Handles the acknowledgements of ShareFetch and ShareAcknowledge, partition by partition. Mirrors
 * KafkaApis.handleAcknowledgements.
 */
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { Broker } from '../api.js';
import type { RequestContext } from '../request-context.js';
import { Operation, ResourceType } from '../security/authorizer.js';
import { shareCoordinator } from './coordinator.js';
import { type SessionPlace, sessionPlaceKey } from './sessions.js';
import type { AcknowledgeBatch } from './share-partition.js';

interface Topic {
  readonly topicId: string;
  readonly partitions: readonly {
    readonly partitionIndex: number;
    readonly acknowledgementBatches: readonly AcknowledgeBatch[];
  }[];
}

/** A partition's result. */
export interface Acknowledged extends SessionPlace {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

const RENEW = 4;

/** Validates the batches of one partition; RENEW requires the request's isRenewAck. */
function checkBatches(batches: readonly AcknowledgeBatch[], isRenewAck: boolean): void {
  const invalid = (message: string) => new KafkaError(Errors.INVALID_REQUEST, message);
  let end = -1n;
  for (const { firstOffset, lastOffset, acknowledgeTypes: types } of batches) {
    if (firstOffset > lastOffset) throw invalid('First offset is greater than last offset in acknowledgement batches.');
    if (firstOffset <= end) throw invalid('Acknowledgement batches are overlapping.');
    if (types.length === 0) throw invalid('Acknowledge types list is empty.');
    if (types.length > 1 && BigInt(types.length) !== lastOffset - firstOffset + 1n) {
      throw invalid('Acknowledge types list size does not match the number of offsets.');
    }
    if (types.some((type) => type < 0 || type > RENEW)) throw invalid('Acknowledge type is not valid.');
    if (!isRenewAck && types.includes(RENEW)) throw invalid('Renew acknowledge is not allowed.');
    end = lastOffset;
  }
}

/** Whether the topic may be read. Checked for each request, as permissions can change during a session. */
export function mayReadTopic({ allows }: RequestContext, broker: Broker, topicId: string): boolean {
  const topic = broker.metadata.topicById(topicId);
  return topic === undefined || allows(Operation.READ, ResourceType.TOPIC, topic.name);
}

/** Returns the result of each partition that has acknowledgements, once they are synced. */
export async function acknowledgeAll(
  context: RequestContext,
  broker: Broker,
  groupId: string,
  memberId: string,
  topics: readonly Topic[],
  isRenewAck: boolean,
): Promise<Map<string, Acknowledged>> {
  const outcomes = new Map<string, Acknowledged>();
  const work = topics.flatMap(({ topicId, partitions }) =>
    partitions.map(async ({ partitionIndex: partition, acknowledgementBatches: batches }) => {
      if (batches.length === 0) return;
      const place = { topicId, partition };
      if (!mayReadTopic(context, broker, topicId)) {
        const errorCode = Errors.TOPIC_AUTHORIZATION_FAILED;
        outcomes.set(sessionPlaceKey(place), { ...place, errorCode, errorMessage: null });
        return;
      }
      const error = await one(broker, groupId, memberId, place, batches, isRenewAck).catch((e: unknown) => e);
      const known = error instanceof KafkaError ? error : error && new KafkaError(Errors.KAFKA_STORAGE_ERROR);
      const reported = known instanceof KafkaError ? known : undefined;
      const outcome = { ...place, errorCode: reported?.code ?? Errors.NONE, errorMessage: reported?.message ?? null };
      outcomes.set(sessionPlaceKey(place), outcome);
    }),
  );
  await Promise.all(work);
  return outcomes;
}

async function one(
  broker: Broker,
  groupId: string,
  memberId: string,
  { topicId, partition }: SessionPlace,
  batches: readonly AcknowledgeBatch[],
  isRenewAck: boolean,
): Promise<void> {
  checkBatches(batches, isRenewAck);
  if (!broker.metadata.topicById(topicId)) throw new KafkaError(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  const open = await broker.component(shareCoordinator).openPartition(groupId, topicId, partition);
  if (!open) throw new KafkaError(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  await open.acknowledge(memberId, batches);
}

/** Whether any partition has acknowledgements. */
export const acknowledges = (topics: readonly Topic[]): boolean =>
  topics.some(({ partitions }) => partitions.some((p) => p.acknowledgementBatches.length > 0));
