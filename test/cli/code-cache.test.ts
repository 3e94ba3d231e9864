/** V8 code caches of the bundles: only caches that nobody else could have written are used. Tested with processes. */
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROOT, tempDir, tsKafkaWith } from '../support/process.js';

let temp: ReturnType<typeof tempDir>;
const dist = () => join(temp.path, 'dist');
const caches = (dir: string) => readdirSync(dir).filter((name) => name.endsWith('.cache'));
const own = () => join(temp.path, 'cache', 'ts-kafka');
/** Runs a command from a copy of dist without code caches. */
const run = async () => {
  const env = { TS_KAFKA_DIST: dist(), XDG_CACHE_HOME: join(temp.path, 'cache') };
  const { code, stderr } = await tsKafkaWith(env, ['profile']);
  expect(code, stderr).toBe(0);
};
const made = async () => {
  await run();
  const [name, ...others] = caches(dist());
  expect(others).toEqual([]);
  return join(dist(), name as string);
};

beforeEach(() => {
  temp = tempDir();
  mkdirSync(dist());
  for (const name of readdirSync(join(ROOT, 'dist'))) {
    if (/\.(cjs|js)$/.test(name)) copyFileSync(join(ROOT, 'dist', name), join(dist(), name));
  }
});
afterEach(() => temp.remove());

test('a cache is writable only by its user, whatever the umask', async () => {
  const umask = process.umask(0o002);
  try {
    expect(statSync(await made()).mode & 0o777).toBe(0o644);
  } finally {
    process.umask(umask);
  }
});

test('a cache that others can write is ignored and rebuilt', async () => {
  const cache = await made();
  const good = readFileSync(cache);
  writeFileSync(cache, 'tampered');
  chmodSync(cache, 0o664);
  await run();
  expect([readFileSync(cache).length > 1000, statSync(cache).mode & 0o777, good.length > 1000]).toEqual([
    true,
    0o644,
    true,
  ]);
});

test('a cache that is a symbolic link is neither used nor written through', async () => {
  const cache = await made();
  const target = join(temp.path, 'target');
  writeFileSync(target, 'precious');
  rmSync(cache);
  symlinkSync(target, cache);
  await run();
  expect(readFileSync(target, 'utf8')).toBe('precious');
  expect(readFileSync(cache).length).toBeGreaterThan(1000);
});

test('if the installation is not writable, the cache is stored in the user’s private cache folder and used from there', async () => {
  const cache = await made();
  rmSync(cache);
  // the existing files cannot be replaced, as in a read-only folder
  mkdirSync(join(cache, 'in-the-way'), { recursive: true });
  await run();
  const [name] = caches(own());
  const file = join(own(), name as string);
  const before = statSync(file);
  expect([statSync(own()).mode & 0o777, before.mode & 0o777]).toEqual([0o700, 0o644]);
  await run();
  expect(statSync(file).mtimeMs).toBe(before.mtimeMs);
});

test('a cache folder that others can write is not used', async () => {
  const cache = await made();
  rmSync(cache);
  mkdirSync(join(cache, 'in-the-way'), { recursive: true });
  mkdirSync(own(), { recursive: true });
  chmodSync(own(), 0o777);
  await run();
  expect(caches(own())).toEqual([]);
});
