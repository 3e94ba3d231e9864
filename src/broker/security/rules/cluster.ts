/** Authorization of requests that concern the whole cluster. */
import { describeAcls } from '../../../protocol/apis/29-describe-acls.js';
import { createAcls } from '../../../protocol/apis/30-create-acls.js';
import { deleteAcls } from '../../../protocol/apis/31-delete-acls.js';
import { alterReplicaLogDirs } from '../../../protocol/apis/34-alter-replica-log-dirs.js';
import { describeLogDirs } from '../../../protocol/apis/35-describe-log-dirs.js';
import { electLeaders } from '../../../protocol/apis/43-elect-leaders.js';
import { alterPartitionReassignments } from '../../../protocol/apis/45-alter-partition-reassignments.js';
import { listPartitionReassignments } from '../../../protocol/apis/46-list-partition-reassignments.js';
import { describeClientQuotas } from '../../../protocol/apis/48-describe-client-quotas.js';
import { alterClientQuotas } from '../../../protocol/apis/49-alter-client-quotas.js';
import { describeUserScramCredentials } from '../../../protocol/apis/50-describe-user-scram-credentials.js';
import { alterUserScramCredentials } from '../../../protocol/apis/51-alter-user-scram-credentials.js';
import { describeQuorum } from '../../../protocol/apis/55-describe-quorum.js';
import { updateFeatures } from '../../../protocol/apis/57-update-features.js';
import { describeCluster } from '../../../protocol/apis/60-describe-cluster.js';
import { unregisterBroker } from '../../../protocol/apis/64-unregister-broker.js';
import { errorText } from '../../../protocol/errors.js';
import { Operation } from '../authorizer.js';
import { amend, authorize, CLUSTER_DENIED, requiredCluster } from './rule.js';
import { clusterOperations } from './topics.js';

const { ALTER, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS } = Operation;

const silent = { errorCode: CLUSTER_DENIED, errorMessage: null };
const denied = { errorCode: CLUSTER_DENIED, errorMessage: errorText(CLUSTER_DENIED) };
const refused = () => denied;

export const clusterRules = [
  requiredCluster(describeAcls, DESCRIBE, refused),
  requiredCluster(createAcls, ALTER, ({ creations }) => ({ results: creations.map(refused) })),
  requiredCluster(deleteAcls, ALTER, ({ filters }) => ({
    filterResults: filters.map(() => ({ ...denied, matchingAcls: [] })),
  })),
  // Alter on the cluster covers all partitions; the response has only partition-level errors
  requiredCluster(alterReplicaLogDirs, ALTER, ({ dirs }) => ({
    results: dirs.flatMap((dir) =>
      dir.topics.map(({ name, partitions }) => ({
        topicName: name,
        partitions: partitions.map((partitionIndex) => ({ partitionIndex, errorCode: CLUSTER_DENIED })),
      })),
    ),
  })),
  requiredCluster(describeLogDirs, DESCRIBE, () => ({ errorCode: CLUSTER_DENIED })),
  requiredCluster(electLeaders, ALTER, ({ topicPartitions }) => ({
    errorCode: CLUSTER_DENIED,
    replicaElectionResults: (topicPartitions ?? []).map(({ topic, partitions }) => ({
      topic,
      partitionResult: partitions.map((partitionId) => ({ partitionId, ...denied })),
    })),
  })),
  requiredCluster(alterPartitionReassignments, ALTER, ({ topics }) => ({
    ...denied,
    responses: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, ...denied })),
    })),
  })),
  requiredCluster(listPartitionReassignments, DESCRIBE, ({ topics }) => ({
    ...denied,
    topics: (topics ?? []).map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => ({
        partitionIndex,
        replicas: [],
        addingReplicas: [],
        removingReplicas: [],
      })),
    })),
  })),
  requiredCluster(describeClientQuotas, DESCRIBE_CONFIGS, () => ({ ...silent, entries: null })),
  requiredCluster(alterClientQuotas, ALTER_CONFIGS, ({ entries }) => ({
    entries: entries.map(({ entity }) => ({ entity, ...denied })),
  })),
  requiredCluster(describeUserScramCredentials, DESCRIBE, ({ users }) => ({
    ...silent,
    results: (users ?? []).map(() => ({ user: '', ...silent, credentialInfos: [] })),
  })),
  // the request has two lists, the response one entry per user
  requiredCluster(alterUserScramCredentials, ALTER, ({ deletions, upsertions }) => ({
    results: [...new Set([...deletions, ...upsertions].map(({ name }) => name))].map((user) => ({ user, ...denied })),
  })),
  requiredCluster(describeQuorum, DESCRIBE, refused),
  requiredCluster(updateFeatures, ALTER, refused),
  authorize(describeCluster, (call, request, next) =>
    amend<typeof describeCluster>(next(request), (body) => ({
      ...body,
      clusterAuthorizedOperations: clusterOperations(call, body.clusterAuthorizedOperations),
    })),
  ),
  requiredCluster(unregisterBroker, ALTER, refused),
];
