/** Authorization of requests about producer ids and transactions. */
import { initProducerId } from '../../../protocol/apis/22-init-producer-id.js';
import { addPartitionsToTxn } from '../../../protocol/apis/24-add-partitions-to-txn.js';
import { addOffsetsToTxn } from '../../../protocol/apis/25-add-offsets-to-txn.js';
import { endTxn } from '../../../protocol/apis/26-end-txn.js';
import { writeTxnMarkers } from '../../../protocol/apis/27-write-txn-markers.js';
import { describeTransactions } from '../../../protocol/apis/65-describe-transactions.js';
import { listTransactions } from '../../../protocol/apis/66-list-transactions.js';
import { Errors } from '../../../protocol/errors.js';
import type { RequestOf } from '../../../protocol/wire/schema.js';
import { Operation, ResourceType } from '../authorizer.js';
import { mayReadGroup, mayTransaction } from './rights.js';
import {
  all,
  allowsCluster,
  amend,
  authorize,
  type Call,
  CLUSTER_DENIED,
  each,
  GROUP_DENIED,
  mayTopic,
  type Rule,
  required,
  TOPIC_DENIED,
  TRANSACTION_DENIED,
} from './rule.js';

const { WRITE, DESCRIBE, CLUSTER_ACTION, ALTER, IDEMPOTENT_WRITE } = Operation;
const mayWrite = (call: Call, { transactionalId }: { readonly transactionalId: string }): boolean =>
  mayTransaction(call, WRITE, transactionalId);
const refused = () => ({ errorCode: TRANSACTION_DENIED });

/** A producer without a transactional id needs Write permission on some topic, or IdempotentWrite on the cluster. */
const init: Rule<typeof initProducerId> = (call, request, next) => {
  const { transactionalId } = request;
  const refusal = (errorCode: number) => ({ errorCode, producerEpoch: -1 });
  if (transactionalId !== null) {
    return mayTransaction(call, WRITE, transactionalId) ? next(request) : refusal(TRANSACTION_DENIED);
  }
  const may = allowsCluster(call, IDEMPOTENT_WRITE) || call.allowsAny(WRITE, ResourceType.TOPIC);
  return may ? next(request) : refusal(CLUSTER_DENIED);
};

type Added = RequestOf<typeof addPartitionsToTxn>['v3AndBelowTopics'][number];
const refusedPartitions = ({ name, partitions }: Added, partitionErrorCode: number) => ({
  name,
  resultsByPartition: partitions.map((partitionIndex) => ({ partitionIndex, partitionErrorCode })),
});

/** If one partition is denied, none is added. From v4 on only brokers send this request. */
const add: Rule<typeof addPartitionsToTxn> = (call, request, next) => {
  if (call.version >= 4) {
    return allowsCluster(call, CLUSTER_ACTION) ? next(request) : { throttleTimeMs: 0, errorCode: CLUSTER_DENIED };
  }
  const topics = request.v3AndBelowTopics;
  const answer = (errorOf: (topic: Added) => number) => ({
    throttleTimeMs: 0,
    resultsByTopicV3AndBelow: topics.map((topic) => refusedPartitions(topic, errorOf(topic))),
  });
  if (!mayTransaction(call, WRITE, request.v3AndBelowTransactionalId)) return answer(() => TRANSACTION_DENIED);
  const may = ({ name }: Added): boolean => mayTopic(call, WRITE, name);
  if (topics.every(may)) return next(request);
  return answer((topic) => (may(topic) ? Errors.OPERATION_NOT_ATTEMPTED : TOPIC_DENIED));
};

/** Brokers send markers; with Alter on the cluster, a client can abort a hanging transaction. */
const markers: Rule<typeof writeTxnMarkers> = (call, request, next) => {
  if (allowsCluster(call, ALTER) || allowsCluster(call, CLUSTER_ACTION)) return next(request);
  return {
    markers: request.markers.map(({ producerId, topics }) => ({
      producerId,
      topics: topics.map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map((partitionIndex) => ({ partitionIndex, errorCode: CLUSTER_DENIED })),
      })),
    })),
  };
};

export const transactionRules = [
  authorize(initProducerId, init),
  authorize(addPartitionsToTxn, add),
  authorize(
    addOffsetsToTxn,
    all(
      required(addOffsetsToTxn, mayWrite, refused),
      required(addOffsetsToTxn, mayReadGroup, () => ({ errorCode: GROUP_DENIED })),
    ),
  ),
  authorize(endTxn, required(endTxn, mayWrite, refused)),
  authorize(writeTxnMarkers, markers),
  authorize(describeTransactions, (call, request, next) =>
    amend<typeof describeTransactions>(
      each(
        describeTransactions,
        'transactionalIds',
        'transactionStates',
        (_call, transactionalId) => mayTransaction(call, DESCRIBE, transactionalId),
        (transactionalId) => ({
          transactionalId,
          errorCode: TRANSACTION_DENIED,
          transactionState: '',
          transactionTimeoutMs: 0,
          transactionStartTimeMs: 0n,
          producerId: 0n,
          producerEpoch: 0,
          topics: [],
        }),
      )(call, request, next),
      (body) => ({
        ...body,
        transactionStates: body.transactionStates.map((state) => ({
          ...state,
          topics: state.topics.filter(({ topic }) => mayTopic(call, DESCRIBE, topic)),
        })),
      }),
    ),
  ),
  authorize(listTransactions, (call, request, next) =>
    amend<typeof listTransactions>(next(request), (body) => ({
      ...body,
      transactionStates: body.transactionStates.filter(({ transactionalId }) =>
        mayTransaction(call, DESCRIBE, transactionalId),
      ),
    })),
  ),
];
