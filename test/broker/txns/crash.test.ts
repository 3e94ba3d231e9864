/** Coordinators after kill -9, tested with processes: acknowledged state is recovered, open transactions are completed. */
import { Kafka, logLevel } from 'kafkajs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findCoordinator } from '../../../src/protocol/apis/10-find-coordinator.js';
import { describeTransactions } from '../../../src/protocol/apis/65-describe-transactions.js';
import { consumerGroupHeartbeat } from '../../../src/protocol/apis/68-consumer-group-heartbeat.js';
import { consumerGroupDescribe } from '../../../src/protocol/apis/69-consumer-group-describe.js';
import { type BrokerProcess, startBroker } from '../../support/process.js';
import { Wire } from '../wire.js';

let broker: BrokerProcess;
beforeEach(async () => {
  broker = await startBroker();
});
afterEach(() => broker.remove());

async function crash(): Promise<void> {
  await broker.stop('SIGKILL');
  broker = await startBroker({ dir: broker.dir, port: broker.port });
}
const kafka = (): Kafka =>
  new Kafka({ clientId: 'crash', brokers: [broker.bootstrap], logLevel: logLevel.NOTHING, retry: { retries: 8 } });

async function committed(topic: string, count: number): Promise<string[]> {
  const consumer = kafka().consumer({ groupId: `read-${topic}`, readUncommitted: false });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const values: string[] = [];
  await new Promise<void>((resolve) => {
    void consumer.run({
      eachMessage: async ({ message }) => {
        values.push(String(message.value));
        if (values.length === count) resolve();
      },
    });
  });
  await consumer.disconnect();
  return values;
}

test('an open transaction is aborted when its producer calls InitProducerId again', async () => {
  const producer = kafka().producer({ transactionalId: 'x', maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  const done = await producer.transaction();
  await done.send({ topic: 't', messages: [{ value: 'kept' }] });
  await done.sendOffsets({
    consumerGroupId: 'g',
    topics: [{ topic: 't', partitions: [{ partition: 0, offset: '1' }] }],
  });
  await done.commit();
  const open = await producer.transaction();
  await open.send({ topic: 't', messages: [{ value: 'lost' }] });
  await open.sendOffsets({
    consumerGroupId: 'g',
    topics: [{ topic: 't', partitions: [{ partition: 0, offset: '2' }] }],
  });
  await crash();
  const wire = await Wire.open(broker.port);
  const { transactionStates } = await wire.ask(describeTransactions, 0, { transactionalIds: ['x'] });
  expect(transactionStates[0]).toMatchObject({ transactionState: 'Ongoing' });
  const second = kafka().producer({ transactionalId: 'x', maxInFlightRequests: 1, idempotent: true });
  await second.connect();
  const next = await second.transaction();
  await next.send({ topic: 't', messages: [{ value: 'after' }] });
  await next.commit();
  expect(await committed('t', 2)).toEqual(['kept', 'after']);
  const admin = kafka().admin();
  await admin.connect();
  const [offsets] = await admin.fetchOffsets({ groupId: 'g', topics: ['t'] });
  expect(offsets?.partitions).toEqual([{ partition: 0, offset: '1', metadata: null }]);
  await Promise.allSettled([producer.disconnect(), second.disconnect(), admin.disconnect()]);
  wire.close();
});

test('a KIP-848 group continues in the same epoch', async () => {
  const admin = kafka().admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 't', numPartitions: 2 }] });
  await admin.disconnect();
  const beat = async (wire: Wire, memberEpoch: number, joining: boolean) =>
    wire.ask(consumerGroupHeartbeat, 1, {
      groupId: 'g',
      memberId: 'm',
      memberEpoch,
      ...(joining ? { rebalanceTimeoutMs: 60_000, subscribedTopicNames: ['t'], topicPartitions: [] } : {}),
    });
  let wire = await Wire.open(broker.port);
  await wire.ask(findCoordinator, 4, { keyType: 0, coordinatorKeys: ['g'] });
  const joined = await beat(wire, 0, true);
  expect(joined).toMatchObject({ errorCode: 0, memberEpoch: 2 });
  wire.close();
  await crash();
  wire = await Wire.open(broker.port);
  expect(await beat(wire, 2, false)).toMatchObject({ errorCode: 0, memberEpoch: 2, assignment: null });
  const { groups } = await wire.ask(consumerGroupDescribe, 1, { groupIds: ['g'], includeAuthorizedOperations: false });
  expect(groups[0]).toMatchObject({ groupState: 'Stable', groupEpoch: 2, assignorName: 'uniform' });
  expect(groups[0]?.members[0]?.assignment.topicPartitions).toMatchObject([{ topicName: 't', partitions: [0, 1] }]);
  wire.close();
});
