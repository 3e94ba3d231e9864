/** The configs that throttle replication while partitions move. */

import type { Io } from '../../cli/io.js';
import { alterConfigs, Resource } from '../../client/admin/configs.js';
import type { Reassignment } from '../../client/admin/reassignments.js';
import type { Cluster } from '../../client/cluster/types.js';
import { hashOrder } from '../../java/hash-order.js';
import { partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import { numberOrder } from '../shared/partition-order.js';
import { brokerIds } from './current.js';
import type { Assignment } from './plan.js';

const LEADER_RATE = 'leader.replication.throttled.rate';
const FOLLOWER_RATE = 'follower.replication.throttled.rate';
const LOG_DIR_RATE = 'replica.alter.log.dirs.io.max.bytes.per.second';
const LEADERS = 'leader.replication.throttled.replicas';
const FOLLOWERS = 'follower.replication.throttled.replicas';

/** A moving partition: the brokers it moves from, and those it moves to. */
export interface Move extends TopicPartition {
  readonly sources: readonly number[];
  readonly destinations: readonly number[];
}

/** The moves after the plan starts: active ones, plus those of the plan, which replace active moves of the same partitions. */
export function movesOf(
  ongoing: Iterable<Reassignment>,
  proposed: readonly Assignment[],
  current: readonly Assignment[],
): Move[] {
  const moves = new Map<string, Move>();
  for (const { topic, partition, replicas, addingReplicas } of ongoing) {
    const sources = replicas.filter((id) => !addingReplicas.includes(id));
    moves.set(partitionName({ topic, partition }), { topic, partition, sources, destinations: addingReplicas });
  }
  const now = new Map(current.map((entry) => [partitionName(entry), entry.replicas]));
  for (const { topic, partition, replicas } of proposed) {
    const name = partitionName({ topic, partition });
    const sources = moves.get(name)?.sources ?? now.get(name) ?? [];
    const destinations = replicas.filter((id) => !sources.includes(id));
    moves.set(name, { topic, partition, sources, destinations });
  }
  return [...moves.values()];
}

/** The throttled replicas of a topic, as "partition:broker,…". */
function throttled(moves: readonly Move[], brokersOf: (move: Move) => readonly number[]): string {
  const replicas = moves.flatMap((move) => brokersOf(move).map((broker) => `${move.partition}:${broker}`));
  return [...new Set(replicas)].sort().join(',');
}

/** The throttle configs that the moves need, by topic. */
export function topicThrottles(moves: readonly Move[]): Map<string, ReadonlyMap<string, string>> {
  const topics = new Set(moves.map(({ topic }) => topic));
  return new Map(
    [...topics].map((topic) => {
      const own = moves.filter((move) => move.topic === topic);
      const leaders = throttled(own, ({ sources }) => sources);
      const followers = throttled(own, ({ destinations, sources }) =>
        destinations.filter((id) => !sources.includes(id)),
      );
      return [
        topic,
        new Map([
          [LEADERS, leaders],
          [FOLLOWERS, followers],
        ]),
      ];
    }),
  );
}

/** Throttles the moves to `rate` bytes/s on every broker involved. */
export async function throttleMoves(cluster: Cluster, moves: readonly Move[], rate: bigint, io: Io): Promise<void> {
  for (const [topic, set] of topicThrottles(moves))
    await alterConfigs(cluster, Resource.topic, topic, { set, unset: [] });
  const brokers = new Set(moves.flatMap(({ sources, destinations }) => [...sources, ...destinations]));
  await setRates(cluster, brokers, [LEADER_RATE, FOLLOWER_RATE], rate);
  io.stdout.write(`The inter-broker throttle limit was set to ${rate} B/s\n`);
}

export async function throttleLogDirs(
  cluster: Cluster,
  brokers: Iterable<number>,
  rate: bigint,
  io: Io,
): Promise<void> {
  await setRates(cluster, new Set(brokers), [LOG_DIR_RATE], rate);
  io.stdout.write(`The replica-alter-dir throttle limit was set to ${rate} B/s\n`);
}

async function setRates(cluster: Cluster, brokers: ReadonlySet<number>, names: readonly string[], rate: bigint) {
  const set = new Map(names.map((name) => [name, String(rate)]));
  for (const broker of brokers) await alterConfigs(cluster, Resource.broker, String(broker), { set, unset: [] });
}

/** Removes the throttles of all brokers and of the plan's topics: it is not known which brokers were throttled. */
export async function clearThrottles(cluster: Cluster, plan: readonly Assignment[], io: Io): Promise<void> {
  const brokers = numberOrder([...(await brokerIds(cluster)), ...plan.flatMap(({ replicas }) => replicas)]);
  io.stdout.write(`Clearing broker-level throttles on broker${brokers.length === 1 ? '' : 's'} ${brokers.join(',')}\n`);
  await clear(cluster, Resource.broker, brokers.map(String), [LEADER_RATE, FOLLOWER_RATE, LOG_DIR_RATE]);
  const topics = hashOrder([...new Set(plan.map(({ topic }) => topic))]);
  io.stdout.write(`Clearing topic-level throttles on topic${topics.length === 1 ? '' : 's'} ${topics.join(',')}\n`);
  await clear(cluster, Resource.topic, topics, [LEADERS, FOLLOWERS]);
}

async function clear(
  cluster: Cluster,
  type: typeof Resource.broker | typeof Resource.topic,
  names: readonly string[],
  unset: readonly string[],
): Promise<void> {
  for (const name of names) await alterConfigs(cluster, type, name, { set: new Map(), unset });
}
