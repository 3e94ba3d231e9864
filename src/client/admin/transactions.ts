/** Transactions: listing, describing, fencing producers. Mirrors clients/admin's List-, DescribeTransactionsHandler and FenceProducersHandler. */

import type { TopicPartition } from '../../kafka/topic-partition.js';
import { initProducerId } from '../../protocol/apis/22-init-producer-id.js';
import { describeTransactions as describeTransactionsApi } from '../../protocol/apis/65-describe-transactions.js';
import { listTransactions as listTransactionsApi } from '../../protocol/apis/66-list-transactions.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { coordinatorRefusal } from '../cluster/failures.js';
import type { Cluster } from '../cluster/types.js';
import { retriableCoordinatorError } from './groups.js';

export interface TransactionListing {
  readonly coordinatorId: number;
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly state: string;
}

export interface TransactionFilter {
  /** only transactions running for longer than this, ms; negative: all */
  readonly duration?: bigint;
  /** a regular expression (RE2/J) */
  readonly transactionalIdPattern?: string;
  readonly producerIds?: readonly bigint[];
}

const STATES = [
  ...['Ongoing', 'PrepareAbort', 'PrepareCommit', 'CompleteAbort', 'CompleteCommit'],
  ...['Empty', 'PrepareEpochFence'],
];
const known = (state: string): string => (STATES.includes(state) ? state : 'Unknown');

/** Asks every broker for the transactions it coordinates; results are in broker order. Throws the first error. */
export async function listTransactions(cluster: Cluster, filter: TransactionFilter): Promise<TransactionListing[]> {
  const { brokers } = await cluster.metadata([], { call: 'listTransactions(api=METADATA)' });
  const { duration = -1n, transactionalIdPattern = null, producerIds = [] } = filter;
  const body = { stateFilters: [], producerIdFilters: producerIds, durationFilter: duration, transactionalIdPattern };
  const atLeast = transactionalIdPattern ? 2 : duration >= 0n ? 1 : 0;
  const ask = async ({ id: node }: { id: number }) => {
    const response = await cluster.send(listTransactionsApi, body, {
      to: { node },
      atLeast,
      call: 'listTransactions(api=LIST_TRANSACTIONS)',
      errorOf: (r) => (r.errorCode === Errors.COORDINATOR_LOAD_IN_PROGRESS ? r.errorCode : 0),
    });
    const { errorCode, transactionStates } = response;
    if (errorCode !== 0) throw listFailure(node, errorCode);
    return transactionStates.map(({ transactionalId, producerId, transactionState }) => {
      return { coordinatorId: node, transactionalId, producerId, state: known(transactionState) };
    });
  };
  return (await Promise.all(brokers.map(ask))).flat();
}

function listFailure(node: number, code: number): KafkaError {
  const stopping = code === Errors.COORDINATOR_NOT_AVAILABLE;
  const why = stopping ? 'because the coordinator is shutting down' : 'with an unexpected exception';
  return new KafkaError(code, `ListTransactions request sent to broker ${node} failed ${why}`);
}

export interface TransactionDescription {
  readonly coordinatorId: number;
  readonly state: string;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly timeoutMs: number;
  /** undefined: no transaction is open */
  readonly startTimeMs: bigint | undefined;
  readonly partitions: readonly TopicPartition[];
}

/** Throws KafkaError; TRANSACTIONAL_ID_NOT_FOUND for an unknown id. */
export async function describeTransaction(cluster: Cluster, transactionalId: string): Promise<TransactionDescription> {
  const call = 'describeTransactions(api=FIND_COORDINATOR)';
  const response = await cluster
    .send(
      describeTransactionsApi,
      { transactionalIds: [transactionalId] },
      { to: { transactionalId }, call, errorOf: (r) => retriableCoordinatorError(r.transactionStates[0]?.errorCode) },
    )
    .catch(coordinatorLookupFailure(transactionalId));
  const [found] = response.transactionStates;
  if (!found) throw new KafkaError(-1, `The answer does not name the transactionalId \`${transactionalId}\``);
  if (found.errorCode !== 0) throw describeFailure(transactionalId, found.errorCode);
  const { id: coordinatorId } = await cluster.coordinator(transactionalId, 'transaction', { call });
  return {
    coordinatorId,
    state: known(found.transactionState),
    producerId: found.producerId,
    producerEpoch: found.producerEpoch,
    timeoutMs: found.transactionTimeoutMs,
    startTimeMs: found.transactionStartTimeMs < 0n ? undefined : found.transactionStartTimeMs,
    partitions: found.topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition }))),
  };
}

/** Rethrows a failed coordinator lookup with the message of Java's admin client. */
const coordinatorLookupFailure =
  (transactionalId: string) =>
  (error: unknown): never => {
    throw coordinatorRefusal(error, transactionalId, 'transaction');
  };

function describeFailure(transactionalId: string, code: number): KafkaError {
  const reasons: Record<number, string> = {
    [Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED]: 'failed due to authorization failure',
    [Errors.TRANSACTIONAL_ID_NOT_FOUND]: 'failed because the ID could not be found',
  };
  const reason = reasons[code] ?? 'failed due to unexpected error';
  return new KafkaError(code, `DescribeTransactions request for transactionalId \`${transactionalId}\` ${reason}`);
}

/** Bumps the producer epoch of the id: fences the current producer and aborts its open transaction. */
export async function fenceProducer(cluster: Cluster, transactionalId: string): Promise<void> {
  const retried = (code: number) => (code === Errors.CONCURRENT_TRANSACTIONS ? code : retriableCoordinatorError(code));
  const { errorCode } = await cluster
    .send(
      initProducerId,
      { transactionalId, transactionTimeoutMs: FENCE_TIMEOUT },
      { to: { transactionalId }, call: 'fenceProducer(api=FIND_COORDINATOR)', errorOf: (r) => retried(r.errorCode) },
    )
    .catch(coordinatorLookupFailure(transactionalId));
  if (errorCode === 0) return;
  const reasons: Record<number, string> = {
    [Errors.CLUSTER_AUTHORIZATION_FAILED]: 'cluster authorization failure',
    [Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED]: 'transactional ID authorization failure',
  };
  const reason = reasons[errorCode] ?? 'unexpected error';
  throw new KafkaError(
    errorCode,
    `InitProducerId request for transactionalId \`${transactionalId}\` failed due to ${reason}`,
  );
}

/** transaction timeout that Java's admin client sends in InitProducerId, ms */
const FENCE_TIMEOUT = 30_000;
