/** Describes topics in pages, with eligible leader replicas. Mirrors DescribeTopicPartitionsRequestHandler. */

import { invalidTopicName, isInternal } from '../../kafka/topic-names.js';
import { describeTopicPartitions } from '../../protocol/apis/75-describe-topic-partitions.js';
import { Errors } from '../../protocol/errors.js';
import { type RequestOf, type ResponseInput, ZERO_UUID } from '../../protocol/wire/schema.js';
import type { Broker, PartitionState } from '../api.js';
import { TOPIC_OPERATIONS } from '../authorized-operations.js';
import { handler } from '../handler.js';
import { Operation, ResourceType } from '../security/authorizer.js';
import { split } from '../security/rules/rule.js';

/** the value if authorized operations are not included */
const NO_OPERATIONS = -2147483648;

type Response = ResponseInput<typeof describeTopicPartitions>;
type Topic = Response['topics'][number];

export default handler({
  api: describeTopicPartitions,
  handle(request, { allows }, broker) {
    const all = request.topics.length === 0;
    const { cursor } = request;
    const given = all ? [...broker.metadata.topics()].map((t) => t.name) : request.topics.map((t) => t.name);
    const names = [...new Set(given)].filter((name) => name >= (cursor?.topicName ?? '')).sort();
    if (cursor && ((!all && !names.includes(cursor.topicName)) || cursor.partitionIndex < 0)) {
      return { topics: request.topics.map(({ name }) => failed(name, Errors.INVALID_REQUEST)) };
    }
    const limit = Number(broker.setting('max.request.partition.size.limit'));
    // filter before paging, so that unauthorized topics take no space in a page and never appear in a cursor
    const { allowed, refused } = split(names, (name) => allows(Operation.DESCRIBE, ResourceType.TOPIC, name));
    const response = page(allowed, cursor, Math.max(Math.min(limit, request.responsePartitionLimit), 1), all, broker);
    if (all || refused.length === 0) return response;
    const refusals = refused.map((name) => ({
      ...failed(name, Errors.TOPIC_AUTHORIZATION_FAILED),
      topicAuthorizedOperations: NO_OPERATIONS,
    }));
    return { ...response, topics: [...response.topics, ...refusals] };
  },
});

function page(
  names: readonly string[],
  cursor: RequestOf<typeof describeTopicPartitions>['cursor'],
  limit: number,
  all: boolean,
  broker: Broker,
): Response {
  const topics: Topic[] = [];
  let left = limit;
  for (const name of names) {
    if (left === 0) return { topics, nextCursor: { topicName: name, partitionIndex: 0 } };
    const topic = broker.metadata.topic(name);
    if (!topic) {
      const invalid = invalidTopicName(name) !== null;
      if (!all) topics.push(failed(name, invalid ? Errors.INVALID_TOPIC_EXCEPTION : Errors.UNKNOWN_TOPIC_OR_PARTITION));
      continue;
    }
    const first = name === cursor?.topicName ? cursor.partitionIndex : 0;
    const shown = topic.partitions.slice(first, first + left);
    topics.push({
      errorCode: Errors.NONE,
      name,
      topicId: topic.id,
      isInternal: isInternal(name),
      partitions: shown.map((p) => describe(p, broker)),
      topicAuthorizedOperations: TOPIC_OPERATIONS,
    });
    const next = first + shown.length;
    if (next < topic.partitions.length) return { topics, nextCursor: { topicName: name, partitionIndex: next } };
    left -= shown.length;
  }
  return { topics };
}

const failed = (name: string, errorCode: number): Topic => ({
  errorCode,
  name,
  topicId: ZERO_UUID,
  isInternal: isInternal(name),
  partitions: [],
  topicAuthorizedOperations: TOPIC_OPERATIONS,
});

const describe = (p: PartitionState, broker: Broker): Topic['partitions'][number] => ({
  errorCode: Errors.NONE,
  partitionIndex: p.index,
  leaderId: broker.nodeId,
  leaderEpoch: p.leaderEpoch,
  replicaNodes: p.replicas,
  isrNodes: p.isr,
  eligibleLeaderReplicas: p.elr,
  lastKnownElr: p.lastKnownElr,
  offlineReplicas: p.replicas.filter((id) => id !== broker.nodeId),
});
