/** Kafka's `.lock` allows one process per log directory. Tested with processes, since locks are per process. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DirectoryInUse, lockDirectory } from '../../src/broker/directory/lock/index.js';
import { refusal, runWords, serverOn as server, storage } from '../support/lock.js';
import { type BrokerProcess, ROOT, startBroker, tempDir } from '../support/process.js';

const temp = tempDir();
const at = (...names: string[]) => join(temp.path, ...names);
const env = { ...process.env, XDG_RUNTIME_DIR: temp.path };
afterAll(temp.remove);

const run = (words: readonly string[], own: NodeJS.ProcessEnv = {}) => runWords(words, { ...env, ...own });

describe('a directory in use', () => {
  let running: BrokerProcess;
  beforeAll(async () => {
    running = await startBroker({ dir: temp.path, env: { XDG_RUNTIME_DIR: temp.path } });
  });
  afterAll(() => running.stop('SIGKILL'));

  test('is rejected in one line that names the process', async () => {
    const { code, stdout, stderr } = await run(server(at('data')));
    expect([code, stdout, stderr]).toEqual([1, '', refusal(at('data'), `process ${running.pid}`)]);
  });

  test('is rejected through a symbolic link', async () => {
    symlinkSync(at('data'), at('link'));
    const { code, stderr } = await run(server(at('link')));
    expect([code, stderr]).toEqual([1, refusal(at('link'), `process ${running.pid}`)]);
  });

  test('is rejected for a process that cannot lock files', async () => {
    const { code, stderr } = await run(server(at('data')), { NODE_OPTIONS: '--no-addons' });
    expect([code, stderr]).toEqual([1, refusal(at('data'), `process ${running.pid}`)]);
  });

  test('is rejected by storage handover', async () => {
    const { code, stderr } = await run(storage('handover', at('data')));
    const words = `data directory ${at('data')} is in use by process ${running.pid}: stop it first (ts-kafka server-stop ${at('data')})\n`;
    expect([code, stderr]).toEqual([1, words]);
  });

  test('is free again after kill -9', async () => {
    const dir = at('killed');
    const first = await startBroker({ dir, env: { XDG_RUNTIME_DIR: temp.path } });
    await first.stop('SIGKILL');
    expect(readFileSync(join(dir, 'data', '.lock'), 'utf8')).toMatch(new RegExp(`^${first.pid}@`));
    const second = await startBroker({ dir, env: { XDG_RUNTIME_DIR: temp.path } });
    await second.stop();
    expect(readFileSync(join(dir, 'data', '.lock'), 'utf8')).toBe('');
  });
});

test('a locked directory is not formatted', async () => {
  mkdirSync(at('fresh'));
  const lock = await lockDirectory(at('fresh'));
  writeFileSync(at('fresh.properties'), `node.id=1\nlog.dirs=${at('fresh')}\n`);
  const args = ['format', '--standalone', '-t', 'MkU3OEVBNTcwNTJENDM2Qk', '-c', at('fresh.properties')];
  const { code, stderr } = await run(storage(...args));
  expect([code, stderr]).toEqual([
    1,
    `Error while writing meta.properties file ${at('fresh')}: data directory ${at('fresh')} is in use by process ${process.pid}\n`,
  ]);
  lock.release();
  expect((await run(storage(...args))).code).toBe(0);
});

test('a process cannot lock a directory twice, but can again after releasing it', async () => {
  mkdirSync(at('twice'));
  const first = await lockDirectory(at('twice'));
  await expect(lockDirectory(at('twice'))).rejects.toThrow(DirectoryInUse);
  first.release();
  (await lockDirectory(at('twice'))).release();
});

test('of ten servers that start at once on a missing directory, one runs', async () => {
  const children = Array.from({ length: 10 }, () =>
    spawn(server(at('race'))[0] as string, server(at('race')).slice(1), { cwd: ROOT, env }),
  );
  expect(await ready(children)).toBe(1);
});

describe('without file locks', () => {
  const NO_ADDONS = { ...env, NODE_OPTIONS: '--no-addons' };
  // a directory whose path is too long for a socket
  const dir = at('long'.repeat(30), 'data');

  test('a socket keeps a second process out, with a warning by the first; kill -9 frees it', async () => {
    mkdirSync(dir, { recursive: true });
    const options = { dir: join(dir, '..'), env: NO_ADDONS as Record<string, string> };
    const first = await startBroker(options);
    expect(first.said()).toMatch(
      /^\S+\.lock cannot be locked \(.*\): a socket in \S+ keeps other ts-kafka processes out, .*\n$/,
    );
    for (const own of [NO_ADDONS, {}]) {
      const { code, stderr } = await run(server(dir), own);
      expect([code, stderr]).toEqual([1, refusal(dir, `process ${first.pid}`)]);
    }
    await first.stop('SIGKILL');
    const second = await startBroker(options);
    expect((await second.stop()).code).toBe(143);
  });

  test('of ten servers that start at once, at most one runs', async () => {
    const words = server(at('socket-race'));
    const children = Array.from({ length: 10 }, () =>
      spawn(words[0] as string, words.slice(1), { cwd: ROOT, env: NO_ADDONS }),
    );
    expect(await ready(children)).toBeLessThanOrEqual(1);
  });
});

/** Waits until each process is ready or has exited. Returns how many are ready. */
async function ready(children: ReturnType<typeof spawn>[]): Promise<number> {
  const all = await Promise.all(
    children.map(
      (child) =>
        new Promise<boolean>((resolve) => {
          child.stdout?.once('data', () => resolve(true));
          child.once('exit', () => resolve(false));
        }),
    ),
  );
  for (const child of children) child.kill('SIGKILL');
  return all.filter(Boolean).length;
}
