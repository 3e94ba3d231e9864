/** Apache Kafka's own tools that the transcripts do not cover, with the embedded broker. */
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

  test('TransactionalMessageCopier, aborting at random, copies each record once and in order', async () => {
    const args = ['--broker-list', broker.bootstrap, '--input-topic', 'verifiable', '--input-partition', '0'];
    await java(
      'transactional-message-copier',
      ...[...args, '--output-topic', 'copied', '--consumer-group', 'copier', '--transactional-id', 'copier'],
      ...['--transaction-size', '100', '--enable-random-aborts', '--use-group-metadata'],
    );
    const read = async (isolation: string) => {
      const { code, stdout } = await tsKafka([
        ...['console-consumer', '--bootstrap-server', broker.bootstrap, '--topic', 'copied', '--from-beginning'],
        ...['--isolation-level', isolation, '--timeout-ms', '2000'],
      ]);
      expect(code).toBe(0);
      return stdout.toString().trim().split('\n');
    };
    expect(await read('read_committed')).toEqual(Array.from({ length: 2000 }, (_, i) => `${i}`));
    // a third of the transactions are aborted
    expect((await read('read_uncommitted')).length).toBeGreaterThan(2000);
  });

  test('LogCompactionTester: compaction keeps the last record of each key', async () => {
    const overrides = [
      'log.cleaner.backoff.ms=500',
      'log.segment.bytes=1048576',
      'log.cleaner.min.cleanable.ratio=0.01',
    ];
    const own = await startBroker({ overrides });
    const at = ['--bootstrap-server', own.bootstrap];
    const args = ['--messages', '200000', '--duplicates', '20', '--percent-deletes', '10', '--sleep', '6'];
    try {
      const out = await java('log-compaction-tester', ...at, ...args);
      const [, sent, left] = /(\d+) rows of data produced, (\d+) rows of data consumed/.exec(out) ?? [];
      expect(Number(left), out).toBeLessThan(Number(sent) / 2);
      expect(out).toContain(', 0 mismatches.');
    } finally {
      await own.remove();
    }
  });

  test('DumpLogSegments reports no errors in any log', async () => {
    await broker.stop();
    const data = path.join(broker.dir, 'data');
    const folders = readdirSync(data).filter((name) => /-\d+$/.test(name));
    const files = folders.flatMap((f) => readdirSync(path.join(data, f)).map((n) => path.join(data, f, n)));
    const of = (wanted: RegExp) => files.filter((file) => wanted.test(file)).join(',');
    const clean = async (of: string, ...args: string[]): Promise<string> => {
      expect(of, args.join()).not.toBe('');
      const out = await java('dump-log', ...args, '--files', of);
      expect(out, args.join()).not.toMatch(
        /isvalid: false|not valid|Could not|Exception|mismatch|out of order|corrupt/i,
      );
      return out;
    };
    for (const [decoder, logs] of [
      ['--cluster-metadata-decoder', of(/__cluster_metadata-0.*\.log$/)],
      ['--offsets-decoder', of(/__consumer_offsets-.*\.log$/)],
      ['--transaction-log-decoder', of(/__transaction_state-.*\.log$/)],
      ['--deep-iteration', of(/\/(verifiable|copied|perf|e2e)-\d.*\.log$/)],
    ] as const) {
      expect(await clean(logs, decoder, '--print-data-log')).toMatch(/isvalid: true/);
    }
    await clean(of(/\.(index|timeindex)$/), '--index-sanity-check');
    await clean(of(/\.(index|timeindex)$/), '--verify-index-only');
    expect(await clean(of(/\/copied-\d.*\.(txnindex|snapshot)$/))).toMatch(/producerId: \d+/);
  });
});
