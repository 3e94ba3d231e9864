/** `metadata-quorum describe`. */
import { CommandError } from '../../cli/errors.js';
import { describeCluster } from '../../client/admin/cluster.js';
import { describeQuorum, type QuorumInfo, type ReplicaState } from '../../client/admin/quorum.js';
import type { Cluster } from '../../client/cluster/types.js';
import { ZERO_UUID } from '../../protocol/wire/schema.js';
import { prettyTable } from '../shared/table.js';
import { endpointText } from './endpoints.js';

const HEADERS = [
  ...['NodeId', 'DirectoryId', 'LogEndOffset', 'Lag'],
  ...['LastFetchTimestamp', 'LastCaughtUpTimestamp', 'Status'],
];

export async function replication(cluster: Cluster, human: boolean): Promise<string[]> {
  const quorum = await describeQuorum(cluster);
  const leader = leaderOf(quorum);
  const rows = (replicas: readonly ReplicaState[], role: string) =>
    replicas.map((replica) => [
      String(replica.replicaId),
      replica.replicaDirectoryId,
      String(replica.logEndOffset),
      String(leader.logEndOffset - replica.logEndOffset),
      time(replica.lastFetchTimestamp, 'last fetch', human),
      time(replica.lastCaughtUpTimestamp, 'last caught up', human),
      role,
    ]);
  const followers = quorum.voters.filter(({ replicaId }) => replicaId !== quorum.leaderId);
  return prettyTable(HEADERS, [
    ...rows([leader], 'Leader'),
    ...rows(followers, 'Follower'),
    ...rows(quorum.observers, 'Observer'),
  ]);
}

function leaderOf({ voters, leaderId }: QuorumInfo): ReplicaState {
  const leader = voters.find(({ replicaId }) => replicaId === leaderId);
  // the message of Java's Optional.get() when empty
  if (!leader) throw new CommandError('No value present');
  return leader;
}

function time(timestamp: bigint, what: string, human: boolean): string {
  if (timestamp < 0n || !human) return String(timestamp);
  const now = BigInt(Date.now());
  if (timestamp > 0n && timestamp <= now) return `${now - timestamp} ms ago`;
  throw new CommandError(
    'Error while computing relative time, possible drift in system clock.\n' +
      `Current timestamp is ${now}, ${what} timestamp is ${timestamp}`,
  );
}

export async function status(cluster: Cluster): Promise<string[]> {
  const { clusterId } = await describeCluster(cluster);
  const quorum = await describeQuorum(cluster);
  const leader = leaderOf(quorum);
  const furthestBehind = quorum.voters.reduce((a, b) => (b.logEndOffset < a.logEndOffset ? b : a));
  return [
    `ClusterId:              ${clusterId}`,
    `LeaderId:               ${quorum.leaderId}`,
    `LeaderEpoch:            ${quorum.leaderEpoch}`,
    `HighWatermark:          ${quorum.highWatermark}`,
    `MaxFollowerLag:         ${leader.logEndOffset - furthestBehind.logEndOffset}`,
    `MaxFollowerLagTimeMs:   ${lagTime(leader, furthestBehind)}`,
    `CurrentVoters:          ${replicasText(quorum, quorum.voters)}`,
    `CurrentObservers:       ${replicasText(quorum, quorum.observers)}`,
  ];
}

function lagTime(leader: ReplicaState, follower: ReplicaState): bigint {
  if (leader === follower) return 0n;
  const known = leader.lastCaughtUpTimestamp >= 0n && follower.lastCaughtUpTimestamp >= 0n;
  return known ? leader.lastCaughtUpTimestamp - follower.lastCaughtUpTimestamp : -1n;
}

function replicasText({ endpoints }: QuorumInfo, replicas: readonly ReplicaState[]): string {
  const texts = replicas.map(({ replicaId, replicaDirectoryId }) => {
    const listeners = (endpoints.get(replicaId) ?? []).map((endpoint) => `"${endpointText(endpoint)}"`);
    const parts = [
      `"id": ${replicaId}`,
      ...(replicaDirectoryId === ZERO_UUID ? [] : [`"directoryId": "${replicaDirectoryId}"`]),
      ...(listeners.length === 0 ? [] : [`"endpoints": [${listeners.join(', ')}]`]),
    ];
    return `{${parts.join(', ')}}`;
  });
  return `[${texts.join(', ')}]`;
}
