/** The registry of running servers in a shared temporary directory, tested with processes. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { register, running } from '../../src/commands/server/registry.js';
import { startBroker, tempDir, tsKafkaWith } from '../support/process.js';

let temp: ReturnType<typeof tempDir>;
let registry: string;
const env = () => ({ TMPDIR: temp.path, XDG_RUNTIME_DIR: '' });
beforeEach(() => {
  temp = tempDir();
  registry = join(temp.path, `ts-kafka-${userInfo().uid}`);
});
afterEach(() => temp.remove());

test('is private to its user', async () => {
  const broker = await startBroker({ env: env() });
  const [file] = readdirSync(registry);
  expect(file).toBe(`${broker.pid}.json`);
  expect([registry, join(registry, file as string)].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600]);
  await broker.remove();
});

test('is not created through a planted symbolic link: the server warns, and runs', async () => {
  const elsewhere = join(temp.path, 'elsewhere');
  mkdirSync(elsewhere);
  symlinkSync(elsewhere, registry);
  const broker = await startBroker({ env: env() });
  expect(broker.said()).toContain(`${registry} is not a directory: server-stop will not find this server`);
  expect(readdirSync(elsewhere)).toEqual([]);
  await broker.remove();
});

test('server-stop ignores a registry that is a symbolic link', async () => {
  // looks like a server by its command line
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'server']);
  const elsewhere = join(temp.path, 'elsewhere');
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, `${bystander.pid}.json`), JSON.stringify({ pid: bystander.pid }));
  symlinkSync(elsewhere, registry);
  const stopped = await tsKafkaWith(env(), ['server-stop']);
  expect([stopped.code, bystander.exitCode, bystander.signalCode]).toEqual([1, null, null]);
  expect(existsSync(join(elsewhere, `${bystander.pid}.json`))).toBe(true);
  bystander.kill('SIGKILL');
});

test('an entry is neither written nor read through a symbolic link', () => {
  const target = join(temp.path, 'target');
  writeFileSync(target, 'precious');
  const own = { XDG_RUNTIME_DIR: temp.path };
  const server = { pid: 4_000_001, nodeId: 1, logDir: '/x', address: 'localhost:1' };
  mkdirSync(registry, { mode: 0o700 });
  symlinkSync(target, join(registry, `${server.pid}.json`));
  const unregister = register(server, own, expect.unreachable);
  expect([
    readFileSync(target, 'utf8'),
    JSON.parse(readFileSync(join(registry, `${server.pid}.json`), 'utf8')),
  ]).toEqual(['precious', server]);
  unregister();
});

test('an entry whose file name is another process id is ignored', () => {
  mkdirSync(registry, { mode: 0o700 });
  writeFileSync(join(registry, '4000002.json'), JSON.stringify({ pid: process.pid }));
  expect(running({ XDG_RUNTIME_DIR: temp.path })).toEqual([]);
});

test('server-start -daemon does not write its output through a planted symbolic link', async () => {
  const target = join(temp.path, 'target');
  writeFileSync(target, 'precious');
  const file = join(temp.path, 'server.properties');
  writeFileSync(file, `log.dirs=${join(temp.path, 'data')}\nlisteners=PLAINTEXT://localhost:0\n`);
  symlinkSync(target, join(temp.path, 'data.out'));
  const started = await tsKafkaWith(env(), ['server-start', '-daemon', file]);
  expect([started.code, readFileSync(target, 'utf8')]).toEqual([1, 'precious']);
  expect(started.stderr).toContain('cannot start in the background');
});
