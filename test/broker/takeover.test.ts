/** Directories of nodes from larger clusters: their partitions are led only if the user accepts losing the data of other nodes. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { metadataRecord } from '../../src/broker/api.js';
import { ANY_TOPIC_CONFIG, CLUSTER_METADATA_ID } from '../../src/broker/metadata/cluster-metadata.js';
import { MetadataLog } from '../../src/broker/metadata/log.js';
import { LogDirectory } from '../../src/log/directory.js';
import { partitionChangeRecord } from '../../src/protocol/messages/metadata-records.js';
import { runWords, serverOn } from '../support/lock.js';
import { startBroker, tempDir, tsKafka } from '../support/process.js';

let temp: ReturnType<typeof tempDir>;
let data: string;
beforeEach(async () => {
  temp = tempDir();
  data = join(temp.path, 'data');
  const broker = await startBroker({ dir: temp.path });
  await tsKafka(['topics', '--bootstrap-server', broker.bootstrap, '--create', '--topic', 't', '--partitions', '14']);
  await broker.stop();
});
afterEach(() => temp.remove());

/** Metadata records that the controller of a cluster would have written for partitions of t. */
async function write(changes: readonly { partitionId: number; replicas: number[]; isr: number[]; leader: number }[]) {
  const directory = await LogDirectory.open(data, { warn: () => {} });
  const log = await directory.openPartition('__cluster_metadata', 0, CLUSTER_METADATA_ID, ANY_TOPIC_CONFIG);
  const metadata = new MetadataLog(log, Date.now);
  await metadata.replay();
  const topicId = metadata.topic('t')?.id as string;
  await metadata.write(changes.map((change) => metadataRecord(partitionChangeRecord, { ...change, topicId }, 2)));
  await directory.close();
}
const start = (...overrides: string[]) =>
  runWords([...serverOn(data), ...overrides.flatMap((setting) => ['--override', setting])], {});
const words = (partitions: string) =>
  `${data} belongs to a cluster of several nodes, which may have records that are missing here: ${partitions} have replicas ` +
  'on nodes other than 1; start that cluster, or lead these partitions from this node alone with ts.kafka.unclean.takeover.enable=true\n';

test('a partition with replicas elsewhere is not led, and nothing in the directory is changed', async () => {
  await write([
    { partitionId: 1, replicas: [1, 2], isr: [1, 2], leader: 1 },
    { partitionId: 2, replicas: [2, 1], isr: [2], leader: 2 },
    { partitionId: 3, replicas: [2], isr: [2], leader: 2 },
  ]);
  mkdirSync(join(data, `gone-0.${'0'.repeat(32)}-delete`));
  writeFileSync(join(data, 'replication-offset-checkpoint'), '0\n0\n');
  const metadata = () => readFileSync(join(data, '__cluster_metadata-0', `${'0'.repeat(20)}.log`));
  const before = [readdirSync(data), metadata()];
  const { code, stdout, stderr } = await start();
  const named = 't-1 (replicas 1,2, ISR 1,2), t-2 (replicas 2,1, ISR 2), t-3 (replicas 2, ISR 2)';
  expect([code, stdout, stderr]).toEqual([1, '', words(named)]);
  expect([readdirSync(data), metadata()]).toEqual(before);
});

test('at most ten partitions are named', async () => {
  const all = Array.from({ length: 14 }, (_, i) => ({ partitionId: i, replicas: [1, 2], isr: [2], leader: 2 }));
  await write(all);
  const { stderr } = await start();
  const named = all.slice(0, 10).map(({ partitionId }) => `t-${partitionId} (replicas 1,2, ISR 2)`);
  expect(stderr).toBe(words(`${named.join(', ')} and 4 more`));
});

test('ts.kafka.unclean.takeover.enable=true leads them, alone in the ISR', async () => {
  await write([
    { partitionId: 1, replicas: [1, 2], isr: [1, 2], leader: 1 },
    { partitionId: 2, replicas: [2, 1], isr: [2], leader: 2 },
  ]);
  const broker = await startBroker({ dir: temp.path, overrides: ['ts.kafka.unclean.takeover.enable=true'] });
  const { stdout } = await tsKafka(['topics', '--bootstrap-server', broker.bootstrap, '--describe', '--topic', 't']);
  const { stderr } = await broker.stop();
  expect(stderr).toBe('');
  const lines = stdout.toString().split('\n');
  expect(lines.find((line) => line.includes('Partition: 1\t'))).toMatch(/Leader: 1\tReplicas: 1,2\tIsr: 1\t/);
  expect(lines.find((line) => line.includes('Partition: 2\t'))).toMatch(/Leader: 1\tReplicas: 2,1\tIsr: 1\t/);
});
