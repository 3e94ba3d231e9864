/** Which rule stands in front of which api. What has none needs the right of a broker: a new api is closed, not open. */
import { Errors, errorText } from '../../../protocol/errors.js';
import { CLUSTER_NAME, Operation, ResourceType } from '../authorizer.js';
import * as of from './groups.js';
import { maskOperations } from './operations.js';
import {
  all,
  allowsCluster,
  amend,
  blank,
  type Call,
  each,
  type Listed,
  type Rule,
  requiredCluster,
  requiredForEach,
} from './rule.js';
import * as topics from './topics.js';

const open: Rule = (_call, request, next) => next(request);

const CLUSTER_DENIED = Errors.CLUSTER_AUTHORIZATION_FAILED;
/** Requests that are the cluster's as a whole, but answer element by element. */
const clusterForEach = (asked: string, answered: string, operation: number): Rule => {
  const refusal = (one: any) => ({ ...one, errorCode: CLUSTER_DENIED, errorMessage: errorText(CLUSTER_DENIED) });
  return requiredForEach({ asked, answered, refusal }, (call) => allowsCluster(call, operation));
};

const configResource =
  (operation: number) =>
  (call: Call, { resourceType, resourceName }: any): number => {
    if (resourceType === 2) {
      return call.allows(operation, ResourceType.TOPIC, resourceName) ? 0 : Errors.TOPIC_AUTHORIZATION_FAILED;
    }
    if (resourceType === 32) {
      return call.allows(operation, ResourceType.GROUP, resourceName) ? 0 : Errors.GROUP_AUTHORIZATION_FAILED;
    }
    return allowsCluster(call, operation) ? 0 : CLUSTER_DENIED;
  };
const configs = (answered: string, operation: number): Rule => {
  const right = configResource(operation);
  const refusal = ({ resourceType, resourceName }: any, call: Call) => {
    const errorCode = right(call, { resourceType, resourceName });
    return { resourceType, resourceName, errorCode, errorMessage: errorText(errorCode) };
  };
  const listed: Listed = { asked: 'resources', answered, refusal };
  return each(listed, (call, resource) => right(call, resource) === 0);
};

const describeCluster: Rule = (call, request, next) =>
  amend(next(request), (body) => ({
    ...body,
    clusterAuthorizedOperations: maskOperations(
      call,
      body.clusterAuthorizedOperations,
      ResourceType.CLUSTER,
      CLUSTER_NAME,
    ),
  }));

/** One right for all; the answer has no error but its partitions'. */
const alterReplicaLogDirs: Rule = (call, request, next) => {
  if (allowsCluster(call, ALTER)) return next(request);
  const topics = (request.dirs as { topics: { name: string; partitions: number[] }[] }[]).flatMap((dir) => dir.topics);
  const refusal = (partitionIndex: number) => ({ partitionIndex, errorCode: CLUSTER_DENIED });
  return blank(call, {
    results: topics.map(({ name, partitions }) => ({ topicName: name, partitions: partitions.map(refusal) })),
  });
};

/** Users are altered in two lists; the answer is by name. */
const alterScram: Rule = (call, request, next) => {
  if (allowsCluster(call, Operation.ALTER)) return next(request);
  const names = [...request.deletions, ...request.upsertions].map((one) => one.name as string);
  const results = [...new Set(names)].map((user) => ({
    user,
    errorCode: CLUSTER_DENIED,
    errorMessage: errorText(CLUSTER_DENIED),
  }));
  return { throttleTimeMs: 0, results };
};

const { DELETE, ALTER, DESCRIBE, CLUSTER_ACTION, DESCRIBE_CONFIGS, ALTER_CONFIGS } = Operation;

const RULES: Readonly<Record<number, Rule>> = {
  0: topics.produce,
  1: topics.fetch,
  2: topics.listOffsets,
  3: topics.metadata,
  8: of.offsetCommit,
  9: of.offsetFetch,
  10: of.findCoordinator,
  11: of.readGroup,
  12: of.readGroup,
  13: of.readGroup,
  14: of.readGroup,
  15: of.groups('groups', 'groups', DESCRIBE),
  16: of.listGroups,
  17: open,
  18: open,
  19: topics.createTopics,
  20: topics.deleteTopics,
  21: topics.deleteRecords,
  22: topics.initProducerId,
  23: topics.offsetForLeaderEpoch,
  24: of.addPartitionsToTxn,
  25: of.addOffsetsToTxn,
  26: of.endTxn,
  28: of.txnOffsetCommit,
  29: requiredCluster(DESCRIBE),
  30: clusterForEach('creations', 'results', ALTER),
  31: clusterForEach('filters', 'filterResults', ALTER),
  32: configs('results', DESCRIBE_CONFIGS),
  33: configs('responses', ALTER_CONFIGS),
  34: alterReplicaLogDirs,
  35: requiredCluster(DESCRIBE),
  36: open,
  37: topics.createPartitions,
  38: open,
  39: open,
  40: open,
  41: open,
  42: of.groups('groupsNames', 'results', DELETE),
  43: requiredCluster(ALTER),
  44: configs('responses', ALTER_CONFIGS),
  45: requiredCluster(ALTER),
  46: requiredCluster(DESCRIBE),
  47: of.offsetDelete,
  48: requiredCluster(DESCRIBE_CONFIGS),
  49: clusterForEach('entries', 'entries', ALTER_CONFIGS),
  50: requiredCluster(DESCRIBE),
  51: alterScram,
  55: requiredCluster(DESCRIBE),
  57: requiredCluster(ALTER),
  60: describeCluster,
  61: topics.describeProducers,
  64: requiredCluster(ALTER),
  65: of.describeTransactions,
  66: of.listTransactions,
  68: of.groupHeartbeat,
  69: of.groups('groupIds', 'groups', DESCRIBE),
  71: open,
  72: open,
  74: requiredCluster(DESCRIBE_CONFIGS),
  75: topics.describeTopicPartitions,
  76: of.groupHeartbeat,
  77: of.groups('groupIds', 'groups', DESCRIBE),
  78: all(of.readGroup, topics.shareRead, topics.fetch),
  79: all(of.readGroup, topics.shareRead),
  88: of.readGroup,
  89: of.groups('groupIds', 'groups', DESCRIBE),
  90: of.describeShareOffsets,
  91: all(of.readGroup, topics.shareRead),
  92: all(of.deleteGroup, topics.shareTopics),
};

const BETWEEN_BROKERS = requiredCluster(CLUSTER_ACTION);

export const ruleOf = (apiKey: number): Rule => RULES[apiKey] ?? BETWEEN_BROKERS;
