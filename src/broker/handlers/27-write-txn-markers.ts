/**
 * Writes markers that were not decided by this broker's coordinator: `kafka-transactions abort`. Mirrors
 * KafkaApis.handleWriteTxnMarkersRequest.
 */
import { writeTxnMarkers } from '../../protocol/apis/27-write-txn-markers.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { groupCoordinator } from '../groups/coordinator.js';
import { handler } from '../handler.js';
import { writeMarker } from '../txns/markers.js';

const codeOf = (error: unknown): number => (error instanceof KafkaError ? error.code : Errors.UNKNOWN_SERVER_ERROR);

export default handler({
  api: writeTxnMarkers,
  async handle(request, _context, broker) {
    const groups = broker.component(groupCoordinator);
    const markers = request.markers.map(async ({ producerId, producerEpoch, transactionResult, topics, ...m }) => {
      const marker = { producerId, producerEpoch, commit: transactionResult, coordinatorEpoch: m.coordinatorEpoch };
      const writeOne = async (topic: string, partitionIndex: number) => {
        const written = writeMarker(broker, groups, topic, partitionIndex, marker);
        return { partitionIndex, errorCode: await written.then(() => Errors.NONE, codeOf) };
      };
      const marked = topics.map(async ({ name, partitionIndexes }) => ({
        name,
        partitions: await Promise.all(partitionIndexes.map((p) => writeOne(name, p))),
      }));
      return { producerId, topics: await Promise.all(marked) };
    });
    return { markers: await Promise.all(markers) };
  },
});
