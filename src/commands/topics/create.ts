import type { Io } from '../../cli/io.js';
import { onlyNotController, unrepresentable } from '../../client/admin/topics.js';
import type { Cluster } from '../../client/cluster/types.js';
import { createTopics } from '../../protocol/apis/19-create-topics.js';
import { KafkaError } from '../../protocol/errors.js';
import { parseAssignment } from './assignment.js';
import { parseConfigs } from './configs.js';
import type { TopicOptions } from './flags.js';

const TOPIC_ALREADY_EXISTS = 36;
const MAX_SHORT = 32767;
const COLLISION_WARNING =
  "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide. " +
  'To avoid issues it is best to use either, but not both.\n';

/** `--create`. Mirrors TopicCommand.TopicService.createTopic. */
export async function createTopic(options: TopicOptions, cluster: Cluster, io: Io): Promise<void> {
  const name = options.value('topic')!;
  const topic = readTopic(options, name);
  if (/[._]/.test(name)) io.stdout.write(COLLISION_WARNING);
  checkCounts(options);
  if (name === '') throw unrepresentable(name);
  const answer = await cluster.send(
    createTopics,
    { topics: [topic], timeoutMs: 30_000, validateOnly: false },
    { to: 'controller', call: 'createTopics', errorOf: ({ topics }) => onlyNotController(topics[0]?.errorCode) },
  );
  const { errorCode = 0, errorMessage } = answer.topics[0] ?? {};
  if (errorCode === TOPIC_ALREADY_EXISTS && options.has('if-not-exists')) return;
  if (errorCode !== 0) throw new KafkaError(errorCode, errorMessage);
  io.stdout.write(`Created topic ${name}.\n`);
}

function readTopic(options: TopicOptions, name: string) {
  const numPartitions = options.value('partitions') ?? -1;
  const replicationFactor = options.value('replication-factor') ?? -1;
  const assignment = parseAssignment(options.value('replica-assignment') ?? '');
  const configs = parseConfigs(options.values('config'));
  const assigned = assignment.length > 0;
  return {
    name,
    numPartitions: assigned ? -1 : numPartitions,
    replicationFactor: assigned ? -1 : replicationFactor,
    assignments: assignment.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
    configs: [...configs].map(([key, value]) => ({ name: key, value })),
  };
}

function checkCounts(options: TopicOptions): void {
  const replicas = options.value('replication-factor') ?? 1;
  if (replicas > MAX_SHORT || replicas < 1)
    throw new Error(`The replication factor must be between 1 and ${MAX_SHORT} inclusive`);
  if ((options.value('partitions') ?? 1) < 1) throw new Error('The partitions must be greater than 0');
}
