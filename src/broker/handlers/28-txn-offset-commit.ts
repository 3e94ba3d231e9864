/** Commits offsets as part of a transaction. Mirrors KafkaApis.handleTxnOffsetCommitRequest. */
import { txnOffsetCommit } from '../../protocol/apis/28-txn-offset-commit.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { type RequestOf, ZERO_UUID } from '../../protocol/wire/schema.js';
import type { Broker } from '../api.js';
import { callerOf } from '../groups/caller.js';
import { operationError } from '../groups/classic/rebalance.js';
import { groupCoordinator, OFFSETS_TOPIC } from '../groups/coordinator.js';
import { type CommitTopic, commitTransactional, type TopicResult } from '../groups/offset-commit.js';
import { existing, type Failed, merged } from '../groups/topic-checks.js';
import { handler } from '../handler.js';
import type { RequestContext } from '../request-context.js';
import { transactionCoordinator } from '../txns/coordinator.js';

/** From this version on clients do not send AddOffsetsToTxn; the broker adds the offsets implicitly. */
const ADDS_VERSION = 5;
/** From this version on clients know TRANSACTION_ABORTABLE. */
const ABORTABLE_VERSION = 4;
/** From this version on clients know COORDINATOR_LOAD_IN_PROGRESS. */
const LOADING_VERSION = 2;

export default handler({
  api: txnOffsetCommit,
  versions: [0, 5],
  async handle(request, context, broker) {
    const requested = request.topics.map((t) => ({ ...t, topicId: ZERO_UUID }));
    const { found, errors } = existing(broker, requested, false);
    let results: Failed[] = [];
    try {
      if (found.length > 0) results = await commit(request, found, context, broker);
    } catch (error) {
      const code = operationError(error);
      const old = context.apiVersion < LOADING_VERSION && code === Errors.COORDINATOR_LOAD_IN_PROGRESS;
      const errorCode = old ? Errors.COORDINATOR_NOT_AVAILABLE : code;
      results = found.map((t) => ({
        ...t,
        partitions: t.partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
      }));
    }
    return { throttleTimeMs: 0, topics: merged(errors, results) };
  },
});

async function commit(
  request: RequestOf<typeof txnOffsetCommit>,
  topics: CommitTopic[],
  context: RequestContext,
  broker: Broker,
): Promise<TopicResult[]> {
  const { groupId, transactionalId, producerId, producerEpoch } = request;
  if (groupId === '') throw new KafkaError(Errors.INVALID_GROUP_ID);
  const groups = broker.component(groupCoordinator);
  await groups.log.ready(groupId);
  const partition = groups.log.partition(groupId) as number;
  const client = {
    adds: context.apiVersion >= ADDS_VERSION,
    knowsAbortable: context.apiVersion >= ABORTABLE_VERSION,
  };
  const txns = broker.component(transactionCoordinator);
  const refused = await txns.admit(transactionalId, { producerId, producerEpoch }, OFFSETS_TOPIC, partition, client);
  if (refused !== Errors.NONE) throw new KafkaError(refused);
  const requested = {
    groupId,
    memberId: request.memberId,
    groupInstanceId: request.groupInstanceId,
    generation: request.generationIdOrMemberEpoch,
    retentionTimeMs: -1n,
    topics,
  };
  return commitTransactional(groups, callerOf(context), requested, (records) =>
    groups.log.write(groupId, records, { producer: { id: producerId, epoch: producerEpoch } }),
  );
}
