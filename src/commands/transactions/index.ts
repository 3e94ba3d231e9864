/** kafka-transactions.sh. Mirrors tools/TransactionsCommand (KIP-664). */
import { type Arguments, parseArguments } from '../../cli/argparse/index.js';
import { CommandError, EXIT, errorLine } from '../../cli/errors.js';
import { type Command, writeLines } from '../../cli/io.js';
import { describeProducers } from '../../client/admin/producers.js';
import { describeTransaction, fenceProducer, listTransactions } from '../../client/admin/transactions.js';
import type { Cluster } from '../../client/cluster/types.js';
import { hashOrderBy } from '../../java/hash-order.js';
import { partitionName } from '../../kafka/topic-partition.js';
import { KafkaError } from '../../protocol/errors.js';
import { adminCluster, loadProperties } from '../shared/connection.js';
import { partitionOrder } from '../shared/partition-order.js';
import { prettyTable } from '../shared/table.js';
import { uncaught } from '../shared/uncaught.js';
import { abort } from './abort.js';
import { failAs } from './fail-as.js';
import { findHanging } from './find-hanging.js';
import { parser } from './parser.js';

export { parser };

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    const args = parseArguments(parser, argv, io);
    const properties = propertiesOf(args);
    let cluster: Cluster;
    try {
      cluster = adminCluster(io, args.text('bootstrap-server') as string, properties);
    } catch (error) {
      throw uncaught(error, CANNOT);
    }
    try {
      await writeLines(io.stdout, await RUN[args.command!]!(cluster, args));
      return EXIT.ok;
    } catch (error) {
      throw error instanceof KafkaError ? uncaught(error, CANNOT) : error;
    } finally {
      void cluster.close();
    }
  },
};

function propertiesOf(args: Arguments): Map<string, string> {
  const file = args.text('command-config');
  try {
    return file === undefined ? new Map() : loadProperties(file);
  } catch (error) {
    const [message] = errorLine(error).split('\n', 1);
    throw new CommandError(
      `Failed to load admin client properties: ${message}. Enable debug logging for additional detail.`,
    );
  }
}

/** Message of the exception that this tool does not catch. */
const CANNOT = 'Failed to create new KafkaAdminClient';

type Run = (cluster: Cluster, args: Arguments) => Promise<string[]>;

const RUN: Readonly<Record<string, Run>> = {
  list,
  describe,
  'describe-producers': producers,
  abort,
  'find-hanging': findHanging,
  forceTerminateTransaction: async (cluster, args) => {
    const id = args.text('transactionalId') as string;
    await failAs(`Failed to force terminate transactionalId \`${id}\``, fenceProducer(cluster, id));
    return [];
  },
};

async function list(cluster: Cluster, args: Arguments): Promise<string[]> {
  const duration = args.long('duration-filter');
  const pattern = args.text('transactional-id-pattern');
  const filter = {
    ...(duration !== undefined && { duration }),
    ...(pattern !== undefined && { transactionalIdPattern: pattern }),
  };
  const found = await failAs('Failed to list transactions', listTransactions(cluster, filter));
  const rows = hashOrderBy(found, ({ coordinatorId }) => coordinatorId).map((transaction) => [
    transaction.transactionalId,
    String(transaction.coordinatorId),
    String(transaction.producerId),
    transaction.state,
  ]);
  return prettyTable(['TransactionalId', 'Coordinator', 'ProducerId', 'TransactionState'], rows);
}

const DESCRIPTION = [
  ...['CoordinatorId', 'TransactionalId', 'ProducerId', 'ProducerEpoch', 'TransactionState', 'TransactionTimeoutMs'],
  ...['CurrentTransactionStartTimeMs', 'TransactionDurationMs', 'TopicPartitions'],
];

async function describe(cluster: Cluster, args: Arguments): Promise<string[]> {
  const id = args.text('transactional-id') as string;
  const what = `Failed to describe transaction state of transactional-id \`${id}\``;
  const found = await failAs(what, describeTransaction(cluster, id));
  const start = found.startTimeMs;
  const row = [
    String(found.coordinatorId),
    id,
    String(found.producerId),
    String(found.producerEpoch),
    found.state,
    String(found.timeoutMs),
    start === undefined ? 'None' : String(start),
    start === undefined ? 'None' : String(BigInt(Date.now()) - start),
    partitionOrder(found.partitions).map(partitionName).join(','),
  ];
  return prettyTable(DESCRIPTION, [row]);
}

const PRODUCERS = [
  ...['ProducerId', 'ProducerEpoch', 'LatestCoordinatorEpoch', 'LastSequence', 'LastTimestamp'],
  'CurrentTransactionStartOffset',
];

async function producers(cluster: Cluster, args: Arguments): Promise<string[]> {
  const place = { topic: args.text('topic') as string, partition: args.number('partition') as number };
  const node = args.number('broker-id');
  const where = node === undefined ? 'leader' : `broker ${node}`;
  const what = `Failed to describe producers for partition ${partitionName(place)} on ${where}`;
  const outcome = await failAs(what, describeProducers(cluster, [place], node), partitionName(place));
  const rows = outcome.map((producer) => [
    String(producer.producerId),
    String(producer.producerEpoch),
    String(Math.max(-1, producer.coordinatorEpoch)),
    String(producer.lastSequence),
    String(producer.lastTimestamp),
    producer.currentTxnStartOffset < 0n ? 'None' : String(producer.currentTxnStartOffset),
  ]);
  return prettyTable(PRODUCERS, rows);
}
