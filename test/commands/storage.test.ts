/** Words and order as kafka-storage.sh 4.4.0 prints them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ROOT, startBroker, tempDir, tsKafka } from '../support/process.js';

const temp = tempDir();
afterAll(temp.remove);
const file = (name: string, more = '') => {
  const path = join(temp.path, `${name}.properties`);
  writeFileSync(path, `node.id=1\nlog.dirs=${join(temp.path, name)}\n${more}`);
  return path;
};
const storage = async (...args: string[]) => {
  const { code, stdout, stderr } = await tsKafka(['storage', ...args]);
  return { code, stdout: stdout.toString(), stderr };
};
const ID = 'MkU3OEVBNTcwNTJENDM2Qk';

test('random-uuid', async () => {
  const { stdout } = await storage('random-uuid');
  expect(stdout).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}\n$/);
});

test('info, format, info again, format again', async () => {
  const config = file('data');
  const dir = join(temp.path, 'data');
  expect(await storage('info', '-c', config)).toMatchObject({
    code: 1,
    stdout: `Found problem:\n  ${dir} does not exist\n\n`,
  });
  const formatted = await storage('format', '--standalone', '-t', ID, '-c', config);
  expect(formatted.code).toBe(0);
  expect(formatted.stdout).toMatch(
    /^Bootstrap metadata: BootstrapMetadata\(records=\[ApiMessageAndVersion\(FeatureLevelRecord\(name='metadata\.version', featureLevel=33\) at version 0\), /,
  );
  expect(formatted.stdout).toContain(
    `Formatting dynamic metadata voter directory ${dir} with metadata.version 4.4-IV2.\n`,
  );
  const found = await storage('info', '-c', config);
  expect(found.stdout.replace(/directory\.id=[\w-]{22}/, 'directory.id=X')).toBe(
    `Found log directory:\n  ${dir}\n\nFound metadata: {cluster.id=${ID}, directory.id=X, node.id=1, version=1}\n\n`,
  );
  expect(await storage('format', '--standalone', '-t', ID, '-c', config)).toMatchObject({
    code: 1,
    stderr: `Log directory ${dir} is already formatted. Use --ignore-formatted to ignore this directory and format the others.\n`,
  });
  expect(await storage('format', '-g', '--standalone', '-t', ID, '-c', config)).toMatchObject({
    code: 0,
    stdout: 'All of the log directories are already formatted.\n',
  });
});

test('a server starts with what format wrote: cluster id, feature levels, users', async () => {
  const dir = join(temp.path, 'old');
  const user = 'SCRAM-SHA-256=[name=alice,password=alice-secret]';
  const { stdout } = await storage('format', '-t', ID, '-c', file('old'), '-r', '4.0', '--add-scram', user);
  expect(stdout).toContain('with metadata.version 4.0-IV3.');
  expect(stdout).not.toContain('alice-secret');
  const running = await startBroker({ overrides: [`log.dirs=${dir}`] });
  await running.stop();
  await running.remove();
  expect(readFileSync(join(dir, 'meta.properties'), 'utf8')).toContain(`cluster.id=${ID}`);
  const log = readFileSync(join(dir, '__cluster_metadata-0', '00000000000000000000.log'));
  expect(log.includes('alice')).toBe(true);
  // FeatureLevelRecord metadata.version = 25
  expect(log.includes(Buffer.concat([Buffer.from('metadata.version'), Buffer.from([0, 25])]))).toBe(true);
});

test.each([
  [['format', '-t', ID], 1, 'argument --config/-c is required'],
  [['format', '-c', 'x'], 1, 'argument --cluster-id/-t is required'],
  [[], 1, 'too few arguments'],
  [['random-uuid', '--x'], 1, "unrecognized arguments: '--x'"],
  [
    ['version-mapping', '-r', '9.9'],
    1,
    "Unknown metadata.version '9.9'. Supported metadata.version are: 3.3-IV3, 3.4-IV0,",
  ],
])('%j fails with Java’s words', async (args, code, words) => {
  const result = await storage(...args);
  expect(result.code).toBe(code);
  expect(result.stderr).toContain(words);
});

test('version-mapping and feature-dependencies', async () => {
  expect((await storage('version-mapping', '-r', '4.0')).stdout).toBe(
    'metadata.version=25 (4.0)\nkraft.version=1\ntransaction.version=2\ngroup.version=1\neligible.leader.replicas.version=0\nshare.version=0\nstreams.version=0\n',
  );
  expect((await storage('feature-dependencies', '-f', 'eligible.leader.replicas.version=1')).stdout).toBe(
    'eligible.leader.replicas.version=1 requires:\n    metadata.version=23 (4.0-IV1)\n',
  );
});

test('docs/broker.md shows exactly what handover writes', async () => {
  const dir = join(temp.path, 'left');
  const running = await startBroker({ overrides: [`log.dirs=${dir}`] });
  await running.stop();
  await running.remove();
  expect((await storage('handover', dir)).code).toBe(0);
  const written = readFileSync(join(dir, 'server.properties'), 'utf8').replace(dir, '/var/lib/ts-kafka');
  const doc = readFileSync(join(ROOT, 'docs/broker.md'), 'utf8');
  expect(/```properties\n([^`]*)```/.exec(doc)?.[1]).toBe(written);
});
