/** kafka-leader-election.sh. Mirrors tools/LeaderElectionCommand. */
import { CommandError, EXIT } from '../../cli/errors.js';
import type { Command, Io } from '../../cli/io.js';
import { type ElectionResult, ElectionType, electLeaders } from '../../client/admin/elections.js';
import type { Cluster } from '../../client/cluster/types.js';
import { executionException, javaText, runtimeException } from '../../java/exceptions.js';
import { partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { adminCluster, loadProperties } from '../shared/connection.js';
import { partitionOrder } from '../shared/partition-order.js';
import { plainFailure } from '../shared/stack-trace.js';
import { checkOptions, type ElectionOptions, flags } from './flags.js';
import { readPartitions } from './partition-file.js';

export { flags };

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    const options = flags.parse(argv);
    checkOptions(options);
    let cluster: Cluster | undefined;
    try {
      const type = options.value('election-type')?.toUpperCase() as keyof typeof ElectionType;
      const partitions = partitionsOf(options);
      cluster = open(options, io);
      report(type, await elect(cluster, ElectionType[type], partitions), io);
      return EXIT.ok;
    } catch (error) {
      throw plainFailure(error);
    } finally {
      void cluster?.close();
    }
  },
};

/** The partitions that the flags select; null: all of them. */
function partitionsOf(options: ElectionOptions): TopicPartition[] | null {
  const file = options.value('path-to-json-file');
  const listed = file === undefined ? undefined : readPartitions(file);
  const topic = options.value('topic');
  const partition = options.value('partition');
  return listed ?? (topic !== undefined && partition !== undefined ? [{ topic, partition }] : null);
}

function open(options: ElectionOptions, io: Io): Cluster {
  const old = options.has('admin.config');
  if (old)
    io.stdout.write(
      'Option --admin.config has been deprecated and will be removed in a future version. Use --command-config instead.\n',
    );
  const file = options.value(old ? 'admin.config' : 'command-config');
  const defaults = new Map([
    ['default.api.timeout.ms', '30000'],
    ['request.timeout.ms', '15000'],
  ]);
  const properties = new Map([...defaults, ...(file === undefined ? [] : loadProperties(file))]);
  return adminCluster(io, options.value('bootstrap-server') as string, properties);
}

async function elect(cluster: Cluster, type: number, partitions: TopicPartition[] | null) {
  try {
    return await electLeaders(cluster, type, partitions);
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    const messages: Record<number, string> = {
      [Errors.REQUEST_TIMED_OUT]: 'Timeout waiting for election results',
      [Errors.CLUSTER_AUTHORIZATION_FAILED]: 'Not authorized to perform leader election',
    };
    const message = messages[error.code];
    if (message === undefined) throw runtimeException(executionException(error));
    throw new CommandError(message, { stdout: `${message}\n`, stderr: `${message}\n` });
  }
}

/** Prints the partitions that were elected, needed no election or failed. Throws CommandError if any failed. */
function report(type: string, results: readonly ElectionResult[], io: Io): void {
  const ordered = partitionOrder(results);
  const names = (accept: (result: ElectionResult) => boolean) =>
    partitionOrder(ordered.filter(accept)).map(partitionName).join(', ');
  const isNeedless = (error?: KafkaError) => error?.code === Errors.ELECTION_NOT_NEEDED;
  const elected = names(({ error }) => error === undefined);
  const needless = names(({ error }) => isNeedless(error));
  if (elected) io.stdout.write(`Successfully completed leader election (${type}) for partitions ${elected}\n`);
  if (needless) io.stdout.write(`Valid replica already elected for partitions ${needless}\n`);
  const failed = partitionOrder(ordered.filter(({ error }) => error !== undefined && !isNeedless(error)));
  for (const result of failed)
    io.stdout.write(
      `Error completing leader election (${type}) for partition: ${partitionName(result)}: ${javaText(result.error)}\n`,
    );
  if (failed.length > 0) throw new CommandError(`${failed.length} replica(s) could not be elected`);
}
