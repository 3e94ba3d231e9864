/** Output that varies from run to run, of the tools that test/golden/admin-tools.txt covers otherwise. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBroker, tsKafka } from '../support/process.js';

let broker: Awaited<ReturnType<typeof startBroker>>;
let B: string;
beforeAll(async () => {
  broker = await startBroker({});
  B = broker.bootstrap;
  await run('topics', '--create', '--topic', 'at', '--partitions', '2');
});
afterAll(async () => {
  await broker.stop();
  await broker.remove();
});

async function run(tool: string, ...args: string[]) {
  const { code, stdout, stderr } = await tsKafka([tool, '--bootstrap-server', B, ...args]);
  return { code, stdout: stdout.toString(), stderr };
}
const events = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, any>);

test('cluster: prints the id and endpoints', async () => {
  const id = await tsKafka(['cluster', 'cluster-id', '-b', B]);
  expect(id.stdout.toString()).toMatch(/^Cluster ID: [\w-]{22}\n$/);
  const { stdout } = await tsKafka(['cluster', 'list-endpoints', '-b', B]);
  const [, port] = B.split(':');
  const [head, row] = stdout.toString().split('\n');
  expect(head).toBe('ID         HOST      PORT       RACK       STATE      ENDPOINT_TYPE  ');
  expect(row).toBe(`1          localhost ${port!.padEnd(10)} null       unfenced   broker         `);
});

test('a broker given as --bootstrap-controller is a mismatched endpoint type', async () => {
  const { code, stderr } = await tsKafka(['cluster', 'cluster-id', '-C', B]);
  expect(code).toBe(1);
  expect(stderr).toContain(
    'MismatchedEndpointTypeException: The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER\n',
  );
});

test('features: describes in columns, upgrades to the current level', async () => {
  const { stdout } = await run('features', 'describe');
  const line = stdout.split('\n').find((l) => l.includes('metadata.version'))!;
  expect(line.replace(/Epoch: \d+$/, 'Epoch: N')).toBe(
    'Feature: metadata.version                          SupportedMinVersion: 3.3-IV3          SupportedMaxVersion: 4.4-IV2          FinalizedVersionLevel: 4.4-IV2          Epoch: N',
  );
  expect(await run('features', 'upgrade', '--feature', 'metadata.version=33')).toMatchObject({
    code: 0,
    stdout: 'metadata.version was upgraded to 33.\n',
  });
});

test('metadata-quorum: describes status and replication', async () => {
  const { stdout } = await run('metadata-quorum', 'describe', '--status');
  expect(stdout).toMatch(
    /^ClusterId: {14}\S+\nLeaderId: {15}1\nLeaderEpoch: {12}\d+\nHighWatermark: {10}\d+\nMaxFollowerLag: {9}0\nMaxFollowerLagTimeMs: {3}0\nCurrentVoters: {10}\[\{"id": 1, .*"endpoints": \[".+:\/\/localhost:\d+"\]\}\]\nCurrentObservers: {7}\[\]\n$/,
  );
  const replicas = await run('metadata-quorum', 'describe', '--replication', '--human-readable');
  expect(replicas.stdout.split('\n')[1]).toMatch(
    /^1 {5}\t[\w-]{22}\t\d+ +\t0 {2}\t\d+ ms ago *\t\d+ ms ago *\tLeader\t$/,
  );
});

const LINE =
  /^(\d+) records sent, [\d.]+ records\/sec \([\d.]+ MB\/sec\), [\d.]+ ms avg latency, [\d.]+ ms max latency(, \d+ ms 50th, \d+ ms 95th, \d+ ms 99th, \d+ ms 99\.9th)?\.$/;

test('producer-perf-test: prints window and total lines, and commits its transactions', async () => {
  const args = ['--topic', 'at', '--num-records', '300', '--throughput', '600', '--record-size', '10'];
  const { code, stdout } = await run('producer-perf-test', ...args, '--reporting-interval', '100');
  expect(code).toBe(0);
  const lines = stdout.trim().split('\n');
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) expect(line).toMatch(LINE);
  expect(lines.at(-1)).toMatch(/^300 .*99\.9th\.$/);

  const txn = ['--transactional-id', 'perf-txn', '--transaction-duration-ms', '100'];
  expect((await run('producer-perf-test', ...args, ...txn)).code).toBe(0);
  expect((await run('transactions', 'list')).stdout).toMatch(/^perf-txn +\t1 +\t\d+ +\tCompleteCommit/m);
  const { stderr } = await run(
    'console-consumer',
    ...['--topic', 'at', '--from-beginning', '--isolation-level', 'read_committed', '--max-messages', '600'],
  );
  expect(stderr).toContain('Processed a total of 600 messages');
});

test('producer-perf-test: with a warm-up, prints an additional steady-state summary', async () => {
  const args = ['--topic', 'at', '--num-records', '100', '--throughput', '-1', '--payload-monotonic'];
  const { stdout } = await run('producer-perf-test', ...args, '--warmup-records', '40');
  const lines = stdout.trim().split('\n');
  expect(lines[0]).toBe('Warmup first 40 records. Steady state results will print after the complete test summary.');
  expect(lines.at(-2)).toMatch(/^100 records sent, /);
  expect(lines.at(-1)).toMatch(/^60 steady state records sent, /);
});

test('verifiable-producer and verifiable-consumer: print all events in order', async () => {
  await run('topics', '--create', '--topic', 'vf');
  const sent = await run('verifiable-producer', '--topic', 'vf', '--max-messages', '700', '--repeating-keys', '2');
  const produced = events(sent.stdout);
  expect(produced[0]).toMatchObject({ name: 'startup_complete' });
  expect(Object.keys(produced[1]!)).toEqual(['timestamp', 'name', 'key', 'value', 'offset', 'partition', 'topic']);
  expect(produced[2]).toMatchObject({ name: 'producer_send_success', key: '1', value: '1', offset: 1, topic: 'vf' });
  expect(produced.at(-2)).toMatchObject({ name: 'shutdown_complete' });
  expect(produced.at(-1)).toMatchObject({ name: 'tool_data', sent: 700, acked: 700, target_throughput: -1 });

  const args = ['--topic', 'vf', '--group-id', 'vf-g'];
  const first = events((await run('verifiable-consumer', ...args, '--max-messages', '2', '--verbose')).stdout);
  expect(first.map(({ name }) => name)).toEqual([
    ...['startup_complete', 'partitions_assigned', 'record_data', 'record_data', 'records_consumed'],
    ...['offsets_committed', 'partitions_revoked', 'shutdown_complete', 'shutdown_requested'],
  ]);
  expect(first[4]).toMatchObject({
    count: 500,
    partitions: [{ topic: 'vf', partition: 0, count: 2, minOffset: 0, maxOffset: 1 }],
  });
  const rest = await run('verifiable-consumer', ...args, '--max-messages', '698', '--group-protocol', 'consumer');
  const consumed = events(rest.stdout).filter(({ name }) => name === 'records_consumed');
  expect(consumed.flatMap(({ partitions }) => partitions)).toEqual([
    { topic: 'vf', partition: 0, count: 500, minOffset: 2, maxOffset: 501 },
    { topic: 'vf', partition: 0, count: 198, minOffset: 502, maxOffset: 699 },
  ]);
});

test('verifiable-share-consumer: prints all events in order', async () => {
  await run('topics', '--create', '--topic', 'vs');
  await run('verifiable-producer', '--topic', 'vs', '--max-messages', '3');
  const args = ['--topic', 'vs', '--group-id', 'vs-g', '--max-messages', '3', '--verbose'];
  const seen = events((await run('verifiable-share-consumer', ...args, '--offset-reset-strategy', 'EARLIEST')).stdout);
  expect(seen.map(({ name }) => name)).toEqual([
    ...['startup_complete', 'offset_reset_strategy_set', 'record_data', 'record_data', 'record_data'],
    ...['records_consumed', 'offsets_acknowledged', 'shutdown_complete', 'shutdown_requested'],
  ]);
  expect(seen[1]).toMatchObject({ offsetResetStrategy: 'earliest' });
  expect(Object.keys(seen[2]!)).toEqual(['timestamp', 'name', 'key', 'value', 'topic', 'partition', 'offset']);
  const partitions = [{ topic: 'vs', partition: 0, count: 3, offsets: [0, 1, 2] }];
  expect(seen[5]).toMatchObject({ count: 3, partitions });
  expect(seen[6]).toMatchObject({ count: 3, partitions, success: true });
});

test('verifiable-producer: a lost record is an event, not an error', async () => {
  const { code, stdout } = await run('verifiable-producer', '--topic', 'b!ad', '--max-messages', '1');
  expect(code).toBe(0);
  const lost = events(stdout)[1]!;
  expect(Object.keys(lost)).toEqual(['timestamp', 'name', 'topic', 'key', 'value', 'exception', 'message']);
  expect(lost.exception).toBe('class org.apache.kafka.common.errors.InvalidTopicException');
});
