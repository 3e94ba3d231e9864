/** Moves replicas between log directories, of which this broker has one. Mirrors ReplicaManager.alterReplicaLogDirs. */
import { resolve } from 'node:path';
import { alterReplicaLogDirs } from '../../protocol/apis/34-alter-replica-log-dirs.js';
import { Errors } from '../../protocol/errors.js';
import type { Broker } from '../api.js';
import { handler } from '../handler.js';

export default handler({
  api: alterReplicaLogDirs,
  handle({ dirs }, _context, broker) {
    const byTopic = new Map<string, { partitionIndex: number; errorCode: number }[]>();
    for (const { path, topics } of dirs) {
      for (const { name, partitions } of topics) {
        const answers = partitions.map((index) => ({
          partitionIndex: index,
          errorCode: move(broker, path, name, index),
        }));
        byTopic.set(name, [...(byTopic.get(name) ?? []), ...answers]);
      }
    }
    return { throttleTimeMs: 0, results: [...byTopic].map(([topicName, partitions]) => ({ topicName, partitions })) };
  },
});

/** Succeeds if the replica already is in the target directory. */
function move(broker: Broker, path: string, topic: string, partition: number): number {
  if (path !== resolve(broker.logDir)) return Errors.LOG_DIR_NOT_FOUND;
  return broker.metadata.topic(topic)?.partitions[partition] ? Errors.NONE : Errors.UNKNOWN_TOPIC_OR_PARTITION;
}
