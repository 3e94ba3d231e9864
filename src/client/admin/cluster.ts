/** The cluster itself: its id and nodes. Mirrors Admin.describeCluster, unregisterBroker and unregisterController. */
import { describeCluster as describeClusterApi } from '../../protocol/apis/60-describe-cluster.js';
import { unregisterBroker as unregisterBrokerApi } from '../../protocol/apis/64-unregister-broker.js';
import { unregisterController as unregisterControllerApi } from '../../protocol/apis/94-unregister-controller.js';
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
  readonly includeFencedBrokers?: boolean;
}

/** Falls back to Metadata on brokers older than 2.8, which do not support DescribeCluster. */
export async function describeCluster(
  cluster: Cluster,
  { includeFencedBrokers = false }: DescribeClusterOptions = {},
): Promise<ClusterDescription> {
  const controllers = cluster.atControllers;
  try {
    const response = await cluster.send(
      describeClusterApi,
      { includeClusterAuthorizedOperations: false, endpointType: controllers ? 2 : 1, includeFencedBrokers },
      { atLeast: includeFencedBrokers ? 2 : controllers ? 1 : 0, controllers: true, call: 'listNodes' },
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

/** Throws KafkaError; UNSUPPORTED_VERSION when the cluster is too old. */
export async function unregisterBroker(cluster: Cluster, brokerId: number): Promise<void> {
  const options = { call: 'unregisterBroker', controllers: true, errorOf: retriableOnly } as const;
  const { errorCode, errorMessage } = await cluster.send(unregisterBrokerApi, { brokerId }, options);
  check(errorCode, errorMessage);
}

/** Throws KafkaError; UNSUPPORTED_VERSION when the cluster is older than 4.4. */
export async function unregisterController(cluster: Cluster, controllerId: number): Promise<void> {
  const options = { call: 'unregisterController', controllers: true, errorOf: retriableOnly } as const;
  const { errorCode, errorMessage } = await cluster.send(unregisterControllerApi, { controllerId }, options);
  check(errorCode, errorMessage);
}

/** Only retriable errors go to the retry loop; the caller reports any other together with its message. */
function retriableOnly({ errorCode }: { readonly errorCode: number }): number {
  return new KafkaError(errorCode).retriable ? errorCode : 0;
}
