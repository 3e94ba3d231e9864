/** kafka-metadata-shell on a directory of the embedded broker, in the words of Kafka 4.3.1's shell. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBroker, tempDir, tsKafka } from '../support/process.js';

const temp = tempDir();
afterAll(temp.remove);
const dir = join(temp.path, 'data');
let log = '';
let refused: Awaited<ReturnType<typeof tsKafka>>;

beforeAll(async () => {
  const broker = await startBroker({ dir: temp.path });
  const at = ['--bootstrap-server', broker.bootstrap];
  for (const args of [
    ['topics', ...at, '--create', '--topic', 'orders', '--partitions', '2', '--config', 'retention.ms=12345'],
    ['topics', ...at, '--create', '--topic', 'gone'],
    ['topics', ...at, '--delete', '--topic', 'gone'],
    ['configs', ...at, '--alter', '--user', 'a(b)', '--client', 'c', '--add-config', 'producer_byte_rate=1000'],
    ['configs', ...at, '--alter', '--user', 'ann', '--add-config', 'SCRAM-SHA-256=[iterations=4096,password=x]'],
  ]) {
    expect(await tsKafka(args)).toMatchObject({ code: 0 });
  }
  const metadata = join(dir, '__cluster_metadata-0');
  log = join(metadata, readdirSync(metadata).find((file) => file.endsWith('.log')) as string);
  refused = await tsKafka(['metadata-shell', '--snapshot', log, 'ls']);
  await broker.stop();
});

const shell = async (...words: string[]) => {
  const { code, stdout, stderr } = await tsKafka(['metadata-shell', '--snapshot', log, ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.toString();
};

test('what is where', async () => {
  expect(await shell('ls')).toBe('image\nlocal\n');
  expect(await shell('ls', '/image/topics/byName', '/image/configs/../prov*')).toBe('provenance\n\nbyName:\norders\n');
  expect(await shell('cat', '/image/configs/TOPIC:orders/retention.ms', '/image/topics/byName/orders/name')).toBe(
    '12345\norders\n',
  );
  expect(await shell('find', '/image/clientQuotas')).toBe(
    '/image/clientQuotas\n/image/clientQuotas/clientId(c)_user(a\\(b\\))\n' +
      '/image/clientQuotas/clientId(c)_user(a\\(b\\))/producer_byte_rate\n',
  );
  expect(await shell('tree', '/image/features')).toContain('metadataVersion:\n  Optional[4.4-IV2]\n');
  expect(await shell('cat', '/image/topics/byName/orders/1')).toMatch(
    /^PartitionRegistration\(replicas=\[1\], directories=\[\S{22}\], isr=\[1\], removingReplicas=\[\], .*, leader=1, leaderRecoveryState=RECOVERED, leaderEpoch=0, partitionEpoch=0\)\n$/,
  );
  expect(await shell('cat', '/image/scram/SCRAM-SHA-256/ann')).toMatch(
    /^ScramCredentialData\(salt=[0-9a-f]+, storedKey=[0-9a-f]{64}, serverKey=[0-9a-f]{64}, iterations=4096\)\n$/,
  );
});

test('what is not there, and what no command is', async () => {
  expect(await shell('cat', '/nope')).toBe('cat: /nope: No such file or directory.\n');
  expect(await shell('ls', '/nope')).toBe('ls: /nope: no such file or directory.\n');
  expect(await shell('cat', '/image')).toBe('cat: /image: Is a directory\n');
  expect(await shell('pwd')).toBe("invalid choice: 'pwd' (choose from 'cat', 'find', 'ls', 'tree')\n");
});

test('a shell out of a pipe', async () => {
  const input =
    'pwd\ncd image/topics\npwd\nls byName\ncd nope\nfrob\nls "" "byName/orders"\nhistory 2\nman pwd\nexit\nls\n';
  const { code, stdout } = await tsKafka(['metadata-shell', '-s', log], input);
  expect(code).toBe(0);
  expect(stdout.toString()).toBe(
    'Loading...\nStarting...\n[ Kafka Metadata Shell ]\n>> /\n>> >> /image/topics\n>> orders\n' +
      '>> cd: nope: no such directory.\n' +
      ">> invalid choice: 'frob' (choose from 'cat', 'cd', 'exit', 'find', 'help', 'history', 'ls', 'man', 'pwd', 'tree')\n" +
      '>> 0\n1\nid\nname\n' +
      '>>     6  ls "" "byName/orders"\n    7  history 2\n' +
      '>> pwd: Print the current working directory.\n\nusage: pwd\n>> ',
  );
});

test('a directory that a server has is left alone', () => {
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain(
    `Unable to lock ${dir}. Please ensure that no broker or controller process is using`,
  );
});

test('a file that is not there', async () => {
  const { code, stderr } = await tsKafka(['metadata-shell', '-s', join(temp.path, 'none/x/y.log'), 'ls']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Unexpected error: java\.nio\.file\.NoSuchFileException: .*none\/x\/y\.log\n/);
});
