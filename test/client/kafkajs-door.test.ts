/** The public module `ts-kafka-cli/client` with the embedded broker, as users combine the two. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CompressionTypes } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Server, startServer } from '../../src/broker/index.js';
import { createKafka, kafkaConfig } from '../../src/client/kafkajs.js';

const USER = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="ann" password="s3c=ret";';
const SERVER = 'org.apache.kafka.common.security.plain.PlainLoginModule required user_ann="s3c=ret";';
let server: Server;
beforeAll(async () => {
  server = await startServer({ properties: { 'num.partitions': 2 } });
});
afterAll(() => server.stop());

describe('kafkaConfig', () => {
  test('reads SASL, timeouts, the client id and an IPv6 address out of Kafka properties', () => {
    const config = kafkaConfig({
      bootstrapServers: 'b1:9094,[::1]:9095',
      properties: {
        'security.protocol': 'SASL_PLAINTEXT',
        'sasl.mechanism': 'PLAIN',
        'sasl.jaas.config': USER,
        'client.id': 'me',
        'request.timeout.ms': 1234,
      },
    });
    expect(config.sasl).toMatchObject({ mechanism: 'PLAIN', username: 'ann', password: 's3c=ret' });
    expect(config).toMatchObject({ clientId: 'me', requestTimeout: 1234 });
    expect((config.brokers as string[]).every((broker) => broker.split(':').length === 2)).toBe(true);
  });

  test('given properties override those of a file; an unknown profile is an error', () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'door-'));
    writeFileSync(path.join(dir, 'client.properties'), 'client.id=from-file\nrequest.timeout.ms=50\n');
    const file = path.join(dir, 'client.properties');
    expect(kafkaConfig({ bootstrapServers: 'b:1', file, properties: { 'client.id': 'given' } })).toMatchObject({
      clientId: 'given',
      requestTimeout: 50,
      brokers: ['b:1'],
    });
    expect(() => kafkaConfig({ profile: 'nowhere', env: { XDG_CONFIG_HOME: dir } })).toThrow(/no profile "nowhere"/);
  });

  test('rejects invalid settings with Java’s messages', () => {
    expect(() => kafkaConfig({ bootstrapServers: 'b:1', properties: { 'request.timeout.ms': 'soon' } })).toThrow(
      'Invalid value soon for configuration request.timeout.ms: Not a number of type INT',
    );
  });
});

describe('createKafka', () => {
  test.each(['GZIP', 'Snappy', 'LZ4', 'ZSTD'] as const)('sends and reads %s, headers included', async (codec) => {
    const kafka = createKafka(server);
    const topic = `codec-${codec}`;
    const producer = kafka.producer();
    await producer.connect();
    const messages = [{ key: 'k', value: 'v'.repeat(1000), headers: { h: 'x' }, partition: 1 }];
    await producer.send({ topic, compression: CompressionTypes[codec], messages });
    const consumer = kafka.consumer({ groupId: `g-${codec}` });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const got = await new Promise<string>((resolve) => {
      void consumer.run({
        eachMessage: async ({ partition, message }) =>
          resolve(`${partition} ${message.key} ${message.value?.length} ${message.headers?.h}`),
      });
    });
    expect(got).toBe('1 k 1000 x');
    await Promise.all([consumer.disconnect(), producer.disconnect()]);
  });

  test('a record for a partition that does not exist is an error, while kafkajs drops it silently', async () => {
    const kafka = createKafka(server);
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'two', numPartitions: 2 }] });
    const producer = kafka.producer();
    await producer.connect();
    const topicMessages = [{ topic: 'two', messages: [{ value: 'x', partition: 7 }] }];
    await expect(producer.send(topicMessages[0]!)).rejects.toThrow('two has no partition 7');
    await expect(producer.sendBatch({ topicMessages })).rejects.toThrow('two has no partition 7');
    await Promise.all([producer.disconnect(), admin.disconnect()]);
  });

  test('an idle connection sets no timers (kafkajs#1556)', async () => {
    const admin = createKafka(server).admin();
    await admin.connect();
    await admin.listTopics();
    let timers = 0;
    const original = globalThis.setTimeout;
    globalThis.setTimeout = ((...args: Parameters<typeof setTimeout>) => {
      if ((args[1] ?? 0) < 50) timers++;
      return original(...args);
    }) as typeof setTimeout;
    await new Promise((resolve) => original(resolve, 300));
    globalThis.setTimeout = original;
    await admin.disconnect();
    expect(timers).toBeLessThan(20);
  });

  test('logs in with SASL, and reports why a login fails', async () => {
    const secure = await startServer({
      properties: {
        listeners: 'SASL_PLAINTEXT://localhost:0',
        'listener.security.protocol.map': 'SASL_PLAINTEXT:SASL_PLAINTEXT',
        'inter.broker.listener.name': 'SASL_PLAINTEXT',
        'sasl.enabled.mechanisms': 'PLAIN',
        'listener.name.sasl_plaintext.plain.sasl.jaas.config': SERVER,
      },
    });
    const properties = { 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': USER };
    const { bootstrapServers } = secure;
    const admin = createKafka({ bootstrapServers, properties }).admin();
    await admin.connect();
    expect(await admin.listTopics()).toEqual([]);
    await admin.disconnect();
    const wrong = { ...properties, 'sasl.jaas.config': USER.replace('s3c=ret', 'wrong') };
    await expect(createKafka({ bootstrapServers, properties: wrong, retries: 0 }).admin().connect()).rejects.toThrow(
      /[Aa]uthentication failed/,
    );
    await secure.stop();
  });
});
