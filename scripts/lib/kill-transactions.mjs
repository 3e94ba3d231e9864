/**
 * Transactions with offsets of a group, while the broker is killed: a committed one must be complete, an aborted one
 * invisible, one whose response was lost either; the group's offset must match the last visible one.
 */
import kafkajs from 'kafkajs';

const TOPIC = 'transacted';
const GROUP = 'transacted-group';
const SIZE = 3;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function transactions(bootstrap, tool, within, fault) {
  await within(tool('topics', '--create', '--topic', TOPIC), 20_000, 'topics');
  const kafka = new kafkajs.Kafka({ clientId: 'kill', brokers: [bootstrap], logLevel: kafkajs.logLevel.NOTHING });
  /** transaction number -> committed, aborted, unknown */
  const outcomes = [];
  let producer;
  let stopping = false;

  const open = async () => {
    const settings = { transactionalId: 'kill', idempotent: true, maxInFlightRequests: 1, transactionTimeout: 30_000 };
    producer = kafka.producer({ ...settings, createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
  };
  const one = async (n) => {
    outcomes[n] = 'unknown';
    const transaction = await producer.transaction();
    for (let i = 0; i < SIZE; i++)
      await transaction.send({ topic: TOPIC, messages: [{ value: `${n}.${i}`, partition: 0 }] });
    const partitions = [{ partition: 0, offset: `${n}` }];
    await transaction.sendOffsets({ consumerGroupId: GROUP, topics: [{ topic: TOPIC, partitions }] });
    const commit = n % 3 !== 2;
    await (commit ? transaction.commit() : transaction.abort());
    outcomes[n] = commit ? 'committed' : 'aborted';
  };
  const loop = async () => {
    while (!stopping || outcomes.at(-1) !== 'committed') {
      try {
        if (!producer) await open();
        await one(outcomes.length);
      } catch {
        const old = producer;
        producer = undefined;
        await old?.disconnect().catch(() => {});
        await sleep(100);
      }
    }
    await producer.disconnect();
  };
  const running = loop();

  const finish = async () => {
    stopping = true;
    await running;
    const read = ['--topic', TOPIC, '--from-beginning', '--isolation-level', 'read_committed', '--timeout-ms', '5000'];
    const lines = (await within(tool('console-consumer', ...read), 60_000, TOPIC)).split('\n').slice(0, -1);
    const count = (outcome) => outcomes.filter((o) => o === outcome).length;
    const there = [];
    for (let i = 0; i < lines.length; i += SIZE) {
      const n = Number(lines[i].split('.')[0]);
      for (let k = 0; k < SIZE; k++)
        if (lines[i + k] !== `${n}.${k}`)
          fault(`transaction ${n} is there in part: "${lines[i + k]}" is its record ${k}`);
      if (there.length > 0 && n <= there.at(-1)) fault(`transaction ${n} comes after ${there.at(-1)}`);
      if (outcomes[n] === 'aborted') fault(`transaction ${n} was aborted, and is there`);
      there.push(n);
    }
    const seen = new Set(there);
    const missing = outcomes.flatMap((outcome, n) => (outcome === 'committed' && !seen.has(n) ? [n] : []));
    if (missing.length > 0) fault(`${missing.length} committed transactions are not there, the first ${missing[0]}`);
    if (count('committed') === 0) fault('no transaction was committed');
    const described = tool('consumer-groups', '--describe', '--group', GROUP, '--offsets');
    const row = (await within(described, 30_000, 'consumer-groups')).split('\n').find((line) => line.startsWith(GROUP));
    const offset = row?.trim().split(/\s+/)[3];
    if (offset !== `${there.at(-1)}`) fault(`${GROUP} stands at ${offset}, the last transaction is ${there.at(-1)}`);
    return outcomes.length;
  };
  return { finish };
}
