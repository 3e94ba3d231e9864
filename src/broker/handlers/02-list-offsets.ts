/**
 * Offsets by timestamp, including the special negative timestamps. Mirrors ReplicaManager.fetchOffset and
 * UnifiedLog.fetchOffsetByTimestamp.
 */

import { listOffsets } from '../../protocol/apis/02-list-offsets.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { RequestOf, ResponseInput } from '../../protocol/wire/schema.js';
import type { Broker } from '../api.js';
import { handler } from '../handler.js';
import { epochAt } from '../leader-epochs.js';

type Asked = RequestOf<typeof listOffsets>['topics'][number]['partitions'][number];
type Answer = ResponseInput<typeof listOffsets>['topics'][number]['partitions'][number];

const LATEST = -1;
const EARLIEST = -2;
const MAX_TIMESTAMP = -3;
const EARLIEST_LOCAL = -4;
const LATEST_TIERED = -5;
const EARLIEST_PENDING_UPLOAD = -6;
/** the version that introduced each special timestamp */
const SINCE = new Map([
  [LATEST, 0],
  [EARLIEST, 0],
  [MAX_TIMESTAMP, 7],
  [EARLIEST_LOCAL, 8],
  [LATEST_TIERED, 9],
  [EARLIEST_PENDING_UPLOAD, 11],
]);
const READ_COMMITTED = 1;

export default handler({
  api: listOffsets,
  async handle(request, { apiVersion }, broker) {
    const seen = new Set<string>();
    const repeated = new Set<string>();
    for (const t of request.topics) {
      for (const p of t.partitions) {
        const key = `${t.name}/${p.partitionIndex}`;
        if (seen.has(key)) repeated.add(key);
        seen.add(key);
      }
    }
    const one = async (topic: string, p: Asked): Promise<Answer> => {
      const { partitionIndex } = p;
      if (repeated.has(`${topic}/${partitionIndex}`)) return { partitionIndex, errorCode: Errors.INVALID_REQUEST };
      const timestamp = Number(p.timestamp);
      if (timestamp < 0 && apiVersion < (SINCE.get(timestamp) ?? Number.POSITIVE_INFINITY)) {
        return { partitionIndex, errorCode: Errors.UNSUPPORTED_VERSION };
      }
      try {
        return { partitionIndex, errorCode: Errors.NONE, ...(await find(topic, p, request.isolationLevel, broker)) };
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        return { partitionIndex, errorCode: error.code };
      }
    };
    return {
      topics: await Promise.all(
        request.topics.map(async ({ name, partitions }) => ({
          name,
          partitions: await Promise.all(partitions.map((p) => one(name, p))),
        })),
      ),
    };
  },
});

type Found = Pick<Answer, 'timestamp' | 'offset' | 'leaderEpoch'>;

async function find(topic: string, p: Asked, isolation: number, broker: Broker): Promise<Found> {
  const state = broker.metadata.topic(topic)?.partitions[p.partitionIndex];
  if (!state) throw new KafkaError(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  if (p.currentLeaderEpoch >= 0) {
    if (p.currentLeaderEpoch < state.leaderEpoch) throw new KafkaError(Errors.FENCED_LEADER_EPOCH);
    if (p.currentLeaderEpoch > state.leaderEpoch) throw new KafkaError(Errors.UNKNOWN_LEADER_EPOCH);
  }
  const log = await broker.log(topic, p.partitionIndex);
  if (!log) throw new KafkaError(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  const fetchable = isolation === READ_COMMITTED ? log.lastStableOffset : log.logEndOffset;
  const timestamp = Number(p.timestamp);
  switch (timestamp) {
    case LATEST:
      return { offset: BigInt(fetchable), leaderEpoch: state.leaderEpoch };
    case EARLIEST:
    case EARLIEST_LOCAL:
      return { offset: BigInt(log.logStartOffset), leaderEpoch: epochAt(log, state.leaderEpoch, log.logStartOffset) };
    case LATEST_TIERED:
    case EARLIEST_PENDING_UPLOAD:
      return {};
    default: {
      const found = await (timestamp === MAX_TIMESTAMP ? log.maxTimestamp() : log.offsetForTime(timestamp));
      // an offset that cannot be fetched yet counts as not found
      if (found.offset < 0 || found.offset >= fetchable) return {};
      const leaderEpoch = epochAt(log, state.leaderEpoch, found.offset);
      return { offset: BigInt(found.offset), timestamp: BigInt(found.timestamp), leaderEpoch };
    }
  }
}
