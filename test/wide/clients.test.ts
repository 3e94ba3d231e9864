/** Third-party clients, each in its own process, with the embedded broker. They are installed from their registries into a fresh folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrokerProcess, run, startBroker } from '../support/process.js';

let broker: BrokerProcess;
const folder = mkdtempSync(path.join(tmpdir(), 'ts-kafka-clients-'));
beforeAll(async () => {
  broker = await startBroker();
});
afterAll(async () => {
  await broker?.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function ok(file: string, args: readonly string[], ms = 110_000): Promise<string> {
  const { code, stdout, stderr } = await run(file, args, '', ms);
  expect(code, `${stderr}${stdout}`).toBe(0);
  return stdout.toString();
}

const CONFLUENT = `
import sys, uuid
from confluent_kafka import Producer, Consumer
from confluent_kafka.admin import AdminClient, NewTopic
b = sys.argv[1]
admin = AdminClient({'bootstrap.servers': b})
for f in admin.create_topics([NewTopic('py-c', num_partitions=2, replication_factor=1)]).values(): f.result(10)
p = Producer({'bootstrap.servers': b, 'enable.idempotence': True, 'compression.type': 'zstd'})
for i in range(1000): p.produce('py-c', key=str(i), value='v%d' % i, headers={'h': 'x'})
assert p.flush(20) == 0
c = Consumer({'bootstrap.servers': b, 'group.id': 'py-cg', 'auto.offset.reset': 'earliest'})
c.subscribe(['py-c'])
seen = set()
while len(seen) < 1000:
    m = c.poll(20)
    assert m is not None and m.error() is None, m
    assert m.headers() == [('h', b'x')]
    seen.add(m.value().decode())
c.commit(asynchronous=False)
c.close()
t = Producer({'bootstrap.servers': b, 'transactional.id': 'py-tx'})
t.init_transactions(10)
t.begin_transaction(); t.produce('py-c', value='aborted', partition=0); t.flush(10); t.abort_transaction(10)
t.begin_transaction(); t.produce('py-c', value='committed', partition=0); t.commit_transaction(10)
c = Consumer({'bootstrap.servers': b, 'group.id': 'py-cg', 'isolation.level': 'read_committed'})
c.subscribe(['py-c'])
assert c.poll(20).value() == b'committed'
c.close()
print('fine', len(seen))
`;
const PURE = `
import sys
from kafka import KafkaProducer, KafkaConsumer
from kafka.admin import KafkaAdminClient, NewTopic
b = sys.argv[1]
admin = KafkaAdminClient(bootstrap_servers=b)
admin.create_topics([NewTopic(name='py-k', num_partitions=1, replication_factor=1)])
p = KafkaProducer(bootstrap_servers=b, acks='all', compression_type='gzip')
for i in range(500): p.send('py-k', key=b'k', value=b'v%d' % i, headers=[('h', b'1')])
p.flush(20)
c = KafkaConsumer('py-k', bootstrap_servers=b, group_id='py-kg', auto_offset_reset='earliest', consumer_timeout_ms=20000)
seen = []
for m in c:
    seen.append(m.value)
    if len(seen) == 500: break
c.commit()
c.close()
assert seen == [b'v%d' % i for i in range(500)]
print('fine', len(seen))
`;
const PLATFORMATIC = `
import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
const bootstrapBrokers = [process.argv[2]];
const admin = new Admin({ clientId: 'a', bootstrapBrokers });
await admin.createTopics({ topics: ['pf'], partitions: 1, replicas: 1 });
const producer = new Producer({ clientId: 'p', bootstrapBrokers, serializers: stringSerializers });
await producer.send({ messages: Array.from({ length: 300 }, (_, i) => ({ topic: 'pf', key: 'k', value: 'v' + i, headers: { h: '1' } })) });
const consumer = new Consumer({ clientId: 'c', groupId: 'pfg', bootstrapBrokers, deserializers: stringDeserializers });
const stream = await consumer.consume({ topics: ['pf'], mode: 'earliest', autocommit: true, sessionTimeout: 10000, heartbeatInterval: 500 });
const seen = [];
for await (const message of stream) {
  seen.push(message.value);
  if (seen.length === 300) break;
}
await consumer.close(true);
await producer.close();
await admin.close();
if (seen.some((v, i) => v !== 'v' + i)) throw new Error('out of order');
console.log('fine', seen.length);
`;

describe('python', () => {
  const python = path.join(folder, 'venv/bin/python');
  beforeAll(async () => {
    await ok('python3', ['-m', 'venv', path.join(folder, 'venv')]);
    await ok(python, ['-m', 'pip', '-q', 'install', 'confluent-kafka==2.16.1', 'kafka-python==3.0.12']);
  }, 240_000);
  test('confluent-kafka: idempotent producer, group, transactions', async () => {
    expect(await ok(python, ['-c', CONFLUENT, broker.bootstrap])).toContain('fine 1000');
  });
  test('kafka-python: producer, group, admin', async () => {
    expect(await ok(python, ['-c', PURE, broker.bootstrap])).toContain('fine 500');
  });
});

describe('node', () => {
  test('@platformatic/kafka: producer, group, admin', async () => {
    const home = path.join(folder, 'node');
    mkdirSync(home);
    writeFileSync(path.join(home, 'package.json'), '{"type":"module"}');
    writeFileSync(path.join(home, 'play.mjs'), PLATFORMATIC);
    await ok('npm', ['install', '--prefix', home, '--no-fund', '--no-audit', '@platformatic/kafka@1']);
    expect(await ok(process.execPath, [path.join(home, 'play.mjs'), broker.bootstrap], 60_000)).toContain('fine 300');
  });
});
