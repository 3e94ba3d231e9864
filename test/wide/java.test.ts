/** Apache Kafka's own tools x the embedded broker, those that the transcripts do not play. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrokerProcess, ROOT, run, startBroker, tsKafka } from '../support/process.js';

const KAFKA = path.join(ROOT, 'scripts/apache-kafka.sh');
let broker: BrokerProcess;
beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker.remove());

const java = async (tool: string, ...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await run(KAFKA, [tool, ...args], '', 110_000);
  expect(`${code} ${stderr}`, `${tool}: ${stdout}`).toMatch(/^0 /);
  return stdout.toString();
};

describe('the tools of the kafka-tools jar', () => {
  test('VerifiableProducer, then VerifiableConsumer', async () => {
    const at = ['--bootstrap-server', broker.bootstrap, '--topic', 'verifiable'];
    const sent = await java('verifiable-producer', ...at, '--max-messages', '2000');
    expect(sent).toMatch(/"sent":2000,"acked":2000/);
    const seen = await java(
      'verifiable-consumer',
      ...at,
      '--group-id',
      'vg',
      '--max-messages',
      '2000',
      '--reset-policy',
      'earliest',
    );
    expect([...seen.matchAll(/"records_consumed".*?"count":(\d+)/g)].reduce((n, m) => n + Number(m[1]), 0)).toBe(2000);
  });

  test('ProducerPerformance and ConsumerPerformance', async () => {
    const props = ['--producer-props', `bootstrap.servers=${broker.bootstrap}`, 'compression.type=lz4'];
    const sent = await java(
      'producer-perf-test',
      '--topic',
      'perf',
      '--num-records',
      '20000',
      '--record-size',
      '100',
      '--throughput',
      '-1',
      ...props,
    );
    expect(sent).toMatch(/^20000 records sent/m);
    const seen = await java(
      'consumer-perf-test',
      '--bootstrap-server',
      broker.bootstrap,
      '--topic',
      'perf',
      '--messages',
      '20000',
      '--timeout',
      '20000',
    );
    expect(seen.trim().split('\n').at(-1)).toMatch(/, 20\d{3}, /);
  });

  test('EndToEndLatency', async () => {
    await tsKafka(['topics', '--bootstrap-server', broker.bootstrap, '--create', '--topic', 'e2e']);
    const out = await java('e2e-latency', broker.bootstrap, 'e2e', '200', 'all', '64');
    expect(out).toMatch(/Percentiles: 50th = \d+, 99th = \d+/);
  });

  test('ClientCompatibilityTest', async () => {
    await tsKafka([
      'topics',
      '--bootstrap-server',
      broker.bootstrap,
      '--create',
      '--topic',
      'compat',
      '--partitions',
      '1',
    ]);
    const out = await java(
      'client-compatibility',
      '--bootstrap-server',
      broker.bootstrap,
      '--topic',
      'compat',
      '--num-cluster-nodes',
      '1',
      '--offsets-for-times-supported',
      'true',
      '--cluster-id-supported',
      'true',
      '--expect-record-too-large-exception',
      'false',
      '--create-topics-supported',
      'true',
      '--describe-acls-supported',
      'true',
      '--describe-configs-supported',
      'true',
      '--idempotent-producer-supported',
      'true',
    );
    expect(out).toMatch(/SUCCESS\./);
  });

  test('DumpLogSegments has nothing to complain of in any log', async () => {
    await broker.stop();
    const data = path.join(broker.dir, 'data');
    const folders = readdirSync(data).filter((name) => /-\d+$/.test(name));
    const logs = folders.flatMap((f) =>
      readdirSync(path.join(data, f))
        .filter((n) => n.endsWith('.log'))
        .map((n) => path.join(data, f, n)),
    );
    const of = (wanted: RegExp) => logs.filter((file) => wanted.test(file)).join(',');
    expect(logs.length).toBeGreaterThan(4);
    for (const [decoder, files] of [
      ['--cluster-metadata-decoder', of(/__cluster_metadata-0/)],
      ['--offsets-decoder', of(/__consumer_offsets-/)],
      ['--deep-iteration', of(/\/(verifiable|perf|e2e)-\d/)],
    ] as const) {
      expect(files, decoder).not.toBe('');
      const out = await java('dump-log', decoder, '--print-data-log', '--files', files);
      expect(out, decoder).not.toMatch(/isvalid: false|not valid|Could not|Exception|mismatch/i);
      expect(out).toMatch(/isvalid: true/);
    }
  });
});
