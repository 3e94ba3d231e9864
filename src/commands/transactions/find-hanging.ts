/** `transactions find-hanging`: transactions that are open in the log, but that no coordinator will end. */
import type { Arguments } from '../../cli/argparse/index.js';
import { CommandError } from '../../cli/errors.js';
import { describeProducers, type ProducerState } from '../../client/admin/producers.js';
import { describeTopics } from '../../client/admin/topics.js';
import { describeTransaction, listTransactions } from '../../client/admin/transactions.js';
import type { Cluster } from '../../client/cluster/types.js';
import { partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import { KafkaError } from '../../protocol/errors.js';
import { prettyTable } from '../shared/table.js';
import { failAs } from './fail-as.js';

const HEADERS = [
  ...['Topic', 'Partition', 'ProducerId', 'ProducerEpoch', 'CoordinatorEpoch', 'StartOffset'],
  ...['LastTimestamp', 'Duration(min)'],
];
/** topics or partitions per request */
const BATCH = 500;
const MINUTE = 60_000;

interface Open {
  readonly place: TopicPartition;
  readonly producer: ProducerState;
}

export async function findHanging(cluster: Cluster, args: Arguments): Promise<string[]> {
  const node = args.number('broker-id');
  const topic = args.text('topic');
  const partition = args.number('partition');
  if (topic === undefined && node === undefined) {
    throw new CommandError(
      'The `find-hanging` command requires either --topic or --broker-id to limit the scope of the search',
    );
  }
  if (partition !== undefined && topic === undefined) {
    throw new CommandError('The --partition argument requires --topic to be provided');
  }
  const places =
    partition === undefined ? await partitionsOf(cluster, topic, node) : [{ topic: topic as string, partition }];
  const longest = (args.number('max-transaction-timeout') as number) * MINUTE;
  const open = await openTransactions(cluster, places, node, longest);
  const hanging = open.length === 0 ? [] : await withoutCoordinator(cluster, open);
  return prettyTable(HEADERS, hanging.map(row));
}

function row({ place, producer }: Open): string[] {
  const minutes = Math.trunc((Date.now() - Number(producer.lastTimestamp)) / MINUTE);
  return [
    place.topic,
    String(place.partition),
    String(producer.producerId),
    String(producer.producerEpoch),
    String(Math.max(-1, producer.coordinatorEpoch)),
    String(producer.currentTxnStartOffset),
    String(producer.lastTimestamp),
    String(minutes),
  ];
}

async function partitionsOf(cluster: Cluster, topic: string | undefined, node: number | undefined) {
  const names = topic === undefined ? await topicNames(cluster) : [topic];
  const places: TopicPartition[] = [];
  for (const batch of batches(names)) {
    const topics = await failAs(`Failed to describe ${batch.length} topics`, describeTopics(cluster, batch));
    for (const { name, partitions } of topics) {
      const here = partitions.filter(({ replicas }) => node === undefined || replicas.includes(node));
      places.push(...here.map(({ partition }) => ({ topic: name, partition })));
    }
  }
  return places;
}

async function topicNames(cluster: Cluster): Promise<string[]> {
  const all = await failAs('Failed to list topics', cluster.metadata(null, { call: 'listTopics' }));
  return all.topics.map(({ name }) => name);
}

function* batches<T>(items: readonly T[]): Generator<T[]> {
  for (let at = 0; at < items.length; at += BATCH) yield items.slice(at, at + BATCH);
}

async function openTransactions(
  cluster: Cluster,
  places: readonly TopicPartition[],
  node: number | undefined,
  longest: number,
): Promise<Open[]> {
  const open: Open[] = [];
  for (const batch of batches(places)) {
    const where = node === undefined ? 'Optional.empty' : `Optional[${node}]`;
    const what = `Failed to describe producers for ${batch.length} partitions on broker ${where}`;
    const outcomes = await failAs(what, describeProducers(cluster, batch, node));
    const now = Date.now();
    for (const place of batch) {
      const producers = await failAs(what, Promise.resolve(outcomes), partitionName(place));
      const late = producers.filter((p) => p.currentTxnStartOffset >= 0n && now - Number(p.lastTimestamp) > longest);
      open.push(...late.map((producer) => ({ place, producer })));
    }
  }
  return open;
}

/** Open transactions without a transactional id, with one that has expired, or whose coordinator does not list the partition. */
async function withoutCoordinator(cluster: Cluster, open: readonly Open[]): Promise<Open[]> {
  const producerIds = [...new Set(open.map(({ producer }) => producer.producerId))];
  const what = `Failed to list transactions for ${producerIds.length} producers`;
  const listed = await failAs(what, listTransactions(cluster, { producerIds }));
  const ids = new Map(listed.map(({ producerId, transactionalId }) => [producerId, transactionalId]));
  const expected = new Map<bigint, ReadonlySet<string>>();
  for (const [producerId, id] of ids) {
    const described = await failAs(`Failed to describe ${ids.size} transactions`, openPartitions(cluster, id));
    expected.set(producerId, described);
  }
  return open.filter(({ place, producer }) => !expected.get(producer.producerId)?.has(partitionName(place)));
}

async function openPartitions(cluster: Cluster, transactionalId: string): Promise<ReadonlySet<string>> {
  try {
    const { partitions } = await describeTransaction(cluster, transactionalId);
    return new Set(partitions.map(partitionName));
  } catch (error) {
    if (error instanceof KafkaError && error.error === 'TRANSACTIONAL_ID_NOT_FOUND') return new Set();
    throw error;
  }
}
