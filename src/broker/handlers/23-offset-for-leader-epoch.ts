/**
 * The end offset of a leader epoch, with which a consumer detects log truncation. Mirrors
 * Partition.lastOffsetForLeaderEpoch.
 */
import { offsetForLeaderEpoch } from '../../protocol/apis/23-offset-for-leader-epoch.js';
import { Errors } from '../../protocol/errors.js';
import type { RequestOf } from '../../protocol/wire/schema.js';
import type { Broker } from '../api.js';
import { handler } from '../handler.js';
import { endOfEpoch } from '../leader-epochs.js';

type Asked = RequestOf<typeof offsetForLeaderEpoch>['topics'][number]['partitions'][number];

export default handler({
  api: offsetForLeaderEpoch,
  async handle(request, _context, broker) {
    const topics = request.topics.map(async ({ topic, partitions }) => ({
      topic,
      partitions: await Promise.all(partitions.map((p) => endOf(broker, topic, p))),
    }));
    return { topics: await Promise.all(topics) };
  },
});

async function endOf(broker: Broker, topic: string, requested: Asked) {
  const { partition, currentLeaderEpoch } = requested;
  const failed = (errorCode: number) => ({ partition, errorCode });
  const state = broker.metadata.topic(topic)?.partitions[partition];
  const log = await broker.log(topic, partition);
  if (!state || !log) return failed(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  if (currentLeaderEpoch >= 0 && currentLeaderEpoch < state.leaderEpoch) return failed(Errors.FENCED_LEADER_EPOCH);
  if (currentLeaderEpoch > state.leaderEpoch) return failed(Errors.UNKNOWN_LEADER_EPOCH);
  const found = endOfEpoch(log, state.leaderEpoch, requested.leaderEpoch);
  return { partition, errorCode: Errors.NONE, leaderEpoch: found.epoch, endOffset: BigInt(found.endOffset) };
}
