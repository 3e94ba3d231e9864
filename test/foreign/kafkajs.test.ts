import { type Admin, Kafka, logLevel, Partitioners } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrokerProcess, startBroker } from '../support/process.js';

let broker: BrokerProcess;
let kafka: Kafka;
let admin: Admin;
beforeAll(async () => {
  broker = await startBroker();
  kafka = new Kafka({ clientId: 'foreign', brokers: [broker.bootstrap], logLevel: logLevel.NOTHING });
  admin = kafka.admin();
  await admin.connect();
});
afterAll(async () => {
  await admin.disconnect();
  await broker.remove();
});

const producerOf = (idempotent = false) =>
  kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent });

async function until(holds: () => boolean, ms = 15_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`not so after ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('kafkajs x the embedded broker', () => {
  test('two members of a group consume each produced message once', async () => {
    await admin.createTopics({ topics: [{ topic: 'shared', numPartitions: 4 }] });
    const seen: { member: number; key: string; value: string; header: string }[] = [];
    const members = [0, 1].map(() => kafka.consumer({ groupId: 'pair', maxWaitTimeInMs: 200 }));
    const joined: number[] = [];
    for (const [i, member] of members.entries()) {
      await member.connect();
      await member.subscribe({ topic: 'shared', fromBeginning: true });
      member.on(member.events.GROUP_JOIN, ({ payload }) => {
        joined[i] = payload.memberAssignment.shared?.length ?? 0;
      });
      await member.run({
        eachMessage: async ({ message }) => {
          seen.push({ member: i, key: `${message.key}`, value: `${message.value}`, header: `${message.headers?.h}` });
        },
      });
    }
    await until(() => joined[0] === 2 && joined[1] === 2);
    const producer = producerOf(true);
    await producer.connect();
    const messages = Array.from({ length: 200 }, (_, i) => ({ key: `k${i}`, value: `v${i}`, headers: { h: `${i}` } }));
    await producer.send({ topic: 'shared', acks: -1, messages });
    await until(() => seen.length >= 200);
    expect(seen.map((m) => `${m.key} ${m.value} ${m.header}`).sort()).toEqual(
      messages.map((m) => `${m.key} ${m.value} ${m.headers.h}`).sort(),
    );
    expect(new Set(seen.map((m) => m.member)).size).toBe(2);
    const { groups } = await admin.describeGroups(['pair']);
    expect(groups[0]).toMatchObject({ groupId: 'pair', state: 'Stable', protocolType: 'consumer' });
    expect(groups[0]?.members).toHaveLength(2);
    await Promise.all([producer.disconnect(), ...members.map((m) => m.disconnect())]);
    const [offsets] = await admin.fetchOffsets({ groupId: 'pair', topics: ['shared'] });
    const ends = await admin.fetchTopicOffsets('shared');
    const byPartition = (a: { partition: number }, b: { partition: number }) => a.partition - b.partition;
    expect(offsets?.partitions.sort(byPartition).map((p) => p.offset)).toEqual(
      ends.sort(byPartition).map((p) => p.offset),
    );
  });

  test('a committed transaction is visible, an aborted one is not', async () => {
    await admin.createTopics({ topics: [{ topic: 'exact', numPartitions: 1 }] });
    const producer = kafka.producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      transactionalId: 'tx',
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    for (const [value, commit] of [
      ['kept', true],
      ['dropped', false],
      ['kept too', true],
    ] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic: 'exact', messages: [{ value }] });
      await (commit ? transaction.commit() : transaction.abort());
    }
    await producer.disconnect();
    const seen: string[] = [];
    const consumer = kafka.consumer({ groupId: 'exact', maxWaitTimeInMs: 200 });
    await consumer.connect();
    await consumer.subscribe({ topic: 'exact', fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => void seen.push(`${message.value}`) });
    await until(() => seen.length >= 2);
    await consumer.disconnect();
    expect(seen).toEqual(['kept', 'kept too']);
  });

  test('admin: topics, partitions, configs, offsets, groups', async () => {
    await admin.createTopics({
      topics: [{ topic: 'made', numPartitions: 2, configEntries: [{ name: 'retention.ms', value: '12345' }] }],
    });
    expect(await admin.createTopics({ topics: [{ topic: 'made' }] })).toBe(false);
    expect(await admin.listTopics()).toContain('made');
    await admin.createPartitions({ topicPartitions: [{ topic: 'made', count: 3 }] });
    const { topics } = await admin.fetchTopicMetadata({ topics: ['made'] });
    expect(topics[0]?.partitions.map((p) => p.partitionId).sort()).toEqual([0, 1, 2]);
    const { resources } = await admin.describeConfigs({
      includeSynonyms: true,
      resources: [{ type: 2, name: 'made', configNames: ['retention.ms'] }],
    });
    expect(resources[0]?.configEntries[0]).toMatchObject({ configName: 'retention.ms', configValue: '12345' });
    await admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: 2, name: 'made', configEntries: [{ name: 'retention.ms', value: '54321' }] }],
    });
    const producer = producerOf();
    await producer.connect();
    await producer.send({ topic: 'made', messages: ['a', 'b', 'c'].map((value) => ({ value, partition: 1 })) });
    await producer.disconnect();
    // kafkajs's admin only knows the leaders of topics whose metadata it has fetched
    await admin.fetchTopicOffsets('made');
    await admin.deleteTopicRecords({ topic: 'made', partitions: [{ partition: 1, offset: '2' }] });
    const offsets = await admin.fetchTopicOffsets('made');
    expect(offsets.find((o) => o.partition === 1)).toEqual({ partition: 1, offset: '3', high: '3', low: '2' });
    await admin.setOffsets({ groupId: 'set', topic: 'made', partitions: [{ partition: 1, offset: '2' }] });
    expect((await admin.listGroups()).groups.map((g) => g.groupId)).toContain('set');
    await admin.deleteGroups(['set']);
    expect((await admin.listGroups()).groups.map((g) => g.groupId)).not.toContain('set');
    await admin.deleteTopics({ topics: ['made'] });
    expect(await admin.listTopics()).not.toContain('made');
    expect((await admin.describeCluster()).brokers).toEqual([{ nodeId: 1, host: 'localhost', port: broker.port }]);
  });

  test('acknowledged records and committed offsets survive a restart', async () => {
    await admin.createTopics({ topics: [{ topic: 'lasting', numPartitions: 1 }] });
    const producer = producerOf();
    await producer.connect();
    await producer.send({ topic: 'lasting', acks: -1, messages: [{ value: 'one' }, { value: 'two' }] });
    await producer.disconnect();
    await admin.setOffsets({ groupId: 'lasting', topic: 'lasting', partitions: [{ partition: 0, offset: '1' }] });
    await admin.disconnect();
    await broker.stop('SIGKILL');
    broker = await startBroker({ dir: broker.dir, port: broker.port });
    await admin.connect();
    expect(await admin.fetchTopicOffsets('lasting')).toEqual([{ partition: 0, offset: '2', high: '2', low: '0' }]);
    const [offsets] = await admin.fetchOffsets({ groupId: 'lasting', topics: ['lasting'] });
    expect(offsets?.partitions).toEqual([{ partition: 0, offset: '1', metadata: null }]);
  });
});
