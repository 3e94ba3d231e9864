/** Fake brokers over real sockets with one topic, t, that accept produced records as Kafka does (producer-model.ts). */
import { setTimeout as sleep } from 'node:timers/promises';
import { Errors } from '../../src/protocol/errors.js';
import { type Answer, type FakeBroker, fakeBroker } from './fake-broker.js';
import { ModelCluster } from './producer-model.js';

export interface ProducerCluster {
  readonly bootstrap: string;
  /** the produced records, and which nodes are down */
  readonly model: ModelCluster;
  /** Stops a broker; its partitions then have no leader. */
  stop(node: number): Promise<void>;
  close(): Promise<void>;
}

/** Nodes 1 to `nodes`; partition p is led by node 1 + p % nodes. */
export async function producerCluster(nodes: number, partitions: number): Promise<ProducerCluster> {
  const model = Object.assign(new ModelCluster(), { nodes, partitions });
  const brokers = new Map<number, FakeBroker>();
  const metadata: Answer = () => {
    const { name, topicId, partitions: led } = model.topic('t');
    return {
      brokers: [...brokers]
        .filter(([id]) => !model.down.has(id))
        .map(([nodeId, { port }]) => ({ nodeId, host: 'localhost', port, rack: null })),
      clusterId: 'c',
      controllerId: 1,
      topics: [{ errorCode: 0, name, topicId, isInternal: false, partitions: led.map(partitionOf) }],
    };
  };
  const produce: Answer = ({ body }) => {
    const [topic] = body.topicData as { partitionData: { index: number; records: Buffer }[] }[];
    const partitionResponses = topic!.partitionData.map(({ index, records }) => {
      const errorCode = model.append(Buffer.from(records), index);
      return { index, errorCode, baseOffset: 0n, errorMessage: null, recordErrors: [] };
    });
    return { responses: [{ name: 't', topicId: model.topic('t').topicId, partitionResponses }] };
  };
  const initProducerId = () => ({ errorCode: 0, producerId: 7n, producerEpoch: 0 });
  const answers = { Metadata: metadata, InitProducerId: initProducerId, Produce: produce };
  for (let node = 1; node <= nodes; node++) brokers.set(node, await fakeBroker({ answers }));
  return {
    bootstrap: [...brokers.values()].map(({ port }) => `localhost:${port}`).join(','),
    model,
    stop: async (node) => {
      model.down.add(node);
      // a record that was appended is acknowledged before its connection closes: otherwise it would count as lost, too
      await sleep(50);
      await brokers.get(node)!.close();
    },
    close: async () => {
      for (const broker of brokers.values()) await broker.close();
    },
  };
}

function partitionOf({ partition, leader, replicas, isr }: ReturnType<ModelCluster['topic']>['partitions'][number]) {
  return {
    errorCode: leader < 0 ? Errors.LEADER_NOT_AVAILABLE : Errors.NONE,
    partitionIndex: partition,
    leaderId: leader,
    replicaNodes: replicas,
    isrNodes: isr,
    offlineReplicas: [],
  };
}
