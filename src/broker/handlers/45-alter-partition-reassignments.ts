/**
 * A single node cannot move replicas: a request is validated with Kafka's messages, and a valid one asks for the
 * current assignment. Mirrors ReplicationControlManager.alterPartitionReassignments.
 */
import { alterPartitionReassignments } from '../../protocol/apis/45-alter-partition-reassignments.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { Broker } from '../api.js';
import { handler } from '../handler.js';
import { checkManualAssignment, failure } from '../topics.js';

export default handler({
  api: alterPartitionReassignments,
  handle(request, _context, broker) {
    const allowChange = request.allowReplicationFactorChange;
    return {
      throttleTimeMs: 0,
      allowReplicationFactorChange: allowChange,
      errorCode: Errors.NONE,
      errorMessage: null,
      responses: request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, replicas }) => {
          try {
            checkReassignment(broker, name, partitionIndex, replicas, allowChange);
            return { partitionIndex, errorCode: Errors.NONE, errorMessage: null };
          } catch (error) {
            const refusal = failure(error);
            // Kafka sends no message if there is nothing to cancel
            const silent = refusal.errorCode === Errors.NO_REASSIGNMENT_IN_PROGRESS;
            return { partitionIndex, ...refusal, ...(silent ? { errorMessage: null } : {}) };
          }
        }),
      })),
    };
  },
});

function checkReassignment(
  broker: Broker,
  name: string,
  index: number,
  replicas: readonly number[] | null,
  allowChange: boolean,
): void {
  const unknown = (what: string) => new KafkaError(Errors.UNKNOWN_TOPIC_OR_PARTITION, `Unable to find ${what}.`);
  const topic = broker.metadata.topic(name);
  if (!topic) throw unknown(`a topic named ${name}`);
  const partition = topic.partitions[index];
  if (!partition) throw unknown(`partition ${name}:${index}`);
  if (replicas === null) throw new KafkaError(Errors.NO_REASSIGNMENT_IN_PROGRESS);
  checkManualAssignment(broker, replicas);
  const now = partition.replicas.length;
  if (!allowChange && now !== replicas.length) {
    throw new KafkaError(
      Errors.INVALID_REPLICATION_FACTOR,
      `The replication factor is changed from ${now} to ${replicas.length}`,
    );
  }
}
