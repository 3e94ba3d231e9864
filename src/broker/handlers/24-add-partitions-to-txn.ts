/** Adds partitions to a transaction. Mirrors KafkaApis.handleAddPartitionsToTxnRequest. */
import { addPartitionsToTxn } from '../../protocol/apis/24-add-partitions-to-txn.js';
import { Errors } from '../../protocol/errors.js';
import type { RequestOf } from '../../protocol/wire/schema.js';
import type { Broker } from '../api.js';
import { handler } from '../handler.js';
import { transactionCoordinator } from '../txns/coordinator.js';

type Transaction = RequestOf<typeof addPartitionsToTxn>['transactions'][number];

/** From this version on a request can contain several transactions; its clients use transaction version 2. */
const BATCH_VERSION = 4;
/** Older clients know only INVALID_PRODUCER_EPOCH. */
const FENCED_VERSION = 2;

export default handler({
  api: addPartitionsToTxn,
  async handle(request, { apiVersion }, broker) {
    const batch = apiVersion >= BATCH_VERSION;
    const requested: Transaction[] = batch
      ? request.transactions
      : [
          {
            transactionalId: request.v3AndBelowTransactionalId,
            producerId: request.v3AndBelowProducerId,
            producerEpoch: request.v3AndBelowProducerEpoch,
            verifyOnly: false,
            topics: request.v3AndBelowTopics,
          },
        ];
    const results = await Promise.all(requested.map((txn) => addTo(txn, apiVersion, broker)));
    if (batch) return { throttleTimeMs: 0, resultsByTransaction: results };
    return { throttleTimeMs: 0, resultsByTopicV3AndBelow: results[0]?.topicResults ?? [] };
  },
});

async function addTo(txn: Transaction, apiVersion: number, broker: Broker) {
  const txns = broker.component(transactionCoordinator);
  const partitions = txn.topics.flatMap((t) => t.partitions.map((p): [string, number] => [t.name, p]));
  const exists = ([topic, partition]: [string, number]): boolean =>
    broker.metadata.topic(topic)?.partitions[partition] !== undefined;
  const answer = (code: (topic: string, partition: number) => number) => ({
    transactionalId: txn.transactionalId,
    topicResults: txn.topics.map((t) => ({
      name: t.name,
      resultsByPartition: t.partitions.map((p) => ({ partitionIndex: p, partitionErrorCode: code(t.name, p) })),
    })),
  });
  if (!partitions.every(exists)) {
    return answer((topic, partition) =>
      exists([topic, partition]) ? Errors.OPERATION_NOT_ATTEMPTED : Errors.UNKNOWN_TOPIC_OR_PARTITION,
    );
  }
  if (txn.verifyOnly) return answer((t, p) => txns.verifyPartition(txn.transactionalId, txn, t, p));
  const clientVersion = apiVersion >= BATCH_VERSION ? 2 : 0;
  const code = await txns.addPartitions(txn.transactionalId, txn, partitions, clientVersion);
  const old = apiVersion < FENCED_VERSION && code === Errors.PRODUCER_FENCED;
  return answer(() => (old ? Errors.INVALID_PRODUCER_EPOCH : code));
}
