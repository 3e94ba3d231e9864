/** The KRaft quorum. Mirrors Admin.describeMetadataQuorum, addRaftVoter and removeRaftVoter (KIP-836, KIP-853). */
import { describeQuorum as describeQuorumApi } from '../../protocol/apis/55-describe-quorum.js';
import { addRaftVoter as addRaftVoterApi } from '../../protocol/apis/80-add-raft-voter.js';
import { removeRaftVoter as removeRaftVoterApi } from '../../protocol/apis/81-remove-raft-voter.js';
import { check, KafkaError } from '../../protocol/errors.js';
import type { ResponseOf } from '../../protocol/wire/schema.js';
import type { Cluster } from '../cluster/types.js';

const TOPIC = '__cluster_metadata';

export interface RaftEndpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

export type ReplicaState = ResponseOf<
  typeof describeQuorumApi
>['topics'][number]['partitions'][number]['observers'][number];

export interface QuorumInfo {
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly highWatermark: bigint;
  readonly voters: readonly ReplicaState[];
  readonly observers: readonly ReplicaState[];
  /** listeners of the nodes by id; empty from clusters older than 3.9 */
  readonly endpoints: ReadonlyMap<number, readonly RaftEndpoint[]>;
}

/** Describes the quorum of __cluster_metadata. Throws KafkaError. */
export async function describeQuorum(cluster: Cluster): Promise<QuorumInfo> {
  const topics = [{ topicName: TOPIC, partitions: [{ partitionIndex: 0 }] }];
  const response = await cluster.send(
    describeQuorumApi,
    { topics },
    { call: 'describeMetadataQuorum', controllers: true },
  );
  check(response.errorCode, response.errorMessage);
  const partition = response.topics[0]?.partitions[0];
  if (!partition) throw new KafkaError(-1, `The answer names no partition of ${TOPIC}`);
  check(partition.errorCode, partition.errorMessage);
  const { leaderId, leaderEpoch, highWatermark, currentVoters: voters, observers } = partition;
  const endpoints = new Map((response.nodes ?? []).map(({ nodeId, listeners }) => [nodeId, listeners]));
  return { leaderId, leaderEpoch, highWatermark, voters, observers, endpoints };
}

/** A voter's id and directory id. */
export interface Voter {
  readonly id: number;
  readonly directoryId: string;
}

/** Adds a controller to the voters. Throws KafkaError. */
export async function addRaftVoter(
  cluster: Cluster,
  { id, directoryId }: Voter,
  endpoints: readonly RaftEndpoint[],
): Promise<void> {
  const call = 'addRaftVoter';
  const timeoutMs = cluster.deadline(call).left;
  const listeners = endpoints.map(({ name, host, port }) => ({ name, host, port }));
  const response = await cluster.send(
    addRaftVoterApi,
    { clusterId: null, timeoutMs, voterId: id, voterDirectoryId: directoryId, listeners },
    { to: 'controller', controllers: true, call },
  );
  check(response.errorCode, response.errorMessage);
}

/** Removes a controller from the voters. Throws KafkaError. */
export async function removeRaftVoter(cluster: Cluster, { id, directoryId }: Voter): Promise<void> {
  const response = await cluster.send(
    removeRaftVoterApi,
    { clusterId: null, voterId: id, voterDirectoryId: directoryId },
    { to: 'controller', controllers: true, call: 'removeRaftVoter' },
  );
  check(response.errorCode, response.errorMessage);
}
