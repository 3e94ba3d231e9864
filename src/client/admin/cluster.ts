/** The cluster itself: its id and nodes. Mirrors Admin.describeCluster and unregisterBroker. */
import { describeCluster as describeClusterApi } from '../../protocol/apis/60-describe-cluster.js';
import { unregisterBroker as unregisterBrokerApi } from '../../protocol/apis/64-unregister-broker.js';
import { check, Errors, KafkaError } from '../../protocol/errors.js';
import type { Cluster, Node } from '../cluster/types.js';

export interface ClusterNode extends Node {
  readonly isFenced: boolean;
}

export interface ClusterDescription {
  readonly clusterId: string | null;
  readonly nodes: readonly ClusterNode[];
}

export interface DescribeClusterOptions {
  /** the cluster was opened with `controllers`: its controllers instead of its brokers (KIP-919) */
  readonly controllers?: boolean;
  readonly includeFencedBrokers?: boolean;
}

/** Brokers below 2.8 do not know DescribeCluster and are asked for metadata instead. */
export async function describeCluster(
  cluster: Cluster,
  { controllers = false, includeFencedBrokers = false }: DescribeClusterOptions = {},
): Promise<ClusterDescription> {
  try {
    const response = await cluster.send(
      describeClusterApi,
      { includeClusterAuthorizedOperations: false, endpointType: controllers ? 2 : 1, includeFencedBrokers },
      { atLeast: includeFencedBrokers ? 2 : controllers ? 1 : 0, call: 'listNodes' },
    );
    check(response.errorCode, response.errorMessage);
    const nodes = response.brokers.map(({ brokerId: id, host, port, rack, isFenced }) => {
      return { id, host, port, rack, isFenced };
    });
    return { clusterId: response.clusterId, nodes };
  } catch (error) {
    const old = error instanceof KafkaError && error.code === Errors.UNSUPPORTED_VERSION;
    if (!old || controllers || includeFencedBrokers) throw error;
  }
  const { clusterId, brokers } = await cluster.metadata([], { call: 'listNodes' });
  return { clusterId, nodes: brokers.map((node) => ({ ...node, isFenced: false })) };
}

/** Throws KafkaError, UNSUPPORTED_VERSION where the cluster is too old. */
export async function unregisterBroker(cluster: Cluster, brokerId: number): Promise<void> {
  const errorOf = (response: { errorCode: number }) => {
    const retriable = new KafkaError(response.errorCode).retriable;
    return retriable ? response.errorCode : 0;
  };
  const { errorCode, errorMessage } = await cluster.send(
    unregisterBrokerApi,
    { brokerId },
    { call: 'unregisterBroker', errorOf },
  );
  check(errorCode, errorMessage);
}
