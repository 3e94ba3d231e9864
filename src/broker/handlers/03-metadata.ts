/**
 * Topics, partitions and this broker. Mirrors KafkaApis.handleTopicMetadataRequest. A topic created by this request is
 * included in the response, whereas Kafka answers UNKNOWN_TOPIC_OR_PARTITION and lets the client retry.
 */

import { invalidTopicName, isInternal } from '../../kafka/topic-names.js';
import { metadata } from '../../protocol/apis/03-metadata.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { type ResponseInput, ZERO_UUID } from '../../protocol/wire/schema.js';
import type { Broker, TopicState } from '../api.js';
import { CLUSTER_OPERATIONS, TOPIC_OPERATIONS } from '../authorized-operations.js';
import { handler } from '../handler.js';

type Topic = ResponseInput<typeof metadata>['topics'][number];

export default handler({
  api: metadata,
  async handle(request, { apiVersion, listener }, broker) {
    const all = request.topics === null || (apiVersion === 0 && request.topics.length === 0);
    const requested = request.topics ?? [];
    const topics: Topic[] = [];
    if (all) {
      for (const topic of broker.metadata.topics()) topics.push(describe(topic, broker));
    } else if (apiVersion < 12 && requested.some((t) => t.name === null || t.topicId !== ZERO_UUID)) {
      return { ...frame(broker, listener), topics: requested.map((t) => unknown(t.name, Errors.INVALID_REQUEST)) };
    } else if (requested.some((t) => t.topicId !== ZERO_UUID)) {
      for (const id of new Set(requested.map((t) => t.topicId))) {
        const topic = broker.metadata.topicById(id);
        if (topic) topics.push(describe(topic, broker));
        else if (id !== ZERO_UUID) topics.push({ ...unknown(null, Errors.UNKNOWN_TOPIC_ID), topicId: id });
      }
    } else {
      const create = request.allowAutoTopicCreation && broker.setting('auto.create.topics.enable') === true;
      for (const name of new Set(requested.map((t) => t.name as string))) {
        topics.push(await named(name, create, broker));
      }
    }
    if (request.includeTopicAuthorizedOperations) {
      topics.forEach((t, i) => {
        // no authorized operations for an unknown topic id
        if (t.name !== null) topics[i] = { ...t, topicAuthorizedOperations: TOPIC_OPERATIONS };
      });
    }
    return {
      ...frame(broker, listener),
      topics,
      ...(request.includeClusterAuthorizedOperations ? { clusterAuthorizedOperations: CLUSTER_OPERATIONS } : {}),
    };
  },
});

function frame(broker: Broker, listener: string) {
  const endpoint = broker.endpoints.find((e) => e.listener === listener);
  const rack = broker.setting('broker.rack') as string;
  return {
    brokers: endpoint
      ? [{ nodeId: broker.nodeId, host: endpoint.host, port: endpoint.port, rack: rack === '' ? null : rack }]
      : [],
    clusterId: broker.clusterId,
    controllerId: broker.nodeId,
  };
}

async function named(name: string, create: boolean, broker: Broker): Promise<Topic> {
  const topic = broker.metadata.topic(name);
  if (topic) return describe(topic, broker);
  if (invalidTopicName(name) !== null) return unknown(name, Errors.INVALID_TOPIC_EXCEPTION);
  if (!create) return unknown(name, Errors.UNKNOWN_TOPIC_OR_PARTITION);
  try {
    return describe(await broker.ensureTopic(name), broker);
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    // a name that collides with another topic's is invalid for good; after any other error the client may retry
    const code = error.code === Errors.INVALID_TOPIC_EXCEPTION ? error.code : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    return unknown(name, code);
  }
}

const unknown = (name: string | null, errorCode: number): Topic => ({
  errorCode,
  name,
  isInternal: name !== null && isInternal(name),
  partitions: [],
});

const describe = (topic: TopicState, broker: Broker): Topic => ({
  errorCode: Errors.NONE,
  name: topic.name,
  topicId: topic.id,
  isInternal: isInternal(topic.name),
  partitions: topic.partitions.map((p) => ({
    errorCode: Errors.NONE,
    partitionIndex: p.index,
    leaderId: broker.nodeId,
    leaderEpoch: p.leaderEpoch,
    replicaNodes: p.replicas,
    isrNodes: p.isr,
    offlineReplicas: p.replicas.filter((id) => id !== broker.nodeId),
  })),
});
