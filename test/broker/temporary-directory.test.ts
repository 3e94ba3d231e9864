/** The temporary directory of `startServer()` is removed however the program ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROOT, tempDir } from '../support/process.js';

let temp: ReturnType<typeof tempDir>;
beforeEach(() => {
  temp = tempDir();
});
afterEach(() => temp.remove());

/** A program that starts a server and then runs the code `then`. */
async function program(then = ''): Promise<{ child: ChildProcess; ended: Promise<number | string | null> }> {
  const code = `import { startServer } from ${JSON.stringify(join(ROOT, 'dist/server.js'))};
    const server = await startServer();
    console.log('ready');
    setInterval(() => {}, 1000);
    ${then}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: { ...process.env, TMPDIR: temp.path },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<number | string | null>((resolve) =>
    child.on('exit', (exitCode, signal) => resolve(exitCode ?? signal)),
  );
  await Promise.race([new Promise((resolve) => child.stdout?.once('data', resolve)), ended]);
  return { child, ended };
}
const left = () => readdirSync(temp.path);

test.each([
  ['stop()', 'await server.stop(); process.exit(3);', 3],
  ['process.exit()', 'process.exit(3);', 3],
  ['a throw', "throw new Error('the test failed');", 1],
])('%s leaves nothing', async (_, then, code) => {
  const { ended } = await program(then);
  expect(await ended).toBe(code);
  expect(left()).toEqual([]);
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  '%s ends the program as ever, and leaves nothing',
  async (signal) => {
    const { child, ended } = await program();
    expect(left()).toHaveLength(1);
    child.kill(signal);
    expect(await ended).toBe(signal);
    expect(left()).toEqual([]);
  },
);

test('a program with its own signal handler keeps running after the signal, and keeps the directory', async () => {
  const { child, ended } = await program(
    "process.on('SIGTERM', async () => { await new Promise((r) => setTimeout(r, 200)); process.exit((await import('node:fs')).existsSync(server.dir) ? 7 : 8); });",
  );
  child.kill('SIGTERM');
  expect(await ended).toBe(7);
  expect(left()).toEqual([]);
});

test('directories left behind by kill -9 are removed at the next start; those of live servers and of others are kept', async () => {
  const killed = await program();
  killed.child.kill('SIGKILL');
  await killed.ended;
  const [abandoned] = left() as [string];
  expect(readdirSync(join(temp.path, abandoned))).toContain('meta.properties');
  // their names look like ours
  const fresh = join(temp.path, 'ts-kafka-server-fresh0');
  const old = join(temp.path, 'ts-kafka-server-older0');
  for (const dir of [fresh, old, join(temp.path, 'ts-kafka-1000')]) mkdirSync(dir);
  writeFileSync(join(temp.path, 'ts-kafka-server-a-file'), '');
  const yesterday = Date.now() / 1000 - 86_400;
  utimesSync(old, yesterday, yesterday);

  const first = await program();
  expect(existsSync(join(temp.path, abandoned))).toBe(false);
  expect(existsSync(old)).toBe(false);
  const before = left();
  expect(before).toEqual(expect.arrayContaining(['ts-kafka-1000', 'ts-kafka-server-a-file', 'ts-kafka-server-fresh0']));
  const second = await program('await server.stop(); process.exit(0);');
  expect(await second.ended).toBe(0);
  expect(left()).toEqual(before);
  first.child.kill('SIGTERM');
  await first.ended;
});
