/** `transactions abort`. */
import type { Arguments } from '../../cli/argparse/index.js';
import { CommandError } from '../../cli/errors.js';
import { type AbortSpec, abortSpecText, abortTransaction, describeProducers } from '../../client/admin/producers.js';
import type { Cluster } from '../../client/cluster/types.js';
import { partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import { failAs } from './fail-as.js';

export async function abort(cluster: Cluster, args: Arguments): Promise<string[]> {
  const partition = { topic: args.text('topic') as string, partition: args.number('partition') as number };
  const start = args.long('start-offset');
  const spec = start === undefined ? givenSpec(args, partition) : await foundSpec(cluster, partition, start);
  await failAs(`Failed to abort transaction ${abortSpecText(spec)}`, abortTransaction(cluster, spec));
  return [];
}

function givenSpec(args: Arguments, partition: TopicPartition): AbortSpec {
  const producerId = args.long('producer-id');
  if (producerId === undefined) {
    throw new CommandError(
      'The transaction to abort must be identified either with --start-offset (for brokers on 3.0 or above) or with ' +
        '--producer-id, --producer-epoch, and --coordinator-epoch (for older brokers)',
    );
  }
  const [producerEpoch, coordinatorEpoch] = ['producer-epoch', 'coordinator-epoch'].map((name) => {
    const value = args.number(name);
    if (value === undefined) throw new CommandError(`Missing required argument --${name}`);
    return value;
  }) as [number, number];
  // describe-producers prints -1 for a producer that has not ended a transaction yet
  return { partition, producerId, producerEpoch, coordinatorEpoch: Math.max(0, coordinatorEpoch) };
}

async function foundSpec(cluster: Cluster, partition: TopicPartition, start: bigint): Promise<AbortSpec> {
  const name = partitionName(partition);
  const what = `Failed to validate producer state for partition ${name}`;
  const producers = await failAs(what, describeProducers(cluster, [partition]), name);
  const found = producers.find((p) => p.currentTxnStartOffset >= 0n && p.currentTxnStartOffset === start);
  if (!found) {
    throw new CommandError(`Could not find any open transactions starting at offset ${start} on partition ${name}`);
  }
  const { producerId, producerEpoch, coordinatorEpoch } = found;
  return { partition, producerId, producerEpoch, coordinatorEpoch: Math.max(0, coordinatorEpoch) };
}
